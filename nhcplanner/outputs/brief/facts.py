"""Facts: single figures of the evidence that sentences are made from, and groups in words.

Sureness: what may go wrong with a plan, and how well each claim is proved, in sentences.
"""

from __future__ import annotations

import pandas as pd

from nhcplanner.domain.assessment import Outcome
from nhcplanner.domain.evidence import Evidence
from nhcplanner.domain.plan import Plan
from nhcplanner.outputs import frames
from nhcplanner.outputs.brief.parts import cell
from nhcplanner.outputs.brief.prose import listed, say, short
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
    before, ends = _SAID.get(grouping, ("", {}))
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
    words = access.WAYS.get(bare, bare)
    return words[:1].upper() + words[1:] + name[len(bare) :]


def risks(evidence: Evidence) -> tuple[str, ...]:
    """The points that a board must weigh, those that there are."""
    every = (
        _proof(evidence), _other_plans(evidence), _must_haves(evidence), _lost_site(evidence),
        _other_cases(evidence), _figures(evidence), _full(evidence), _blanks(evidence),
    )  # fmt: skip
    return tuple(point for point in every if point)


def _proof(evidence: Evidence) -> str:
    verdict = evidence.verdict
    if not verdict.goals:
        return ""
    return say("risks", "proof", words=verdict.words, distance=verdict.distance)


def _other_plans(evidence: Evidence) -> str:
    search = evidence.verdict.search("alternatives")
    if search is not None:
        return f"{search.words}."
    why = evidence.reasons.get("alternatives", "")
    return say("risks", "no_search", why=why) if why else ""


def _must_haves(evidence: Evidence) -> str:
    """Sites that every good plan opens, those for which that is proved apart from the rest."""
    frame = evidence.roles
    if frame is None:
        return ""
    always = frame[(frame["use"] == "always")]
    is_proved = always["proved"].astype(bool)
    return say(
        "risks",
        "must_haves",
        proved=always.loc[is_proved, "name"].tolist(),
        found=always.loc[~is_proved, "name"].tolist(),
    )


def _lost_site(evidence: Evidence) -> str:
    """The site whose loss costs the first goal most."""
    frame = evidence.losses
    if frame is None or frame.empty:
        return ""
    barred = frame[frame["goal"].isna()]
    if len(barred):
        return say("risks", "cannot_be_lost", names=barred["name"].tolist())
    first = frame[frame["goal"] == frame["goal"].iloc[0]].dropna(subset=["lost"])
    if first.empty or first["lost"].max() <= 0:
        return ""
    worst = first.loc[first["lost"].idxmax()]
    return say(
        "risks",
        "lost_site",
        name=worst["name"],
        lost=cell(worst["lost"], worst["unit"]),
        unit=worst["unit"],
        goal=worst["goal"],
        instead=named(frames.called(evidence.outcome.place), worst["instead"]),
    )


def _other_cases(evidence: Evidence) -> str:
    frame, plan = evidence.robustness, evidence.outcome.plan
    if frame is None or frame.empty:
        return ""
    low, high = frame.loc[frame["share"].idxmin()], frame.loc[frame["share"].idxmax()]
    return say(
        "risks",
        "other_cases",
        cases=len(frame),
        low=low,
        high=high,
        centres=len(plan.opened),
        fewest=_count(frame["stays"].min(), plan),
        most=_count(frame["stays"].max(), plan),
        case_of_fewest=frame.loc[frame["stays"].idxmin(), "case"]
        if frame["stays"].notna().any()
        else "",
        never=_never_elsewhere(evidence),
    )


def _count(share: float, plan: Plan) -> int | None:
    """How many of a plan's centres a share of them is; None where it is not known."""
    return None if pd.isna(share) else round(share * len(plan.opened))


def _never_elsewhere(evidence: Evidence) -> list[str]:
    """Names of the plan's centres that no plan made for another case opens."""
    frame = evidence.stays
    if frame is None:
        return []
    mine = frame[frame["in_the_plan"].astype(bool) & (frame["share"] == 0)]
    return mine["name"].tolist()


def _figures(evidence: Evidence) -> str:
    return ". ".join(terms.labels(evidence.outcome))


def _full(evidence: Evidence) -> str:
    frame = evidence.catchments
    if frame is None or frame.empty:
        return ""
    over = frame[frame["over_capacity"] > 0]
    unknown = int(frame["capacity"].isna().sum())
    return say("risks", "full", over=over["name"].tolist(), unknown=unknown, centres=len(frame))


def _blanks(evidence: Evidence) -> str:
    words = evidence.reasons.get("costs")
    return "" if not words or pd.isna(words) else f"Costs: {words}"
