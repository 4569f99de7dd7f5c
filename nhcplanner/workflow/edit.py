"""Plans changed by hand: centres opened, closed or moved, assessed without a solve."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

import numpy as np
import shapely

from nhcplanner import explore, models
from nhcplanner.base.errors import Fault, InputError
from nhcplanner.domain.assessment import Outcome
from nhcplanner.domain.place import Place
from nhcplanner.domain.plan import BY_HAND, Plan, Stage
from nhcplanner.domain.scenario import Scenario
from nhcplanner.domain.travel_times import TravelTimes
from nhcplanner.travel import CachedTimes
from nhcplanner.workflow.plan import assess, measure
from nhcplanner.workflow.problem import build_problem, people_of
from nhcplanner.workflow.results import MappedOutcome, versions
from nhcplanner.workflow.robustness import problem_of


def edit_plan(outcome: Outcome, place: Place, opened: Iterable[str], words: str) -> MappedOutcome:
    """Assess a plan whose centres were changed by hand.

    Only minutes to sites that are new or moved are measured; nothing is solved.

    Parameters
    ----------
    outcome
        The plan before the change.
    place
        Its place, with sites moved or added where they were.
    opened
        Ids of the open sites.
    words
        Description of the change.

    Returns
    -------
    Outcome
        Its plan has the value of each goal and no bound, so nothing is proved about it. The notes
        list the rules that it breaks.

    Raises
    ------
    InputError
        If a site does not exist, or was moved while travel times come from a matrix.
    """
    scenario, need = outcome.scenario, outcome.assessment.need
    place = people_of(place, scenario)
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
    """Return the rules of the scenario that a plan breaks, as sentences."""
    problem, model, _ = problem_of(outcome)
    return explore.broken_rules(problem, model, outcome.plan.opened)


def swap_sites(outcome: Outcome, out: str, into: str) -> tuple[str, ...]:
    """Return the ids of the open sites after one closes and another opens; either may be empty."""
    opened = set(outcome.place.sites["site_id"].iloc[list(outcome.plan.opened)])
    return tuple(sorted((opened - {out}) | ({into} - {""})))


def _rows(place: Place, opened: Iterable[str]) -> tuple[int, ...]:
    known = {site: row for row, site in enumerate(place.sites["site_id"])}
    site_ids = tuple(opened)
    faults = [Fault(f"{place.name} has no site {one}") for one in site_ids if one not in known]
    if faults:
        raise InputError(faults)
    return tuple(sorted(known[one] for one in site_ids))


def _times(outcome: Outcome, place: Place) -> TravelTimes:
    """Return minutes to the sites of a place, reusing those of the outcome."""
    points, before = _points(place), _points(outcome.place)
    known = {site: row for row, site in enumerate(outcome.place.sites["site_id"])}
    rows = [known.get(site, -1) for site in place.sites["site_id"]]
    new = [n for n, row in enumerate(rows) if row < 0 or not np.array_equal(points[n], before[row])]
    if not new and rows == list(range(len(before))):
        return outcome.times
    known_times = CachedTimes(before, outcome.times)
    if new:
        known_times = known_times.with_more(
            CachedTimes(points[new], _measure_sites(place, outcome.scenario, new))
        )
        for number, row in enumerate(new):
            rows[row] = len(before) + number
    return known_times.take(np.array(rows, dtype=np.int64)).times


def _measure_sites(place: Place, scenario: Scenario, rows: Sequence[int]) -> TravelTimes:
    if scenario.engine == "matrix":
        words = "travel times come from a matrix, which has no times to a new point"
        raise InputError(
            [Fault(words, hint="Swap the centre for another site of the list instead")]
        )
    some = replace(place, sites=place.sites.iloc[list(rows)].reset_index(drop=True))
    return measure(some, scenario, keep=False)


def _points(place: Place) -> np.ndarray:
    return np.asarray(shapely.get_coordinates(place.sites.geometry.to_numpy()))


def _stages(outcome: Outcome) -> tuple[Stage, ...]:
    """Return the value of each goal, without a bound."""
    problem, model, _ = problem_of(outcome)
    opened = np.array(outcome.plan.opened, dtype=np.intp)
    return tuple(
        Stage(one.name, _finite(one.score(problem, opened)), None, 0.0, one.sense, one.unit)
        for one in model.goals(problem)
    )


def _finite(value: float) -> float | None:
    return float(value) if np.isfinite(value) else None
