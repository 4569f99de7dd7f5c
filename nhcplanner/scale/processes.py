"""Tasks on several processes of this machine; a process that dies loses no other task."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait

from nhcplanner.base.limits import LimitError, Limits
from nhcplanner.base.worker import Worker
from nhcplanner.scale.monitor import (
    EVERY,
    TRIES,
    Answer,
    Arguments,
    Monitor,
    StoppedError,
    Work,
    as_planner_error,
    worker_died,
)

UNLIMITED = Limits(memory=1 << 50, cpu=1e9, output=1 << 40, time=1e9)
"""A plan has its own time limit; its memory is limited by the machine alone."""


def by_processes(
    work: Work, tasks: Iterable[Arguments], monitor: Monitor, jobs: int
) -> Iterator[Answer]:
    """Do some work once for each task, on so many processes at a time.

    A task whose process dies is begun again in a new process, up to `TRIES` times; the other
    tasks are not affected.

    Yields
    ------
    tuple of int and object
        Number of the task and its result, or the `PlannerError` that ended it.

    Raises
    ------
    StoppedError
        If the monitor asks to stop; the processes are then ended.
    """
    pool = _WorkerPool(work, monitor)
    waiting = enumerate(tasks)
    busy: dict[Future[object], int] = {}
    with ThreadPoolExecutor(jobs) as threads:  # each thread waits for one process
        try:
            while True:
                while len(busy) < jobs and (task := next(waiting, None)) is not None:
                    number, arguments = task
                    busy[threads.submit(pool.run, arguments)] = number
                if not busy:
                    return
                for future in wait(busy, EVERY, FIRST_COMPLETED).done:
                    yield busy.pop(future), future.result()
                if not monitor.going():
                    raise StoppedError("stopped")
        finally:
            pool.close()


class _WorkerPool:
    """Worker processes that are used for one task after the other."""

    def __init__(self, work: Work, monitor: Monitor) -> None:
        self._work, self._monitor = work, monitor
        self._idle: list[Worker] = []
        self._all: list[Worker] = []
        self._closed = False

    def run(self, arguments: Arguments) -> object:
        """Run one task and return its result, or the `PlannerError` that ended it."""
        for attempt in range(TRIES):
            if attempt:
                self._monitor.again += 1
            worker = self._idle.pop() if self._idle else self._start()
            try:
                result = worker.call(self._work, *arguments, limits=UNLIMITED, report=self._going)
            except LimitError:
                if self._closed:
                    break
                continue
            except Exception as error:  # noqa: BLE001 (it becomes the task's own result)
                result = as_planner_error(error)
            self._idle.append(worker)
            return result
        return worker_died(TRIES)

    def close(self) -> None:
        """End every process."""
        self._closed = True
        for worker in self._all:
            worker.close()

    def _start(self) -> Worker:
        worker = Worker()
        self._all.append(worker)
        if self._closed:  # it was closed meanwhile, and missed this one
            worker.close()
        return worker

    def _going(self, _: object) -> bool:
        return not self._closed
