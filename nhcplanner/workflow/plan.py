"""Plan of a place and a scenario: measured, solved and assessed."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from pathlib import Path

import numpy as np

from nhcplanner import access, models, travel
from nhcplanner.base.errors import InputError
from nhcplanner.domain.assessment import Assessment, Need
from nhcplanner.domain.place import Place
from nhcplanner.domain.plan import Plan
from nhcplanner.domain.problem import Problem
from nhcplanner.domain.scenario import Scenario
from nhcplanner.domain.sizes import with_chosen
from nhcplanner.domain.travel_times import TravelTimes
from nhcplanner.models.infeasibility import find_unreached_rows
from nhcplanner.workflow.problem import build_problem, people_of, starts_of
from nhcplanner.workflow.progress import (
    Progress,
    ProgressCallback,
    report_progress,
    worded_progress,
)
from nhcplanner.workflow.results import MappedOutcome, versions

NO_ASSIGNMENT = (
    "No assignment of people to these centres is known that keeps the rules on whom each serves: "
    "figures after the plan are to the nearest centre"
)


def rank(place: Place, scenario: Scenario) -> Need:
    """Rank the place's areas into bands of need, by HLE if known, else by IMD.

    Parameters
    ----------
    place, scenario
        The areas and the number of bands.

    Returns
    -------
    Need
        One band per area, 1 = first.

    Raises
    ------
    InputError
        If the scenario needs HLE or IMD and the place has none.

    Examples
    --------
    >>> from nhcplanner import Scenario, demo_place, rank
    >>> rank(demo_place(), Scenario(bands=3)).band.max()
    np.int64(3)
    """
    return access.rank(people_of(place, scenario), scenario)


def measure(
    place: Place, scenario: Scenario, progress: Progress | None = None, *, keep: bool = True
) -> TravelTimes:
    """Measure travel times in minutes from every origin to every site.

    Parameters
    ----------
    place, scenario
        The place, and modes, engine, horizon and speeds.
    progress
        Receives a sentence about the current step.
    keep
        Whether to store the results in the place folder and reuse those stored.

    Returns
    -------
    TravelTimes
        One row per origin. With travel by car availability, one row per origin for people without
        a car, then one per origin for the others.

    Raises
    ------
    InputError
        If the scenario needs streets, a timetable or a matrix and the place has none.

    Examples
    --------
    >>> from nhcplanner import Scenario, demo_place, measure
    >>> times = measure(demo_place(), Scenario(mode="cycle"))
    >>> times.mode, times.minutes.shape
    ('cycle', (250, 90))
    """
    return travel.measure(place, scenario, partial(report_progress, progress), keep)


def question(
    place: Place, scenario: Scenario, progress: Progress | None = None
) -> tuple[Problem, models.Model]:
    """Build the problem and model that explorations (`nhcplanner.explore`) start from.

    Returns
    -------
    Problem, Model
        The problem, and the goals and rules.
    """
    need = rank(place, scenario)
    times = measure(place, scenario, progress)
    return models.build_model(build_problem(place, times, scenario, need), scenario)


def write_model(
    place: Place, scenario: Scenario, path: str | Path, progress: Progress | None = None
) -> Path:
    """Write the program of a scenario's first goal to a file that other solvers read.

    Parameters
    ----------
    place, scenario
        The place, and the choices for it.
    path
        File to write; its ending, .mps or .lp, is the format.
    progress
        Called with text and the share of the work done.

    Returns
    -------
    pathlib.Path
        The file.

    Raises
    ------
    InputError
        As `solve_scenario`, and for another ending.
    """
    problem, model = question(place, scenario, progress)
    if scenario.everyone == "reachable" and model.everyone is not None:
        far = find_unreached_rows(problem, model.everyone(problem))
        problem = problem.rows(np.setdiff1d(np.arange(problem.areas), far))
    return models.write(problem, model, path)


def solve_scenario(
    problem: Problem, scenario: Scenario, progress: ProgressCallback | None = None
) -> Plan:
    """Choose the sites of centres.

    If `everyone` is "reachable", rows out of reach of every allowed site are left out of goals that
    must serve everyone; `Plan.unreached` still lists them.

    Parameters
    ----------
    problem
        From `build_problem`, or made by hand.
    scenario
        Its model, goals, rules and time limit.
    progress
        Receives the optimiser's figures; returning False stops it with its best plan.

    Returns
    -------
    Plan
        If no plan meets the rules, its status is "infeasible", with the reason in words.

    Raises
    ------
    InputError
        If goals or rules name something that the problem does not have.

    Examples
    --------
    >>> from nhcplanner import Problem, Scenario, solve_scenario
    >>> problem = Problem.from_minutes([[5, 30], [25, 8]], people=[100, 50], count=1)
    >>> solve_scenario(problem, Scenario(model="max_coverage")).opened
    (0,)
    """
    problem, model = models.build_model(problem, scenario)
    plan = models.solve(problem, model, time_limit=scenario.time_limit, progress=progress)
    if scenario.everyone == "all" or not plan.unreached:
        return plan
    served = np.setdiff1d(np.arange(problem.areas), plan.unreached)
    again = models.solve(
        problem.rows(served),
        model,
        time_limit=max(scenario.time_limit - plan.seconds, 1.0),
        progress=progress,
    )
    assignment = None
    if again.assignment is not None:
        assignment = np.full(problem.areas, -1, dtype=np.int64)
        assignment[served] = again.assignment
    shared = again.allocation
    return replace(
        again,
        unreached=plan.unreached,
        assignment=assignment,
        allocation=None if shared is None else shared.on_rows(served),
    )


def assess(
    place: Place, times: TravelTimes, plan: Plan, scenario: Scenario, need: Need
) -> Assessment:
    """Assess who reaches a centre before and after the plan.

    Parameters
    ----------
    place, times, plan, scenario, need
        The place, its travel times, the plan, its scenario and the bands of need.

    Returns
    -------
    Assessment
        People by minutes, band, deprivation and rural class; catchments; notes.

    Examples
    --------
    >>> from nhcplanner import Scenario, assess, demo_place, run
    >>> scenario = Scenario(model="max_coverage", count=4, engine="estimate")
    >>> outcome = run(demo_place(), scenario)
    >>> place, times, need = outcome.place, outcome.times, outcome.assessment.need
    >>> found = assess(place, times, outcome.plan, scenario, need)
    >>> within = found.people_within.loc[20]
    >>> bool(within["people_after"] > within["people_before"])
    True
    """
    place = people_of(place, scenario)
    starts = starts_of(place, scenario)
    assessment = access.assess(starts, times, plan.opened, need, scenario.reach, plan.allocation)
    notes = access.notes(starts, times, plan, scenario, assessment)
    if plan.opened and plan.allocation is None and models.sends_people(scenario):
        notes = (*notes, NO_ASSIGNMENT)
    if models.has_notes(scenario):
        problem = build_problem(place, times, scenario, need)
        notes = (*notes, *models.scenario_notes(problem, scenario))
    certainty_of_bands = access.band_certainty(place.areas, need.band, need.by, scenario.cut)
    certainty = () if certainty_of_bands is None else (certainty_of_bands.words,)
    notes = (*place.year_notes, *notes, *certainty, *travel.lacks(times), *place.notes)
    return replace(assessment, notes=notes)


def run(
    place: Place,
    scenario: Scenario,
    progress: Progress | None = None,
    figures: ProgressCallback | None = None,
    *,
    times: TravelTimes | None = None,
    keep: bool = True,
) -> MappedOutcome:
    """Make and assess a plan for a place and a scenario.

    Parameters
    ----------
    place
        From `load`, `demo_place` or `layers.build_place`.
    scenario
        The settings.
    progress
        Receives a sentence about the current step.
    figures
        Receives the optimiser's figures; None = `progress` receives them in words.
    times
        Minutes from each origin of the place to each of its sites, such as `measure` gives;
        None = they are measured.
    keep
        As in `measure`.

    Returns
    -------
    Outcome
        Its plan may be infeasible, with the reason in words. `explore()` draws a map.

    Raises
    ------
    InputError
        If the scenario needs data that the place does not have, or times do not fit the place.

    Examples
    --------
    >>> from nhcplanner import Scenario, demo_place, run
    >>> outcome = run(demo_place(), Scenario(model="max_coverage", count=4))
    >>> outcome.plan.status, len(outcome.centres)
    ('optimal', 4)
    """
    models.check_names(scenario)
    place = people_of(place, scenario)
    need = rank(place, scenario)
    if times is None:
        times = measure(place, scenario, progress, keep=keep)
    else:
        _check_times(times, place, scenario)
    problem = build_problem(place, times, scenario, need)
    report_progress(progress, f"Choosing among {problem.sites:,} sites for {place.people:,} people")
    plan = solve_scenario(problem, scenario, figures or worded_progress(progress))
    return outcome_of(place, scenario, times, problem, plan, need)


def _check_times(times: TravelTimes, place: Place, scenario: Scenario) -> None:
    """Reject times of other points, and times that end before the reach of the scenario."""
    expected = len(starts_of(place, scenario).origins), len(place.sites)
    faults = []
    if times.minutes.shape != expected:
        rows, sites = times.minutes.shape
        faults.append(
            f"times have {rows:,} rows and {sites:,} sites, but {place.name} has "
            f"{expected[0]:,} starting points and {expected[1]:,} sites; measure them again"
        )
    if times.horizon < scenario.reach:
        faults.append(
            f"times end at {times.horizon:g} minutes, before the reach of {scenario.reach:g}; "
            "measure them with a longer horizon"
        )
    if faults:
        raise InputError(faults)


def replan(
    place: Place, scenario: Scenario, plan: Plan, progress: Progress | None = None
) -> MappedOutcome:
    """Assess a plan again, without solving.

    Parameters
    ----------
    place, scenario
        Those of the plan, or others to assess its sites with.
    plan
        From an earlier run, or changed by hand.
    progress
        Receives a sentence about the current step.
    """
    need = rank(place, scenario)
    times = measure(place, scenario, progress)
    problem = build_problem(place, times, scenario, need)
    return outcome_of(place, scenario, times, problem, plan, need)


def outcome_of(
    place: Place, scenario: Scenario, times: TravelTimes, problem: Problem, plan: Plan, need: Need
) -> MappedOutcome:
    """Assess a plan and return it with everything that it was made from.

    Parameters
    ----------
    place, scenario, times, problem, plan, need
        The inputs and results of each step.
    """
    plan = models.with_allocation(problem, scenario, plan)
    plan, chosen = models.with_sizes(problem, plan)
    if chosen:
        place = replace(place, sites=with_chosen(place.sites, chosen))
    return MappedOutcome(
        scenario=scenario,
        place=people_of(place, scenario),
        times=times,
        problem=problem,
        plan=plan,
        assessment=assess(place, times, plan, scenario, need),
        versions=versions(),
    )
