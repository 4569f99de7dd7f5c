"""Least regret, against trying every set of sites."""

from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nhcplanner.domain.problem import Problem
from nhcplanner.explore import least_regret


@st.composite
def several(draw):
    rng = np.random.default_rng(draw(st.integers(0, 10_000)))
    sites = draw(st.integers(2, 7))
    limits = {"count": draw(st.integers(1, sites))}
    if draw(st.booleans()):
        limits |= {"cost": rng.integers(1, 9, sites), "budget": 15.0}
    fraction = draw(st.sampled_from([0.0, 0.25]))
    return {
        f"case {number}": Problem.from_minutes(
            rng.integers(1, 40, (areas, sites)),
            people=rng.integers(0, 500, areas) + fraction,
            reach=rng.integers(5, 20),
            forbid=np.flatnonzero(rng.random(sites) < 0.15),
            **limits,
        )
        for number, areas in enumerate(draw(st.lists(st.integers(1, 9), min_size=1, max_size=4)))
    }


def covered(problem: Problem, opened) -> float:
    standing = [site for site in opened if site not in problem.forbid]
    near = problem.minutes.toarray()[:, standing].min(axis=1, initial=np.inf)
    return float(problem.people[near <= problem.reach].sum())


def allowed(problem: Problem) -> list[tuple[int, ...]]:
    every = [
        plan
        for size in range(problem.count + 1)
        for plan in combinations(range(problem.sites), size)
    ]
    if problem.budget is None:
        return every
    return [plan for plan in every if problem.cost[list(plan)].sum() <= problem.budget]


def worst(scenarios, best, opened) -> float:
    return max(best[name] - covered(problem, opened) for name, problem in scenarios.items())


@given(several())
@settings(max_examples=80, deadline=None)
def test_no_plan_has_a_smaller_largest_regret(scenarios):
    found = least_regret(scenarios)
    plans = allowed(next(iter(scenarios.values())))
    best = {name: max(covered(p, plan) for plan in plans) for name, p in scenarios.items()}
    least = min(worst(scenarios, best, plan) for plan in plans)
    assert found.plan.opened in plans
    assert worst(scenarios, best, found.plan.opened) == pytest.approx(least, rel=1e-5, abs=1e-2)
    assert max(found.regrets.values()) == pytest.approx(least, rel=1e-5, abs=1e-2)
    assert found.plan.stages[0].gap == pytest.approx(0, abs=1e-4)


@given(several())
@settings(max_examples=40, deadline=None)
def test_stopped_at_once_it_claims_no_more_than_is_true(scenarios):
    found = least_regret(scenarios, progress=lambda _: False)
    plans = allowed(next(iter(scenarios.values())))
    best = {name: max(covered(p, plan) for plan in plans) for name, p in scenarios.items()}
    least = min(worst(scenarios, best, plan) for plan in plans)
    [stage] = found.plan.stages
    assert stage.bound <= least + 1e-6
    assert worst(scenarios, best, found.plan.opened) <= stage.value + 1e-6
    for name, problem in scenarios.items():
        regret = best[name] - covered(problem, found.plan.opened)
        assert found.regrets[name] - 1e-6 <= regret <= found.most_regrets[name] + 1e-6


def weights_alone(scenarios):
    """Least regret where the search itself is stopped as soon as it begins."""
    return least_regret(scenarios, progress=lambda r: not r.goal.startswith("least regret"))


@given(several())
@settings(max_examples=60, deadline=None)
def test_weights_of_scenarios_give_a_true_bound(scenarios):
    plans = allowed(next(iter(scenarios.values())))
    best = {name: max(covered(p, plan) for plan in plans) for name, p in scenarios.items()}
    least = min(worst(scenarios, best, plan) for plan in plans)
    assert weights_alone(scenarios).plan.stages[0].bound <= least + 1e-6


def test_weights_of_scenarios_come_near_to_the_least_regret():
    minutes, people = [[5, 15, 99], [99, 15, 5]], [60, 50]
    near = Problem.from_minutes(minutes, people=people, count=1, reach=10)
    far = Problem.from_minutes(minutes, people=people, count=1, reach=20)
    [stage] = weights_alone({"near": near, "far": far}).plan.stages
    assert stage.bound == pytest.approx(27.3, abs=1)
