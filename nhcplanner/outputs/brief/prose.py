"""Prose: the brief's sentences, read from templates that a writer can edit."""

from __future__ import annotations

import re
import unicodedata
from functools import cache
from html import unescape

from jinja2 import Environment, PackageLoader, StrictUndefined

from nhcplanner.base.text import plural
from nhcplanner.outputs.wording import terms

_ISOLATE, _END = "\u2068", "\u2069"
SHORT = 60
"""Letters of a name within a sentence; tables hold all of it."""


def short(name: str) -> str:
    """A name short enough for a sentence, which does not turn the words about it round.

    Examples
    --------
    >>> short("Mill Street"), len(short("x" * 300))
    ('Mill Street', 60)
    """
    shown = name if len(name) <= SHORT else f"{name[: SHORT - 3].rstrip()}..."
    leftwards = any(unicodedata.bidirectional(letter) in {"R", "AL"} for letter in shown)
    return f"{_ISOLATE}{shown}{_END}" if leftwards else shown


def listed(names: list[str], most: int = 6) -> str:
    """Names in a sentence, the first few of them.

    Examples
    --------
    >>> listed(["a", "b", "c"], 2), listed(["a", "b"])
    ('a, b and 1 more', 'a and b')
    """
    shown = [short(name) for name in names[:most]]
    more = len(names) - len(shown)
    if more:
        return f"{', '.join(shown)} and {more:,} more"
    return " and ".join([", ".join(shown[:-1]), shown[-1]]) if len(shown) > 1 else "".join(shown)


@cache
def _templates() -> Environment:
    """The sentences; what users wrote reaches them only as a value, never as template source."""
    found = Environment(
        loader=PackageLoader("nhcplanner.outputs.brief", "templates/prose"),
        autoescape=True,
        undefined=StrictUndefined,
    )
    found.filters |= {
        "count": plural,
        "people": lambda number: f"{number:,.0f}",
        "share": terms.share,
        "pounds": lambda number: f"£{number:,.0f}",
        "listed": listed,
        "short": short,
    }
    return found


def points(file: str, sentence: str, **values: object) -> tuple[str, ...]:
    """The points of a list: each begins with "- " on a line of the template.

    Examples
    --------
    >>> points("options", "options", options=[("A", "today"), ("B", "more")])
    ('A: today', 'B: more')
    """
    macro = getattr(_templates().get_template(f"{file}.j2").module, sentence)
    parts = re.split(r"(?m)^- ", str(macro(**values)))[1:]
    return tuple(unescape(" ".join(part.split())) for part in parts)


def say(file: str, sentence: str, **values: object) -> str:
    """A sentence of a template with its values filled in, on one line, as plain text.

    Parameters
    ----------
    file
        Name of the template in `templates/prose`, without its ending.
    sentence
        Name of the macro in it.
    values
        What it takes.

    Examples
    --------
    >>> say("risks", "no_search", why="Not asked for")
    'Whether other plans are nearly as good is not known: Not asked for.'
    """
    macro = getattr(_templates().get_template(f"{file}.j2").module, sentence)
    return unescape(" ".join(str(macro(**values)).split()))
