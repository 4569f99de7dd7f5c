"""The zip of a feed: opened with care, its files taken as text, their rows still numbered."""

from __future__ import annotations

import zipfile
import zlib
from collections import Counter
from collections.abc import Iterable, Mapping
from pathlib import Path, PurePosixPath

import pandas as pd

from nhcplanner.domain.errors import Fault, InputError
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
        raise InputError([Fault("no such file", str(path), mend="Check the path")])
    try:
        with zipfile.ZipFile(path) as packed:
            faults = _zip_faults(packed, path.name, columns)
            if faults:
                raise InputError(faults)
            present = [name for name in columns if name in packed.namelist()]
            return _read_all(packed, {name: set(columns[name]) for name in present})
    except (zipfile.BadZipFile, zlib.error, OSError, EOFError, NotImplementedError):
        raise InputError(
            [Fault("is no zip file, or a damaged one", path.name, mend=MEND)]
        ) from None


def _zip_faults(packed: zipfile.ZipFile, file: str, wanted: Iterable[str]) -> list[Fault]:
    members = [member for member in packed.infolist() if not member.is_dir()]
    faults = []
    if sum(member.file_size for member in members) > MOST_BYTES:
        limit = f"{MOST_BYTES / 1e9:g} GB"
        faults.append(Fault(f"would unpack to more than {limit}", file, mend=MEND))
    mend = "No timetable does that; get the feed again from its publisher"
    faults += [
        Fault(f"{m.filename} would unpack to {_ratio(m):.0f} times its size", file, mend=mend)
        for m in members
        if m.file_size > SMALL and _ratio(m) > MOST_RATIO
    ]
    faults += [
        Fault(f"{m.filename} is locked by a password", file, mend="Give the feed without one")
        for m in members
        if m.flag_bits & 0x1
    ]
    faults += [
        Fault(f"{m.filename} is packed in an unusual way", file, mend="Pack it as a plain zip")
        for m in members
        if m.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
    ]
    faults += [
        Fault(f"{name} stands in it {count} times", file, mend="Keep one of them")
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
    return [Fault(problem, file, mend="Pack the files themselves, not their folder")]


def _read_all(packed: zipfile.ZipFile, wanted: dict[str, set[str]]) -> dict[str, pd.DataFrame]:
    tables, faults = {}, []
    for name, columns in wanted.items():
        try:
            tables[name] = _read(packed, name, columns)
        except pd.errors.EmptyDataError:
            faults.append(Fault("is empty", name, mend="Give at least its row of column names"))
        except UnicodeDecodeError:
            faults.append(Fault("is not UTF-8 text", name, mend="Save it as UTF-8"))
        except pd.errors.ParserError as error:
            problem = f"is no table ({str(error).strip()})"
            faults.append(Fault(problem, name, mend="Check its quotes and commas"))
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
