"""By hand: a plan with centres opened, shut or moved by the planner, assessed without a solve."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

import numpy as np
import shapely

from nhcplanner import models
from nhcplanner.base.errors import Fault, InputError
from nhcplanner.domain.assessment import Outcome
from nhcplanner.domain.place import Place
from nhcplanner.domain.plan import BY_HAND, Plan, Stage
from nhcplanner.domain.scenario import Scenario
from nhcplanner.domain.travel_times import TravelTimes
from nhcplanner.travel import CachedTimes
from nhcplanner.workflow.plan import MappedOutcome, assess, measure, versions
from nhcplanner.workflow.problem import build_problem
from nhcplanner.workflow.robustness import problem_of


def edit_plan(outcome: Outcome, place: Place, opened: Iterable[str], words: str) -> MappedOutcome:
    """Say what a plan does once its centres are changed by hand.

    Only minutes to sites that are new or moved are measured; nothing is solved.

    Parameters
    ----------
    outcome
        The plan as it was.
    place
        Its place, perhaps with sites moved or added.
    opened
        Ids of the sites open now.
    words
        What was changed, in words.

    Returns
    -------
    Outcome
        Its plan has the value of each goal and no bound: nothing is proved of it. Rules that it
        breaks stand among the notes.

    Raises
    ------
    InputError
        Where a site is not there, or moved and minutes come from a matrix.
    """
    scenario, need = outcome.scenario, outcome.assessment.need
    rows = _rows(place, opened)
    times = _times(outcome, place)
    problem = build_problem(place, times, scenario, need)
    plan = Plan(rows, "feasible", (), outcome.plan.model, BY_HAND, 0.0, words)
    plan = replace(plan, unreached=outcome.plan.unreached)
    plan = models.with_allocation(problem, scenario, plan)
    now = MappedOutcome(scenario, place, times, problem, plan, outcome.assessment, versions())
    plan = replace(plan, stages=_stages(now))
    found = assess(place, times, plan, scenario, need)
    notes = (f"Changed by hand: {words}", *(f"Breaks the rule: {one}" for one in broken_rules(now)))
    return replace(now, plan=plan, assessment=replace(found, notes=(*notes, *found.notes)))


def broken_rules(outcome: Outcome) -> tuple[str, ...]:
    """Rules of the scenario that a plan does not keep, in words; none where it keeps all."""
    problem, model, _ = problem_of(outcome)
    opened = np.array(outcome.plan.opened, dtype=np.intp)
    return tuple(
        words
        for rule in model.rules
        if (words := rule.words(problem)) and not rule.kept(problem, opened)
    )


def swap_sites(outcome: Outcome, out: str, into: str) -> tuple[str, ...]:
    """Ids of the open sites with one shut and another open instead; either may be empty."""
    opened = set(outcome.place.sites["site_id"].iloc[list(outcome.plan.opened)])
    return tuple(sorted((opened - {out}) | ({into} - {""})))


def _rows(place: Place, opened: Iterable[str]) -> tuple[int, ...]:
    known = {site: row for row, site in enumerate(place.sites["site_id"])}
    wanted = tuple(opened)
    faults = [Fault(f"{place.name} has no site {one}") for one in wanted if one not in known]
    if faults:
        raise InputError(faults)
    return tuple(sorted(known[one] for one in wanted))


def _times(outcome: Outcome, place: Place) -> TravelTimes:
    """Minutes to the sites of a place, most of which the outcome knows."""
    points, before = _points(place), _points(outcome.place)
    known = {site: row for row, site in enumerate(outcome.place.sites["site_id"])}
    rows = [known.get(site, -1) for site in place.sites["site_id"]]
    fresh = [
        n for n, row in enumerate(rows) if row < 0 or not np.array_equal(points[n], before[row])
    ]
    if not fresh and rows == list(range(len(before))):
        return outcome.times
    held = CachedTimes(before, outcome.times)
    if fresh:
        held = held.with_more(CachedTimes(points[fresh], _measured(place, outcome.scenario, fresh)))
        for number, row in enumerate(fresh):
            rows[row] = len(before) + number
    return held.take(np.array(rows, dtype=np.int64)).times


def _measured(place: Place, scenario: Scenario, rows: Sequence[int]) -> TravelTimes:
    if scenario.engine == "matrix":
        words = "minutes come from a matrix, which knows no other points than the sites in it"
        raise InputError([Fault(words, hint="Swap the site for another of the list instead")])
    some = replace(place, sites=place.sites.iloc[list(rows)].reset_index(drop=True))
    return measure(some, scenario, keep=False)


def _points(place: Place) -> np.ndarray:
    return np.asarray(shapely.get_coordinates(place.sites.geometry.to_numpy()))


def _stages(outcome: Outcome) -> tuple[Stage, ...]:
    """What each goal reaches, with no bound."""
    problem, model, _ = problem_of(outcome)
    opened = np.array(outcome.plan.opened, dtype=np.intp)
    return tuple(
        Stage(one.name, _finite(one.score(problem, opened)), None, 0.0, one.sense, one.unit)
        for one in model.goals(problem)
    )


def _finite(value: float) -> float | None:
    return float(value) if np.isfinite(value) else None
