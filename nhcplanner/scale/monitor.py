"""What every kind of worker shares: types of tasks, progress, and the errors of a task."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from nhcplanner.base.errors import PlannerError

Work = Callable[..., Any]
Arguments = tuple[object, ...]
Answer = tuple[int, Any]

TRIES = 3
"""How often a task is begun if its worker dies each time."""
EVERY = 0.25
"""Seconds between two checks of whether to go on."""


class StoppedError(PlannerError):
    """The user asked to stop."""


class Monitor:
    """Reports progress, and knows whether to go on.

    Parameters
    ----------
    progress
        Receives the progress as text; returning False stops the work. None = no reports.
    words
        Writes the progress, given how many tasks were begun again.

    Attributes
    ----------
    again
        How many tasks were begun again because their worker died.
    """

    def __init__(
        self, progress: Callable[[str], bool | None] | None, words: Callable[[int], str]
    ) -> None:
        self._progress, self._words = progress, words
        self.again = 0

    def going(self) -> bool:
        """Report progress, and return whether to go on."""
        return self._progress is None or self._progress(self._words(self.again)) is not False


def worker_died(tries: int) -> PlannerError:
    """Return the error of a task whose worker died each time."""
    return PlannerError(f"the worker died {tries} times, probably because memory ran out")


def as_planner_error(error: Exception) -> PlannerError:
    """Return any error of a task as a `PlannerError`."""
    if isinstance(error, PlannerError):
        return error
    return PlannerError(f"{type(error).__name__}: {error}")
