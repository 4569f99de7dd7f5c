"""Drawn: an outcome that shows itself on a map.

From a place and a scenario to a plan, what it does, and the files that say so.
"""

from __future__ import annotations

import platform
from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from nhcplanner import access, layers, models, outputs, travel
from nhcplanner.base.errors import Fault, InputError
from nhcplanner.domain.assessment import THRESHOLDS, Assessment, Need, Outcome
from nhcplanner.domain.place import Place
from nhcplanner.domain.plan import Plan
from nhcplanner.domain.problem import Problem
from nhcplanner.domain.scenario import Scenario
from nhcplanner.domain.travel_times import TravelTimes
from nhcplanner.workflow.problem import build_problem, check_names, starts_of
from nhcplanner.workflow.progress import (
    Progress,
    ProgressCallback,
    report_progress,
    worded_progress,
)

if TYPE_CHECKING:
    import folium


class MappedOutcome(Outcome):
    """An outcome as the story makes it, which also draws itself.

    The noun knows nothing of maps; here, above the room that draws, it may.
    """

    def explore(self) -> folium.Map:
        """The plan on a map, which shows itself in a notebook: `plan_map` of it.

        Examples
        --------
        >>> from nhcplanner import Scenario, demo_place, run
        >>> plan = run(demo_place(), Scenario(model="max_coverage", count=4, engine="estimate"))
        >>> "SYNTHETIC" in plan.explore().get_root().render()
        True
        """
        return outputs.plan_map(self)


VERSIONS = ("nhcplanner", "pulp", "highspy", "numpy", "scipy", "geopandas")


def rank(place: Place, scenario: Scenario) -> Need:
    """Put the place's areas into bands, by HLE where there is one, else by IMD.

    Parameters
    ----------
    place, scenario
        Whose areas, and into how many bands.

    Returns
    -------
    Need
        A band an area, 1 = first.

    Raises
    ------
    InputError
        Where the scenario asks for HLE or IMD and the place has none.

    Examples
    --------
    >>> from nhcplanner import Scenario, demo_place, rank
    >>> rank(demo_place(), Scenario(bands=3)).band.max()
    np.int64(3)
    """
    return access.rank(place, scenario)


