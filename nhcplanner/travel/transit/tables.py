"""The zip of a feed: opened with care, its files taken as text, their rows still numbered.

Fields of a feed: which columns are read, of what kind each is, and what is wrong in them.
"""

from __future__ import annotations

import math
import re
import zipfile
import zlib
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path, PurePosixPath

import numpy as np
import pandas as pd

from nhcplanner.base.errors import Fault, InputError
from nhcplanner.domain.reading import read_apart

MOST_BYTES = 4_000_000_000
"""Bytes that the files of a feed may take unpacked, together."""
MOST_RATIO = 250
"""A file may unpack to this many times its packed size; timetables come to about 30."""
SMALL = 50_000_000
"""Bytes below which the ratio does not matter."""
FIRST_ROW = 2
"""Number of the first row below the header, as a spreadsheet shows it."""
MEND = "Give a GTFS feed: one .zip with stops.txt and the rest at its top"


def read_tables(path: Path, columns: Mapping[str, Iterable[str]]) -> dict[str, pd.DataFrame]:
    """Read the files of a feed as text.

    Nothing is unpacked before the sizes that the zip declares have been checked; no file gives
    more bytes than it declares.

    Parameters
    ----------
    path
        The zip.
    columns
        File names, and the columns to take from each; columns that are absent are passed over.

    Returns
    -------
    dict of str to pandas.DataFrame
        A frame of stripped text for each file that is there, blanks empty, its index the row
        as a spreadsheet numbers it. Blank rows are left out.

    Raises
    ------
    InputError
        Where the zip is missing, damaged, locked, or would unpack to too much, where a file
        stands in it twice or is no table of UTF-8 text; all at once.
    """
    wanted = {name: tuple(found) for name, found in columns.items()}
    tables: dict[str, pd.DataFrame] = read_apart(_read_tables, Path(path), wanted)
    return tables


def _read_tables(path: Path, columns: Mapping[str, Iterable[str]]) -> dict[str, pd.DataFrame]:
    if not path.is_file():
        raise InputError([Fault("no such file", str(path), hint="Check the path")])
    try:
        with zipfile.ZipFile(path) as packed:
            faults = _zip_faults(packed, path.name, columns)
            if faults:
                raise InputError(faults)
            present = [name for name in columns if name in packed.namelist()]
            return _read_all(packed, {name: set(columns[name]) for name in present})
    except (zipfile.BadZipFile, zlib.error, OSError, EOFError, NotImplementedError):
        raise InputError(
            [Fault("is no zip file, or a damaged one", path.name, hint=MEND)]
        ) from None


def _zip_faults(packed: zipfile.ZipFile, file: str, wanted: Iterable[str]) -> list[Fault]:
    members = [member for member in packed.infolist() if not member.is_dir()]
    faults = []
    if sum(member.file_size for member in members) > MOST_BYTES:
        limit = f"{MOST_BYTES / 1e9:g} GB"
        faults.append(Fault(f"would unpack to more than {limit}", file, hint=MEND))
    hint = "No timetable does that; get the feed again from its publisher"
    faults += [
        Fault(f"{m.filename} would unpack to {_ratio(m):.0f} times its size", file, hint=hint)
        for m in members
        if m.file_size > SMALL and _ratio(m) > MOST_RATIO
    ]
    faults += [
        Fault(f"{m.filename} is locked by a password", file, hint="Give the feed without one")
        for m in members
        if m.flag_bits & 0x1
    ]
    faults += [
        Fault(f"{m.filename} is packed in an unusual way", file, hint="Pack it as a plain zip")
        for m in members
        if m.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
    ]
    faults += [
        Fault(f"{name} stands in it {count} times", file, hint="Keep one of them")
        for name, count in Counter(m.filename for m in members).items()
        if count > 1
    ]
    return faults + _nested(members, file, set(wanted))


def _ratio(member: zipfile.ZipInfo) -> float:
    return member.file_size / max(member.compress_size, 1)


def _nested(members: list[zipfile.ZipInfo], file: str, wanted: set[str]) -> list[Fault]:
    """Tell where a feed was packed with its folder."""
    top = {member.filename for member in members}
    paths = [PurePosixPath(member.filename) for member in members]
    deep = [str(p) for p in paths if p.name in wanted and len(p.parts) > 1 and p.name not in top]
    if not deep:
        return []
    problem = f"its files lie in a folder ({', '.join(sorted(deep)[:3])})"
    return [Fault(problem, file, hint="Pack the files themselves, not their folder")]


def _read_all(packed: zipfile.ZipFile, wanted: dict[str, set[str]]) -> dict[str, pd.DataFrame]:
    tables, faults = {}, []
    for name, columns in wanted.items():
        try:
            tables[name] = _read(packed, name, columns)
        except pd.errors.EmptyDataError:
            faults.append(Fault("is empty", name, hint="Give at least its row of column names"))
        except UnicodeDecodeError:
            faults.append(Fault("is not UTF-8 text", name, hint="Save it as UTF-8"))
        except pd.errors.ParserError as error:
            problem = f"is no table ({str(error).strip()})"
            faults.append(Fault(problem, name, hint="Check its quotes and commas"))
    if faults:
        raise InputError(faults)
    return tables


def _read(packed: zipfile.ZipFile, name: str, columns: set[str]) -> pd.DataFrame:
    with packed.open(name) as file:
        frame = pd.read_csv(
            file,
            dtype=str,
            usecols=lambda column: column.strip() in columns,
            index_col=False,
            keep_default_na=False,
            skip_blank_lines=False,
            encoding="utf-8-sig",
        )
    frame.columns = frame.columns.str.strip()
    frame = frame.fillna("").apply(lambda column: column.str.strip())
    frame.index = frame.index + FIRST_ROW
    return frame[(frame != "").any(axis=1)]


MOST_FAULTS = 50
"""Bad cells told one by one for each column; the rest are counted."""
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


FILES: dict[str, tuple[Field, ...]] = {
    "agency.txt": (Field("agency_name", filled=False),),
    "routes.txt": (Field("route_id"),),
    "stops.txt": (
        Field("stop_id"),
        Field("stop_lat", "number", filled=False),
        Field("stop_lon", "number", filled=False),
        _optional("parent_station"),
    ),
    "trips.txt": (Field("trip_id"), Field("service_id")),
    "stop_times.txt": (
        Field("trip_id"),
        Field("stop_id"),
        Field("stop_sequence", "whole"),
        Field("arrival_time", "time", filled=False),
        Field("departure_time", "time", filled=False),
        _optional("pickup_type", "whole", (0, 1, 2, 3)),
        _optional("drop_off_type", "whole", (0, 1, 2, 3)),
        _optional("shape_dist_traveled", "number"),
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
"""How each kind is read, and what is said where a cell is not of it."""


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
