"""Execution of many plans: in this process, several processes, or on a Dask cluster."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict, dataclass
from itertools import count
from pathlib import Path
from typing import Any

from nhcplanner import workflow
from nhcplanner.base.errors import MOST_FAULTS, Fault, InputError, PlannerError
from nhcplanner.domain.plan import Plan
from nhcplanner.domain.problem import Problem
from nhcplanner.domain.scenario import Scenario
from nhcplanner.domain.verdict import Verdict
from nhcplanner.scale.cache import FOLDER, PlanCache, key_of
from nhcplanner.scale.workers import (
    Answer,
    Arguments,
    Monitor,
    StoppedError,
    Work,
    by_cluster,
    by_processes,
)

Row = dict[str, Any]
"""Row of a table, or a record, by name of the column."""


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
    is_stopped = False

    def going(_: object = None) -> bool:
        nonlocal is_stopped
        is_stopped = is_stopped or not monitor.going()
        return not is_stopped

    for number, arguments in enumerate(tasks):
        result: object = None
        if going():
            try:
                result = work(*arguments, progress=going)
            except PlannerError as error:
                result = error
        if is_stopped:  # its result is incomplete
            raise StoppedError("stopped")
        yield number, result


@dataclass(frozen=True, eq=False)
class PlanRequest:
    """A request for one plan.

    Parameters
    ----------
    name
        Name of the plan.
    problem, scenario
        What to plan, and how.
    """

    name: str
    problem: Problem
    scenario: Scenario


@dataclass(frozen=True, eq=False)
class PlanResult:
    """A request with its plan.

    Parameters
    ----------
    request, plan
        The request, and its plan.
    key
        Hash of everything that the plan depends on.
    """

    request: PlanRequest
    plan: Plan
    key: str


def solve_requests(
    requests: Iterable[PlanRequest],
    total: int,
    executor: Executor,
    out: Path | None = None,
) -> Iterator[PlanResult]:
    """Plan each request that has no stored plan; yield plans as they come, in any order.

    Parameters
    ----------
    requests
        Taken when a worker is free.
    total
        Number of requests.
    executor
        Executor of the plans.
    out
        Folder in which finished plans are stored and looked up; None = nowhere.

    Raises
    ------
    StoppedError
        If the user asked to stop; finished plans are kept.
    PlannerError
        If some requests failed, after all others were planned.
    """
    cache = PlanCache(out / FOLDER if out else None)
    versions = workflow.versions()
    numbers = count()
    running: dict[int, tuple[PlanRequest, str]] = {}
    stored: list[PlanResult] = []
    faults: list[str] = []
    number_done = 0

    def pending() -> Iterator[tuple[object, ...]]:
        for request in requests:
            key = key_of(request.problem, request.scenario, versions)
            plan = cache.read(key)
            if plan is not None:
                stored.append(PlanResult(request, plan, key))
                continue
            running[next(numbers)] = request, key
            yield request.problem, request.scenario

    def words(again: int) -> str:
        suffix = f"; {again} begun again because their worker died" if again else ""
        return f"Planning: {number_done + len(stored):,} of {total:,} done{suffix}"

    try:
        for number, result in executor.do(workflow.solve_scenario, pending(), words):
            request, key = running.pop(number)
            if isinstance(result, PlannerError):
                faults.append(f"{request.name}: {result}")
                continue
            cache.write(key, request.name, result)
            number_done += 1
            yield PlanResult(request, result, key)
            while stored:
                number_done += 1
                yield stored.pop()
    except StoppedError:
        raise StoppedError(_stop_message(number_done + len(stored), total, out)) from None
    yield from stored
    if faults:
        shown = [*faults[:MOST_FAULTS], f"... and {len(faults) - MOST_FAULTS:,} more"]
        lines = "\n".join(shown if len(faults) > MOST_FAULTS else faults)
        raise PlannerError(f"{len(faults)} of {total:,} plans could not be made:\n{lines}")


def _stop_message(number_done: int, total: int, out: Path | None) -> str:
    words = f"stopped: {number_done:,} of {total:,} plans are made"
    return f"{words} and kept in {out}; the same command makes the rest" if out else words


def proof_of(plan: Plan, key: str) -> Row:
    """Return a plan's proof, its solver and the hash of everything that it depends on."""
    return {
        "key": key,
        "status": plan.status,
        "reason": plan.reason,
        "stages": [asdict(goal.stage) | goal.distance for goal in Verdict.of(plan).goals],
        "solver": plan.solver,
        "seconds": plan.seconds,
    }
