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
    """

    tables: list[list[list[str]]] = field(default_factory=list)
    paragraphs: list[str] = field(default_factory=list)


@dataclass
class Files:
    """What a hand-in holds.

    Parameters
    ----------
    names
        Every file.
    record
        plan.json; None where it is missing.
    tables
        CSV tables by name, every cell as text.
    books
        Workbooks: file -> sheet -> rows of cells.
    pages
        Documents: file -> text and tables.
    layers
        GIS layers: format -> layer -> attributes, under their full names.
    near
        Area in or next to which each site stands, by site_id; empty where no format has shapes.
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
