"""Work: what every kind of worker shares."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from nhcplanner.base.errors import PlannerError

Work = Callable[..., Any]
Arguments = tuple[object, ...]
Answer = tuple[int, Any]

TRIES = 3
"""So often a task is begun whose worker dies; then it is told."""
EVERY = 0.25
"""Seconds between two looks at whether to go on."""


class StoppedError(PlannerError):
    """Somebody said stop."""


class Monitor:
    """Tells how far the work has come, and whether to go on.

    Parameters
    ----------
    progress
        Is told in words; returning False stops. None = nobody listens.
    words
        Says what is being done, given how many tasks were begun again.

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
        """Tell, and say whether to go on."""
        return self._progress is None or self._progress(self._words(self.again)) is not False


def dead(tries: int) -> PlannerError:
    """What is said of a task that its worker died of, time after time."""
    return PlannerError(
        f"the worker died {tries} times: for want of memory, or because a script does not keep its "
        'calls under: if __name__ == "__main__"'
    )


def failed(error: Exception) -> PlannerError:
    """What a task is said to have ended in."""
    if isinstance(error, PlannerError):
        return error
    return PlannerError(f"{type(error).__name__}: {error}")
