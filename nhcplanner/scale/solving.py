"""Solving of many requests with an executor; each plan is stored when it is finished."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import count
from pathlib import Path

from nhcplanner import workflow
from nhcplanner.base.errors import PlannerError
from nhcplanner.domain.plan import Plan
from nhcplanner.domain.problem import Problem
from nhcplanner.domain.scenario import Scenario
from nhcplanner.scale.cache import FOLDER, PlanCache, key_of
from nhcplanner.scale.executor import Executor
from nhcplanner.scale.workers import StoppedError


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
        Where the plans are made.
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
    known: list[PlanResult] = []
    faults: list[str] = []
    done = 0

    def pending() -> Iterator[tuple[object, ...]]:
        for request in requests:
            key = key_of(request.problem, request.scenario, versions)
            plan = cache.read(key)
            if plan is not None:
                known.append(PlanResult(request, plan, key))
                continue
            running[next(numbers)] = request, key
            yield request.problem, request.scenario

    def words(again: int) -> str:
        begun = f"; {again} begun again because their worker died" if again else ""
        return f"Planning: {done + len(known):,} of {total:,} done{begun}"

    try:
        for number, result in executor.do(workflow.solve_scenario, pending(), words):
            request, key = running.pop(number)
            if isinstance(result, PlannerError):
                faults.append(f"{request.name}: {result}")
                continue
            cache.write(key, request.name, result)
            done += 1
            yield PlanResult(request, result, key)
            while known:
                done += 1
                yield known.pop()
    except StoppedError:
        raise StoppedError(_stopped(done + len(known), total, out)) from None
    yield from known
    if faults:
        lines = "\n".join(faults)
        raise PlannerError(f"{len(faults)} of {total:,} plans could not be made:\n{lines}")


def _stopped(done: int, total: int, out: Path | None) -> str:
    words = f"stopped: {done:,} of {total:,} plans are made"
    return f"{words} and kept in {out}; the same command makes the rest" if out else words
