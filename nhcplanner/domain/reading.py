"""Reading: what reading one file may take, and the sentence where it takes more."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from nhcplanner.base.errors import Fault, InputError
from nhcplanner.base.limits import LimitError, Limits
from nhcplanner.base.reader import call_apart
from nhcplanner.base.worker import Report

MEMORY, MEMORY_PER_BYTE = 1_500_000_000, 20
"""Bytes of memory that reading a file may take, and more for each byte of the file."""
CPU, CPU_PER_BYTE = 60.0, 3e-6
"""Seconds of processor time that reading a file may take, and more for each byte of the file."""
OUTPUT, OUTPUT_PER_BYTE = 500_000_000, 10
"""Bytes that what is read may come to, and more for each byte of the file."""
SLOWEST = 10.0
"""Times its processor time that reading may take by the clock, on a machine that is busy."""
MEND = "Keep the rows and columns that are needed, and save it again"


def read_apart(
    work: Callable[..., Any], path: Path, *arguments: Any, report: Report | None = None
) -> Any:
    """Call `work(path, *arguments)` in the reading process, within the limits of a file.

    Parameters
    ----------
    work
        A function of a module that reads the file.
    path
        The file. The larger it is the more reading it may take.
    arguments
        What can be pickled.
    report
        Gets what `work` gives to its argument `progress`.

    Raises
    ------
    InputError
        Where reading takes more than it may; and what `work` raises.
    """
    path = Path(path)
    if not path.is_file():
        return work(path, *arguments)  # which says what is wrong, and reads nothing
    limits = limits_of(path.stat().st_size)
    try:
        return call_apart(work, path.absolute(), *arguments, limits=limits, report=report)
    except LimitError as error:
        raise InputError([Fault(_words(error, limits), path.name, hint=MEND)]) from None


def limits_of(size: int) -> Limits:
    """Limits for reading a file of so many bytes."""
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
