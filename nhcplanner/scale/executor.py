"""Where the work of many plans runs: this process, several processes, or a Dask cluster."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from nhcplanner.base.errors import Fault, InputError, PlannerError
from nhcplanner.scale.workers import (
    Answer,
    Arguments,
    Monitor,
    StoppedError,
    Work,
    by_cluster,
    by_processes,
)


@dataclass(frozen=True)
class Executor:
    """Where work runs, and where its progress is reported.

    Parameters
    ----------
    jobs
        Number of processes on this machine; None = one for each core, 1 = only this process.
    dask
        Address of a Dask scheduler ("tcp://host:8786") to run the work on instead.
    progress
        Receives the progress as text; returning False stops, and finished plans are kept.

    Raises
    ------
    InputError
        If there are fewer than 1 job.
    """

    jobs: int | None = 1
    dask: str = ""
    progress: Callable[[str], bool | None] | None = None

    def __post_init__(self) -> None:
        if self.jobs is not None and self.jobs < 1:
            raise InputError([Fault(f"jobs is {self.jobs}, but must be 1 or more", "--jobs")])

    def do(
        self, work: Work, tasks: Iterable[Arguments], words: Callable[[int], str]
    ) -> Iterator[Answer]:
        """Do some work once for each task, several at a time, and yield results as they come.

        Parameters
        ----------
        work
            A function of a module, which other processes import by name.
        tasks
            Arguments of each call, taken when a worker is free.
        words
            Writes the progress, given how many tasks were begun again because their worker died.

        Yields
        ------
        tuple of int and object
            Number of the task, from 0, and its result; or the `PlannerError` that ended it.

        Raises
        ------
        StoppedError
            If `progress` asks to stop.
        InputError
            If no Dask scheduler answers.
        """
        monitor = Monitor(self.progress, words)
        if self.dask:
            return by_cluster(work, tasks, monitor, self.dask)
        jobs = self.jobs or os.cpu_count() or 1
        if jobs == 1:
            return _here(work, tasks, monitor)
        return by_processes(work, tasks, monitor, jobs)


def _here(work: Work, tasks: Iterable[Arguments], monitor: Monitor) -> Iterator[Answer]:
    """Do the work in this process, one task after the other."""
    stopped = False

    def going(_: object = None) -> bool:
        nonlocal stopped
        stopped = stopped or not monitor.going()
        return not stopped

    for number, arguments in enumerate(tasks):
        result: object = None
        if going():
            try:
                result = work(*arguments, progress=going)
            except PlannerError as error:
                result = error
        if stopped:  # its result is incomplete
            raise StoppedError("stopped")
        yield number, result
