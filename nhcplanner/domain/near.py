"""Near: which of the names there are comes nearest to one that is not among them."""

from __future__ import annotations

import difflib
from collections.abc import Iterable

SHOWN = 12


def near(name: str, names: Iterable[str]) -> str:
    """What a user may have meant, as a mend.

    Examples
    --------
    >>> near("people_85", ["hle", "people_85_plus"])
    'Did you mean people_85_plus?'
    >>> near("x", ["b", "a"])
    'There are: a, b'
    """
    listed = sorted(names)
    by_lower = {one.lower(): one for one in listed}
    close = difflib.get_close_matches(name.lower(), by_lower, n=3, cutoff=0.6)
    if close:
        return f"Did you mean {' or '.join(by_lower[one] for one in close)}?"
    more = f" and {len(listed) - SHOWN:,} more" if len(listed) > SHOWN else ""
    return f"There are: {', '.join(listed[:SHOWN]) or 'none'}{more}"
