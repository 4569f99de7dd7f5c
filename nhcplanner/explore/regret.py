"""Least regret: the plan whose largest loss against any scenario's best plan is least.

References
----------
Kouvelis P, Yu G (1997), Robust discrete optimization and its applications, Kluwer: minimax regret.
Kelley JE (1960), The cutting-plane method for solving convex programs, Journal of the Society for
Industrial and Applied Mathematics 8(4): weights of the scenarios from the plans found so far.
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
from nhcplanner.explore.subproblems import Progress, Work, flag_reached_rows, get_model, with_start
from nhcplanner.models import Model
from nhcplanner.models.catalogue import SITE_RULES
from nhcplanner.models.goal_types import Goal
from nhcplanner.models.program import Program

NAME = "least_regret"
WORDS = "Come as near to each scenario's best coverage as can be, in the worst scenario"
TOGETHER = "all scenarios together"
ROUNDS = 6  # rounds of weights of the scenarios
PARTS = 1000  # weights are whole multiples of 1 / PARTS, so that whole people stay whole
ROUNDING = 1e-9


@dataclass(frozen=True, eq=False)
class LeastRegret:
    """One plan for several scenarios.

    Parameters
    ----------
    plan
        Its only stage is the largest regret: the people whom the best plan for a scenario reaches
        in addition, in the scenario where these are most. If the best plan of a scenario is not
        proved, `value` counts from its bound and `bound` from the best plan found. Then no plan
        has a largest regret below `bound`, and this plan's is at most `value`.
    regrets
        Scenario -> people whom the best plan found for it reaches in addition.
    most_regrets
        Scenario -> upper limit of the regret, counted from the bound.
    alone
        Scenario -> the best plan found for it alone.
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
    """Return the plan with the least largest regret over all scenarios.

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
        The plan, and its regret in each scenario.

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
    work, cover = Work(time_limit, progress), get_model("max_coverage")
    alone: dict[str, Plan] = {}
    for name, problem in scenarios.items():
        plan = work.solve(problem, cover, name, len(scenarios) + 2 - len(alone))
        if not plan.stages:
            return _none(plan, name, alone)
        alone[name] = plan
    joint = _stack(list(scenarios.values()))
    best = [plan.stages[0] for plan in alone.values()]
    values = np.array([stage.value for stage in best], dtype=np.float64)
    bounds = np.array([stage.bound for stage in best], dtype=np.float64)
    plans_with_kept_sites = [
        plan.opened for plan in alone.values() if set(joint.keep) <= {*plan.opened}
    ]
    attempt = _bound_by_weights(work, joint, values, plans_with_kept_sites)
    if isinstance(attempt, Plan):
        return _none(attempt, TOGETHER, alone)
    tries, least = attempt
    goal = _regret(bounds, least)
    start = min(tries, key=lambda opened: goal.score(joint, np.array(opened, dtype=np.intp)))
    model = with_start(Model(NAME, WORDS, lambda _: (goal,), SITE_RULES), start)
    plan = work.solve(joint, model, "least regret")
    people = _people_within(joint, np.array(plan.opened, dtype=np.intp), len(bounds))
    return LeastRegret(
        plan=_with_true_bound(plan, float((bounds - values).max()), least),
        regrets=dict(zip(scenarios, (values - people).tolist(), strict=True)),
        most_regrets=dict(zip(scenarios, (bounds - people).tolist(), strict=True)),
        alone=alone,
    )


def _none(plan: Plan, part: str, alone: dict[str, Plan]) -> LeastRegret:
    reason = f"{part}: {plan.reason}"
    return LeastRegret(replace(plan, reason=reason, model=NAME), {}, {}, alone)


def _stack(scenarios: Sequence[Problem]) -> Problem:
    """Return all scenarios as one problem: a band each, with 0 minutes to sites within reach."""
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


def _bound_by_weights(
    work: Work, joint: Problem, best: Floats, plans: Sequence[tuple[int, ...]]
) -> tuple[list[tuple[int, ...]], float] | Plan:
    """Return plans for all scenarios together, and a lower bound of the largest regret.

    The largest regret is at least the weighted mean of the regrets, for any weights. The plan with
    the least mean is the one with most weighted coverage, so a maximal covering problem gives the
    bound. The next weights are those for which the plans found so far do worst (Kelley 1960),
    until no weights can give a higher bound.

    Parameters
    ----------
    work, joint
        The exploration, and all scenarios as one problem.
    best
        People whom the best plan found for each scenario reaches.
    plans
        Plans found so far.

    Returns
    -------
    tuple of plans and bound, or Plan
        A plan without stages if no plan keeps the rules.
    """
    tries, least = list(plans), 0.0
    weights = np.ones(len(best))
    for number in range(ROUNDS):
        people = joint.people * weights[joint.bands - 1]
        parts = 2.0 * (ROUNDS - number)
        plan = work.solve(replace(joint, people=people), get_model("max_coverage"), TOGETHER, parts)
        if not plan.stages:
            return (tries, least) if tries else plan
        tries.append(plan.opened)
        most = float(plan.stages[0].bound or np.inf)
        least = max(least, _round_up(joint, best, (float(weights @ best) - most) / weights.sum()))
        people_of_plans = [
            _people_within(joint, np.array(p, dtype=np.intp), len(best)) for p in tries
        ]
        weights, best_hope = _hardest(best - np.array(people_of_plans))
        if work.over or _round_up(joint, best, best_hope) <= least:
            break
    return tries, least


def _hardest(regrets: Floats) -> tuple[Floats, float]:
    """Return whole weights of scenarios for which the best of some plans does worst.

    Regrets are plan x scenario; the second value is the regret of the best plan at these weights.
    """
    plans, scenarios = regrets.shape
    unit = float(np.abs(regrets).max()) or 1.0  # the solver's tolerances are absolute
    regrets = regrets / unit
    solution = linprog(
        np.append(np.zeros(scenarios), -1.0),
        np.column_stack([-regrets, np.ones(plans)]),
        np.zeros(plans),
        np.append(np.ones(scenarios), 0.0)[None],
        [1.0],
        [(0, 1)] * scenarios + [(None, None)],
    )
    shares = np.array(solution.x, dtype=np.float64)[:scenarios]
    return np.ceil(shares * PARTS - ROUNDING), unit * float((regrets @ shares).min())


def _round_up(joint: Problem, best: Floats, least: float) -> float:
    """Return a bound on regret, rounded up to a whole number if people are whole."""
    least -= ROUNDING * float(best.max())
    whole = not (joint.people % 1).any() and not (best % 1).any()
    return max(float(np.ceil(least)) if whole else least, 0.0)


def _people_within(joint: Problem, opened: Positions, scenarios: int) -> Floats:
    """Return the people within reach in each scenario."""
    rows = flag_reached_rows(joint, opened)
    bands = joint.bands[rows] - 1
    return np.bincount(bands, joint.people[rows], scenarios).astype(np.float64)


def _regret(best: Floats, least: float) -> Goal:
    """Return the goal of the least largest regret of any scenario (band)."""

    def score(problem: Problem, opened: Positions) -> float:
        return float((best - _people_within(problem, opened, len(best))).max())

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


def _with_true_bound(plan: Plan, unproved_gap: float, least: float) -> Plan:
    """Return the plan with a bound that holds even if the scenarios' best plans are not proved."""
    if not unproved_gap or not plan.stages:
        return plan
    [stage] = plan.stages
    bound = max((stage.bound or 0.0) - unproved_gap, least)
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
