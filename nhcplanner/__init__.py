"""nhcplanner decides, in the open, where England's neighbourhood health centres go.

The story is told by `run`, or step by step: `load` or `demo_place` give a Place, `rank` says who
comes first, `measure` gives TravelTimes, `pose` a Problem, `decide` a Plan, `assess` an
Assessment, and `publish` writes it all out. `solve` answers any Problem from the `catalogue`.
"""

from nhcplanner.domain.assessment import Assessment, Outcome
from nhcplanner.domain.errors import InputError, PlannerError
from nhcplanner.domain.need import Need
from nhcplanner.domain.place import Place
from nhcplanner.domain.plan import Plan, Stage
from nhcplanner.domain.problem import Problem
from nhcplanner.domain.scenario import Scenario
from nhcplanner.domain.times import TravelTimes
from nhcplanner.explore import price_of_priority
from nhcplanner.models import catalogue, solve
from nhcplanner.workflow import (
    OwnFiles,
    assess,
    build,
    decide,
    demo_place,
    load,
    measure,
    pose,
    publish,
    rank,
    run,
)

__all__ = [
    "Assessment",
    "InputError",
    "Need",
    "Outcome",
    "OwnFiles",
    "Place",
    "Plan",
    "PlannerError",
    "Problem",
    "Scenario",
    "Stage",
    "TravelTimes",
    "assess",
    "build",
    "catalogue",
    "decide",
    "demo_place",
    "load",
    "measure",
    "pose",
    "price_of_priority",
    "publish",
    "rank",
    "run",
    "solve",
]
