"""Reader: the workers that read files which nobody has vouched for, kept while they are used."""

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
"""Files that are read at the same time; further ones wait."""
IDLE = 20.0
"""Seconds after which a worker that reads nothing is ended."""
PREPARE = "nhcplanner.base.gdal:restrict_drivers"

_free = threading.BoundedSemaphore(MOST_WORKERS)
_lock = threading.Lock()
_idle: list[Worker] = []
_timers: list[threading.Timer] = []
_here: ContextVar[bool] = ContextVar("read in this process", default=False)


def call_apart(
    work: Callable[..., Any], *arguments: Any, limits: Limits, report: Report | None = None
) -> Any:
    """Call a function in a reading process; a process that breaks down is replaced.

    In a reading process itself, and within `in_process`, the function is called here. With
    `report` the function gets it as its argument `progress`.

    Raises
    ------
    LimitError
        Where it takes more than it may, or its process breaks down.
    Exception
        What the function raises.
    """
    if is_child() or _here.get():
        return work(*arguments, **({"progress": report} if report else {}))
    with _free:
        worker = _taken()
        try:
            return worker.call(work, *arguments, limits=limits, report=report)
        finally:
            _give_back(worker)


def start_early() -> None:
    """Start a reading process, so that it is ready when the first file comes."""
    if not is_child() and not _here.get() and not _idle:
        _give_back(_taken())


@contextmanager
def in_process() -> Iterator[None]:
    """Read in this process for a while: for files that come with the package, and for tests."""
    token = _here.set(True)
    try:
        yield
    finally:
        _here.reset(token)


def close() -> None:
    """End the reading processes that are idle."""
    with _lock:
        for timer in _timers:
            timer.cancel()
        _timers.clear()
        while _idle:
            _idle.pop().close()


def _taken() -> Worker:
    with _lock:
        while _idle:
            worker = _idle.pop()
            if worker.is_fit:
                return worker
            worker.close()
    return Worker(ENVIRONMENT, PREPARE)


def _give_back(worker: Worker) -> None:
    """Keep one worker for a while; end others."""
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
