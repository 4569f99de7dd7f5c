"""Sureness: what may go wrong with a plan, and how well each claim is proved, in sentences."""

from __future__ import annotations

import pandas as pd

from nhcplanner.domain.evidence import Evidence
from nhcplanner.domain.words import counted
from nhcplanner.outputs import tables, wording
from nhcplanner.outputs.brief.facts import listed, named
from nhcplanner.outputs.brief.written import people


def risks(evidence: Evidence) -> tuple[str, ...]:
    """The points that a board must weigh, those that there are."""
    every = (
        _proof(evidence), _other_plans(evidence), _must_haves(evidence), _lost_site(evidence),
        _other_cases(evidence), _figures(evidence), _full(evidence), _blanks(evidence),
    )  # fmt: skip
    return tuple(point for point in every if point)


def _proof(evidence: Evidence) -> str:
    plan = evidence.outcome.plan
    gap = wording.gap(plan)
    return f"{wording.status(plan)}. Gap: {gap[0].lower()}{gap[1:]}." if plan.stages else ""


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
        f"{counted(len(always), 'site')} in every good plan ({len(proved):,} of them proved): "
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
        f"(opening instead: {named(tables.called(evidence.outcome.place), worst['instead'])})."
    )


def _other_cases(evidence: Evidence) -> str:
    frame = evidence.robustness
    if frame is None or frame.empty:
        return ""
    low, high = frame.loc[frame["share"].idxmin()], frame.loc[frame["share"].idxmax()]
    kept = frame["stays"].min()
    return (
        f"In {counted(len(frame), 'other case')} the plan reaches from "
        f"{wording.share(low['share'])} ({low['case']}) to {wording.share(high['share'])} "
        f"({high['case']}) of people; a plan made for the case keeps {wording.share(kept)} of "
        "the centres or more."
    )


def _figures(evidence: Evidence) -> str:
    return ". ".join(wording.labels(evidence.outcome))


def _full(evidence: Evidence) -> str:
    frame = evidence.catchments
    if frame is None or frame.empty:
        return ""
    over = frame[frame["over_capacity"] > 0]
    unknown = int(frame["capacity"].isna().sum())
    points = []
    if len(over):
        names = listed(over["name"].tolist())
        points.append(f"More people than {counted(len(over), 'centre')} can serve: {names}")
    if unknown:
        of_all = f"{unknown:,} of {counted(len(frame), 'centre')}"
        points.append(f"The capacity of {of_all} is not known")
    return ". ".join(points)


def _blanks(evidence: Evidence) -> str:
    words = evidence.reasons.get("costs")
    return "" if not words or pd.isna(words) else f"Costs: {words}"
