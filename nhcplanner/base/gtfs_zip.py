"""GTFS feeds as zip archives: their files, and the rows of a file as text."""

from __future__ import annotations

import zipfile
from collections import Counter
from collections.abc import Collection, Iterator
from pathlib import PurePosixPath

import pandas as pd

from nhcplanner.base.errors import Fault, InputError
from nhcplanner.base.file_checks import zip_problems

STOPS = "stops.txt"
ROWS = 500_000
"""Number of rows that are parsed at a time."""
EXTRA = 8
"""Number of cells beyond the last heading that are read; all must be empty."""
MOST_BYTES = 4_000_000_000
"""Largest unpacked size of all files of a feed, in bytes."""
SMALL_FEED = 50_000_000
"""Unpacked size in bytes up to which a file of a feed may have any ratio."""
HINT = "Give a GTFS feed: one .zip with stops.txt and the other tables in it"


def feed_members(archive: zipfile.ZipFile, file: str) -> tuple[dict[str, str], list[Fault]]:
    """Return the files of a feed in lower case, with the zip member of each.

    The files may be in one folder inside the zip, and their names may be in any case. The extra
    entries that macOS adds are ignored.

    Parameters
    ----------
    archive
        The zip.
    file
        Its name, for messages.

    Returns
    -------
    dict of str to str
        `stops.txt` and so on -> the member's full name.
    list of Fault
        If the zip holds several feeds, holds a file twice, or is too large when unpacked.
    """
    problems = zip_problems(archive.infolist(), MOST_BYTES, small=SMALL_FEED)
    if problems:
        return {}, [Fault(words, file, hint=HINT) for words in problems]
    paths = [PurePosixPath(name) for name in archive.namelist() if not name.endswith("/")]
    paths = [p for p in paths if "__MACOSX" not in p.parts and not p.name.startswith("._")]
    folders = sorted(
        {str(p.parent) for p in paths if p.name.lower() == STOPS},
        key=lambda folder: (len(folder), folder),
    )
    top = "." if "." in folders else min(folders, key=len, default=".")
    if len(folders) > 1 and top != ".":
        words = f"holds {len(folders)} timetables ({', '.join(folders[:3])})"
        return {}, [Fault(words, file, hint="Give a zip of one of them")]
    here = [p for p in paths if str(p.parent) == top]
    faults = [
        Fault(f"{name} is in it {count} times", file, hint="Keep one of them")
        for name, count in Counter(p.name.lower() for p in here).items()
        if count > 1
    ]
    return {p.name.lower(): str(p) for p in here}, faults


def text_parts(
    archive: zipfile.ZipFile, member: str, name: str, columns: Collection[str] | None = None
) -> Iterator[pd.DataFrame]:
    """Yield the rows of one file as stripped text, numbered as in a spreadsheet.

    Headings are in lower case. Blank rows are left out.

    Parameters
    ----------
    archive, member
        The zip, and the file's full name in it.
    name
        The file's name, for messages.
    columns
        Columns to read, if they exist; None reads every column with a heading.

    Raises
    ------
    InputError
        If a column is named twice, or a row has more cells than the heading.
    """
    with archive.open(member) as file:
        top = pd.read_csv(
            file, header=None, nrows=1, dtype=str, skip_blank_lines=False, encoding="utf-8-sig"
        )
    headings = [str(cell).strip().lower() for cell in top.fillna("").iloc[0]]
    headings_used = {
        n: c for n, c in enumerate(headings) if c and (columns is None or c in columns)
    }
    twice = [column for column, count in Counter(headings_used.values()).items() if count > 1]
    if twice:
        problem = f"names a column twice ({', '.join(sorted(twice)[:3])})"
        raise InputError([Fault(problem, name, hint="Keep one of them")])
    beyond = range(len(headings), len(headings) + EXTRA)
    with archive.open(member) as file:
        parts = pd.read_csv(
            file,
            dtype=str,
            header=None,
            names=range(len(headings) + EXTRA),
            index_col=False,
            keep_default_na=False,
            skip_blank_lines=False,
            encoding="utf-8-sig",
            chunksize=ROWS,
        )
        for nth, part in enumerate(parts):
            part.index = part.index + 1
            text = part.fillna("")
            long = text.index[(text[list(beyond)] != "").any(axis=1)]
            if len(long):
                problem, hint = "has more cells than the heading", "Quote cells that hold commas"
                raise InputError([Fault(problem, name, int(long[0]), hint=hint)])
            rows = (
                text[list(headings_used)]
                .set_axis(list(headings_used.values()), axis=1)
                .iloc[int(nth == 0) :]
            )
            rows = rows.apply(lambda column: column.str.strip())
            yield rows[(rows != "").any(axis=1)]
