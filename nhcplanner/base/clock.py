"""Time left, and a way to tell the caller how far a solve has come."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass

EVERY = 0.25


@dataclass(frozen=True)
class Report:
    """How far a solve has come.

    Parameters
    ----------
    stage, stages
        Number of the goal being worked on, from 1, and of all goals.
    goal
        Its name.
    best
        The best value so far; None where there is no plan yet.
    bound
        What no plan can pass; None where not known yet.
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
    """Seconds that a step of the solve under way may take; `most` where there is none.

    Parameters
    ----------
    most
        Never more than so many.
    share
        Nor more than this share of the time left.
    least
        But so many in any case.
    """
    clock = _running.get()
    return most if clock is None else max(least, min(most, share * clock.left))


class Clock:
    """Time for a solve.

    Parameters
    ----------
    limit
        Seconds from now.
    progress
        Told how far the solve has come, a few times a second at most; returning False stops it.

    Attributes
    ----------
    sure
        Whether what is told as best keeps every rule; where it may not, no best is passed on.
    """

    def __init__(self, limit: float, progress: Progress | None = None) -> None:
        self._start = time.monotonic()
        self._end = self._start + limit
        self._progress = progress
        self._told = -EVERY
        self.stopped = False
        self.sure = True
        self.stage, self.stages, self.goal = 0, 0, ""

    @contextmanager
    def running(self) -> Iterator[None]:
        """Let every step inside know this clock."""
        token = _running.set(self)
        try:
            yield
        finally:
            _running.reset(token)

    @property
    def seconds(self) -> float:
        """Since the start."""
        return time.monotonic() - self._start

    @property
    def left(self) -> float:
        """Seconds left; 0 where time is up or the caller said stop."""
        return 0.0 if self.stopped else max(self._end - time.monotonic(), 0.0)

    @property
    def listening(self) -> bool:
        """Whether anybody wants to be told."""
        return self._progress is not None

    def enter(self, stage: int, stages: int, goal: str) -> None:
        """Say which goal is worked on from now."""
        self.stage, self.stages, self.goal = stage, stages, goal

    def tell(self, best: float | None, bound: float | None, now: bool = False) -> bool:
        """Report, unless that was done a moment ago; True where the caller said stop."""
        if self._progress is None or self.stopped:
            return self.stopped
        if now or self.seconds - self._told >= EVERY:
            self._told = self.seconds
            known = best if self.sure else None
            report = Report(self.stage, self.stages, self.goal, known, bound, self.seconds)
            self.stopped = self._progress(report) is False
        return self.stopped
