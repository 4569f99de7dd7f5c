"""Archive: limits on what a packed file may unpack to, and the errors of unpacking."""

from __future__ import annotations

import lzma
import zipfile
import zlib
from collections import Counter
from collections.abc import Collection, Iterable, Iterator
from pathlib import PurePosixPath

import pandas as pd

from nhcplanner.base.errors import Fault, InputError

UNPACKING = (zipfile.BadZipFile, zlib.error, lzma.LZMAError, EOFError, NotImplementedError)
"""What unpacking damaged files raises, besides what disks do."""
MOST_RATIO = 200
"""Times its packed size that a file may unpack to."""
MOST_MEMBERS = 2_000
"""Files that a zip may hold."""
LOCKED = 1
"""Flag of a member that is encrypted (PKWARE's APPNOTE, 4.4.4)."""
SMALL = 1_000_000
"""Bytes that any file may unpack to."""


def is_bomb(packed: int, unpacked: int, small: int = SMALL) -> bool:
    """Whether a file unpacks to far more than its packed size.

    Parameters
    ----------
    packed, unpacked
        Sizes in bytes.
    small
        Bytes up to which any ratio is allowed.

    Examples
    --------
    >>> is_bomb(1_000, 900_000), is_bomb(1_000, 2_000_000)
    (False, True)
    """
    return unpacked > small and unpacked > MOST_RATIO * max(packed, 1)


def zip_problems(
    members: Iterable[zipfile.ZipInfo],
    most_bytes: int,
    most_members: int = MOST_MEMBERS,
    small: int = SMALL,
) -> list[str]:
    """Return the reasons why a zip must not be unpacked, by the sizes it claims.

    Python's `zipfile` gives no more bytes of a member than the zip claims, so that false claims
    are safe.

    Parameters
    ----------
    members
        Those to unpack.
    most_bytes, most_members
        Largest size of all together, and largest number.
    small
        Bytes up to which any ratio is allowed for a member.

    Returns
    -------
    list of str
        Sentences to follow the file's name; empty if it may be unpacked.
    """
    files = [member for member in members if not member.is_dir()]
    total, problems = sum(member.file_size for member in files), []
    if len(files) > most_members:
        problems.append(f"holds {len(files):,} files, more than {most_members:,}")
    if total > most_bytes:
        problems.append(f"unpacks to more than {most_bytes / 1e9:g} GB")
    for member in files:
        name = PurePosixPath(member.filename).name
        if member.flag_bits & LOCKED:
            problems.append(f"holds {name}, which is locked by a password")
        elif is_bomb(member.compress_size, member.file_size, small):
            ratio = member.file_size / max(member.compress_size, 1)
            problems.append(f"holds {name}, which unpacks to {ratio:,.0f} times its size")
    return problems


STOPS = "stops.txt"
ROWS = 500_000
"""Rows that are parsed at a time."""
EXTRA = 8
"""Cells beyond the last heading that a row may have before it is no table; all must be empty."""
MOST_BYTES = 4_000_000_000
"""Bytes that the files of a feed may take unpacked, together."""
SMALL_FEED = 50_000_000
"""Bytes up to which any ratio is allowed for a file of a feed."""
HINT = "Give a GTFS feed: one .zip with stops.txt and the other tables in it"


def feed_members(packed: zipfile.ZipFile, file: str) -> tuple[dict[str, str], list[Fault]]:
    """Names of a feed's files, in lower case, and the member of the zip that holds each.

    The files may lie in one folder inside the zip, and their names may be in any case. Copies of
    names that macOS adds are passed over.

    Parameters
    ----------
    packed
        The zip.
    file
        Its name, for messages.

    Returns
    -------
    dict of str to str
        `stops.txt` and so on -> the member's full name.
    list of Fault
        Where several feeds lie in the zip, one file stands in it twice, or it would unpack to
        too much.
    """
    problems = zip_problems(packed.infolist(), MOST_BYTES, small=SMALL_FEED)
    if problems:
        return {}, [Fault(words, file, hint=HINT) for words in problems]
    paths = [PurePosixPath(name) for name in packed.namelist() if not name.endswith("/")]
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
        Fault(f"{name} stands in it {count} times", file, hint="Keep one of them")
        for name, count in Counter(p.name.lower() for p in here).items()
        if count > 1
    ]
    return {p.name.lower(): str(p) for p in here}, faults


def text_parts(
    packed: zipfile.ZipFile, member: str, name: str, columns: Collection[str] | None = None
) -> Iterator[pd.DataFrame]:
    """Rows of one file as stripped text, some at a time; the index numbers them as a spreadsheet.

    Headings come in lower case. Blank rows are left out.

    Parameters
    ----------
    packed, member
        The zip, and the file's full name in it.
    name
        The file's name, for messages.
    columns
        Those to take, where they are there; None takes every column with a heading.

    Raises
    ------
    InputError
        Where a column is named twice, or a row has more cells than the heading.
    """
    with packed.open(member) as file:
        top = pd.read_csv(
            file, header=None, nrows=1, dtype=str, skip_blank_lines=False, encoding="utf-8-sig"
        )
    headings = [str(cell).strip().lower() for cell in top.fillna("").iloc[0]]
    used = {n: c for n, c in enumerate(headings) if c and (columns is None or c in columns)}
    twice = [column for column, count in Counter(used.values()).items() if count > 1]
    if twice:
        problem = f"names a column twice ({', '.join(sorted(twice)[:3])})"
        raise InputError([Fault(problem, name, hint="Keep one of them")])
    beyond = range(len(headings), len(headings) + EXTRA)
    with packed.open(member) as file:
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
            taken = text[list(used)].set_axis(list(used.values()), axis=1).iloc[int(nth == 0) :]
            taken = taken.apply(lambda column: column.str.strip())
            yield taken[(taken != "").any(axis=1)]
