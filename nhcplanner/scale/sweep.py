"""Many scenarios for one place: reading them, solving them, and one table of results."""

from __future__ import annotations

import glob
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pandas as pd
from scipy import sparse

from nhcplanner import layers, models, travel, workflow
from nhcplanner.base.errors import Fault, InputError
from nhcplanner.base.text import plural
from nhcplanner.domain.assessment import Need, Outcome
from nhcplanner.domain.display import Card, Display
from nhcplanner.domain.display import share as per_cent
from nhcplanner.domain.place import Place
from nhcplanner.domain.plan import Plan
from nhcplanner.domain.scenario import Scenario
from nhcplanner.domain.travel_times import TravelTimes
from nhcplanner.domain.verdict import Verdict
from nhcplanner.outputs.report import record
from nhcplanner.outputs.sanitise import file_name
from nhcplanner.outputs.table_files import write_table_files
from nhcplanner.scale.executor import Executor, PlanRequest, PlanResult, solve_requests
from nhcplanner.scale.tables import Row, proof_of, sweep_record
from nhcplanner.workflow.problem import starts_of

THIS_PROCESS = Executor()

MeasuredNeeds = dict[str, tuple[TravelTimes, Need]]
"""By scenario: the minutes and the need that its problem is built from."""


@dataclass(frozen=True, eq=False, repr=False)
class Sweep(Display):
    """The plans of many scenarios for one place.

    Parameters
    ----------
    table
        One row for each scenario, in the given order: `place`, `scenario`, `title`, `model`,
        `mode`, `minutes_by` (how they were measured or estimated), `reach`, `count` (the limit),
        `status`, `reason`, `gap` (the widest of its goals, 0 = proved, blank = not known),
        `centres`, `new_centres`, `people_before`, `people_after` and `share_after` (within reach),
        `first_band_before` and `first_band_after` (share of band 1 within reach; blank if there
        are no bands).
    plans
        By scenario; positions are rows of the place's sites.
    record
        The inputs, and the proof of each plan.
    files
        The files written.
    """

    table: pd.DataFrame
    plans: Mapping[str, Plan]
    record: Row
    files: tuple[Path, ...] = ()

    def _card(self) -> Card:
        names = ["scenario", "model", "mode", "reach", "status", "centres", "share_after"]
        columns = self.table[names].assign(share_after=self.table["share_after"].map(per_cent))
        title = f"{self.record['place']}: {plural(len(self.table), 'scenario')}"
        rows = columns.astype("object").itertuples(index=False, name=None)
        return Card(title, [dict(zip(names, row, strict=True)) for row in rows])


def sweep(
    place: Place,
    scenarios: Mapping[str, Scenario],
    out: Path | None = None,
    executor: Executor = THIS_PROCESS,
) -> Sweep:
    """Plan a place for each of many scenarios, as `run` would.

    Scenarios with the same travel settings share their minutes, which are measured once, in this
    process, on all cores; only the planning is done by the executor. If the time limit does not
    suffice to prove a plan, its gap says so; on busy cores the gap may be wider.

    Parameters
    ----------
    place
        From `load` or `demo_place`.
    scenarios
        By name.
    out
        Folder for `sweep.csv`, `sweep.json` and `plans/NAME.json`, which `compare_plans`,
        `rerun_plan` and `export_hand_in` read; None writes nothing. Finished plans are stored in
        it, so that a second sweep makes only those that are missing or whose inputs have changed.
    executor
        `nhcplanner.scale.Executor`: where the plans are made, and where progress is reported; by
        default this process.

    Returns
    -------
    Sweep
        A table of the scenarios, their plans, and the files written.

    Raises
    ------
    InputError
        If the place lacks something that a scenario needs; it carries every fault of every
        scenario, before anything starts.
    PlannerError
        If some scenarios could not be planned, or the user asked to stop; finished plans are kept.

    Examples
    --------
    >>> from nhcplanner import Scenario, demo_place, sweep
    >>> base = Scenario(model="max_coverage", mode="cycle")
    >>> counts = {f"{n} centres": base.with_settings([f"count={n}"]) for n in (4, 5)}
    >>> sweep(demo_place(), counts).table["centres"].tolist()
    [4, 5]
    """
    check_scenarios(place, scenarios)
    inputs_of_scenario: MeasuredNeeds = {}
    rows: dict[str, Row] = {}
    plans: dict[str, PlanResult] = {}
    records: dict[str, Row] = {}
    requests = _requests(place, scenarios, inputs_of_scenario, executor.progress)
    for one in solve_requests(requests, len(scenarios), executor, out):
        name, asks = one.request.name, one.request
        times, need = inputs_of_scenario.pop(name)
        outcome = workflow.outcome_of(place, asks.scenario, times, asks.problem, one.plan, need)
        rows[name] = {"place": place.title, "scenario": name} | _row(outcome)
        plans[name] = one
        if out is not None:
            inputs = layers.input_files(place, asks.scenario)
            records[f"plans/{file_name(name)}"] = record(outcome, inputs)
    table = pd.DataFrame([rows[name] for name in scenarios]).astype({"count": "Int64"})
    proofs = [
        {"scenario": name} | proof_of(plans[name].plan, plans[name].key) for name in scenarios
    ]
    whole = sweep_record(place, scenarios, proofs)
    files: tuple[Path, ...] = ()
    if out is not None:
        files = write_table_files(out, {"sweep": table}, {"sweep": whole} | records)
    return Sweep(table, {name: plans[name].plan for name in scenarios}, whole, files)


