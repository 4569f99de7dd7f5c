"""Reading of untrusted files in worker processes, within limits that depend on their size."""

from __future__ import annotations

import atexit
import os
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from pathlib import Path
from typing import Any

from nhcplanner.base.child import LimitError, Limits, is_child
from nhcplanner.base.errors import Fault, InputError
from nhcplanner.base.file_checks import ENVIRONMENT
from nhcplanner.base.worker import Report, Worker

MOST_WORKERS = max(2, os.cpu_count() or 1)
"""Number of files that are read at the same time; others wait."""
IDLE = 20.0
"""Seconds after which an idle worker is ended."""
PREPARE = "nhcplanner.base.file_checks:restrict_drivers"

_free = threading.BoundedSemaphore(MOST_WORKERS)
_lock = threading.Lock()
_idle: list[Worker] = []
_timers: list[threading.Timer] = []
_here: ContextVar[bool] = ContextVar("read in this process", default=False)


def call_apart(
    work: Callable[..., Any], *arguments: Any, limits: Limits, report: Report | None = None
) -> Any:
    """Call a function in a reading process; a process that crashes is replaced.

    Inside a reading process, and within `in_process`, the function is called directly. `report`
    is passed to the function as its argument `progress`.

    Raises
    ------
    LimitError
        If it exceeds a limit, or its process crashes.
    Exception
        Any error of the function.
    """
    if is_child() or _here.get():
        return work(*arguments, **({"progress": report} if report else {}))
    with _free:
        worker = _take()
        try:
            return worker.call(work, *arguments, limits=limits, report=report)
        finally:
            _give_back(worker)


def start_early() -> None:
    """Start a reading process, so that it is ready for the first file."""
    if not is_child() and not _here.get() and not _idle:
        _give_back(_take())


@contextmanager
def in_process() -> Iterator[None]:
    """Read in this process for a while: for the package's own files, and for tests."""
    token = _here.set(True)
    try:
        yield
    finally:
        _here.reset(token)


def close() -> None:
    """End the idle reading processes."""
    with _lock:
        for timer in _timers:
            timer.cancel()
        _timers.clear()
        while _idle:
            _idle.pop().close()


def _take() -> Worker:
    with _lock:
        while _idle:
            worker = _idle.pop()
            if worker.is_fit:
                return worker
            worker.close()
    return Worker(ENVIRONMENT, PREPARE)


def _give_back(worker: Worker) -> None:
    """Keep one idle worker for a while, and end any other."""
    with _lock:
        if _idle or not worker.is_fit:
            worker.close()
            return
        _idle.append(worker)
        for timer in _timers:
            timer.cancel()
        _timers[:] = [threading.Timer(IDLE, close)]
        _timers[0].daemon = True
        _timers[0].start()


atexit.register(close)


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
        "output": f"needs more than {limits.output / 1e9:.1f} GB when read",
        "crash": "ended the process that read it: it is damaged",
    }[error.what]
