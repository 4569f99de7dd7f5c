"""Centres opened in waves, each wave a plan of its own."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Literal

from nhcplanner.base.errors import InputError
from nhcplanner.domain.plan import Plan
from nhcplanner.domain.problem import Problem
from nhcplanner.explore.subproblems import (
    Price,
    Progress,
    Work,
    among,
    people_by_band,
    prices,
    reached,
    row,
    warm,
)
from nhcplanner.models import Model

Order = Literal["forwards", "backwards"]


@dataclass(frozen=True)
class Wave:
    """A step of a programme.

    Parameters
    ----------
    name
        For instance its year.
    count
        Centres open by then, earlier and kept ones counted; None for the problem's own limit.
    budget
        Pounds spent by then, in all; None for the problem's own limit.
    plan
        Its plan, if that is decided already; used only for the wave that is planned first.
    """

    name: str
    count: int | None = None
    budget: float | None = None
    plan: Plan | None = None


@dataclass(frozen=True, eq=False)
class WavePlan:
    """What is open at the end of a wave.

    Parameters
    ----------
    wave
        The step.
    plan
        All centres open by then, and what they reach. Its bounds hold for plans that fit the
        waves around it.
    new
        Positions of the sites that open in this wave.
    by_band
        Band -> people within reach by then.
    afresh
        The plan that the wave's limits would allow if no other wave had to be thought of; None
        where the time did not go so far.
    """

    wave: Wave
    plan: Plan
    new: tuple[int, ...]
    by_band: dict[int, float]
    afresh: Plan | None = None

    @property
    def prices(self) -> tuple[Price, ...]:
        """What the wave loses on each goal to fit the other waves; empty where unknown."""
        return () if self.afresh is None else prices(self.plan, self.afresh)


@dataclass(frozen=True, eq=False)
class Phasing:
    """A programme in waves.

    Parameters
    ----------
    order
        "forwards": the first wave is planned first. "backwards": the last one.
    waves
        Those planned, in order of time; each keeps open all that the one before it opened.
    complete
        False where a wave, or a plan afresh, is missing.
    reason
        Why a wave has no plan, in words.
    seconds
        Time spent in all.
    """

    order: Order
    waves: tuple[WavePlan, ...]
    complete: bool
    reason: str
    seconds: float


@dataclass(frozen=True, eq=False)
class _Step:
    """A wave with its limits and what it goes by."""

    wave: Wave
    problem: Problem
    model: Model


def plan_in_waves(
    problem: Problem,
    model: Model | str,
    waves: Sequence[Wave],
    *,
    order: Order = "forwards",
    time_limit: float = 600.0,
    progress: Progress | None = None,
) -> Phasing:
    """Return a programme in waves, in which what opens stays open.

    Forwards, each wave is the best that can be added to the one before. Backwards, the last wave
    is planned as if it were the only one, and each earlier wave is the best part of the one after
    it. The last wave goes by the model asked for; earlier waves go by lowest HLE first, or by the
    model too where no row is in a band.

    Parameters
    ----------
    problem
        What is to be planned; the limits of a wave replace its own.
    model
        A row of the catalogue, or its name.
    waves
        In order of time.
    order
        Which end to start from.
    time_limit
        Seconds for all waves, and for planning each afresh to compare.
    progress
        As in `solve`, with the wave's name before the goal's.

    Returns
    -------
    Phasing
        The waves for which there was time, in order.

    Raises
    ------
    InputError
        For waves that share a name, have no limit, or have limits that fall.

    Examples
    --------
    >>> problem = Problem.from_minutes([[5, 99, 99], [99, 5, 99], [99, 99, 5]], people=[1, 3, 2])
    >>> phasing = plan_in_waves(problem, "max_coverage", [Wave("2030", 1), Wave("2035", 2)])
    >>> [wave.new for wave in phasing.waves]
    [(1,), (2,)]
    """
    _check(problem, waves, order)
    last = row(model)
    early = row("lowest_hle_first") if (problem.bands > 0).any() else last
    steps = [
        _Step(wave, _limited(problem, wave), last if wave is waves[-1] else early) for wave in waves
    ]
    work = Work(time_limit, progress)
    plans, reason = _nested(steps, order, work)
    done: list[WavePlan] = []
    for step in steps:
        plan = plans.get(step.wave.name)
        if plan is None:
            continue
        first = step is (steps[0] if order == "forwards" else steps[-1])
        afresh = plan if first else _afresh(step, plan, work, len(plans) - len(done))
        before = done[-1].plan.opened if done else problem.keep
        new = tuple(sorted(set(plan.opened) - set(before)))
        people = people_by_band(step.problem, reached(step.problem, plan.opened))
        done.append(WavePlan(step.wave, plan, new, people, afresh))
    complete = len(done) == len(steps) and all(w.afresh is not None for w in done)
    return Phasing(order, tuple(done), complete, reason, work.seconds)


def _nested(steps: list[_Step], order: Order, work: Work) -> tuple[dict[str, Plan], str]:
    """Plan of each wave by name, as far as there are plans, and why there are no more."""
    plans: dict[str, Plan] = {}
    opened: tuple[int, ...] | None = None
    for number, step in enumerate(steps if order == "forwards" else steps[::-1]):
        if number == 0 and step.wave.plan is not None:
            plans[step.wave.name], opened = step.wave.plan, step.wave.plan.opened
            continue
        if work.over:
            return plans, "stopped before all waves were planned"
        problem = step.problem
        if opened is not None and order == "forwards":
            problem = replace(problem, keep=opened)
        elif opened is not None:
            problem = among(problem, opened)
        plan = work.solve(problem, step.model, step.wave.name, 2 * len(steps) - 1 - number)
        if plan.status in ("infeasible", "stopped"):
            return plans, f"{step.wave.name}: {plan.reason}"
        plans[step.wave.name] = plan
        opened = plan.opened
    return plans, ""


def _afresh(step: _Step, plan: Plan, work: Work, parts: int) -> Plan | None:
    if work.over:
        return None
    name = f"{step.wave.name} afresh"
    return work.solve(step.problem, warm(step.model, plan.opened), name, parts)


def _limited(problem: Problem, wave: Wave) -> Problem:
    return replace(
        problem,
        count=problem.count if wave.count is None else wave.count,
        budget=problem.budget if wave.budget is None else wave.budget,
    )


def _check(problem: Problem, waves: Sequence[Wave], order: str) -> None:
    faults = []
    if order not in ("forwards", "backwards"):
        faults.append(f"order must be forwards or backwards, not {order!r}")
    if not waves:
        faults.append("there must be at least one wave")
    names = [wave.name for wave in waves]
    twice = sorted({name for name in names if names.count(name) > 1})
    faults += [f"more than one wave is called {name!r}" for name in twice]
    for wave in waves:
        faults += [f"wave {wave.name!r}: {fault}" for fault in _faults(problem, wave)]
    for before, wave in pairwise(waves):
        for limit in ("count", "budget"):
            old, new = (getattr(_limited(problem, w), limit) for w in (before, wave))
            if new is not None and (old is None or old > new):
                faults.append(
                    f"wave {wave.name!r}: {limit} falls to {new:,} from "
                    f"{'no limit' if old is None else f'{old:,}'}, but what opens stays open"
                )
    if faults:
        raise InputError(faults)


def _faults(problem: Problem, wave: Wave) -> list[str]:
    faults = []
    if wave.count is None and wave.budget is None:
        faults.append("it has neither a count nor a budget")
    if wave.count is not None and (wave.count < 0 or wave.count % 1):
        faults.append(f"count must be a whole number of 0 or more, not {wave.count}")
    if wave.budget is not None and not 0 <= wave.budget < math.inf:
        faults.append(
            f"budget must be a number of pounds, 0 or more, not {wave.budget} "
            "(leave it out for no limit)"
        )
    if wave.budget is not None and problem.cost is None:
        faults.append("a budget needs the cost of each site")
    return faults
