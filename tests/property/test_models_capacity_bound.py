"""Travel where sites have only so much room: bounds and starts against every plan there is."""

from itertools import combinations, product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nhcplanner.base.clock import Clock
from nhcplanner.domain.problem import Problem
from nhcplanner.models import solve
from nhcplanner.models.capacity.assignment import AssignmentRule
from nhcplanner.models.capacity.search import CapacitatedBound, assign, least_travel_with_room
from nhcplanner.models.catalogue import within_capacity
from nhcplanner.models.goals import least_travel
from nhcplanner.models.search.coverage import SearchState

ROWS, SITES = 6, 5
SERVICE = AssignmentRule(everyone=True)


def small(seed: int) -> Problem:
    """Few rows and sites that have room for a tenth to two thirds of all people."""
    rng = np.random.default_rng(seed)
    people = rng.integers(0, 30, ROWS)
    return Problem.from_minutes(
        rng.integers(1, 60, (ROWS, SITES)),
        people=people,
        capacity=np.round(people.sum() * rng.uniform(0.1, 0.7, SITES)),
        count=int(rng.integers(2, 4)),
        keep=[0] if rng.random() < 0.5 else [],
        forbid=[4] if rng.random() < 0.5 else [],
    )


def ways(problem: Problem) -> dict[tuple[tuple[int, ...], tuple[int, ...]], float]:
    """Travel of every plan that keeps the rules, and every way to send rows to its sites."""
    table, found = problem.minutes.toarray(), {}
    free = [j for j in range(SITES) if j not in problem.forbid]
    for number in range(1, problem.count + 1):
        for opened in combinations(free, number):
            if not set(problem.keep) <= set(opened):
                continue
            for to in product(opened, repeat=ROWS):
                load = np.bincount(to, problem.people, SITES)
                if (load <= problem.capacity).all():
                    travel = problem.people @ table[np.arange(ROWS), to]
                    found[opened, to] = float(travel)
    return found


def clock() -> Clock:
    made = Clock(60)
    made.enter(1, 1, "travel")
    return made


@given(st.integers(0, 10_000), st.integers(1, SITES), st.floats(0, 2000))
@settings(max_examples=60, deadline=None)
def test_any_prices_give_a_true_bound(seed, nearest, spread):
    problem = small(seed)
    prices = CapacitatedBound(problem, SERVICE.room(problem), nearest)
    tried = np.random.default_rng(seed).uniform(0, spread, len(prices.most))
    least = min(ways(problem).values(), default=np.inf)
    assert prices.bound(np.minimum(prices.most, tried)) <= least


@given(st.integers(0, 10_000), st.integers(1, SITES), st.floats(1, 1.5))
@settings(max_examples=60, deadline=None)
def test_no_way_as_good_is_ruled_out(seed, nearest, share):
    problem = small(seed)
    plans = ways(problem)
    best = min(plans.values(), default=np.inf) * share
    prices = CapacitatedBound(problem, SERVICE.room(problem), nearest)
    core = prices.core(prices.improve_prices(best, clock(), 60), best)
    usable = set(zip(core.arcs.rows.tolist(), core.arcs.sites.tolist(), strict=True))
    for (opened, to), travel in plans.items():
        if travel > best:
            continue
        assert not core.shut[list(opened)].any()
        assert set(np.flatnonzero(core.opened)) <= set(opened)
        assert {(i, to[i]) for i in np.flatnonzero(problem.people)} <= usable


@given(st.integers(0, 10_000), st.floats(0.9, 1.6))
@settings(max_examples=100, deadline=None)
def test_sending_keeps_room_and_bounds_every_way(seed, ease):
    rng = np.random.default_rng(seed)
    minutes = rng.integers(0, 40, (ROWS, 3)).astype(float)
    minutes[rng.random((ROWS, 3)) < 0.15] = np.inf
    people = rng.integers(1, 20, ROWS).astype(float)
    room = np.round(people.sum() / 3 * rng.uniform(0.5, 1.5, 3) * ease)
    way = assign(minutes, people, room)
    there = way.centre < 3
    rows = np.flatnonzero(there)
    assert (np.bincount(way.centre[rows], people[rows], 3) <= room).all()
    assert np.isfinite(minutes[rows, way.centre[rows]]).all()
    travels = [
        float(people @ minutes[np.arange(ROWS), to])
        for to in map(list, product(range(3), repeat=ROWS))
        if (np.bincount(to, people, 3) <= room).all()
    ]
    assert way.bound <= min(travels, default=np.inf) + 1e-6
    if there.all():
        assert way.total >= min(travels)
        assert way.total == pytest.approx(people @ minutes[rows, way.centre])


@given(st.integers(0, 10_000), st.integers(0, 20))
@settings(max_examples=60, deadline=None)
def test_a_start_opens_what_it_may(seed, budget):
    problem = small(seed)
    rng = np.random.default_rng(seed)
    priced = Problem.from_minutes(
        problem.minutes, people=problem.people, capacity=problem.capacity, count=problem.count,
        cost=np.where(np.isin(np.arange(SITES), problem.keep), 0, rng.integers(0, 10, SITES)),
        budget=budget, keep=problem.keep, forbid=problem.forbid,
    )  # fmt: skip
    state = SearchState((least_travel(),), 5.0, clock())
    opened = least_travel_with_room(priced, state, SERVICE.room(priced))
    assert set(problem.keep) <= set(opened.tolist())
    assert not set(problem.forbid) & set(opened.tolist())
    assert len(opened) <= problem.count
    assert priced.cost[opened].sum() <= budget


@pytest.mark.parametrize("block", range(3))
def test_proves_the_least_travel_of_all_ways(block):
    answers = []
    for seed in range(block * 40, block * 40 + 40):
        problem = small(seed)
        plan, plans = solve(problem, within_capacity("room", "", SERVICE)), ways(problem)
        answers.append(bool(plans))
        if not plans:
            assert plan.status == "infeasible", seed
            continue
        assert plan.status == "optimal", seed
        assert plan.stages[0].value == min(plans.values()), seed
        to = np.where(problem.people > 0, plan.assignment, plan.opened[0])
        assert plans[plan.opened, tuple(to.tolist())] == plan.stages[0].value, seed
    assert 0.2 < np.mean(answers) < 0.98
