"""nhcplanner decides, in the open, where England's neighbourhood health centres go."""

from nhcplanner.domain.problem import Problem
from nhcplanner.domain.scenario import Scenario

__all__ = ["Problem", "Scenario"]
