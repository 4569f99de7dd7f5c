"""What one call to a worker process may take."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

What = Literal["memory", "cpu", "time", "output", "crash"]


@dataclass(frozen=True)
class Limits:
    """What one call may take.

    Parameters
    ----------
    memory
        Bytes beyond what the worker takes before the call.
    cpu
        Seconds of processor time.
    output
        Bytes of the pickled result.
    time
        Seconds by the clock.
    """

    memory: int
    cpu: float
    output: int
    time: float


class LimitError(RuntimeError):
    """A call that was ended because it passed a limit, or whose process broke down.

    Parameters
    ----------
    what
        "memory", "cpu", "time", "output", or "crash" for a process that ended by itself.
    """

    def __init__(self, what: What) -> None:
        super().__init__(what)
        self.what = what
