"""Fields of a feed: the columns that are read, the kind of each, and faults of their cells."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd

from nhcplanner.base.errors import Fault

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
        True where the column must be there.
    filled
        True where no cell may be blank.
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
    """Seconds after midnight of a time of day, which may lie past 24 hours; NaN where it is none.

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
"""How each kind is read, and the words for a cell that is not of it."""


def typed(frame: pd.DataFrame, file: str) -> tuple[pd.DataFrame, list[Fault]]:
    """Read the fields of one file.

    Parameters
    ----------
    frame
        Text as `archive.read_tables` gives it.
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
        columns[field.name] = text if field.kind == "text" else _parsed(text, field)
        faults += _cell_faults(text, columns[field.name], field, file)
    return pd.DataFrame(columns, index=frame.index), faults


def first_faults(rows: Iterable[int], fault: Callable[[int], Fault]) -> list[Fault]:
    """Faults of the first bad rows, and one that counts the rest."""
    rows = list(rows)
    found = [fault(int(row)) for row in rows[:MOST_FAULTS]]
    more = len(rows) - len(found)
    if more:
        last = found[-1]
        found.append(Fault(f"{more} more rows like these", last.file, None, last.column))
    return found


def _absent(index: pd.Index, field: Field) -> pd.Series:
    if field.kind == "text":
        return pd.Series("", index=index, dtype="str")
    return pd.Series(np.nan, index=index)


def _parsed(text: pd.Series, field: Field) -> pd.Series:
    code, words = pd.factorize(text)
    read = KINDS[field.kind][0]
    values = np.array([read(word) for word in words], dtype=np.float64)
    if field.choices:
        values[~np.isin(values, field.choices)] = np.nan
    return pd.Series(values[code], index=text.index)


def _cell_faults(text: pd.Series, values: pd.Series, field: Field, file: str) -> list[Fault]:
    blank = text == ""
    found = []
    if field.filled:
        rows = text.index[blank]
        found += first_faults(
            rows, lambda row: Fault("is empty", file, row, field.name, "Fill it in")
        )
    if field.kind == "text":
        return found
    _, problem, hint = KINDS[field.kind]
    if field.choices:
        problem, hint = "is none of its codes", f"Use one of {', '.join(map(str, field.choices))}"
    bad = text[values.isna() & ~blank]
    return found + first_faults(
        bad.index, lambda row: Fault(f"'{bad[row]}' {problem}", file, row, field.name, hint)
    )
