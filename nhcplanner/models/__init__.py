"""Models: goals, rules and the solve that turns a problem into a plan."""

from nhcplanner.base.clock import Report
from nhcplanner.base.job import WorkerProcess
from nhcplanner.models.catalogue import Model, catalogue
from nhcplanner.models.scenario_model import build_model, with_allocation
from nhcplanner.models.search.start import SEED
from nhcplanner.models.solve import solve

__all__ = [
    "SEED",
    "Model",
    "Report",
    "WorkerProcess",
    "build_model",
    "catalogue",
    "solve",
    "with_allocation",
]
