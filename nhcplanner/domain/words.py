"""Words: lists short enough to read."""

from __future__ import annotations

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
