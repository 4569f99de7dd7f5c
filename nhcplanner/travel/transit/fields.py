"""Files and fields of a GTFS feed: columns to read, types of cells, and faults."""

from __future__ import annotations

import math
import re
import zipfile
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd

from nhcplanner.base.errors import Fault, InputError
from nhcplanner.base.file_checks import UNPACKING
from nhcplanner.base.gtfs_zip import HINT, feed_members, text_parts
from nhcplanner.base.limited_reader import read_apart

MOST_FAULTS = 50
"""Bad cells of a column that are named one by one; the rest are counted."""
TIME = re.compile(r"(\d{1,3}):([0-5]\d):([0-5]\d)")
DATE = re.compile(r"(\d{4})(\d{2})(\d{2})")
WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


@dataclass(frozen=True)
class Field:
    """One column of one file.

    Parameters
    ----------
    name
        The column, as GTFS names it.
    kind
        "text" or a key of `KINDS`.
    required
        Whether the column must exist.
    filled
        Whether no cell may be blank.
    choices
        Numbers allowed; empty = any.
    """

    name: str
    kind: str = "text"
    required: bool = True
    filled: bool = True
    choices: tuple[int, ...] = ()


def _optional(name: str, kind: str = "text", choices: tuple[int, ...] = ()) -> Field:
    return Field(name, kind, required=False, filled=False, choices=choices)


FLEXIBLE = (
    "location_id",
    "location_group_id",
    "start_pickup_drop_off_window",
    "end_pickup_drop_off_window",
    "pickup_booking_rule_id",
    "drop_off_booking_rule_id",
)
"""Columns that only rows of booked services without fixed calls fill in."""

FILES: dict[str, tuple[Field, ...]] = {
    "agency.txt": (Field("agency_name", filled=False), _optional("agency_timezone")),
    "routes.txt": (Field("route_id"), _optional("route_type")),
    "stops.txt": (
        Field("stop_id"),
        Field("stop_lat", "number", filled=False),
        Field("stop_lon", "number", filled=False),
        _optional("parent_station"),
    ),
    "trips.txt": (
        Field("trip_id"),
        Field("service_id"),
        _optional("route_id"),
        _optional("block_id"),
    ),
    "stop_times.txt": (
        Field("trip_id"),
        Field("stop_id", filled=False),
        Field("stop_sequence", "whole"),
        Field("arrival_time", "time", filled=False),
        Field("departure_time", "time", filled=False),
        _optional("pickup_type", "whole", (0, 1, 2, 3)),
        _optional("drop_off_type", "whole", (0, 1, 2, 3)),
        _optional("shape_dist_traveled", "number"),
        *(_optional(name) for name in FLEXIBLE),
    ),
    "calendar.txt": (
        Field("service_id"),
        *(Field(day, "whole", choices=(0, 1)) for day in WEEKDAYS),
        Field("start_date", "date"),
        Field("end_date", "date"),
    ),
    "calendar_dates.txt": (
        Field("service_id"),
        Field("date", "date"),
        Field("exception_type", "whole", choices=(1, 2)),
    ),
    "frequencies.txt": (
        Field("trip_id"),
        Field("start_time", "time"),
        Field("end_time", "time"),
        Field("headway_secs", "whole"),
    ),
    "transfers.txt": (
        _optional("from_stop_id"),
        _optional("to_stop_id"),
        Field("transfer_type", "whole", filled=False, choices=(0, 1, 2, 3, 4, 5)),
        _optional("min_transfer_time", "whole"),
        _optional("from_route_id"),
        _optional("to_route_id"),
        _optional("from_trip_id"),
        _optional("to_trip_id"),
    ),
}


def seconds(text: str) -> float:
    """Return a time of day in seconds after midnight, also past 24 hours; NaN if it is none.

    Examples
    --------
    >>> seconds("25:10:00")
    90600.0
    >>> seconds("7:65:00")
    nan
    """
    match = TIME.fullmatch(text)
    if not match:
        return math.nan
    hours, minutes, rest = (int(part) for part in match.groups())
    return float(3600 * hours + 60 * minutes + rest)


def _ordinal(text: str) -> float:
    match = DATE.fullmatch(text)
    try:
        year, month, day = (int(part) for part in match.groups()) if match else (0, 0, 0)
        return float(date(year, month, day).toordinal())
    except ValueError:
        return math.nan


def _whole(text: str) -> float:
    return float(text) if re.fullmatch(r"\d{1,9}", text) else math.nan


def _number(text: str) -> float:
    try:
        value = float(text)
    except ValueError:
        return math.nan
    return value if math.isfinite(value) else math.nan


KINDS: dict[str, tuple[Callable[[str], float], str, str]] = {
    "time": (seconds, "is no time", "Give hours:minutes:seconds, e.g. 07:05:00; 25:10:00 is past midnight"),  # noqa: E501 - a table
    "date": (_ordinal, "is no date", "Give year, month and day, e.g. 20250603"),
    "whole": (_whole, "is no whole number", "Give a whole number, 0 or more"),
    "number": (_number, "is no number", "Give a number"),
}  # fmt: skip
"""For each kind, the function that reads it, and problem and hint for other cells."""


