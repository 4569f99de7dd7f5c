"""Facts: single figures of the evidence that sentences are made from, and groups in words."""

from __future__ import annotations

import pandas as pd

from nhcplanner.domain.assessment import Outcome
from nhcplanner.domain.evidence import Evidence
from nhcplanner.outputs.brief.prose import listed, short
from nhcplanner.outputs.wording import terms
from nhcplanner.outputs.workbook.appraisal import PREFERRED
from nhcplanner.outputs.workbook.sheets import GROUPINGS

_GROUP_WORDS: dict[str, tuple[str, dict[str, str]]] = {
    "imd_quintile": ("fifth ", {"1": " (most deprived)", "5": " (least deprived)"}),
    "age": ("people aged ", {}),
    "household": ("people in households ", {}),
}
"""By grouping: what is said before a group's name, and behind some of them."""


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
        return "not known"
    if grouping == "disability" and name == "other people":
        return "people who are not disabled"
    if grouping == "band":
        first = _first(outcome) if name == "1" else ""
        return f"band {name} ({first})" if first else f"band {name}"
    before, ends = _GROUP_WORDS.get(grouping, ("", {}))
    return f"{before}{short(name)}{ends.get(name, '')}"


def _first(outcome: Outcome) -> str:
    """What the first band has most of."""
    return {"hle": "lowest HLE", "imd": "most deprived"}.get(outcome.assessment.need.by, "")


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
    words = terms.WAYS.get(bare, bare)
    return words[:1].upper() + words[1:] + name[len(bare) :]