def _requests(
    place: Place,
    scenarios: Mapping[str, Scenario],
    inputs_of_scenario: MeasuredNeeds,
    progress: workflow.Progress | None,
) -> Iterator[PlanRequest]:
    """Yield requests grouped by travel settings, so that minutes are measured once for each."""
    names_by_key: dict[tuple[object, ...], list[str]] = {}
    for name, scenario in scenarios.items():
        names_by_key.setdefault(travel_key(place, scenario), []).append(name)
    for names in names_by_key.values():
        times = workflow.measure(place, scenarios[names[0]], progress)
        for name in names:
            scenario = scenarios[name]
            need = workflow.rank(place, scenario)
            inputs_of_scenario[name] = times, need
            yield PlanRequest(name, workflow.build_problem(place, times, scenario, need), scenario)


def _row(outcome: Outcome) -> Row:
    scenario, plan = outcome.scenario, outcome.plan
    return {
        "title": scenario.title,
        "model": plan.model,
        "mode": outcome.times.mode,
        "minutes_by": outcome.times.engine,
        "reach": scenario.reach,
        "count": scenario.count,
        "status": plan.status,
        "reason": plan.reason,
        "gap": Verdict.of(plan).gap,
        "centres": len(plan.opened),
        "new_centres": len(set(plan.opened) - set(outcome.problem.keep)),
        **_people_in_reach(outcome),
    }


def _people_in_reach(outcome: Outcome) -> Row:
    """Count the people within reach; blank after the plan if there is no plan."""
    reach, assessment = outcome.scenario.reach, outcome.assessment
    within = assessment.people_within.loc[reach]
    bands, first = assessment.by_band, {}
    if bands is not None and 1 in bands.index:
        first = dict(zip(bands.columns, bands.xs(1), strict=True))
    planned = outcome.plan.status not in ("infeasible", "stopped")
    return {
        "people_before": within["people_before"],
        "people_after": within["people_after"] if planned else None,
        "share_after": within["share_after"] if planned else None,
        "first_band_before": first.get(f"share_before_{reach:g}"),
        "first_band_after": first.get(f"share_after_{reach:g}") if planned else None,
    }


RENAME = "Give each scenario a name of its own"
NONE = Fault("no scenario is named", hint="Name files, such as scenarios/*.toml")


