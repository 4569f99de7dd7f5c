"""Plans in waves: each wave is a plan, and what opens stays open."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise
from typing import Literal

import numpy as np
import numpy.typing as npt

from nhcplanner.base.errors import InputError
from nhcplanner.domain.plan import Plan
from nhcplanner.domain.problem import Problem
from nhcplanner.explore.subproblems import (
    Price,
    Progress,
    Work,
    get_model,
    prices,
    reached_by_band,
    restrict_to,
    with_start,
)
from nhcplanner.models import Model
from nhcplanner.models.capacity.rule import assignment_within_limits

Order = Literal["forwards", "backwards"]


@dataclass(frozen=True)
class Wave:
    """A step of a programme.

    Parameters
    ----------
    name
        Name of the wave, for instance its year.
    count
        Largest number of centres open at its end, with earlier centres and those that must stay
        open; None for the problem's own limit.
    budget
        Largest total cost at its end in pounds; None for the problem's own limit.
    plan
        Its plan, if it is decided already; used only for the wave that is planned first.
    people, need
        People of each row when the wave opens, and the weight of each in goals that count need;
        None = those of the problem.
    """

    name: str
    count: int | None = None
    budget: float | None = None
    plan: Plan | None = None
    people: npt.NDArray[np.float64] | None = field(default=None, compare=False, repr=False)
    need: npt.NDArray[np.float64] | None = field(default=None, compare=False, repr=False)


@dataclass(frozen=True, eq=False)
class WavePlan:
    """The plan at the end of a wave.

    Parameters
    ----------
    wave
        The step.
    plan
        All centres open at its end. Its bounds hold for plans that fit the waves around it.
    new
        Positions of the sites that open in this wave.
    by_band
        Band -> people within reach at its end, of the centre that they go to.
    afresh
        The best plan within the wave's limits alone, without the other waves; None if time is too
        short.
    """

    wave: Wave
    plan: Plan
    new: tuple[int, ...]
    by_band: dict[int, float]
    afresh: Plan | None = None

    @property
    def prices(self) -> tuple[Price, ...]:
        """Loss of the wave on each goal because of the other waves; empty if unknown."""
        return () if self.afresh is None else prices(self.plan, self.afresh)


@dataclass(frozen=True, eq=False)
class Phasing:
    """A programme in waves.

    Parameters
    ----------
    order
        "forwards" if the first wave is planned first, "backwards" if the last wave is.
    waves
        The planned waves, in order of time; each keeps open all centres of the wave before.
    complete
        Whether every wave has a plan and a plan afresh.
    reason
        Why a wave has no plan, in words.
    seconds
        Time of all solves.
    notes
        Sentences on the people whom the waves are planned for.
    """

    order: Order
    waves: tuple[WavePlan, ...]
    complete: bool
    reason: str
    seconds: float
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, eq=False)
class _Step:
    """A wave with its problem and model."""

    wave: Wave
    problem: Problem
    model: Model


def plan_in_waves(  # noqa: PLR0913  (one call describes a programme)
    problem: Problem,
    model: Model | str,
    waves: Sequence[Wave],
    *,
    order: Order = "forwards",
    afresh: bool = True,
    time_limit: float = 600.0,
    progress: Progress | None = None,
) -> Phasing:
    """Return a programme in waves, in which what opens stays open.

    Forwards, each wave is the best addition to the wave before. Backwards, the last wave is planned
    as if it were the only one, and each earlier wave is the best part of the wave after it. The
    last wave uses the given model; earlier waves use lowest HLE first, or the given model if no
    row is in a band. They keep the model's limits on the people of each centre, but not everyone
    has room in them.

    Parameters
    ----------
    problem
        Problem to plan; the limits of a wave replace its own.
    model
        A row of the catalogue, or its name.
    waves
        In order of time.
    order
        Whether to plan the first or the last wave first.
    afresh
        Whether each wave is also planned alone, to see what the other waves cost it.
    time_limit
        Seconds for all waves, and for the plan of each wave alone.
    progress
        As in `solve`, with the wave's name before the goal's.

    Returns
    -------
    Phasing
        The waves that the time limit allows, in order.

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
    last = get_model(model)
    early = _early(last) if (problem.bands > 0).any() else last
    steps = [
        _Step(wave, _with_limits(problem, wave), last if wave is waves[-1] else early)
        for wave in waves
    ]
    work = Work(time_limit, progress)
    plans, reason = _plan_each_wave(steps, order, work)
    results: list[WavePlan] = []
    for step in steps:
        plan = plans.get(step.wave.name)
        if plan is None:
            continue
        first = step is (steps[0] if order == "forwards" else steps[-1])
        alone = plan if first else None
        if afresh and not first:
            alone = _afresh(step, plan, work, len(plans) - len(results))
        before = results[-1].plan.opened if results else problem.keep
        new = tuple(sorted(set(plan.opened) - set(before)))
        people = reached_by_band(step.problem, plan.opened, plan.allocation)
        results.append(WavePlan(step.wave, plan, new, people, alone))
    is_compared = not afresh or all(w.afresh is not None for w in results)
    complete = len(results) == len(steps) and is_compared
    return Phasing(order, tuple(results), complete, reason, work.seconds)


def _early(last: Model) -> Model:
    """Return lowest HLE first, under the last wave's limits on whom centres serve.

    Few centres have no room for everyone, so an early wave serves as many people within reach as
    its centres have room for.
    """
    base, service = get_model("lowest_hle_first"), last.service or last.footprint
    if service is None:
        return base
    part = replace(service, everyone=False, price=None)
    return replace(base, rules=(*base.rules, assignment_within_limits(part)), footprint=part)


def _plan_each_wave(steps: list[_Step], order: Order, work: Work) -> tuple[dict[str, Plan], str]:
    """Return the plan of each wave by name, and the reason if some waves have no plan."""
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
            problem = restrict_to(problem, opened)
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
    return work.solve(step.problem, with_start(step.model, plan.opened), name, parts)


def _with_limits(problem: Problem, wave: Wave) -> Problem:
    return replace(
        problem,
        people=problem.people if wave.people is None else wave.people,
        need=problem.need if wave.need is None else wave.need,
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
            old, new = (getattr(_with_limits(problem, w), limit) for w in (before, wave))
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
    for name in ("people", "need"):
        figures = getattr(wave, name)
        if figures is not None and len(figures) != problem.areas:
            faults.append(f"{name} must be {problem.areas} long, not {len(figures)}")
    if wave.budget is not None and problem.cost is None:
        faults.append("a budget needs the cost of each site")
    return faults
