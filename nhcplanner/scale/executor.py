"""Crew: who does the work, and who is told of it."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from nhcplanner.base.errors import Fault, InputError, PlannerError
from nhcplanner.scale.cluster import by_cluster
from nhcplanner.scale.monitor import Answer, Arguments, Monitor, StoppedError, Work
from nhcplanner.scale.processes import by_processes


@dataclass(frozen=True)
class Executor:
    """Who does the work, and who is told how far it has come.

    Parameters
    ----------
    jobs
        How many processes of this machine; None = one a core, 1 = this process alone.
    dask
        Address of a Dask scheduler ("tcp://host:8786"), which then does the work instead.
    progress
        Is told in words; returning False stops, and what is finished is kept.

    Raises
    ------
    InputError
        For fewer than 1 job.
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
        """Do some work once for each task, several at a time; give answers as they come.

        Parameters
        ----------
        work
            A function of a module: other processes know it by its name.
        tasks
            Arguments of each call, asked for when there is somebody free to take them on.
        words
            Says what is being done, given how many tasks were begun again because their worker
            died.

        Yields
        ------
        tuple of int and object
            Number of the task, from 0, and what it made; or the `PlannerError` that it ended in.

        Raises
        ------
        StoppedError
            Where `progress` says stop.
        InputError
            Where no Dask scheduler answers.
        """
        watch = Monitor(self.progress, words)
        if self.dask:
            return by_cluster(work, tasks, watch, self.dask)
        jobs = self.jobs or os.cpu_count() or 1
        if jobs == 1:
            return _here(work, tasks, watch)
        return by_processes(work, tasks, watch, jobs)


def _here(work: Work, tasks: Iterable[Arguments], watch: Monitor) -> Iterator[Answer]:
    """Do the work in this process, a task after the other."""
    stopped = False

    def going(_: object = None) -> bool:
        nonlocal stopped
        stopped = stopped or not watch.going()
        return not stopped

    for number, arguments in enumerate(tasks):
        made: object = None
        if going():
            try:
                made = work(*arguments, progress=going)
            except PlannerError as error:
                made = error
        if stopped:  # what it made is not what it was asked for
            raise StoppedError("stopped")
        yield number, made
