"""Short lists, counts, normalised names and suggestions for misspelt ones."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable

MOST_EXAMPLES = 10


def shortened(names: Iterable[object], most: int = MOST_EXAMPLES) -> str:
    """List the first few of many names.

    Examples
    --------
    >>> shortened(["a", "b", "c"], most=2)
    'a, b and 1 more'
    """
    texts = list(map(str, names))
    rest = len(texts) - most
    return f"{', '.join(texts[:most])} and {rest:,} more" if rest > 0 else ", ".join(texts)


def plural(number: int, noun: str) -> str:
    """Write a count with its noun.

    Examples
    --------
    >>> plural(1, "area"), plural(33_755, "area")
    ('1 area', '33,755 areas')
    """
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"


INVISIBLE = "\u200b\u200c\u200d\u2060\ufeff\u00ad\u200e\u200f"
_NONE = dict.fromkeys(map(ord, INVISIBLE))


def bare(cell: str) -> str:
    """Return a cell's text without surrounding blanks, and codes without invisible characters.

    Names keep invisible characters inside, because emoji and several scripts need them.

    Examples
    --------
    >>> bare(" S1\u200b\u00a0"), bare("library\ufeff"), bare("\u200b=1+1") == "\u200b=1+1"
    ('S1', 'library', True)
    """
    text = cell.strip()
    if text.isascii():
        return text
    visible = text.translate(_NONE).strip()
    inside = text.strip(INVISIBLE + " \u00a0\t\r\n")
    is_code = visible.isascii() and any(map(str.isdigit, visible))
    is_formula = visible.startswith(("=", "@"))
    return visible if (is_code or inside.isascii()) and not is_formula else text


def simple_name(name: str) -> str:
    """Write a column's name in lower case, with single underscores for all other characters.

    Examples
    --------
    >>> simple_name("LSOA code (2021)")
    'lsoa_code_2021'
    """
    return re.sub(r"[^a-z0-9]+", "_", str(name).lower()).strip("_")


SUGGESTED = 12


def suggest(name: str, names: Iterable[str]) -> str:
    """Suggest what a user may have meant, as a hint.

    Examples
    --------
    >>> suggest("people_85", ["hle", "people_85_plus"])
    'Did you mean people_85_plus?'
    >>> suggest("x", ["b", "a"])
    'There are: a, b'
    """
    in_order = sorted(names)
    by_lower = {one.lower(): one for one in in_order}
    close = difflib.get_close_matches(name.lower(), by_lower, n=3, cutoff=0.6)
    if close:
        return f"Did you mean {' or '.join(by_lower[one] for one in close)}?"
    more = f" and {len(in_order) - SUGGESTED:,} more" if len(in_order) > SUGGESTED else ""
    return f"There are: {', '.join(in_order[:SUGGESTED]) or 'none'}{more}"
