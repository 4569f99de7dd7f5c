"""The story, told once: Scenario, Place, TravelTimes, Problem, Plan, Assessment, files.

The app, the command line and a notebook all call these functions, in this order.
"""

from __future__ import annotations

import platform
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from importlib.metadata import version
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Literal

import numpy as np
import pandas as pd

from nhcplanner import access, layers, models, outputs, travel
from nhcplanner.domain.assessment import THRESHOLDS, Assessment, Outcome
from nhcplanner.domain.errors import Fault, InputError
from nhcplanner.domain.need import Need
from nhcplanner.domain.place import Place
from nhcplanner.domain.plan import Plan
from nhcplanner.domain.problem import Problem
from nhcplanner.domain.scenario import Scenario
from nhcplanner.domain.times import TravelTimes

VERSIONS = ("nhcplanner", "pulp", "highspy", "numpy", "scipy", "geopandas")

Progress = Callable[[str], bool | None]
"""Is told in words what is being done; returning False stops the optimiser with its best."""

Told = Callable[[models.Report], bool | None]
"""Is told how far the optimiser has come; returning False stops it with the best so far."""


@dataclass(frozen=True)
class OwnFiles:
    """A user's own files, from which a place is built.

    Parameters
    ----------
    areas, sites
        Layers: GeoPackage, GeoParquet, GeoJSON, Shapefile or CSV with coordinates.
    tables
        Further tables, joined by area or council code.
    columns
        Column map (TOML).
    streets
        OpenStreetMap extract (.osm.pbf, .osm) or saved osmnx graph (.graphml).
    timetable
        GTFS zip.
    name
        Name of the place; empty = from the layers.
    origins
        "postcodes", or a file of points where people start; empty = one point an area.
    matrix
        Minutes from another tool (CSV, long or wide), by area code and site id.
    matrix_unit
        "minutes" or "seconds" of the matrix; empty = as its header says.
    """

    areas: Path
    sites: Path
    tables: tuple[Path, ...] = ()
    columns: Path | None = None
    streets: Path | None = None
    timetable: Path | None = None
    name: str = ""
    origins: str = ""
    matrix: Path | None = None
    matrix_unit: Literal["", "minutes", "seconds"] = ""


def build(files: OwnFiles, folder: Path, progress: Progress | None = None) -> Path:
    """Make a place folder from a user's own files.

    Raises
    ------
    InputError
        With every fault found in the files; nothing is then written.
    """
    _tell(progress, "Reading areas, sites and tables")
    place = layers.build_place(files.areas, files.sites, files.tables, files.columns, files.name)
    if files.origins:
        _tell(progress, "Placing people where they start")
        place = layers.start_at(place, files.origins)
    with TemporaryDirectory() as scratch:
        streets = matrix = None
        if files.streets is not None:
            _tell(progress, "Reading streets")
            streets = Path(scratch) / "streets.npz"
            network = travel.Network.read(files.streets)
            network.save(streets)
            source = layers.street_source(files.streets, len(network.source))
            place = replace(place, sources=(*place.sources, source))
        if files.timetable is not None:
            source = layers.timetable_source(files.timetable)
            place = replace(place, sources=(*place.sources, source))
        if files.matrix is not None:
            _tell(progress, "Reading the matrix")
            matrix = Path(scratch) / "matrix.parquet"
            pairs = travel.read_pairs(files.matrix, files.matrix_unit)
            lacks = travel.lacks(travel.matrix_times(pairs, place))
            pairs.frame.to_parquet(matrix)
            source = layers.matrix_source(files.matrix, len(pairs.frame), lacks)
            place = replace(place, sources=(*place.sources, source))
        return layers.write_place(place, folder, streets, files.timetable, matrix)


def load(folder: Path) -> Place:
    """Read a place folder; minutes are kept in it, unless it is the demo's."""
    place = layers.read_place(folder)
    own = Path(folder).resolve() != layers.demo_folder().resolve()
    return place if own else replace(place, times=None)


def demo_place() -> Place:
    """Read the SYNTHETIC demo place, which comes with the package."""
    return load(layers.demo_folder())


def rank(place: Place, scenario: Scenario) -> Need:
    """Put the place's areas into bands, by HLE where there is one, else by IMD.

    Raises
    ------
    InputError
        Where the scenario asks for HLE or IMD and the place has none.
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
    """
    return travel.measure(place, scenario, partial(_tell, progress), keep)


def pose(place: Place, times: TravelTimes, scenario: Scenario, need: Need) -> Problem:
    """Put the question to the models: a row as in `measure`, a column a site.

    Existing and committed sites stay open; existing ones cost nothing more. Sites marked
    forbidden, of another kind than asked for, or without a cost under a budget stay shut.

    Raises
    ------
    InputError
        Where the scenario names sites or kinds that the place does not have.
    """
    sites = place.sites
    _check_names(place, scenario)
    starts = _starts(place, scenario)
    status = sites["status"]
    keep = (
        status.isin(["existing", "committed"]) | sites["site_id"].isin(scenario.keep)
    ).to_numpy()
    forbid = ((status == "forbidden") | sites["site_id"].isin(scenario.forbid)).to_numpy()
    if scenario.kinds:
        forbid = forbid | (~sites["kind"].isin(scenario.kinds).to_numpy() & ~keep)
    cost = _numbers(sites, "cost")
    cost[(status == "existing").to_numpy()] = 0.0
    if scenario.budget is not None:
        forbid = forbid | (np.isnan(cost) & ~keep)
    return Problem.from_minutes(
        times.minutes,
        people=starts.origins["people"].to_numpy(),
        reach=scenario.reach,
        bands=need.band.to_numpy()[starts.area_of_origin],
        count=scenario.count,
        budget=scenario.budget,
        cost=np.nan_to_num(cost, nan=0.0),
        capacity=_numbers(sites, "capacity"),
        keep=np.flatnonzero(keep).tolist(),
        forbid=np.flatnonzero(forbid).tolist(),
        row_groups={
            name: labels.to_numpy()[starts.area_of_origin]
            for name, labels in access.area_labels(place.areas, place.index_name).items()
        },
        site_groups=access.site_labels(sites, place.areas),
        site_xy=_xy(sites),
    )


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
    return models.ask(pose(place, times, scenario, need), scenario)


