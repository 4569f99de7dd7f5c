"""Reading of a file in another process, within limits that depend on its size."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from nhcplanner.base.errors import Fault, InputError
from nhcplanner.base.limits import LimitError, Limits
from nhcplanner.base.reader import call_apart
from nhcplanner.base.worker import Report

MEMORY, MEMORY_PER_BYTE = 1_500_000_000, 20
"""Memory limit for reading a file, in bytes, and its increase for each byte of the file."""
CPU, CPU_PER_BYTE = 60.0, 3e-6
"""Limit of processor time in seconds, and its increase for each byte of the file."""
OUTPUT, OUTPUT_PER_BYTE = 500_000_000, 10
"""Limit of the result in bytes, and its increase for each byte of the file."""
MOST_VERTICES, MOST_VERTICES_EACH = 100_000_000, 5_000_000
"""Points of all shapes of a layer, and of one."""
SLOWEST = 10.0
"""Limit of elapsed time as a multiple of processor time, for busy machines."""
MEND = "Keep the rows and columns that are needed, and save it again"


def read_apart(
    work: Callable[..., Any], path: Path, *arguments: Any, report: Report | None = None
) -> Any:
    """Call `work(path, *arguments)` in a reading process, within the limits for the file.

    Parameters
    ----------
    work
        A function of a module that reads the file.
    path
        The file; larger files have higher limits.
    arguments
        Any values that can be pickled.
    report
        Receives what `work` passes to its argument `progress`.

    Raises
    ------
    InputError
        If reading exceeds a limit; errors of `work` are raised too.
    """
    path = Path(path)
    if not path.is_file():
        return work(path, *arguments)  # it reports what is wrong
    limits = limits_of(path.stat().st_size)
    try:
        return call_apart(work, path.absolute(), *arguments, limits=limits, report=report)
    except LimitError as error:
        raise InputError([Fault(_words(error, limits), path.name, hint=MEND)]) from None


def limits_of(size: int) -> Limits:
    """Return the limits for reading a file of this size in bytes."""
    cpu = CPU + CPU_PER_BYTE * size
    return Limits(
        memory=MEMORY + MEMORY_PER_BYTE * size,
        cpu=cpu,
        output=OUTPUT + OUTPUT_PER_BYTE * size,
        time=SLOWEST * cpu,
    )


def _words(error: LimitError, limits: Limits) -> str:
    return {
        "memory": f"needs more than {limits.memory / 1e9:.1f} GB of memory to read",
        "cpu": f"needs more than {limits.cpu:.0f} seconds of processor time to read",
        "time": f"was not read within {limits.time:.0f} seconds",
        "output": f"comes to more than {limits.output / 1e9:.1f} GB when read",
        "crash": "ended the process that read it: it is damaged",
    }[error.what]
