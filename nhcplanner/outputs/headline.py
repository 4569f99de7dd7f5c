"""The few figures that a plan is known by."""

from __future__ import annotations

from dataclasses import dataclass

from nhcplanner.domain.assessment import Outcome
from nhcplanner.domain.plan import BY_HAND
from nhcplanner.outputs import tables, wording


@dataclass(frozen=True)
class Figure:
    """One figure.

    Parameters
    ----------
    label, value
        Its words, and the figure rounded.
    change
        What is new about it, in words; empty = nothing.
    exact
        The figure in full, for a hover.
    good
        True where a change upwards is a gain; False where it is neither gain nor loss.
    """

    label: str
    value: str
    change: str
    exact: str
    good: bool = True


def headline(outcome: Outcome, against: Outcome | None = None) -> tuple[Figure, ...]:
    """People in reach, those of the first band, centres, and the proof.

    Parameters
    ----------
    outcome
        A plan that opens centres.
    against
        The plan that changes are told from; None = today.
    """
    parts = [_people(outcome, against)]
    if outcome.assessment.by_band is not None and 1 in outcome.assessment.by_band.index:
        parts.append(_first(outcome, against))
    new = int((tables.role(outcome) == "new").sum())
    number = f"{len(outcome.plan.opened):,}"
    parts.append(Figure("Centres open", number, f"{new:,} new", f"{number} centres", good=False))
    made = "by hand" if outcome.plan.solver == BY_HAND else _in_time(outcome.plan.seconds)
    proof = wording.status(outcome.plan)
    gap = wording.gap(outcome.plan)
    parts.append(Figure("Distance from the best", gap, made, proof, good=False))
    return tuple(parts)


def _people(outcome: Outcome, against: Outcome | None) -> Figure:
    reach = outcome.scenario.reach
    now = outcome.assessment.people_within.loc[reach]
    before = float(now["people_before"])
    if against is not None:
        before = float(against.assessment.people_within.loc[reach]["people_after"])
    return Figure(
        f"People within {reach:g} minutes",
        wording.share(now["share_after"]),
        _gained(float(now["people_after"]) - before, against),
        f"{now['people_after']:,.0f} of {outcome.place.people:,} people",
    )


def _first(outcome: Outcome, against: Outcome | None) -> Figure:
    reach = f"{outcome.scenario.reach:g}"
    row = outcome.assessment.by_band.loc[1]  # type: ignore[union-attr]
    after, before = float(row[f"share_after_{reach}"]), float(row[f"share_before_{reach}"])
    if against is not None and against.assessment.by_band is not None:
        before = float(against.assessment.by_band.loc[1][f"share_after_{reach}"])
    people = float(row["people"])
    by = "lowest HLE" if outcome.assessment.need.by == "hle" else "most deprived"
    return Figure(
        f"Of band 1 ({by})",
        wording.share(after),
        _gained((after - before) * people, against),
        f"{after * people:,.0f} of {people:,.0f} people in band 1",
    )


def _gained(people: float, against: Outcome | None) -> str:
    if abs(people) < 0.5:
        return "" if against is None else "as before"
    return f"{people:+,.0f} {'against today' if against is None else 'people'}"


def _in_time(seconds: float) -> str:
    return "in under a second" if seconds < 1 else f"in {seconds:,.0f} s"
