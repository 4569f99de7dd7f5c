"""Official tables read as published: their own headers, or none, and no tidy copy."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pandas as pd

from nhcplanner.domain.errors import Fault, InputError
from nhcplanner.layers.files.numerals import numbers
from nhcplanner.layers.files.tables import Table, read_table
from nhcplanner.layers.sources.base import matching

AGAIN = "Fetch or download it again"
MOVED = "The publisher may have changed the layout, or this is another file: check the edition"


def official_table(path: Path, columns: Mapping[str, str], publisher: str) -> Table:
    """Read an official table with a header and give its columns our names.

    Parameters
    ----------
    path
        As published: CSV, Esri JSON, or a GIS format.
    columns
        The publisher's column -> ours; all must be there, others are left out. A pattern
        ("LAD??CD") takes the one column that fits it.
    publisher
        For the message.

    Raises
    ------
    InputError
        Where columns are missing (moved or renamed), or the file has no rows.
    """
    table = read_table(path)
    names = renaming(list(table.frame.columns), columns, table.file, publisher)
    if table.frame.empty:
        raise InputError([Fault("has no rows", table.file, mend=AGAIN)])
    kept = [*names, *(["geometry"] if "geometry" in table.frame else [])]
    return table.with_frame(table.frame[kept].rename(columns=names))


def renaming(
    there: list[str], columns: Mapping[str, str], file: str, publisher: str
) -> dict[str, str]:
    """Which of a file's columns is which of ours.

    Raises
    ------
    InputError
        Where no column, or more than one, fits a pattern; all of them at once.
    """
    fits = {pattern: matching(there, pattern) for pattern in columns}
    wrong = {pattern: found for pattern, found in fits.items() if len(found) != 1}
    if wrong:
        raise InputError(
            Fault(
                f"{publisher}'s column {'is not there' if not found else 'is there twice'}",
                file, None, pattern, MOVED,
            )
            for pattern, found in wrong.items()
        )  # fmt: skip
    return {found[0]: columns[pattern] for pattern, found in fits.items()}


def headerless(path: Path, columns: Mapping[int, str], width: int, publisher: str) -> Table:
    """Read an official CSV without a header row.

    Parameters
    ----------
    path
        CSV as published.
    columns
        Position (0 first) -> our name; others are left out.
    width
        How many columns the publisher's layout has.
    publisher
        For the message.

    Raises
    ------
    InputError
        Where rows are of another width, or there are none.
    """
    try:
        frame = pd.read_csv(path, header=None, dtype="str", keep_default_na=False)
    except pd.errors.EmptyDataError:
        raise InputError([Fault("has no rows", path.name, mend=AGAIN)]) from None
    except (pd.errors.ParserError, UnicodeDecodeError) as error:
        raise InputError([Fault(f"cannot be read as CSV: {error}", path.name)]) from None
    if frame.shape[1] != width:
        words = f"has {frame.shape[1]} columns where {publisher}'s layout has {width}"
        raise InputError([Fault(words, path.name, mend=MOVED)])
    frame = frame[list(columns)].rename(columns=dict(columns))
    frame = frame.apply(lambda cells: cells.str.strip())
    return Table(path, frame.mask(frame == ""), 1)


def numeric(table: Table, columns: tuple[str, ...]) -> pd.DataFrame:
    """Give a table's frame with these columns as numbers; blanks stay blank.

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
