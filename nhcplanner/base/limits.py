"""Limits of one call to a worker process."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

What = Literal["memory", "cpu", "time", "output", "crash"]


@dataclass(frozen=True)
class Limits:
    """Limits of one call.

    Parameters
    ----------
    memory
        Bytes in addition to what the worker uses before the call.
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
    """A call exceeded a limit and was ended, or its process crashed.

    Parameters
    ----------
    what
        "memory", "cpu", "time", "output", or "crash" for a process that ended by itself.
    """

    def __init__(self, what: What) -> None:
        super().__init__(what)
        self.what = what