def read_scenarios(patterns: Iterable[str], settings: Iterable[str] = ()) -> dict[str, Scenario]:
    """Read scenario files; each is named after its file, without the ending.

    Parameters
    ----------
    patterns
        Paths; `*`, `?` and `**` match many files, even if the shell does not expand them.
    settings
        `key=value`, changed in every scenario.

    Returns
    -------
    dict of str to Scenario
        In the order of the patterns, and by name within one pattern.

    Raises
    ------
    InputError
        If a pattern matches nothing, two files have the same name, or a file has faults; it
        carries every fault of every file.
    """
    settings = list(settings)
    scenarios: dict[str, Scenario] = {}
    faults: list[Fault] = []
    paths = list(_paths(patterns, faults))
    faults += [
        Fault(f"has the same name as {paths[first]}", str(paths[second]), hint=RENAME)
        for first, second in _duplicates(path.stem for path in paths)
    ]
    for path in paths:
        try:
            scenarios[path.stem] = layers.read_scenario(path).with_settings(settings)
        except InputError as error:
            faults += error.faults
    if not paths and not faults:
        faults.append(NONE)
    if faults:
        raise InputError(dict.fromkeys(faults))
    return scenarios


def check_scenarios(place: Place, scenarios: Mapping[str, Scenario]) -> None:
    """Check that scenarios fit a place, without measuring travel times.

    Raises
    ------
    InputError
        If there is no scenario, or two would write the same file, or with every fault of every
        scenario.
    """
    if not scenarios:
        raise InputError([NONE])
    faults = _same_files(scenarios)
    faults += [
        replace(fault, file=f"{name}: {fault.file}" if fault.file else name)
        for name, scenario in scenarios.items()
        for fault in _faults(place, scenario)
    ]
    if faults:
        raise InputError(faults)


def travel_key(place: Place, scenario: Scenario) -> tuple[object, ...]:
    """Return everything that determines a scenario's minutes; equal keys share their minutes."""
    modes = travel.measurable(place, scenario)
    if scenario.engine == "matrix":
        return ("matrix", scenario.horizon, modes)
    keys = (travel.Measure(place, scenario, mode, lambda _: None).cache_key for mode in modes)
    return ("by car" if scenario.by_car else "", *keys)


def _faults(place: Place, scenario: Scenario) -> Iterator[Fault]:
    """Yield every fault that can be found without travel times."""
    try:
        travel_key(place, scenario)
    except InputError as error:
        yield from error.faults
    try:
        starts, sites = len(starts_of(place, scenario).origins), len(place.sites)
        none = _no_minutes(starts, sites)
        times = TravelTimes(none, scenario.mode, "", estimate=True, horizon=scenario.horizon)
        need = workflow.rank(place, scenario)
        models.build_model(workflow.build_problem(place, times, scenario, need), scenario)
    except InputError as error:
        yield from error.faults


def _paths(patterns: Iterable[str], faults: list[Fault]) -> Iterator[Path]:
    """Yield each file once."""
    seen = set()
    for pattern in patterns:
        is_file = Path(pattern).is_file()
        paths = [pattern] if is_file else sorted(glob.glob(pattern, recursive=True))  # noqa: PTH207 (a pattern may be absolute)
        files = [path for path in map(Path, paths) if path.is_file()]
        if not files:
            faults.append(Fault("no such file", str(pattern), hint="Check the path"))
        for path in files:
            if path.resolve() not in seen:
                seen.add(path.resolve())
                yield path


def _same_files(names: Iterable[str]) -> list[Fault]:
    """Return a fault for each scenario whose plan would overwrite an earlier one's."""
    in_order = list(names)
    return [
        Fault(f"would write the same file as '{in_order[first]}'", in_order[second], hint=RENAME)
        for first, second in _duplicates(map(file_name, in_order))
    ]


def _duplicates(names: Iterable[str]) -> Iterator[tuple[int, int]]:
    """Yield the positions of each repeated name: of its first use, and its own. Case is ignored."""
    seen: dict[str, int] = {}
    for position, name in enumerate(names):
        first = seen.setdefault(name.casefold(), position)
        if first != position:
            yield first, position


def _no_minutes(rows: int, columns: int) -> sparse.csr_array:
    starts = np.zeros(rows + 1, dtype=np.int32)
    empty = np.zeros(0, dtype=np.float32), np.zeros(0, dtype=np.int32), starts
    return sparse.csr_array(empty, shape=(rows, columns))