def read_fields(frame: pd.DataFrame, file: str) -> tuple[pd.DataFrame, list[Fault]]:
    """Read the fields of one file.

    Parameters
    ----------
    frame
        Text from `read_tables`.
    file
        Name of the file, a key of `FILES`.

    Returns
    -------
    frame
        Every field of the file: text as it is, all else float64 (times as seconds after
        midnight, dates as proleptic ordinals), NaN where blank or bad.
    faults
        Every fault found.
    """
    faults: list[Fault] = []
    columns: dict[str, pd.Series] = {}
    for field in FILES[file]:
        if field.name not in frame:
            columns[field.name] = _absent(frame.index, field)
            if field.required:
                faults.append(Fault("has no such column", file, None, field.name, "Add it"))
            continue
        text = frame[field.name]
        columns[field.name] = text if field.kind == "text" else _parse(text, field)
        faults += _cell_faults(text, columns[field.name], field, file)
    return pd.DataFrame(columns, index=frame.index), faults


def first_faults(rows: Iterable[int], fault: Callable[[int], Fault]) -> list[Fault]:
    """Return faults of the first bad rows, and one fault that counts the rest."""
    rows = list(rows)
    faults = [fault(int(row)) for row in rows[:MOST_FAULTS]]
    more = len(rows) - len(faults)
    if more:
        last = faults[-1]
        faults.append(Fault(f"{more} more rows like these", last.file, None, last.column))
    return faults


def _absent(index: pd.Index, field: Field) -> pd.Series:
    if field.kind == "text":
        return pd.Series("", index=index, dtype="str")
    return pd.Series(np.nan, index=index)


def _parse(text: pd.Series, field: Field) -> pd.Series:
    code, words = pd.factorize(text)
    read = KINDS[field.kind][0]
    values = np.array([read(word) for word in words], dtype=np.float64)
    if field.choices:
        values[~np.isin(values, field.choices)] = np.nan
    return pd.Series(values[code], index=text.index)


def _cell_faults(text: pd.Series, values: pd.Series, field: Field, file: str) -> list[Fault]:
    blank = text == ""
    faults = []
    if field.filled:
        rows = text.index[blank]
        faults += first_faults(
            rows, lambda row: Fault("is empty", file, row, field.name, "Fill it in")
        )
    if field.kind == "text":
        return faults
    _, problem, hint = KINDS[field.kind]
    if field.choices:
        problem, hint = (
            "is not one of its codes",
            f"Use one of {', '.join(map(str, field.choices))}",
        )
    bad = text[values.isna() & ~blank]
    return faults + first_faults(
        bad.index, lambda row: Fault(f"'{bad[row]}' {problem}", file, row, field.name, hint)
    )


@dataclass(frozen=True, eq=False)
class FeedText:
    """The files of a feed as text.

    Parameters
    ----------
    tables
        A frame of stripped text for each file that is there, blanks empty, its index the row
        as a spreadsheet numbers it. Blank rows are left out.
    others
        Names of the other files in the zip, which are not read.
    """

    tables: dict[str, pd.DataFrame]
    others: tuple[str, ...]


def read_tables(path: Path, columns: Mapping[str, Iterable[str]]) -> FeedText:
    """Read the files of a feed as text.

    Nothing is unpacked before the sizes that the zip declares have been checked; no file gives
    more bytes than it declares.

    Parameters
    ----------
    path
        The zip. Its files may lie in a folder, and their names may be in any case.
    columns
        File names, and the columns to take from each; columns that are absent are passed over.

    Raises
    ------
    InputError
        If the zip is missing, damaged, locked, or too large when unpacked; or if a file is in it
        twice, is not a table of UTF-8 text, names a column twice or has rows longer than its
        heading. All faults together.
    """
    columns_of_file = {name: tuple(names) for name, names in columns.items()}
    text: FeedText = read_apart(_read_tables, Path(path), columns_of_file)
    return text


def _read_tables(path: Path, columns: Mapping[str, Iterable[str]]) -> FeedText:
    if not path.is_file():
        raise InputError([Fault("no such file", str(path), hint="Check the path")])
    try:
        with zipfile.ZipFile(path) as archive:
            members, faults = feed_members(archive, path.name)
            if faults:
                raise InputError(faults)
            present = {name: members[name] for name in columns if name in members}
            others = tuple(sorted(members.keys() - present.keys()))
            columns_of_file = {name: set(columns[name]) for name in present}
            return FeedText(_read_all(archive, present, columns_of_file), others)
    except (*UNPACKING, OSError):
        problem = "is not a zip file, or is a damaged one"
        raise InputError([Fault(problem, path.name, hint=HINT)]) from None


def _read_all(
    archive: zipfile.ZipFile, members: Mapping[str, str], columns_of_file: Mapping[str, set[str]]
) -> dict[str, pd.DataFrame]:
    tables: dict[str, pd.DataFrame] = {}
    faults: list[Fault] = []
    for name, member in members.items():
        try:
            tables[name] = pd.concat(list(text_parts(archive, member, name, columns_of_file[name])))
        except InputError as error:
            faults += error.faults
        except pd.errors.EmptyDataError:
            faults.append(Fault("is empty", name, hint="Give at least its row of column names"))
        except UnicodeDecodeError:
            faults.append(Fault("is not UTF-8 text", name, hint="Save it as UTF-8"))
        except pd.errors.ParserError as error:
            problem = f"is not a table ({str(error).strip()})"
            faults.append(Fault(problem, name, hint="Check its quotes and commas"))
    if faults:
        raise InputError(faults)
    return tables
