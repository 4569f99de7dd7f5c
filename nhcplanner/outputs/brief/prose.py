"""Sentences of the brief, from templates that a writer can edit, and the words in them."""

from __future__ import annotations

import re
import unicodedata
from functools import cache
from html import unescape

import pandas as pd
from jinja2 import Environment, PackageLoader, StrictUndefined

from nhcplanner.base.text import plural
from nhcplanner.domain.assessment import Outcome
from nhcplanner.domain.evidence import Evidence
from nhcplanner.outputs.wording import terms
from nhcplanner.outputs.workbook.appraisal import PREFERRED

_ISOLATE, _END = "\u2068", "\u2069"
SHORT = 60
"""Longest name within a sentence, in letters; tables show the whole name."""


def short(name: str) -> str:
    """Shorten a name for a sentence, and isolate names that are written from right to left.

    Examples
    --------
    >>> short("Mill Street"), len(short("x" * 300))
    ('Mill Street', 60)
    """
    text = name if len(name) <= SHORT else f"{name[: SHORT - 3].rstrip()}..."
    leftwards = any(unicodedata.bidirectional(letter) in {"R", "AL"} for letter in text)
    return f"{_ISOLATE}{text}{_END}" if leftwards else text


def listed(names: list[str], most: int = 6) -> str:
    """List the first few names for a sentence.

    Examples
    --------
    >>> listed(["a", "b", "c"], 2), listed(["a", "b"])
    ('a, b and 1 more', 'a and b')
    """
    first = [short(name) for name in names[:most]]
    more = len(names) - len(first)
    if more:
        return f"{', '.join(first)} and {more:,} more"
    return " and ".join([", ".join(first[:-1]), first[-1]]) if len(first) > 1 else "".join(first)


@cache
def _templates() -> Environment:
    """Load the templates; users' text is only a value in them, never template source."""
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
    """Return the items of a list; each begins with "- " on a line of the template.

    Examples
    --------
    >>> points("options", "options", options=[("A", "today"), ("B", "more")])
    ('A: today', 'B: more')
    """
    macro = getattr(_templates().get_template(f"{file}.j2").module, sentence)
    parts = re.split(r"(?m)^- ", str(macro(**values)))[1:]
    return tuple(unescape(" ".join(part.split())) for part in parts)


def say(file: str, sentence: str, **values: object) -> str:
    """Return a sentence of a template with its values filled in, as plain text on one line.

    Parameters
    ----------
    file
        Name of the template in `templates/prose`, without its ending.
    sentence
        Name of the macro in it.
    values
        Values of the macro's parameters.

    Examples
    --------
    >>> say("risks", "no_search", why="Not asked for")
    'Whether other plans are nearly as good is not known: Not asked for.'
    """
    macro = getattr(_templates().get_template(f"{file}.j2").module, sentence)
    return unescape(" ".join(str(macro(**values)).split()))


_GROUP_WORDS: dict[str, tuple[str, dict[str, str]]] = {
    "imd_quintile": ("fifth ", {"1": " (most deprived)", "5": " (least deprived)"}),
    "age": ("people aged ", {}),
    "household": ("people in households ", {}),
}
"""Words before the name of a group, and after some names, by grouping."""


def group(evidence: Evidence, grouping: str, name: str) -> pd.Series | None:
    """Return one row of the evidence's `groups`; None if there is none."""
    frame = evidence.groups
    if frame is None:
        return None
    rows = frame[(frame["grouping"] == grouping) & (frame["group"] == name)]
    return None if rows.empty else rows.iloc[0]


def plan_option(evidence: Evidence) -> pd.Series | None:
    """Return the row of the plan in the evidence's `options`; None if there is none."""
    frame = evidence.options
    if frame is None:
        return None
    rows = frame[frame["option"] == PREFERRED]
    return None if rows.empty else rows.iloc[0]


def grouping_words(outcome: Outcome, grouping: str) -> str:
    """Return the heading of a grouping."""
    if grouping != "band":
        return terms.GROUPINGS[grouping]
    return f"Band of need (1 = first, {_first(outcome) or 'most need'})"


def group_words(outcome: Outcome, grouping: str, name: str) -> str:
    """Return the words for a group in a sentence.

    Parameters
    ----------
    outcome
        Whose.
    grouping, name
        Grouping and group, as in the evidence's `groups`.
    """
    if not name or (grouping in {"band", "imd_quintile"} and name == "0"):
        return "not known"
    if grouping == "disability" and name == "other people":
        return "people who are not disabled"
    if grouping == "band":
        first = _first(outcome) if name == "1" else ""
        return f"band {name} ({first})" if first else f"band {name}"
    before, ends = _GROUP_WORDS.get(grouping, ("", {}))
    return f"{before}{short(name)}{ends.get(name, '')}"


def _first(outcome: Outcome) -> str:
    """Return what distinguishes the first band."""
    return {"hle": "lowest HLE", "imd": "most deprived"}.get(outcome.assessment.need.by, "")


def named(names: dict[str, str], ids: str) -> str:
    """Return the names of sites from their ids, which are separated by commas.

    Examples
    --------
    >>> named({"A": "Mill Street"}, "A, B"), named({}, "")
    ('Mill Street and B', 'nothing')
    """
    return listed([names.get(one, one) for one in ids.split(", ") if one]) or "nothing"


def guess(outcome: Outcome) -> str:
    """Return the mark for figures from estimated minutes; empty for measured minutes."""
    return " (estimate)" if outcome.times.estimate else ""


def mode_words(mode: str) -> str:
    """Return the words for a mode in the evidence's tables.

    Examples
    --------
    >>> mode_words("the plan's own: walk (estimate)"), mode_words("cycle")
    ('On foot (estimate)', 'By cycle')
    >>> mode_words("transit, Sunday 4 January 2026, 10:00 to 16:00")
    'By bus or train, Sunday 4 January 2026, 10:00 to 16:00'
    """
    journeys, comma, window = mode.partition(", ")
    if comma:
        start = "The plan's own journeys" if journeys == "own" else mode_words(journeys)
        return f"{start}, {window}"
    name = mode.removeprefix("the plan's own: ")
    bare = name.removesuffix(" (estimate)")
    words = terms.WAYS.get(bare, bare)
    return words[:1].upper() + words[1:] + name[len(bare) :]
