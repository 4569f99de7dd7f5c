"""A plan to start from where everyone must be in reach with the fewest centres."""

from __future__ import annotations

import numpy as np

from nhcplanner.domain.problem import Problem
from nhcplanner.models.cover import Positions
from nhcplanner.models.start import Hunt


def fewest(problem: Problem, hunt: Hunt) -> Positions | None:
    return None
