"""Sheets: a user's list in XLSX or CSV, its row of names found, its rows numbered as in Excel."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable
from pathlib import Path

import pandas as pd

from nhcplanner.base.errors import Fault, InputError
from nhcplanner.base.text import plural
from nhcplanner.domain.reading import read_apart
from nhcplanner.layers.readers.tables import CSV, Table, check_width, csv_text
from nhcplanner.layers.readers.xlsx import (
    MOST_BYTES,
    MOST_COLUMNS,
    MOST_ROWS,
    OTHERS,
    SAVE,
    read_sheets,
)

XLSX = (".xlsx", ".xlsm")
"""Workbooks that are read; macros in them are never run."""

SEARCHED = 30
"""The row of names is looked for among so many first rows."""

EXCEL_ERROR = r"#(REF!|VALUE!|NAME\?|DIV/0!|NULL!|NUM!|N/A|SPILL!|CALC!|FIELD!|BLOCKED!|CONNECT!)"
FAILED = "Mend the formula, or leave the cell blank"

Knows = Callable[[str], bool]
"""Says whether a text is a name of a column that is looked for."""


def is_sheet(path: Path) -> bool:
    """Say whether a file is read as a sheet: a workbook of any kind, or CSV."""
    return path.name.lower().endswith((*XLSX, *OTHERS, *CSV))


def read_sheet(path: Path, knows: Knows, sheet: str = "") -> Table:
    """Read a list whose columns have names, wherever on the sheet these stand.

    Parameters
    ----------
    path
        XLSX or CSV (also .csv.gz).
    knows
        By how many of its cells it knows, the row of names is told from a title above it, and
        the sheet of the list from others.
    sheet
        Which sheet of a workbook; empty = the one with most names that are known.

    Returns
    -------
    Table
        Cells as text, blanks missing; blank rows left out, with `rows` as Excel numbers them.

    Raises
    ------
    InputError
        For a file that is none, is too large, or has cells without a name or names twice.
    """
    name = path.name.lower()
    if name.endswith(OTHERS):
        raise InputError([Fault("is not read here", path.name, hint=SAVE)])
    if name.endswith(XLSX):
        grids = read_apart(read_sheets, path)
        chosen, notes = _chosen(grids, knows, sheet, path.name)
        grid = grids[chosen]
    else:
        grid, notes = read_apart(_read_csv, path)
    head = _head(grid, knows)
    return _table(path, grid, head, notes)


def _read_csv(path: Path) -> tuple[list[list[str]], tuple[str, ...]]:
    if path.stat().st_size > MOST_BYTES:
        words = f"is larger than {MOST_BYTES // 1_000_000} MB"
        raise InputError([Fault(words, path.name, hint="Keep to one list of sites")])
    text, notes = csv_text(path)
    check_width(text, path.name)
    return _csv_rows(text, path.name), notes


def _chosen(
    grids: dict[str, list[list[str]]], knows: Knows, sheet: str, file: str
) -> tuple[str, tuple[str, ...]]:
    if sheet and sheet not in grids:
        words = f"has no sheet {sheet}; it holds {', '.join(grids)}"
        raise InputError([Fault(words, file, hint='Say which in the column map: layer = "..."')])
    if sheet or len(grids) == 1:
        return sheet or next(iter(grids)), ()
    chosen = max(
        grids, key=lambda name: _known(_row(grids[name], _head(grids[name], knows)), knows)
    )
    return chosen, (f"read from sheet '{chosen}', one of {len(grids)}",)


def _csv_rows(text: str, file: str) -> list[list[str]]:
    try:
        grid = [[cell.strip() for cell in row] for row in csv.reader(io.StringIO(text, newline=""))]
    except csv.Error as error:
        words, hint = f"cannot be read as CSV: {error}", "Save it as CSV with commas"
        raise InputError([Fault(words, file, hint=hint)]) from None
    filled = [row for row in grid if any(row)]
    if filled and all(len(row) == 1 for row in filled) and set(filled[0][0]) & {";", "\t"}:
        words = "is not separated by commas"
        raise InputError([Fault(words, file, hint="Save it as CSV with commas")])
    if len(grid) > MOST_ROWS:
        words = f"has more than {MOST_ROWS:,} rows"
        raise InputError([Fault(words, file, hint="Give the buildings of one ICB at a time")])
    return grid


def _known(row: list[str], knows: Knows) -> int:
    return sum(knows(cell) for cell in row if cell)


def _row(grid: list[list[str]], number: int) -> list[str]:
    return grid[number] if number < len(grid) else []


def _head(grid: list[list[str]], knows: Knows) -> int:
    """Position of the row of names: most names known, else the first that is not blank."""
    searched = [(_known(row, knows), number) for number, row in enumerate(grid[:SEARCHED])]
    best = max(searched, key=lambda found: (found[0], -found[1]), default=(0, 0))
    if best[0]:
        return best[1]
    return next((number for number, row in enumerate(grid) if any(row)), 0)


def _table(path: Path, grid: list[list[str]], head: int, notes: tuple[str, ...]) -> Table:
    names = _row(grid, head)
    while names and not names[-1]:
        names = names[:-1]
    if not names:
        raise InputError([Fault("is empty", path.name)])
    if len(names) > MOST_COLUMNS:
        words = f"has more than {MOST_COLUMNS} columns"
        hint = "Give one row a building, one column a fact"
        raise InputError([Fault(words, path.name, head + 1, hint=hint)])
    faults = _name_faults(names, path.name, head + 1)
    rows = [number for number in range(head + 1, len(grid)) if any(grid[number])]
    for number in rows:
        beyond = [cell for cell in grid[number][len(names) :] if cell]
        if beyond:
            words = f"has cells beyond the last named column: {beyond[0][:40]}"
            hint = "Name the column, or put quotes round text that holds commas"
            faults.append(Fault(words, path.name, number + 1, hint=hint))
        faults += [
            Fault(f"shows {cell}: its formula failed", path.name, number + 1, name, FAILED)
            for name, cell in zip(names, grid[number], strict=False)
            if name and re.fullmatch(EXCEL_ERROR, cell)
        ]
    if faults:
        raise InputError(faults)
    cells = [[*grid[n], *[""] * len(names)][: len(names)] for n in rows]
    unnamed = [f"column {letters(n)}" for n, name in enumerate(names) if not name]
    headings = [name or f"column {letters(n)}" for n, name in enumerate(names)]
    frame = pd.DataFrame(cells, columns=headings, dtype="str")
    frame = frame.mask(frame == "").drop(columns=unnamed)
    said = [*notes, *([f"{' and '.join(unnamed)} left out: no name"] if unnamed else [])]
    blank = rows[-1] - head - len(rows) if rows else 0
    if blank:
        said.append(f"{plural(blank, 'blank row')} left out")
    return Table(path, frame, head + 2, tuple(said), tuple(n + 1 for n in rows))


def _name_faults(names: list[str], file: str, row: int) -> list[Fault]:
    faults = []
    twice = sorted({name for name in names if name and names.count(name) > 1})
    for name in twice:
        where = " and ".join(letters(n) for n, other in enumerate(names) if other == name)
        words = f"stands twice among the names, in columns {where}"
        faults.append(Fault(words, file, row, name, "Give each column a name of its own"))
    return faults


def letters(position: int) -> str:
    """Name a column as Excel does, position 0 first.

    Examples
    --------
    >>> letters(0), letters(25), letters(26)
    ('A', 'Z', 'AA')
    """
    name, number = "", position + 1
    while number:
        number, rest = divmod(number - 1, 26)
        name = chr(ord("A") + rest) + name
    return name
