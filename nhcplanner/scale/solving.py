"""Solving: questions into plans, by a crew, each kept as it comes."""

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
from nhcplanner.scale.monitor import StoppedError


@dataclass(frozen=True, eq=False)
class PlanRequest:
    """What one plan is asked for.

    Parameters
    ----------
    name
        What the plan is called.
    problem, scenario
        What is to be planned, and how.
    """

    name: str
    problem: Problem
    scenario: Scenario


@dataclass(frozen=True, eq=False)
class PlanResult:
    """A question with its plan.

    Parameters
    ----------
    question, plan
        What was asked, and the answer.
    key
        Hash of all that the plan rests on.
    """

    question: PlanRequest
    plan: Plan
    key: str


def solve_requests(
    questions: Iterable[PlanRequest],
    total: int,
    crew: Executor,
    out: Path | None = None,
) -> Iterator[PlanResult]:
    """Plan each question that is not planned yet; give plans as they come, in any order.

    Parameters
    ----------
    questions
        Made when there is somebody free to take them on.
    total
        How many there are.
    crew
        Who plans, and who is told.
    out
        Folder in which finished plans are kept, and looked for; None = nowhere.

    Raises
    ------
    StoppedError
        Where somebody said stop. What is finished is kept.
    PlannerError
        Where some could not be planned, after all others were.
    """
    kept = PlanCache(out / FOLDER if out else None)
    versions = workflow.versions()
    numbers = count()
    asked: dict[int, tuple[PlanRequest, str]] = {}
    known: list[PlanResult] = []
    faults: list[str] = []
    done = 0

    def missing() -> Iterator[tuple[object, ...]]:
        for one in questions:
            key = key_of(one.problem, one.scenario, versions)
            plan = kept.read(key)
            if plan is not None:
                known.append(PlanResult(one, plan, key))
                continue
            asked[next(numbers)] = one, key
            yield one.problem, one.scenario

    def words(again: int) -> str:
        begun = f"; {again} begun again, for their worker died" if again else ""
        return f"Planning: {done + len(known):,} of {total:,} done{begun}"

    try:
        for number, made in crew.do(workflow.solve_scenario, missing(), words):
            one, key = asked.pop(number)
            if isinstance(made, PlannerError):
                faults.append(f"{one.name}: {made}")
                continue
            kept.keep(key, one.name, made)
            done += 1
            yield PlanResult(one, made, key)
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
    made = f"stopped: {done:,} of {total:,} plans are made"
    return f"{made} and kept in {out}; the same command makes the rest" if out else made
