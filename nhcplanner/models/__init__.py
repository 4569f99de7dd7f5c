"""Models: goals, rules and the solve that turns a problem into a plan."""

from nhcplanner.models.ask import ask
from nhcplanner.models.background import Background
from nhcplanner.models.catalogue import Model, catalogue
from nhcplanner.models.clock import Report
from nhcplanner.models.solve import solve
from nhcplanner.models.start import SEED

__all__ = ["SEED", "Background", "Model", "Report", "ask", "catalogue", "solve"]
