"""Words: lists short enough to read, counts, and names brought to one form."""

from __future__ import annotations

import re
from collections.abc import Iterable

SHOWN = 10


def some(names: Iterable[object], most: int = SHOWN) -> str:
    """Name the first few of many.

    Examples
    --------
    >>> some(["a", "b", "c"], most=2)
    'a, b and 1 more'
    """
    listed = list(map(str, names))
    rest = len(listed) - most
    return f"{', '.join(listed[:most])} and {rest:,} more" if rest > 0 else ", ".join(listed)


def counted(number: int, noun: str) -> str:
    """Count in words: one row, several rows.

    Examples
    --------
    >>> counted(1, "area"), counted(33_755, "area")
    ('1 area', '33,755 areas')
    """
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"


def simple(name: str) -> str:
    """Bring a column's name to lower case, other signs to single underscores.

    Examples
    --------
    >>> simple("LSOA code (2021)")
    'lsoa_code_2021'
    """
    return re.sub(r"[^a-z0-9]+", "_", str(name).lower()).strip("_")
