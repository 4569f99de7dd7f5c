"""The bound on travel and what it rules out, against every plan there is."""

from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nhcplanner.base.clock import Clock
from nhcplanner.domain.problem import Problem
from nhcplanner.models import solve
from nhcplanner.models.bounds.lagrangian import LagrangianBound
from nhcplanner.models.goals import least_travel


def small(seed: int, **settings) -> Problem:
    rng = np.random.default_rng(seed)
    minutes = rng.integers(1, 60, (12, 8)).astype(float)
    people = rng.integers(0, 30, 12)
    limits = {"count": int(rng.integers(2, 5)), "keep": [0], "forbid": [5]} | settings
    return Problem.from_minutes(minutes, people=people, **limits)


def every_plan(problem: Problem) -> list[tuple[int, ...]]:
    free = [j for j in range(8) if j not in (*problem.keep, *problem.forbid)]
    return [
        (*problem.keep, *more)
        for size in range(problem.count - len(problem.keep) + 1)
        for more in combinations(free, size)
    ]


def travel(problem: Problem, plan: tuple[int, ...]) -> float:
    table = problem.minutes.toarray().astype(float)
    return float(problem.people @ table[:, list(plan)].min(axis=1))


@given(st.integers(0, 10_000), st.integers(1, 8), st.floats(0, 2000))
@settings(max_examples=100, deadline=None)
def test_any_prices_give_a_true_bound(seed, nearest, spread):
    problem = small(seed)
    prices = LagrangianBound(problem, nearest)
    tried = np.random.default_rng(seed).uniform(0, spread, len(prices.most))
    least = min(travel(problem, plan) for plan in every_plan(problem))
    assert prices.bound(np.minimum(prices.most, tried)) <= least


@given(st.integers(0, 10_000), st.integers(1, 8), st.floats(1, 1.5))
@settings(max_examples=100, deadline=None)
def test_no_plan_as_good_is_ruled_out(seed, nearest, share):
    problem = small(seed)
    clock = Clock(60)
    clock.enter(1, 1, "travel")
    plans = {plan: travel(problem, plan) for plan in every_plan(problem)}
    best = min(plans.values()) * share
    prices = LagrangianBound(problem, nearest)
    core = prices.core(prices.improve_prices(best, clock, 60), best)
    usable = set(zip(core.arcs.rows.tolist(), core.arcs.sites.tolist(), strict=True))
    for plan, length in plans.items():
        if length > best:
            continue
        assert not core.shut[list(plan)].any()
        assert set(np.flatnonzero(core.opened)) <= set(plan)
        table = problem.minutes.toarray()
        for row in np.flatnonzero(problem.people):
            near = table[row, list(plan)].min()
            assert any((row, j) in usable for j in plan if table[row, j] == near)


@given(st.integers(0, 10_000))
@settings(max_examples=40, deadline=None)
def test_proves_the_least_travel_of_all_plans(seed):
    problem = small(seed)
    plan = solve(problem, "p_median")
    assert plan.status == "optimal"
    assert plan.stages[0].value == min(travel(problem, other) for other in every_plan(problem))


@pytest.mark.parametrize("nearest", [2, 40])
def test_bounds_closely(nearest):
    rng = np.random.default_rng(3)
    here, there = rng.uniform(0, 100, (120, 2)), rng.uniform(0, 100, (40, 2))
    minutes = np.hypot(*(here[:, None] - there).transpose(2, 0, 1))
    problem = Problem.from_minutes(minutes, count=20)
    best = least_travel().score(problem, np.array(solve(problem, "p_median").opened))
    clock = Clock(60)
    clock.enter(1, 1, "travel")
    prices = LagrangianBound(problem, nearest)
    bound = prices.bound(prices.improve_prices(best, clock, 60))
    assert 0.8 * best <= bound <= best
