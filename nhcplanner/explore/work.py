"""Work: the time of one exploration, shared by the solves that it asks for."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace

from nhcplanner.domain.plan import Plan
from nhcplanner.domain.problem import Problem
from nhcplanner.models import Model, Report, solve

Progress = Callable[[Report], bool | None]

LEAST_SECONDS = 0.05


class Work:
    """An exploration under way.

    Parameters
    ----------
    seconds
        Time for all its solves together.
    progress
        Told how far each solve has come, with the part of the exploration in front of the goal's
        name; returning False ends the solve with its best plan so far, and the exploration.

    Attributes
    ----------
    stopped
        Whether the caller said stop.
    """

    def __init__(self, seconds: float, progress: Progress | None = None) -> None:
        self._start = time.monotonic()
        self._limit = seconds
        self._progress = progress
        self.stopped = False

    @property
    def seconds(self) -> float:
        """Since the start."""
        return time.monotonic() - self._start

    @property
    def left(self) -> float:
        """Seconds left; 0 where time is up or the caller said stop."""
        return 0.0 if self.stopped else max(self._limit - self.seconds, 0.0)

    @property
    def over(self) -> bool:
        """Whether no more may be asked."""
        return self.left == 0

    def solve(
        self, problem: Problem, model: Model, part: str, parts: float = 1, gap: float = 0.0
    ) -> Plan:
        """Solve one part of the exploration.

        Parameters
        ----------
        problem, model, gap
            As in `solve`.
        part
            What this part is, in words.
        parts
            Parts left, this one counted: it may use so large a share of the time left.
        """
        seconds = max(self.left / parts, LEAST_SECONDS)
        told = None if self._progress is None else self._told(self._progress, part)
        return solve(problem, model, time_limit=seconds, gap=gap, progress=told)

    def _told(self, progress: Progress, part: str) -> Progress:
        def told(report: Report) -> bool:
            goal = f"{part}: {report.goal}"
            go_on = progress(replace(report, goal=goal, seconds=self.seconds)) is not False
            self.stopped = self.stopped or not go_on
            return go_on

        return told
