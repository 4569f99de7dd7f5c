"""Files of a hand-in, as tables, sheets and text, and the types of a table's columns."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd


@dataclass
class Page:
    """The text and tables of a document.

    Parameters
    ----------
    tables
        Rows of cells as text.
    paragraphs
        Text outside tables.
    before
        Number of paragraphs before each table of a Word document, whose last is its caption.
    """

    tables: list[list[list[str]]] = field(default_factory=list)
    paragraphs: list[str] = field(default_factory=list)
    before: list[int] = field(default_factory=list)

    def forms(self) -> list[tuple[str, list[list[str]]]]:
        """Return each table with its caption; "" if none is directly before it."""
        spans = zip([0, *self.before], self.before, self.tables, strict=False)
        return [
            (self.paragraphs[last - 1] if last > first else "", rows) for first, last, rows in spans
        ]


@dataclass
class Files:
    """What a hand-in holds.

    Parameters
    ----------
    names
        Every file.
    record
        plan.json; None if it is missing.
    tables
        CSV tables by name, every cell as text.
    books
        Workbooks: file -> sheet -> rows of cells.
    pages
        Documents: file -> text and tables.
    layers
        GIS layers: format -> layer -> attributes, under their full names.
    near
        Area in or next to which each site lies, by site_id; empty if no format has shapes.
    faults
        Files that could not be read, and why.
    hashes
        Files that sha256.txt lists, their hash there and now ("" = missing).
    """

    names: list[str] = field(default_factory=list)
    record: dict[str, Any] | None = None
    tables: dict[str, pd.DataFrame] = field(default_factory=dict)
    books: dict[str, dict[str, list[list[Any]]]] = field(default_factory=dict)
    pages: dict[str, Page] = field(default_factory=dict)
    layers: dict[str, dict[str, pd.DataFrame]] = field(default_factory=dict)
    near: dict[str, str] = field(default_factory=dict)
    faults: list[tuple[str, str]] = field(default_factory=list)
    hashes: list[tuple[str, str, str]] = field(default_factory=list)


def typed(frame: pd.DataFrame) -> pd.DataFrame:
    """Return a frame of text with numbers where a whole column holds numbers or blanks."""
    columns: dict[str, Any] = {}
    for name in frame.columns:
        column = str(name)
        text = frame[column].to_numpy(dtype=object)
        if not (column.endswith(("_id", "_code", "name")) or column in _TEXT):
            numbers = pd.to_numeric(pd.Series(text), errors="coerce").to_numpy(dtype=np.float64)
            if not any(str(cell).strip() for cell in text[np.isnan(numbers)]):
                columns[column] = numbers
                continue
        columns[column] = np.array(
            [cell if str(cell).strip() else None for cell in text], dtype=object
        )
    return pd.DataFrame(columns, index=frame.index)


_TEXT = {
    "origin", "point", "wave", "without", "closes", "instead", "status", "kind", "centre",
    "nearest_centre", "option", "case", "grouping", "group", "goal", "band_label", "household",
    "mode", "setting",
}  # fmt: skip
