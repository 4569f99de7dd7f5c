"""Centres as far apart as possible, against every set of sites."""

from itertools import combinations

import numpy as np
import pytest

from nhcplanner.base.errors import InputError
from nhcplanner.domain.problem import Problem
from nhcplanner.models import GOALS, solve
from nhcplanner.models.catalogue import catalogue, model_of_goals
from nhcplanner.models.dispersion import SpreadGoal, cliques, farthest_first


def scattered(seed: int, sites: int, **more: object) -> Problem:
    rng = np.random.default_rng(seed)
    return Problem.from_minutes(
        rng.integers(1, 30, (3, sites)), site_xy=rng.uniform(0, 9_000, (sites, 2)), **more
    )


def best_of_all(problem: Problem) -> float:
    """The widest least distance of all sets of sites, from rounded coordinates."""
    points, best = np.round(problem.site_xy, 1), 0.0
    for chosen in combinations(range(problem.sites), problem.count):
        if set(problem.keep) <= set(chosen) and not set(problem.forbid) & set(chosen):
            far = [
                float(np.hypot(*(points[i] - points[j])))
                for i, j in combinations(chosen, 2)
                if not {i, j} <= set(problem.keep)
            ]
            best = max(best, min(far))
    return best


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize(("keep", "forbid"), [((), ()), ((0, 1), (2,))])
def test_the_widest_spread_of_all_sets_is_found_and_proved(seed, keep, forbid):
    problem = scattered(seed, 11, count=4, keep=keep, forbid=forbid)
    row = GOALS["widest_spread"]
    base = catalogue["max_coverage"]
    base = type(base)(**{**vars(base), "rules": (*base.rules, *row.rules(""))})
    plan = solve(problem, model_of_goals(base, row.make(problem, ""), (row,)))
    best = best_of_all(problem)
    assert plan.status == "optimal"
    assert len(plan.opened) == 4
    assert plan.stages[0].value == plan.stages[0].bound == best
    goal = SpreadGoal()
    assert goal.limit(problem) >= best
    assert best in goal.levels(problem)


def test_distances_follow_published_coordinates():
    problem = Problem.from_minutes([[1, 1]], site_xy=[[0.04, 0], [3.02, 4.04]], count=2)
    assert SpreadGoal().score(problem, np.array([0, 1])) == 5
    assert SpreadGoal().score(problem, np.array([0])) == 0


def test_sites_that_must_open_are_not_parted():
    problem = Problem.from_minutes(
        [[1, 1, 1]], site_xy=[[0, 0], [1, 0], [9, 0]], keep=[0, 1], count=3
    )
    assert SpreadGoal().score(problem, np.arange(3)) == 8
    alone = Problem.from_minutes([[1, 1]], site_xy=[[0, 0], [1, 0]], keep=[0, 1], count=2)
    assert SpreadGoal().score(alone, np.arange(2)) == 1
    assert SpreadGoal().limit(alone) == 1


def test_the_farthest_first_order_may_begin_with_some_sites():
    line = np.array([[0.0, 0.0], [10.0, 0.0], [4.0, 0.0], [6.0, 0.0]])
    order, radius = farthest_first(line, np.arange(4), 3, np.array([1]))
    assert order.tolist() == [1, 0, 2]
    assert radius == 4
    order, _ = farthest_first(line, np.arange(2), 5)
    assert order.tolist() == [0, 1]


def test_every_pair_is_in_a_clique_and_every_clique_is_of_pairs():
    rng = np.random.default_rng(3)
    points = rng.uniform(0, 1, (40, 2))
    pairs = np.array(
        [(i, j) for i, j in combinations(range(40), 2) if np.hypot(*(points[i] - points[j])) < 0.3]
    )
    found = list(cliques(pairs))
    inside = {pair for sites in found for pair in combinations(sites, 2)}
    assert inside == {(int(i), int(j)) for i, j in pairs}
    assert len(found) < len(pairs) / 2


@pytest.mark.parametrize("more", [{}, {"count": 1}])
def test_a_spread_needs_two_centres_or_more(more):
    with pytest.raises(InputError, match="count of 2 or more"):
        GOALS["widest_spread"].make(scattered(0, 3, **more), "")
