"""Many scenarios for one place: their plans, and one table of results."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

import pandas as pd

from nhcplanner import layers, outputs, workflow
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
from nhcplanner.scale.executor import (
    Executor,
    PlanRequest,
    PlanResult,
    Row,
    proof_of,
    solve_requests,
)
from nhcplanner.scale.scenarios import check_scenarios, travel_key

THIS_PROCESS = Executor()
FORMAT = 1
"""Version of the form of `sweep.json`."""

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
        name, request = one.request.name, one.request
        times, need = inputs_of_scenario.pop(name)
        outcome = workflow.outcome_of(
            place, request.scenario, times, request.problem, one.plan, need
        )
        rows[name] = {"place": place.title, "scenario": name} | row_of(outcome)
        plans[name] = one
        if out is not None:
            inputs = layers.input_files(place, request.scenario)
            records[f"plans/{file_name(name)}"] = record(outcome, inputs)
    table = pd.DataFrame([rows[name] for name in scenarios]).astype({"count": "Int64"})
    proofs = [
        {"scenario": name} | proof_of(plans[name].plan, plans[name].key) for name in scenarios
    ]
    whole = _record(place, scenarios, proofs)
    files: tuple[Path, ...] = ()
    if out is not None:
        files = outputs.write_table_files(out, {"sweep": table}, {"sweep": whole} | records)
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


def row_of(outcome: Outcome) -> Row:
    """Return the row of a plan in the table of a sweep."""
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


def _record(
    place: Place, scenarios: Mapping[str, Scenario], plans: Sequence[Mapping[str, object]]
) -> Row:
    """Return the record of many plans: their inputs, scenarios and proofs.

    Parameters
    ----------
    place
        The place.
    scenarios
        The choices, by name. Files of the place and files that a scenario names are hashed.
    plans
        From `executor.proof_of`, each with its name.
    """
    inputs = {
        one: None for scenario in scenarios.values() for one in layers.input_files(place, scenario)
    }
    return {
        "format": FORMAT,
        "place": place.title,
        "folder": place.folder.resolve().name if place.folder else "",
        "inputs": [asdict(one) for one in inputs],
        "scenarios": {
            name: scenario.model_dump(mode="json") for name, scenario in scenarios.items()
        },
        "plans": list(plans),
        "versions": workflow.versions(),
        "date": datetime.now(UTC).date().isoformat(),
    }
