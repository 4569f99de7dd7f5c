"""nhcplanner decides, in the open, where England's neighbourhood health centres go.

The story is told by `run`, or step by step: `load`, `demo_place` or `build` give a Place, `rank`
says who comes first, `measure` gives TravelTimes, `pose` a Problem, `decide` a Plan, `assess` an
Assessment, and `publish` writes it all out. `reopen`, `rerun`, `compare`, `evidence` and `export`
take a plan further; `explore` holds the questions beyond one plan, `sweep` and `plan_everywhere`
make many plans at once; `place_map` and `plan_map` draw. `solve` answers any Problem by a model of
the `catalogue`, with no place at all.

A name is loaded when it is first asked for, so importing the package costs next to nothing.

Examples
--------
>>> import nhcplanner as nhc
>>> problem = nhc.Problem.from_minutes([[5, 30], [25, 8]], people=[100, 50], count=1)
>>> nhc.solve(problem, "max_coverage").opened
(0,)
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from nhcplanner.domain.lazily import lazily

if TYPE_CHECKING:
    from nhcplanner import explore
    from nhcplanner.domain.assessment import Assessment, Outcome
    from nhcplanner.domain.errors import InputError, PlannerError
    from nhcplanner.domain.evidence import Evidence
    from nhcplanner.domain.place import Place
    from nhcplanner.domain.plan import Plan
    from nhcplanner.domain.problem import Problem
    from nhcplanner.domain.scenario import Scenario
    from nhcplanner.domain.times import TravelTimes
    from nhcplanner.models.catalogue import catalogue
    from nhcplanner.models.solve import solve
    from nhcplanner.outputs.maps import plan_map
    from nhcplanner.outputs.place_map import place_map
    from nhcplanner.scale.everywhere import plan_everywhere
    from nhcplanner.scale.sweeping import sweep
    from nhcplanner.workflow.again import reopen, rerun
    from nhcplanner.workflow.building import OwnFiles, build, demo_place, load
    from nhcplanner.workflow.compared import compare
    from nhcplanner.workflow.exporting import export
    from nhcplanner.workflow.handin import evidence
    from nhcplanner.workflow.posing import pose
    from nhcplanner.workflow.story import assess, decide, measure, publish, rank, run

_HOMES = {
    "Assessment": "domain.assessment",
    "Evidence": "domain.evidence",
    "InputError": "domain.errors",
    "Outcome": "domain.assessment",
    "OwnFiles": "workflow.building",
    "Place": "domain.place",
    "Plan": "domain.plan",
    "PlannerError": "domain.errors",
    "Problem": "domain.problem",
    "Scenario": "domain.scenario",
    "TravelTimes": "domain.times",
    "assess": "workflow.story",
    "build": "workflow.building",
    "catalogue": "models.catalogue",
    "compare": "workflow.compared",
    "decide": "workflow.story",
    "demo_place": "workflow.building",
    "evidence": "workflow.handin",
    "export": "workflow.exporting",
    "load": "workflow.building",
    "measure": "workflow.story",
    "place_map": "outputs.place_map",
    "plan_everywhere": "scale.everywhere",
    "plan_map": "outputs.maps",
    "pose": "workflow.posing",
    "publish": "workflow.story",
    "rank": "workflow.story",
    "reopen": "workflow.again",
    "rerun": "workflow.again",
    "run": "workflow.story",
    "solve": "models.solve",
    "sweep": "scale.sweeping",
}

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
    "catalogue",
    "compare",
    "decide",
    "demo_place",
    "evidence",
    "explore",
    "export",
    "load",
    "measure",
    "place_map",
    "plan_everywhere",
    "plan_map",
    "pose",
    "publish",
    "rank",
    "reopen",
    "rerun",
    "run",
    "solve",
    "sweep",
]


_get, _ = lazily(__name__, _HOMES)


def __getattr__(name: str) -> Any:
    return import_module("nhcplanner.explore") if name == "explore" else _get(name)


def __dir__() -> list[str]:
    return __all__
