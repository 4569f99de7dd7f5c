"""Words: lists short enough to read."""

from __future__ import annotations

from collections.abc import Iterable

SHOWN = 10


def some(names: Iterable[str], most: int = SHOWN) -> str:
    """Name the first few of many.

    Examples
    --------
    >>> some(["a", "b", "c"], most=2)
    'a, b and 1 more'
    """
    listed = list(map(str, names))
    rest = len(listed) - most
    return f"{', '.join(listed[:most])} and {rest:,} more" if rest > 0 else ", ".join(listed)
