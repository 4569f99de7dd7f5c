"""The time limit of a solve, and reports of its progress."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass

EVERY = 0.25


@dataclass(frozen=True)
class Report:
    """The progress of a solve.

    Parameters
    ----------
    stage, stages
        Number of the goal being worked on, from 1, and of all goals.
    goal
        Its name.
    best
        The best value so far; None if there is no plan yet.
    bound
        The value that no plan can beat; None if it is not known yet.
    seconds
        Since the start.
    """

    stage: int
    stages: int
    goal: str
    best: float | None
    bound: float | None
    seconds: float


Progress = Callable[[Report], bool | None]


_running: ContextVar[Clock | None] = ContextVar("running", default=None)


def seconds_for(most: float, share: float = 0.25, least: float = 0.3) -> float:
    """Return the seconds that a step of the current solve may take; `most` if none is running.

    Parameters
    ----------
    most
        Upper limit in seconds.
    share
        Upper limit as a share of the time left.
    least
        Lower limit in seconds, which goes before the others.
    """
    clock = _running.get()
    return most if clock is None else max(least, min(most, share * clock.left))


class Clock:
    """The time limit and progress of a solve, from its creation on.

    Parameters
    ----------
    limit
        Seconds from now.
    progress
        Receives a `Report` a few times a second at most; returning False stops the solve.

    Attributes
    ----------
    sure
        Whether the best value is of a plan that keeps every rule; otherwise it is not reported.
    """

    def __init__(self, limit: float, progress: Progress | None = None) -> None:
        self._start = time.monotonic()
        self._end = self._start + limit
        self._progress = progress
        self._last_report = -EVERY
        self.is_stopped = False
        self.sure = True
        self.stage, self.stages, self.goal = 0, 0, ""

    @contextmanager
    def running(self) -> Iterator[None]:
        """Make this the clock that `seconds_for` uses inside the block."""
        token = _running.set(self)
        try:
            yield
        finally:
            _running.reset(token)

    @property
    def seconds(self) -> float:
        """Seconds since the start."""
        return time.monotonic() - self._start

    @property
    def left(self) -> float:
        """Seconds left; 0 if the time is up or the caller has stopped the solve."""
        return 0.0 if self.is_stopped else max(self._end - time.monotonic(), 0.0)

    @property
    def listening(self) -> bool:
        """Whether anyone receives reports."""
        return self._progress is not None

    def enter(self, stage: int, stages: int, goal: str) -> None:
        """Begin the next goal."""
        self.stage, self.stages, self.goal = stage, stages, goal

    def tell(self, best: float | None, bound: float | None, now: bool = False) -> bool:
        """Report progress, unless that was done a moment ago; return True to stop the solve."""
        if self._progress is None or self.is_stopped:
            return self.is_stopped
        if now or self.seconds - self._last_report >= EVERY:
            self._last_report = self.seconds
            best_known = best if self.sure else None
            report = Report(self.stage, self.stages, self.goal, best_known, bound, self.seconds)
            self.is_stopped = self._progress(report) is False
        return self.is_stopped
