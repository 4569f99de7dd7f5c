"""The compiled search for least travel, against travel worked out from the full table."""

from itertools import product

import numpy as np
import pytest

from nhcplanner.domain.problem import Problem

pytest.importorskip("numba")

from nhcplanner.models.search import medians, near_sites


def problem_of(seed: int, rows: int = 60, sites: int = 25, **limits) -> Problem:
    rng = np.random.default_rng(seed)
    here, there = rng.uniform(0, 60, (rows, 2)), rng.uniform(0, 60, (sites, 2))
    minutes = np.hypot(*(here[:, None] - there).transpose(2, 0, 1))
    defaults = {"count": 5, "people": rng.integers(0, 90, rows)}
    return Problem.from_minutes(minutes, **defaults | limits)


def travel(problem: Problem, is_open: np.ndarray) -> float:
    table = problem.minutes.toarray().astype(float)
    return float(problem.people @ table[:, is_open].min(axis=1))


def search_of(problem: Problem, **more) -> medians.MedianSearch:
    table = near_sites.find_near_sites(problem, **more)
    return medians.MedianSearch(problem, table, lambda: False)


@pytest.mark.parametrize("seed", range(4))
def test_no_swap_betters_the_first_plan(seed):
    problem = problem_of(seed, keep=[3], forbid=[7])
    search = search_of(problem)
    search.start()
    is_open = search.state.is_open
    assert is_open.sum() == 5
    assert is_open[3]
    assert not is_open[7]
    assert search.value == pytest.approx(travel(problem, is_open))
    for out, into in product(np.flatnonzero(is_open), np.flatnonzero(~is_open)):
        if out != 3 and into != 7:
            other = is_open.copy()
            other[[out, into]] = False, True
            assert travel(problem, other) >= search.value * (1 - 1e-8)


@pytest.mark.parametrize("size", [1e-9, 1.0, 1e9])
def test_restarts_lose_nothing_and_keep_the_figures_true(size):
    problem = problem_of(9, people=np.arange(60) * size, keep=[3], forbid=[7])
    search = search_of(problem)
    search.start()
    before = search.value
    search.restart(200)
    is_open = search.state.is_open
    assert is_open.sum() == 5
    assert is_open[3]
    assert not is_open[7]
    assert search.value <= before
    assert search.value == pytest.approx(travel(problem, is_open))


def test_the_same_search_gives_the_same_plan():
    plans = []
    for _ in range(2):
        search = search_of(problem_of(5))
        search.start()
        search.restart(100)
        plans.append(search.state.is_open.tolist())
    assert plans[0] == plans[1]
