"""The tree's plan and bound, against every plan there is."""

from itertools import combinations

import numpy as np
import pytest

from nhcplanner.domain.problem import Problem

pytest.importorskip("numba")

from nhcplanner.models.bounds import median_tree
from nhcplanner.models.bounds.median_tree import MedianTree
from nhcplanner.models.search import medians, near_sites

ROWS, SITES, COUNT = 14, 10, 3


def problem_of(seed: int, size: float = 1.0) -> Problem:
    rng = np.random.default_rng(seed)
    minutes = rng.integers(1, 60, (ROWS, SITES)).astype(float)
    people = rng.integers(1, 30, ROWS) * size
    return Problem.from_minutes(minutes, people=people, count=COUNT, keep=[0], forbid=[5])


def travel(problem: Problem, sites) -> float:
    table = problem.minutes.toarray().astype(float)
    return float(problem.people @ table[:, list(sites)].min(axis=1))


def least(problem: Problem) -> float:
    free = [site for site in range(SITES) if site not in (0, 5)]
    return min(travel(problem, (0, *more)) for more in combinations(free, COUNT - 1))


def tree_of(problem: Problem, sites, step: float, is_over, **more) -> MedianTree:
    table = near_sites.find_near_sites(problem, **more)
    plan = np.isin(np.arange(SITES), sites)
    fixed = np.zeros(SITES, dtype=np.int8)
    fixed[0], fixed[5] = 1, -1
    tree = MedianTree(
        table, COUNT, fixed, plan, travel(problem, sites), lambda s: travel(problem, s), step,
        is_over,
    )  # fmt: skip
    tree.bound_root(medians.open_state(table, plan.copy(), np.zeros(SITES, dtype=bool)))
    return tree


@pytest.mark.parametrize("size", [1e-9, 1e-3, 1.0, 1e9])
@pytest.mark.parametrize("seed", range(12))
def test_proves_the_least_travel_of_all_plans(seed, size):
    problem = problem_of(seed, size)
    best = least(problem)
    tree = tree_of(problem, (0, 1, 2), 1.0 if size == 1 else 1e-6 * best, lambda: False)
    tree.explore(10_000)
    assert not tree.nodes
    assert tree.value == pytest.approx(best, rel=2e-6)
    assert travel(problem, np.flatnonzero(tree.plan)) == tree.value
    assert np.ceil(tree.bound) == best if size == 1 else tree.bound <= best
    assert tree.bound >= best - max(tree.step, 1e-5 * best)


class Stop:
    """Time that is up after some calls, and the bounds of a tree at each call."""

    def __init__(self, calls: int) -> None:
        self.calls, self.bounds = calls, []
        self.tree: MedianTree | None = None

    def __call__(self) -> bool:
        self.calls -= 1
        if self.tree is not None:
            self.bounds.append(self.tree.bound)
        return self.calls < 0


@pytest.mark.parametrize("calls", range(6))
def test_a_tree_that_is_stopped_has_a_true_bound_at_any_time(calls):
    for seed in range(12):
        problem, stop = problem_of(seed), Stop(calls)
        stop.tree = tree_of(problem, (0, 1, 2), 1.0, stop)
        stop.tree.explore(10_000)
        for bound in (*stop.bounds, stop.tree.bound):
            assert np.ceil(bound - 1e-6) <= least(problem)


@pytest.mark.parametrize("pairs", [ROWS, 3 * ROWS])
def test_the_bound_holds_where_far_sites_have_no_entries(pairs):
    for seed in range(12):
        problem = problem_of(seed)
        tree = tree_of(problem, (0, 1, 2), 1.0, lambda: False, most_pairs=pairs)
        tree.explore(10_000)
        assert travel(problem, np.flatnonzero(tree.plan)) == tree.value
        assert np.ceil(tree.bound - 1e-6) <= least(problem) <= tree.value


def test_any_prices_give_a_true_bound():
    for seed in range(20):
        problem = problem_of(seed)
        table = near_sites.find_near_sites(problem)
        rng = np.random.default_rng(seed)
        start = rng.uniform(0, rng.choice([10, 1000, 100_000]), ROWS)
        prices = median_tree.Prices.start(np.minimum(start, table.limit), np.ones(ROWS), SITES)
        fixed = np.zeros(SITES, dtype=np.int8)
        fixed[0], fixed[5] = 1, -1
        best = least(problem)
        aim = median_tree.Aim(COUNT, 2 * best, 2 * best)
        steps = median_tree.Steps(1, 0.6, 8, 0.01, 0.0)
        median_tree.improve_prices(table, fixed, prices, aim, steps)
        assert prices.control[0] <= best
