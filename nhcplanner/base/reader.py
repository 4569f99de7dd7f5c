"""Worker processes that read untrusted files, reused from file to file."""

from __future__ import annotations

import atexit
import os
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from nhcplanner.base.child import is_child
from nhcplanner.base.gdal import ENVIRONMENT
from nhcplanner.base.limits import Limits
from nhcplanner.base.worker import Report, Worker

MOST_WORKERS = max(2, os.cpu_count() or 1)
"""Number of files that are read at the same time; others wait."""
IDLE = 20.0
"""Seconds after which an idle worker is ended."""
PREPARE = "nhcplanner.base.gdal:restrict_drivers"

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