def measure(
    place: Place, scenario: Scenario, progress: Progress | None = None, *, keep: bool = True
) -> TravelTimes:
    """Measure minutes from where people start to every site.

    Parameters
    ----------
    place, scenario
        What to measure, and how: modes, engine, horizon and speeds.
    progress
        Is told in words what is being done.
    keep
        Keep what was measured in the place folder, and measure only what it does not know.

    Returns
    -------
    TravelTimes
        A row an origin of the place; where people are parted by car, a row for those of each
        origin without a car, in order, then a row for the rest.

    Raises
    ------
    InputError
        Where the place has no streets, timetable or matrix and the scenario asks for them.

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
    """Come as far as the question: what explorations (`nhcplanner.explore`) start from.

    Returns
    -------
    Problem, Model
        What is to be planned, and by which goals and rules.
    """
    need = rank(place, scenario)
    times = measure(place, scenario, progress)
    return models.build_model(build_problem(place, times, scenario, need), scenario)


def solve_scenario(
    problem: Problem, scenario: Scenario, progress: ProgressCallback | None = None
) -> Plan:
    """Site the centres.

    Where the scenario asks for all who can be reached, rows that no allowed site reaches are
    left out of goals that must serve everyone; `Plan.unreached` still lists them.

    Parameters
    ----------
    problem
        From `build_problem`, or made by hand.
    scenario
        Its model, goals, rules and time limit.
    progress
        Is told in figures how far the optimiser has come; returning False ends it with its best.

    Returns
    -------
    Plan
        Where no plan keeps the rules its status is "infeasible", with the reason in words.

    Raises
    ------
    InputError
        Where the scenario's goals or rules name what the problem does not have.

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
    """Say who reaches a centre, before the plan and after it.

    Parameters
    ----------
    place, times, plan, scenario, need
        What was planned for, measured, decided, asked and ranked.

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
    starts = starts_of(place, scenario)
    found = access.assess(starts, times, plan.opened, need, scenario.reach, plan.allocation)
    notes = access.notes(starts, times, plan, scenario, found)
    return replace(found, notes=(*notes, *travel.lacks(times), *place.notes))


def run(
    place: Place,
    scenario: Scenario,
    progress: Progress | None = None,
    told: ProgressCallback | None = None,
    *,
    keep: bool = True,
) -> MappedOutcome:
    """Tell the whole story for one place and one scenario.

    Parameters
    ----------
    place
        From `load`, `demo_place` or `layers.build_place`.
    scenario
        The choices.
    progress
        Is told in words what is being done.
    told
        Is told in figures how far the optimiser has come; None = `progress` is, in words.
    keep
        As in `measure`.

    Returns
    -------
    Outcome
        Its plan may be infeasible, with the reason in words. `explore()` draws it.

    Raises
    ------
    InputError
        Where the scenario asks for what the place does not have.

    Examples
    --------
    >>> from nhcplanner import Scenario, demo_place, run
    >>> outcome = run(demo_place(), Scenario(model="max_coverage", count=4))
    >>> outcome.plan.status, len(outcome.centres)
    ('optimal', 4)
    """
    models.check_names(scenario)
    need = rank(place, scenario)
    times = measure(place, scenario, progress, keep=keep)
    problem = build_problem(place, times, scenario, need)
    report_progress(progress, f"Choosing among {problem.sites:,} sites for {place.people:,} people")
    plan = solve_scenario(problem, scenario, told or worded_progress(progress))
    return outcome_of(place, scenario, times, problem, plan, need)


def replan(
    place: Place, scenario: Scenario, plan: Plan, progress: Progress | None = None
) -> MappedOutcome:
    """Say what a plan that is at hand does, without choosing again.

    Parameters
    ----------
    place, scenario
        As the plan was made for, or others that its sites are to be judged by.
    plan
        From an earlier run, or with sites moved or swapped by hand.
    progress
        Is told in words what is being done.
    """
    need = rank(place, scenario)
    times = measure(place, scenario, progress)
    problem = build_problem(place, times, scenario, need)
    return outcome_of(place, scenario, times, problem, plan, need)


def outcome_of(
    place: Place, scenario: Scenario, times: TravelTimes, problem: Problem, plan: Plan, need: Need
) -> MappedOutcome:
    """Assess a plan, and put all that it was made from beside it.

    Parameters
    ----------
    place, scenario, times, problem, plan, need
        What was planned for, asked, measured, posed, decided and ranked.
    """
    plan = models.with_allocation(problem, scenario, plan)
    return MappedOutcome(
        scenario=scenario,
        place=place,
        times=times,
        problem=problem,
        plan=plan,
        assessment=assess(place, times, plan, scenario, need),
        versions=versions(),
    )


def versions() -> dict[str, str]:
    """Name and version of what computes here, and the seed of its random choices."""
    found = {name: version(name) for name in VERSIONS}
    return found | {"Python": platform.python_version(), "random seed": str(models.SEED)}


def reaching(
    place: Place, scenario: Scenario, kinds: Sequence[str], progress: Progress | None = None
) -> pd.DataFrame:
    """Count the people who reach a building of some kinds today, whether or not it is a centre.

    Parameters
    ----------
    place, scenario
        Where, and how people travel.
    kinds
        Kinds of building; none = existing centres.
    progress
        Is told in words what is being done.

    Returns
    -------
    DataFrame
        Rows = minutes; columns `people` and `share` (of all people).

    Raises
    ------
    InputError
        Where the place has no building of such a kind.
    """
    check_names(place, scenario.model_copy(update={"kinds": tuple(kinds)}))
    column, values = ("kind", kinds) if kinds else ("status", ["existing"])
    there = np.flatnonzero(place.sites[column].isin(values))
    if not len(there):
        raise InputError([Fault(f"{place.name} has no existing centre", hint="Name kinds")])
    times = measure(place, scenario, progress)
    people = starts_of(place, scenario).origins["people"].to_numpy(dtype=np.float64)
    found = access.within(times.nearest(there), people, THRESHOLDS).to_frame()
    return found.assign(share=found["people"] / people.sum())


def write_results(
    outcome: Outcome, directory: Path, progress: Progress | None = None
) -> tuple[Path, ...]:
    """Write the outcome's map, tables, GIS files and record into a folder, all or nothing.

    Isochrones of the opened centres go along where minutes come from streets.

    Parameters
    ----------
    outcome
        From `run` or `open_plan`.
    directory
        Where to; made where it is not there.
    progress
        Is told in words what is being done.

    Returns
    -------
    tuple of Path
        What was written.

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> from nhcplanner import Scenario, demo_place, write_results, run
    >>> scenario = Scenario(model="max_coverage", count=4, engine="estimate")
    >>> outcome = run(demo_place(), scenario)
    >>> with TemporaryDirectory() as folder:
    ...     [path.name for path in write_results(outcome, Path(folder))][:3]
    ['map.html', 'summary.txt', 'plan.json']
    """
    place, scenario, opened = outcome.place, outcome.scenario, outcome.plan.opened
    ground = travel.around(place, scenario, opened, partial(report_progress, progress))
    report_progress(progress, "Writing files")
    inputs = layers.input_files(place, scenario)
    return outputs.write_files(outcome, directory, ground, inputs)
