"""Facts: single figures of the evidence that sentences are made from, and groups in words.

Sureness: what may go wrong with a plan, and how well each claim is proved, in sentences.
"""

from __future__ import annotations

import unicodedata

import pandas as pd

from nhcplanner.base.text import plural
from nhcplanner.domain.assessment import Outcome
from nhcplanner.domain.evidence import Evidence
from nhcplanner.outputs import frames
from nhcplanner.outputs.brief.parts import people
from nhcplanner.outputs.tables import access
from nhcplanner.outputs.wording import terms
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
        return "not known"
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
    words = access.WAYS.get(bare, bare)
    return words[:1].upper() + words[1:] + name[len(bare) :]


def gone_up(before: float, after: float) -> str:
    """A share before and after, in words."""
    return f"from {terms.share(before)} to {terms.share(after)}"


def risks(evidence: Evidence) -> tuple[str, ...]:
    """The points that a board must weigh, those that there are."""
    every = (
        _proof(evidence), _other_plans(evidence), _must_haves(evidence), _lost_site(evidence),
        _other_cases(evidence), _figures(evidence), _full(evidence), _blanks(evidence),
    )  # fmt: skip
    return tuple(point for point in every if point)


def _proof(evidence: Evidence) -> str:
    plan = evidence.outcome.plan
    gap = terms.gap(plan)
    return f"{terms.status(plan)}. Gap: {gap[0].lower()}{gap[1:]}." if plan.stages else ""


def _other_plans(evidence: Evidence) -> str:
    words = evidence.words.get("alternatives") or evidence.reasons.get("alternatives", "")
    sites = evidence.alternative_sites
    if sites is not None and set(sites["plan"]) == {1}:
        cut = evidence.reasons.get("alternatives")
        so_far = f", as far as was searched ({cut})" if cut else ""
        return f"No plan that opens other centres is nearly as good{so_far}: {words}."
    return f"Plans nearly as good: {words}." if words else ""


def _must_haves(evidence: Evidence) -> str:
    frame = evidence.roles
    if frame is None:
        return ""
    always = frame[(frame["use"] == "always")]
    proved = always[always["proved"].astype(bool)]
    if always.empty:
        return "No site is in every good plan: each could be exchanged for others."
    return (
        f"{plural(len(always), 'site')} in every good plan ({len(proved):,} of them proved): "
        f"{listed(always['name'].tolist())}."
    )


def _lost_site(evidence: Evidence) -> str:
    """The site whose loss costs the first goal most."""
    frame = evidence.losses
    if frame is None or frame.empty:
        return ""
    barred = frame[frame["goal"].isna()]
    if len(barred):
        names = listed(barred["name"].tolist())
        return f"Without any one of these, no plan keeps the rules: {names}."
    first = frame[frame["goal"] == frame["goal"].iloc[0]].dropna(subset=["lost"])
    if first.empty or first["lost"].max() <= 0:
        return ""
    worst = first.loc[first["lost"].idxmax()]
    return (
        f"If {worst['name']} cannot be had, {people(worst['lost'])} fewer {worst['goal']} "
        f"(opening instead: {named(frames.called(evidence.outcome.place), worst['instead'])})."
    )


def _other_cases(evidence: Evidence) -> str:
    frame = evidence.robustness
    if frame is None or frame.empty:
        return ""
    low, high = frame.loc[frame["share"].idxmin()], frame.loc[frame["share"].idxmax()]
    kept = frame["stays"].min()
    return (
        f"In {plural(len(frame), 'other case')} the plan reaches from "
        f"{terms.share(low['share'])} ({low['case']}) to {terms.share(high['share'])} "
        f"({high['case']}) of people; a plan made for the case keeps {terms.share(kept)} of "
        "the centres or more."
    )


def _figures(evidence: Evidence) -> str:
    return ". ".join(terms.labels(evidence.outcome))


def _full(evidence: Evidence) -> str:
    frame = evidence.catchments
    if frame is None or frame.empty:
        return ""
    over = frame[frame["over_capacity"] > 0]
    unknown = int(frame["capacity"].isna().sum())
    points = []
    if len(over):
        names = listed(over["name"].tolist())
        points.append(f"More people than {plural(len(over), 'centre')} can serve: {names}")
    if unknown:
        of_all = f"{unknown:,} of {plural(len(frame), 'centre')}"
        points.append(f"The capacity of {of_all} is not known")
    return ". ".join(points)


def _blanks(evidence: Evidence) -> str:
    words = evidence.reasons.get("costs")
    return "" if not words or pd.isna(words) else f"Costs: {words}"
