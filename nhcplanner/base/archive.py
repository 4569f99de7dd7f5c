"""Archive: limits on what a packed file may unpack to, and the errors of unpacking."""

from __future__ import annotations

import lzma
import zipfile
import zlib

UNPACKING = (zipfile.BadZipFile, zlib.error, lzma.LZMAError, EOFError, NotImplementedError)
"""What unpacking damaged files raises, besides what disks do."""
MOST_RATIO = 200
"""Times its packed size that a file may unpack to."""
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