def decide(problem: Problem, scenario: Scenario, progress: Told | None = None) -> Plan:
    """Site the centres.

    Where the scenario asks for all who can be reached, rows that no allowed site reaches are
    left out of goals that must serve everyone; `Plan.unreached` still lists them.

    Raises
    ------
    InputError
        Where the scenario's goals or rules name what the problem does not have.
    """
    problem, model = models.ask(problem, scenario)
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
    return replace(again, unreached=plan.unreached, assignment=assignment)


def assess(
    place: Place, times: TravelTimes, plan: Plan, scenario: Scenario, need: Need
) -> Assessment:
    """Say who reaches a centre, before the plan and after it."""
    starts = _starts(place, scenario)
    found = access.assess(starts, times, plan.opened, need, scenario.reach)
    notes = access.notes(starts, times, plan, scenario, found)
    return replace(found, notes=(*notes, *travel.lacks(times), *place.notes))


def run(
    place: Place, scenario: Scenario, progress: Progress | None = None, *, keep: bool = True
) -> Outcome:
    """Tell the whole story for one place and one scenario.

    Parameters
    ----------
    place
        From `load`, `demo_place` or `layers.build_place`.
    scenario
        The choices.
    progress
        Is told in words what is being done.
    keep
        As in `measure`.

    Returns
    -------
    Outcome
        Its plan may be infeasible, with the reason in words.
    """
    _model(scenario.model)
    need = rank(place, scenario)
    times = measure(place, scenario, progress, keep=keep)
    problem = pose(place, times, scenario, need)
    _tell(progress, f"Choosing among {problem.sites:,} sites for {place.people:,} people")
    plan = decide(problem, scenario, spoken(progress))
    return Outcome(
        scenario=scenario,
        place=place,
        times=times,
        problem=problem,
        plan=plan,
        assessment=assess(place, times, plan, scenario, need),
        versions={name: version(name) for name in VERSIONS} | {"Python": platform.python_version()},
    )


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
    _check_names(place, scenario.model_copy(update={"kinds": tuple(kinds)}))
    column, values = ("kind", kinds) if kinds else ("status", ["existing"])
    there = np.flatnonzero(place.sites[column].isin(values))
    if not len(there):
        raise InputError([Fault(f"{place.name} has no existing centre", mend="Name kinds")])
    times = measure(place, scenario, progress)
    people = _starts(place, scenario).origins["people"].to_numpy(dtype=np.float64)
    found = access.within(times.nearest(there), people, THRESHOLDS).to_frame()
    return found.assign(share=found["people"] / people.sum())


def publish(
    outcome: Outcome, directory: Path, progress: Progress | None = None
) -> tuple[Path, ...]:
    """Write the outcome's map, tables, GIS files and record into a folder, all or nothing.

    Isochrones of the opened centres go along where minutes come from streets.
    """
    place, scenario, opened = outcome.place, outcome.scenario, outcome.plan.opened
    ground = travel.around(place, scenario, opened, partial(_tell, progress))
    _tell(progress, "Writing files")
    return outputs.write_files(outcome, directory, ground)


def _model(name: str) -> models.Model:
    if name not in models.catalogue:
        known = ", ".join(models.catalogue)
        raise InputError([Fault(f"there is no model '{name}'", mend=f"Use one of {known}")])
    return models.catalogue[name]


def _check_names(place: Place, scenario: Scenario) -> None:
    ids, kinds = set(place.sites["site_id"]), set(place.sites["kind"].dropna())
    faults = [
        Fault(f"{key} names site '{name}', which {place.name} does not have", "scenario")
        for key in ("keep", "forbid")
        for name in getattr(scenario, key)
        if name not in ids
    ]
    faults += [
        Fault(
            f"no site is of the kind '{kind}'",
            "scenario",
            mend=f"Kinds: {', '.join(sorted(kinds))}",
        )
        for kind in scenario.kinds
        if kind not in kinds
    ]
    if faults:
        raise InputError(faults)


def _starts(place: Place, scenario: Scenario) -> Place:
    """The place with a row of its origins for each row of the scenario's minutes."""
    return access.part_by_car(place) if scenario.by_car else place


def _xy(frame: pd.DataFrame) -> np.ndarray:
    return np.column_stack([frame.geometry.x, frame.geometry.y])


def _numbers(frame: pd.DataFrame, column: str) -> np.ndarray:
    if column not in frame:
        return np.full(len(frame), np.nan)
    return frame[column].to_numpy(dtype=np.float64, na_value=np.nan).copy()


def _tell(progress: Progress | None, words: str) -> None:
    if progress is not None:
        progress(words)


def spoken(progress: Progress | None) -> Told | None:
    """Put the optimiser's reports into words for `progress`."""
    if progress is None:
        return None

    def told(report: models.Report) -> bool | None:
        best = "none yet" if report.best is None else f"{report.best:,.0f}"
        bound = "unknown" if report.bound is None else f"{report.bound:,.0f}"
        return progress(
            f"Goal {report.stage} of {report.stages}, {report.goal}: best {best}, bound {bound}, "
            f"{report.seconds:.0f} s"
        )

    return told
