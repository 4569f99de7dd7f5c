"""Least regret: the plan that is nearest to each scenario's best in its worst scenario.

References
----------
Kouvelis P, Yu G (1997), Robust discrete optimization and its applications, Kluwer: minimax regret.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import pulp
from scipy import sparse
from scipy.optimize import linprog

from nhcplanner.base.arrays import Floats, Mask, Positions
from nhcplanner.base.errors import InputError
from nhcplanner.domain.plan import Plan
from nhcplanner.domain.problem import Problem
from nhcplanner.explore.subproblems import Progress, Work, reached, row, warm
from nhcplanner.models import Model
from nhcplanner.models.catalogue import SITE_RULES
from nhcplanner.models.goal_types import Goal
from nhcplanner.models.program import Program

NAME = "least_regret"
WORDS = "Come as near to each scenario's best coverage as can be, in the worst scenario"
TOGETHER = "all scenarios together"
ROUNDS = 6  # of weights of the scenarios
PARTS = 1000  # into which weights are cut: whole people then stay whole
ROUNDING = 1e-9


@dataclass(frozen=True, eq=False)
class LeastRegret:
    """One plan for several scenarios.

    Parameters
    ----------
    plan
        Its one stage is the largest regret: people whom the best plan for a scenario, made for
        it alone, would reach more, in the scenario where that is most. Where a scenario's best
        is not proved, `value` counts from its bound and `bound` from the best found, so that no
        plan can have a largest regret below `bound` and this one's is at most `value`.
    regrets
        Scenario -> people whom the plan reaches fewer than the best found for it.
    most_regrets
        Scenario -> the same from the bound: at most so many.
    alone
        Scenario -> the plan made for it alone.
    """

    plan: Plan
    regrets: dict[str, float]
    most_regrets: dict[str, float]
    alone: dict[str, Plan]


def least_regret(
    scenarios: Mapping[str, Problem],
    *,
    time_limit: float = 300.0,
    progress: Progress | None = None,
) -> LeastRegret:
    """Return the sites whose coverage is nearest to each scenario's best, in the worst one.

    Parameters
    ----------
    scenarios
        Name -> problem. All have the same sites, count, budget and costs; minutes, people, reach
        and forbidden sites may differ. A site that one scenario keeps is open in all; one
        forbidden in a scenario counts for nothing there.
    time_limit
        Seconds for the plan of each scenario and the plan for all.
    progress
        As in `solve`, with the scenario before the goal's name.

    Returns
    -------
    LeastRegret
        The plan, and what it falls short in each scenario.

    Raises
    ------
    InputError
        For no scenarios, or scenarios whose sites or limits differ.

    Examples
    --------
    >>> near = Problem.from_minutes([[5, 15, 99], [99, 15, 5]], people=[60, 50], count=1, reach=10)
    >>> far = Problem.from_minutes([[5, 15, 99], [99, 15, 5]], people=[60, 50], count=1, reach=20)
    >>> found = least_regret({"10 minutes": near, "20 minutes": far})
    >>> found.plan.opened, found.regrets
    ((0,), {'10 minutes': 0.0, '20 minutes': 50.0})
    """
    _check(scenarios)
    work, cover = Work(time_limit, progress), row("max_coverage")
    alone: dict[str, Plan] = {}
    for name, problem in scenarios.items():
        plan = work.solve(problem, cover, name, len(scenarios) + 2 - len(alone))
        if not plan.stages:
            return _none(plan, name, alone)
        alone[name] = plan
    stacked = _stacked(list(scenarios.values()))
    best = [plan.stages[0] for plan in alone.values()]
    values = np.array([stage.value for stage in best], dtype=np.float64)
    bounds = np.array([stage.bound for stage in best], dtype=np.float64)
    keeping = [plan.opened for plan in alone.values() if set(stacked.keep) <= {*plan.opened}]
    weighed = _weighed(work, stacked, values, keeping)
    if isinstance(weighed, Plan):
        return _none(weighed, TOGETHER, alone)
    tries, least = weighed
    goal = _regret(bounds, least)
    start = min(tries, key=lambda opened: goal.score(stacked, np.array(opened, dtype=np.intp)))
    model = warm(Model(NAME, WORDS, lambda _: (goal,), SITE_RULES), start)
    plan = work.solve(stacked, model, "least regret")
    reached = _covered(stacked, np.array(plan.opened, dtype=np.intp), len(bounds))
    return LeastRegret(
        plan=_against_found(plan, float((bounds - values).max()), least),
        regrets=dict(zip(scenarios, (values - reached).tolist(), strict=True)),
        most_regrets=dict(zip(scenarios, (bounds - reached).tolist(), strict=True)),
        alone=alone,
    )


def _none(plan: Plan, part: str, alone: dict[str, Plan]) -> LeastRegret:
    reason = f"{part}: {plan.reason}"
    return LeastRegret(replace(plan, reason=reason, model=NAME), {}, {}, alone)


def _stacked(scenarios: Sequence[Problem]) -> Problem:
    """All scenarios in one problem, a band each, at 0 minutes where a site is within reach."""
    covers = sparse.csr_array(sparse.vstack([problem.covers for problem in scenarios]))
    minutes = sparse.csr_array(
        (np.zeros(covers.nnz, dtype=np.float32), covers.indices, covers.indptr), covers.shape
    )
    never = set.intersection(*(set(problem.forbid) for problem in scenarios))
    return replace(
        scenarios[0],
        minutes=minutes,
        people=np.concatenate([problem.people for problem in scenarios]),
        reach=0.0,
        bands=np.repeat(np.arange(1, len(scenarios) + 1), [p.areas for p in scenarios]),
        keep=tuple(sorted({site for problem in scenarios for site in problem.keep})),
        forbid=tuple(sorted(never)),
        need=None,
        row_groups={},
    )


def _weighed(
    work: Work, stacked: Problem, best: Floats, plans: Sequence[tuple[int, ...]]
) -> tuple[list[tuple[int, ...]], float] | Plan:
    """Plans for all scenarios together, and a regret that no plan goes below.

    The largest regret is no less than the mean of the regrets by any weights. That mean is least
    where the coverage so weighed is most, which is a question of coverage alone. Weights are
    those for which the plans found so far do worst, until no weights promise a higher bound.

    Parameters
    ----------
    work, stacked
        The exploration, and all scenarios in one problem.
    best
        People whom the best plan found for each scenario reaches.
    plans
        Found so far.

    Returns
    -------
    tuple of plans and bound, or Plan
        The plan without stages where none keeps the rules.
    """
    tries, least = list(plans), 0.0
    weights = np.ones(len(best))
    for number in range(ROUNDS):
        people = stacked.people * weights[stacked.bands - 1]
        parts = 2.0 * (ROUNDS - number)
        plan = work.solve(replace(stacked, people=people), row("max_coverage"), TOGETHER, parts)
        if not plan.stages:
            return (tries, least) if tries else plan
        tries.append(plan.opened)
        most = float(plan.stages[0].bound or np.inf)
        least = max(least, _raised(stacked, best, (float(weights @ best) - most) / weights.sum()))
        reached = [_covered(stacked, np.array(p, dtype=np.intp), len(best)) for p in tries]
        weights, hoped = _hardest(best - np.array(reached))
        if work.over or _raised(stacked, best, hoped) <= least:
            break
    return tries, least


def _hardest(regrets: Floats) -> tuple[Floats, float]:
    """Whole weights of scenarios for which the best of some plans (plan x scenario) does worst."""
    plans, scenarios = regrets.shape
    unit = float(np.abs(regrets).max()) or 1.0  # the solver's tolerances are absolute
    regrets = regrets / unit
    found = linprog(
        np.append(np.zeros(scenarios), -1.0),
        np.column_stack([-regrets, np.ones(plans)]),
        np.zeros(plans),
        np.append(np.ones(scenarios), 0.0)[None],
        [1.0],
        [(0, 1)] * scenarios + [(None, None)],
    )
    shares = np.array(found.x, dtype=np.float64)[:scenarios]
    return np.ceil(shares * PARTS - ROUNDING), unit * float((regrets @ shares).min())


def _raised(stacked: Problem, best: Floats, least: float) -> float:
    """A bound on regret, moved to the whole number that it proves where people are whole."""
    least -= ROUNDING * float(best.max())
    whole = not (stacked.people % 1).any() and not (best % 1).any()
    return max(float(np.ceil(least)) if whole else least, 0.0)


def _covered(stacked: Problem, opened: Positions, scenarios: int) -> Floats:
    """People within reach in each scenario."""
    rows = reached(stacked, opened)
    bands = stacked.bands[rows] - 1
    return np.bincount(bands, stacked.people[rows], scenarios).astype(np.float64)


def _regret(best: Floats, least: float) -> Goal:
    """The largest shortfall of any scenario (band) from its best, known to be no less than some."""

    def score(problem: Problem, opened: Positions) -> float:
        return float((best - _covered(problem, opened, len(best))).max())

    def express(program: Program) -> pulp.LpAffineExpression:
        problem = program.problem

        def make() -> list[pulp.LpVariable]:
            variable = program.lp.add_variable("regret", 0)
            covering = program.covering(problem.reach)
            for number, most in enumerate(best.tolist(), start=1):
                people = np.where(problem.bands == number, problem.people, 0.0)
                program.at_least([*covering.total(people), (variable, 1.0)], most)
            return [variable]

        def value(mask: Mask) -> Floats:
            return np.array([score(problem, np.flatnonzero(mask))])

        [variable] = program.own("regret", make, value)
        return pulp.LpAffineExpression([(variable, 1.0)])

    return Goal(
        name="largest regret of any scenario",
        sense="least",
        unit="people",
        score=score,
        express=express,
        limit=lambda _: least,
        whole=lambda problem: not (problem.people % 1).any() and not (best % 1).any(),
    )


def _against_found(plan: Plan, unproved: float, least: float) -> Plan:
    """The plan with a bound that holds whatever the scenarios' true bests are."""
    if not unproved or not plan.stages:
        return plan
    [stage] = plan.stages
    bound = max((stage.bound or 0.0) - unproved, least)
    return replace(plan, stages=(replace(stage, bound=bound),), status="feasible")


def _check(scenarios: Mapping[str, Problem]) -> None:
    if not scenarios:
        raise InputError(["there must be a scenario at least"])
    (first, like), *others = scenarios.items()
    faults = []
    for name, problem in others:
        if problem.sites != like.sites:
            faults.append(f"{name} has {problem.sites:,} sites, but {first} has {like.sites:,}")
        for limit in ("count", "budget"):
            one, other = getattr(like, limit), getattr(problem, limit)
            if one != other:
                faults.append(f"{name} has a {limit} of {other}, but {first} one of {one}")
        if problem.budget is not None and not np.array_equal(problem.cost, like.cost):  # type: ignore[arg-type]
            faults.append(f"{name} and {first} have sites of different cost")
    if faults:
        raise InputError(faults)
