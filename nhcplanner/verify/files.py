"""Files of a hand-in, as tables, sheets and text."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

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
