"""Sweep: many scenarios on one place, and one table of what each comes to."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from nhcplanner import layers, workflow
from nhcplanner.base.text import plural
from nhcplanner.domain.assessment import Need, Outcome
from nhcplanner.domain.display import Card, Display
from nhcplanner.domain.display import share as per_cent
from nhcplanner.domain.place import Place
from nhcplanner.domain.plan import Plan
from nhcplanner.domain.scenario import Scenario
from nhcplanner.domain.travel_times import TravelTimes
from nhcplanner.outputs.plan_files import write_together
from nhcplanner.outputs.report import record
from nhcplanner.outputs.sanitise import file_name
from nhcplanner.scale.executor import Executor
from nhcplanner.scale.scenarios import check_scenarios, way_of
from nhcplanner.scale.solving import PlanRequest, PlanResult, solve_requests
from nhcplanner.scale.tables import Row, record_of, said_of

HERE = Executor()

Posed = dict[str, tuple[TravelTimes, Need]]
"""By scenario: what its question was posed from."""


@dataclass(frozen=True, eq=False, repr=False)
class Sweep(Display):
    """Many scenarios on one place.

    Parameters
    ----------
    table
        A row a scenario, in the order given: `place`, `scenario`, `title`, `model`, `mode`,
        `minutes_by` (what measured or estimated them), `reach`, `count` (asked for), `status`,
        `reason`, `gap` (the widest of its goals, 0 = proved, blank = not known), `centres`,
        `new_centres`, `people_before`, `people_after` and `share_after` (within reach),
        `first_band_before` and `first_band_after` (share of band 1 within reach; blank where there
        are no bands).
    plans
        By scenario; positions are rows of the place's sites.
    record
        What it rests on and what is proved of each plan.
    files
        What was written.
    """

    table: pd.DataFrame
    plans: Mapping[str, Plan]
    record: Row
    files: tuple[Path, ...] = ()

    def _card(self) -> Card:
        shown = ["scenario", "model", "mode", "reach", "status", "centres", "share_after"]
        rows = self.table[shown].assign(share_after=self.table["share_after"].map(per_cent))
        title = f"{self.record['place']}: {plural(len(self.table), 'scenario')}"
        return Card(title, rows.to_dict("records"))


def sweep(
    place: Place,
    scenarios: Mapping[str, Scenario],
    out: Path | None = None,
    crew: Executor = HERE,
) -> Sweep:
    """Plan a place by many scenarios, each as `run` would.

    Scenarios that travel alike share their minutes, which are measured once, in this process, on
    all cores; what the crew shares out is the planning. Where a scenario's time does not suffice
    to prove its plan, its gap says so, and busy cores may leave it wider.

    Parameters
    ----------
    place
        From `load` or `demo_place`.
    scenarios
        By name.
    out
        Folder for `sweep.csv`, `sweep.json` and `plans/NAME.json`, which `compare_plans`,
        `rerun_plan` and `export_hand_in` read; None writes nothing. Finished plans are kept in it
        as they come, so that a second sweep makes only those that are missing or whose question
        has changed.
    crew
        `nhcplanner.scale.Executor`: who plans, and who is told how far it has come; this process.

    Returns
    -------
    Sweep
        A row a scenario, and the files written.

    Raises
    ------
    InputError
        Where the place cannot answer some scenario: every fault of every scenario at once, before
        anything starts.
    PlannerError
        Where some could not be planned, or somebody said stop; what is finished is kept.

    Examples
    --------
    >>> from nhcplanner import Scenario, demo_place, sweep
    >>> base = Scenario(model="max_coverage", mode="cycle")
    >>> counts = {f"{n} centres": base.with_settings([f"count={n}"]) for n in (4, 5)}
    >>> sweep(demo_place(), counts).table["centres"].tolist()
    [4, 5]
    """
    check_scenarios(place, scenarios)
    posed: Posed = {}
    rows: dict[str, Row] = {}
    plans: dict[str, PlanResult] = {}
    records: dict[str, Row] = {}
    asked = _questions(place, scenarios, posed, crew.progress)
    for one in solve_requests(asked, len(scenarios), crew, out):
        name, asks = one.question.name, one.question
        times, need = posed.pop(name)
        outcome = workflow.outcome_of(place, asks.scenario, times, asks.problem, one.plan, need)
        rows[name] = {"place": place.title, "scenario": name} | _row(outcome)
        plans[name] = one
        if out is not None:
            inputs = layers.input_files(place, asks.scenario)
            records[f"plans/{file_name(name)}"] = record(outcome, inputs)
    table = pd.DataFrame([rows[name] for name in scenarios]).astype({"count": "Int64"})
    said = [{"scenario": name} | said_of(plans[name].plan, plans[name].key) for name in scenarios]
    whole = record_of(place, scenarios, said)
    files: tuple[Path, ...] = ()
    if out is not None:
        files = write_together(out, {"sweep": table}, {"sweep": whole} | records)
    return Sweep(table, {name: plans[name].plan for name in scenarios}, whole, files)


def _questions(
    place: Place,
    scenarios: Mapping[str, Scenario],
    posed: Posed,
    progress: workflow.Progress | None,
) -> Iterator[PlanRequest]:
    """Pose them, those that travel alike one after the other, so that minutes are measured once."""
    alike: dict[tuple[object, ...], list[str]] = {}
    for name, scenario in scenarios.items():
        alike.setdefault(way_of(place, scenario), []).append(name)
    for names in alike.values():
        times = workflow.measure(place, scenarios[names[0]], progress)
        for name in names:
            scenario = scenarios[name]
            need = workflow.rank(place, scenario)
            posed[name] = times, need
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
        "gap": plan.gap,
        "centres": len(plan.opened),
        "new_centres": len(set(plan.opened) - set(outcome.problem.keep)),
        **_reached(outcome),
    }


def _reached(outcome: Outcome) -> Row:
    """Who is within reach; after it blank where there is no plan."""
    reach, found = outcome.scenario.reach, outcome.assessment
    within = found.people_within.loc[reach]
    first = pd.Series(dtype=float)
    if found.by_band is not None and 1 in found.by_band.index:
        first = found.by_band.loc[1]
    planned = outcome.plan.status not in ("infeasible", "stopped")
    return {
        "people_before": within["people_before"],
        "people_after": within["people_after"] if planned else None,
        "share_after": within["share_after"] if planned else None,
        "first_band_before": first.get(f"share_before_{reach:g}"),
        "first_band_after": first.get(f"share_after_{reach:g}") if planned else None,
    }
