"""Plans to start from keep the limits and are good."""

import numpy as np
import pytest
from scipy import sparse

from nhcplanner.base.clock import Clock
from nhcplanner.domain.problem import Problem
from nhcplanner.models import goals, solve
from nhcplanner.models.search.coverage import (
    CoverageCounter,
    Search,
    SearchState,
    best_site,
    most_covered,
)
from nhcplanner.models.search.p_median import least_travel


def clustered(**settings) -> Problem:
    rng = np.random.default_rng(7)
    here, there = rng.uniform(0, 100, (200, 2)), rng.uniform(0, 100, (50, 2))
    minutes = np.hypot(*(here[:, None] - there).transpose(2, 0, 1))
    settings = {"people": rng.integers(500, 3000, 200), "reach": 18} | settings
    return Problem.from_minutes(minutes, bands=np.arange(200) % 3 + 1, **settings)


def state(*wanted, **settings) -> SearchState:
    return SearchState(wanted, seconds=30, clock=entered(), **settings)


def entered() -> Clock:
    clock = Clock(30)
    clock.enter(1, 1, "any")
    return clock


BANDS = (goals.cover_band(1), goals.cover_band(2), goals.cover_band(3))


@pytest.mark.parametrize("rounds", [0, 20])
def test_most_covered_keeps_count_budget_keep_and_forbid(rounds):
    cost = np.random.default_rng(1).integers(1, 9, 50)
    problem = clustered(count=7, budget=30, cost=cost, keep=[3, 4], forbid=[5, 6])
    plan = most_covered(problem, state(goals.cover_most(), rounds=rounds))
    assert {3, 4} <= set(plan.tolist())
    assert not {5, 6} & set(plan.tolist())
    assert len(plan) <= 7
    assert cost[plan].sum() <= 30


def test_most_covered_comes_near_the_best():
    problem = clustered(count=6)
    best = solve(problem, "max_coverage").stages[0].value
    plan = most_covered(problem, state(goals.cover_most(), rounds=40))
    assert 0.99 * best <= goals.cover_most().score(problem, plan) <= best


def test_a_plan_may_hold_sites_that_reach_nobody():
    problem = Problem.from_minutes([[5, 99, 99], [99, 5, 99]], people=[3, 4], count=2)
    search = Search(problem, state(goals.cover_most(), opened=np.array([0, 2])))
    assert sorted(search.around(2, 2)) == [0, 2]


def test_ruin_and_recreate_loses_nothing():
    problem = clustered(count=6)
    first = most_covered(problem, state(*BANDS))
    second = most_covered(problem, state(*BANDS, rounds=10, opened=first))
    before, after = ([g.score(problem, plan) for g in BANDS] for plan in (first, second))
    assert after >= before


def test_a_goal_already_held_is_not_given_up_for_later_ones():
    problem = clustered(count=6)
    first = most_covered(problem, state(*BANDS, rounds=20))
    hold_goal = BANDS[0].score(problem, first)
    enough = (hold_goal, np.inf, np.inf)
    later = most_covered(problem, state(*BANDS, rounds=10, opened=first, enough=enough))
    assert BANDS[0].score(problem, later) >= hold_goal
    assert BANDS[1].score(problem, later) >= BANDS[1].score(problem, first)


def test_the_same_search_gives_the_same_plan():
    problem = clustered(count=6)
    plans = [most_covered(problem, state(goals.cover_most(), rounds=10)) for _ in range(2)]
    assert plans[0].tolist() == plans[1].tolist()


def test_least_travel_comes_near_the_best_within_its_limits():
    problem = clustered(count=5, keep=[1], forbid=[2])
    best = solve(problem, "p_median", time_limit=30).stages[0].value
    plan = least_travel(problem, state(goals.least_travel()))
    assert len(plan) == 5
    assert 1 in plan
    assert 2 not in plan
    assert best <= goals.least_travel().score(problem, plan) <= 1.05 * best


@pytest.mark.parametrize(
    ("gains", "allowed", "site"),
    [
        ([[1, 9], [2, 0], [2, 5]], [True, True, True], 2),
        ([[1, 9], [2, 0], [2, 5]], [True, True, False], 1),
        ([[0, 1], [0, 3]], [True, True], 1),
        ([[0, 0], [0, 0]], [True, True], None),
        ([[5, 5]], [False], None),
    ],
)
def test_the_best_site_gains_most_for_the_first_goal_then_the_next(gains, allowed, site):
    assert best_site(np.array(gains, dtype=float), np.array(allowed)) == site


@pytest.fixture
def case():
    rng = np.random.default_rng(3)
    covers = (rng.random((30, 9)) < 0.3).astype(float)
    weights = rng.integers(0, 5, (30, 2)).astype(float)
    return covers, weights, CoverageCounter(sparse.csr_array(covers), weights)


def test_stays_true_while_sites_open_and_shut(case):
    covers, weights, counter = case
    rng = np.random.default_rng(4)
    for _ in range(40):
        site = int(rng.integers(9))
        (counter.shut if counter.opened[site] else counter.open)(site)
        reached = covers[:, counter.opened].any(axis=1)
        assert counter.covered == pytest.approx(weights[reached].sum(axis=0))
        for shut in np.flatnonzero(~counter.opened):
            new = (covers[:, shut] > 0) & ~reached
            assert counter.gains[shut] == pytest.approx(weights[new].sum(axis=0))


def test_set_opens_just_what_is_wanted(case):
    covers, weights, counter = case
    counter.open(0)
    wanted = np.arange(9) % 2 == 1
    counter.set(wanted)
    assert counter.opened.tolist() == wanted.tolist()
    assert counter.covered == pytest.approx(weights[covers[:, wanted].any(axis=1)].sum(axis=0))


def test_a_site_is_needless_where_others_reach_all_it_reaches():
    counter = CoverageCounter(
        sparse.csr_array([[1.0, 1, 0], [0, 1, 0], [0, 1, 1]]), np.ones((3, 1))
    )
    counter.set(np.array([True, True, False]))
    assert counter.is_needless(0)
    assert not counter.is_needless(1)


def test_sites_near_share_a_row():
    counter = CoverageCounter(
        sparse.csr_array([[1.0, 1, 0, 0], [0, 1, 1, 0], [0, 0, 0, 1]]), np.ones((3, 1))
    )
    assert counter.sites_near(1).tolist() == [0, 1, 2]
    assert counter.sites_near(3).tolist() == [3]
