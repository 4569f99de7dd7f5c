"""nhcplanner decides, in the open, where England's neighbourhood health centres go.

The story is told by `run`, or step by step: `load`, `demo_place` or `build` give a Place, `rank`
says who comes first, `measure` gives TravelTimes, `build_problem` a Problem, `solve_scenario` a
Plan, `assess` an Assessment, and `write_results` writes it all out. `open_plan`, `rerun_plan`,
`compare_plans`, `gather_evidence` and `export_hand_in` take a plan further; `explore` holds the
questions beyond one plan, `sweep` and `plan_everywhere` make many plans at once; `place_map` and
`plan_map` draw. `solve` answers any Problem by a model of the `catalogue`, with no place at all.

A name is loaded when it is first asked for, so importing the package costs next to nothing.

Examples
--------
>>> import nhcplanner as nhc
>>> problem = nhc.Problem.from_minutes([[5, 30], [25, 8]], people=[100, 50], count=1)
>>> nhc.solve(problem, "max_coverage").opened
(0,)
"""

import warnings
from importlib import import_module
from typing import TYPE_CHECKING, Any

from nhcplanner.base.lazy import lazy_names

if TYPE_CHECKING:
    from nhcplanner import explore
    from nhcplanner.base.errors import InputError, PlannerError
    from nhcplanner.domain.assessment import Assessment, Outcome
    from nhcplanner.domain.evidence import Evidence
    from nhcplanner.domain.place import Place
    from nhcplanner.domain.plan import Plan
    from nhcplanner.domain.problem import Problem
    from nhcplanner.domain.scenario import Scenario
    from nhcplanner.domain.travel_times import TravelTimes
    from nhcplanner.models.catalogue import catalogue
    from nhcplanner.models.solve import solve
    from nhcplanner.outputs.maps.plan_map import plan_map
    from nhcplanner.outputs.place import place_map
    from nhcplanner.scale.everywhere import plan_everywhere
    from nhcplanner.scale.sweep import sweep
    from nhcplanner.workflow.compare import compare_plans
    from nhcplanner.workflow.evidence import gather_evidence
    from nhcplanner.workflow.hand_in import export_hand_in
    from nhcplanner.workflow.place import OwnFiles, build, demo_place, load
    from nhcplanner.workflow.plan import assess, measure, rank, run, solve_scenario, write_results
    from nhcplanner.workflow.problem import build_problem
    from nhcplanner.workflow.rerun import open_plan, rerun_plan

_HOMES = {
    "Assessment": "domain.assessment",
    "Evidence": "domain.evidence",
    "InputError": "base.errors",
    "Outcome": "domain.assessment",
    "OwnFiles": "workflow.place",
    "Place": "domain.place",
    "Plan": "domain.plan",
    "PlannerError": "base.errors",
    "Problem": "domain.problem",
    "Scenario": "domain.scenario",
    "TravelTimes": "domain.travel_times",
    "assess": "workflow.plan",
    "build": "workflow.place",
    "catalogue": "models.catalogue",
    "compare_plans": "workflow.compare",
    "solve_scenario": "workflow.plan",
    "demo_place": "workflow.place",
    "gather_evidence": "workflow.evidence",
    "export_hand_in": "workflow.hand_in",
    "load": "workflow.place",
    "measure": "workflow.plan",
    "place_map": "outputs.place",
    "plan_everywhere": "scale.everywhere",
    "plan_map": "outputs.maps.plan_map",
    "build_problem": "workflow.problem",
    "write_results": "workflow.plan",
    "rank": "workflow.plan",
    "open_plan": "workflow.rerun",
    "rerun_plan": "workflow.rerun",
    "run": "workflow.plan",
    "solve": "models.solve",
    "sweep": "scale.sweep",
}

_OLD_NAMES = {
    "pose": "build_problem",
    "decide": "solve_scenario",
    "publish": "write_results",
    "reopen": "open_plan",
    "rerun": "rerun_plan",
    "compare": "compare_plans",
    "evidence": "gather_evidence",
    "export": "export_hand_in",
}
"""Names of the last release, each with the new one; gone in the next."""

__all__ = [
    "Assessment",
    "Evidence",
    "InputError",
    "Outcome",
    "OwnFiles",
    "Place",
    "Plan",
    "PlannerError",
    "Problem",
    "Scenario",
    "TravelTimes",
    "assess",
    "build",
    "build_problem",
    "catalogue",
    "compare_plans",
    "demo_place",
    "explore",
    "export_hand_in",
    "gather_evidence",
    "load",
    "measure",
    "open_plan",
    "place_map",
    "plan_everywhere",
    "plan_map",
    "rank",
    "rerun_plan",
    "run",
    "solve",
    "solve_scenario",
    "sweep",
    "write_results",
]


_get, _ = lazy_names(__name__, _HOMES)


def __getattr__(name: str) -> Any:
    if name in _OLD_NAMES:
        new = _OLD_NAMES[name]
        message = f"nhcplanner.{name} is now called nhcplanner.{new}; the old name will go"
        warnings.warn(message, DeprecationWarning, stacklevel=2)
        globals()[name] = _get(new)  # said once
        return globals()[name]
    return import_module("nhcplanner.explore") if name == "explore" else _get(name)


def __dir__() -> list[str]:
    return __all__
