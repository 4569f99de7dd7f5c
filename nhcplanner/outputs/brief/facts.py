"""Facts: single figures of the evidence that sentences are made from, and groups in words."""

from __future__ import annotations

import unicodedata

import pandas as pd

from nhcplanner.domain.assessment import Outcome
from nhcplanner.domain.evidence import Evidence
from nhcplanner.outputs import reached, wording
from nhcplanner.outputs.workbook.appraisal import PREFERRED
from nhcplanner.outputs.workbook.sheets import GROUPINGS

_SAID: dict[str, tuple[str, dict[str, str]]] = {
    "imd_quintile": ("fifth ", {"1": " (most deprived)", "5": " (least deprived)"}),
    "age": ("people aged ", {}),
    "household": ("people in households ", {}),
}
"""By grouping: what is said before a group's name, and behind some of them."""
_ISOLATE, _END = "\u2068", "\u2069"
SHORT = 60
"""Letters of a name within a sentence; tables hold all of it."""


def group(evidence: Evidence, grouping: str, name: str) -> pd.Series | None:
    """One row of the evidence's `groups`; None where there is none."""
    frame = evidence.groups
    if frame is None:
        return None
    rows = frame[(frame["grouping"] == grouping) & (frame["group"] == name)]
    return None if rows.empty else rows.iloc[0]


def plan_option(evidence: Evidence) -> pd.Series | None:
    """The plan's own row of the evidence's `options`; None where there is none."""
    frame = evidence.options
    if frame is None:
        return None
    rows = frame[frame["option"] == PREFERRED]
    return None if rows.empty else rows.iloc[0]


def grouping_words(outcome: Outcome, grouping: str) -> str:
    """What a grouping goes by, as a heading."""
    if grouping != "band":
        return GROUPINGS[grouping]
    return f"Band of need (1 = first, {_first(outcome) or 'most need'})"


def group_words(outcome: Outcome, grouping: str, name: str) -> str:
    """A group in a sentence.

    Parameters
    ----------
    outcome
        Whose.
    grouping, name
        As the evidence's `groups` has them.
    """
    if not name or (grouping in {"band", "imd_quintile"} and name == "0"):
        return "areas that the place says nothing of"
    if grouping == "band":
        first = _first(outcome) if name == "1" else ""
        return f"band {name} ({first})" if first else f"band {name}"
    before, ends = _SAID.get(grouping, ("", {}))
    return f"{before}{short(name)}{ends.get(name, '')}"


def _first(outcome: Outcome) -> str:
    """What the first band has most of."""
    return {"hle": "lowest HLE", "imd": "most deprived"}.get(outcome.assessment.need.by, "")


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


def named(names: dict[str, str], ids: str) -> str:
    """Sites by name, from their ids with commas between.

    Examples
    --------
    >>> named({"A": "Mill Street"}, "A, B"), named({}, "")
    ('Mill Street and B', 'nothing')
    """
    return listed([names.get(one, one) for one in ids.split(", ") if one]) or "nothing"


def guess(outcome: Outcome) -> str:
    """Put behind whatever rests on estimated minutes."""
    return " (estimate)" if outcome.times.estimate else ""


def mode_words(mode: str) -> str:
    """A mode of the evidence's tables in words.

    Examples
    --------
    >>> mode_words("the plan's own: walk (estimate)"), mode_words("cycle")
    ('On foot (estimate)', 'By cycle')
    """
    name = mode.removeprefix("the plan's own: ")
    bare = name.removesuffix(" (estimate)")
    words = reached.WAYS.get(bare, bare)
    return words[:1].upper() + words[1:] + name[len(bare) :]


def gone_up(before: float, after: float) -> str:
    """A share before and after, in words."""
    return f"from {wording.share(before)} to {wording.share(after)}"
