"""Official tables as published: by their headings, or by position if they have none."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Mapping
from pathlib import Path

import pandas as pd

from nhcplanner.base.errors import Fault, InputError
from nhcplanner.base.text import plural
from nhcplanner.layers.readers.cells import numbers
from nhcplanner.layers.readers.delimited import csv_text
from nhcplanner.layers.readers.tables import Table, read_table
from nhcplanner.layers.sources.base import AGAIN, MOVED, matching
from nhcplanner.layers.sources.opening import Row, find_separator


def read_published(path: Path) -> Table:
    """Read a table whose headings stand in its first row, as publishers write it.

    Parameters
    ----------
    path
        CSV, Esri JSON, or a GIS format.

    Raises
    ------
    InputError
        If it cannot be read, or a row has more cells than the headings.
    """
    if not path.name.lower().endswith(".csv"):
        return read_table(path)
    text, notes = csv_text(path)
    try:
        read = csv.reader(io.StringIO(text, newline=""))
        rows = [[cell.strip() for cell in row] for row in read]
    except csv.Error as error:
        raise InputError([Fault(f"cannot be read as CSV: {error}", path.name)]) from None
    headings = rows[0] if rows else []
    width = len(headings)
    wide = [number for number, row in enumerate(rows, 1) if any(row[width:])]
    if wide:
        words = f"{plural(len(wide), 'row')} with more cells than the headings"
        raise InputError([Fault(words, path.name, wide[0], hint=AGAIN)])
    filled = [(number, row) for number, row in enumerate(rows[1:], 2) if any(row)]
    cells = [[*row, *[""] * width][:width] for _, row in filled]
    frame = pd.DataFrame(cells, columns=headings, dtype="str")
    numbers_of = tuple(number for number, _ in filled)
    follow_on = numbers_of == tuple(range(2, 2 + len(filled)))
    return Table(path, frame.mask(frame == ""), 2, notes, () if follow_on else numbers_of)


def official_table(
    path: Path,
    columns: Mapping[str, str],
    publisher: str,
    optional: Mapping[str, str] | None = None,
) -> Table:
    """Read an official table with headings and give its columns our names.

    Parameters
    ----------
    path
        As published: CSV, Esri JSON, or a GIS format.
    columns
        The publisher's column -> ours; all must be there, others are left out. A pattern
        ("LAD??CD") takes the one column that fits it.
    publisher
        For the message.
    optional
        Columns that some editions lack, likewise.

    Raises
    ------
    InputError
        If columns are missing (moved or renamed), or the file has no rows.
    """
    table = read_published(path)
    there = [str(name) for name in table.frame.columns]
    known = {name: ours for name, ours in (optional or {}).items() if matching(there, name)}
    names = renaming(there, {**columns, **known}, table.file, publisher)
    if table.frame.empty:
        raise InputError([Fault("has no rows", table.file, hint=AGAIN)])
    used = [*names, *(["geometry"] if "geometry" in table.frame else [])]
    return table.with_frame(table.frame[used].rename(columns=names))


def renaming(
    there: list[str], columns: Mapping[str, str], file: str, publisher: str
) -> dict[str, str]:
    """Match a file's columns to ours, regardless of capitals and signs.

    Raises
    ------
    InputError
        If no column, or more than one, fits a pattern; all of them at once.
    """
    fits = {pattern: matching(there, pattern) for pattern in columns}
    wrong = {pattern: headings for pattern, headings in fits.items() if len(headings) != 1}
    if wrong:
        raise InputError(
            Fault(
                f"{publisher}'s column {'is missing' if not headings else 'appears twice'}",
                file, None, pattern, MOVED,
            )
            for pattern, headings in wrong.items()
        )  # fmt: skip
    return {headings[0]: columns[pattern] for pattern, headings in fits.items()}


def headerless(
    path: Path,
    columns: Mapping[int, str],
    width: int,
    publisher: str,
    is_row: Callable[[Row], bool],
) -> Table:
    """Read an official CSV without headings, also as a spreadsheet program saved it.

    A spreadsheet drops the empty cells at the end of rows, so rows may be shorter than the
    publisher's; missing cells are blank. A first row of headings that somebody added is left out.

    Parameters
    ----------
    path
        CSV, whichever separator it has.
    columns
        Position (0 first) -> our name; others are left out.
    width
        How many columns the publisher's layout has.
    publisher
        For the message.
    is_row
        Whether a row is of the layout, by what stands where.

    Raises
    ------
    InputError
        If there are no rows, or rows that do not fit the layout.
    """
    text, notes = csv_text(path)
    try:
        read = csv.reader(io.StringIO(text, newline=""), delimiter=find_separator(text))
        rows = [[cell.strip() for cell in row] for row in read]
    except csv.Error as error:
        raise InputError([Fault(f"cannot be read as CSV: {error}", path.name)]) from None
    numbers_of = [number for number, row in enumerate(rows, 1) if any(row)]
    rows = [row for row in rows if any(row)]
    if rows and rows[0][0].lower().endswith("code"):
        rows, numbers_of = rows[1:], numbers_of[1:]
        notes = (*notes, "a row of headings left out, which the publisher's file has not")
    if not rows:
        raise InputError([Fault("has no rows", path.name, hint=AGAIN)])
    _check_layout(rows, path.name, width, max(columns), publisher, is_row)
    short = sum(len(row) < width for row in rows)
    if short:
        words = f"{plural(short, 'row')} with fewer cells than the layout's {width}: read as blank"
        notes = (*notes, words)
    cells = [[row[at] if at < len(row) else "" for at in columns] for row in rows]
    frame = pd.DataFrame(cells, columns=list(columns.values()), dtype="str")
    return Table(path, frame.mask(frame == ""), numbers_of[0], notes, tuple(numbers_of))


def _check_layout(
    rows: list[list[str]], file: str, width: int, last: int, publisher: str,
    is_row: Callable[[Row], bool],
) -> None:  # fmt: skip
    """Refuse rows that are too wide or too narrow, or have moved columns."""
    widest = max(max((at for at, cell in enumerate(row, 1) if cell), default=0) for row in rows)
    longest = max(map(len, rows))
    if widest > width or longest <= last:
        words = f"has {longest} columns where {publisher}'s layout has {width}"
        raise InputError([Fault(words, file, hint=MOVED)])
    if 2 * sum(is_row(tuple(row)) for row in rows) < len(rows):
        words = f"has cells in other columns than {publisher}'s layout of {width}"
        raise InputError([Fault(words, file, hint=MOVED)])


NOTES = "notes"
"""Key of a parsed frame's `attrs` with the notes on its reading."""


def as_frame(table: Table) -> pd.DataFrame:
    """Return a table's frame with the table's notes in its `attrs`, as a parser gives it."""
    table.frame.attrs[NOTES] = table.notes
    return table.frame


def numeric(table: Table, columns: tuple[str, ...]) -> pd.DataFrame:
    """Return a table's frame with these columns as numbers; blanks stay blank.

    Raises
    ------
    InputError
        For each cell that is neither blank nor a number.
    """
    frame = table.frame.copy()
    faults = []
    for column in columns:
        values = numbers(frame[column])
        bad = values.isna() & frame[column].notna()
        faults += [
            Fault(f"{frame[column][row]} is not a number", table.file,
                  int(row) + table.first_row, column, MOVED)
            for row in frame.index[bad]
        ]  # fmt: skip
        frame[column] = values
    if faults:
        raise InputError(faults)
    return frame
