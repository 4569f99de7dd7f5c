"""Archive: limits on what a packed file may unpack to, and the errors of unpacking."""

from __future__ import annotations

import lzma
import zipfile
import zlib
from collections.abc import Iterable
from pathlib import PurePosixPath

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
