"""Goals, rules and the solve that turns a problem into a plan."""

from nhcplanner.base.clock import Report
from nhcplanner.base.job import WorkerProcess
from nhcplanner.models.catalogue import Model, catalogue
from nhcplanner.models.goals import GOALS, goal_lines
from nhcplanner.models.model_file import write
from nhcplanner.models.scenario_model import (
    build_model,
    check_names,
    has_notes,
    rule_words,
    scenario_notes,
    sends_people,
    with_allocation,
    with_sizes,
)
from nhcplanner.models.search.coverage import SEED
from nhcplanner.models.solve import solve
from nhcplanner.models.solvers import installed_solvers

__all__ = [
    "GOALS",
    "SEED",
    "Model",
    "Report",
    "WorkerProcess",
    "build_model",
    "catalogue",
    "check_names",
    "goal_lines",
    "has_notes",
    "installed_solvers",
    "rule_words",
    "scenario_notes",
    "sends_people",
    "solve",
    "with_allocation",
    "with_sizes",
    "write",
]
