"""The compiled search for most people, against people counted from the full table."""

import numpy as np
import pytest
from scipy import sparse

from nhcplanner.base.clock import Clock
from nhcplanner.domain.problem import Problem
from nhcplanner.models import goals, solve
from nhcplanner.models.search.coverage import SearchState, most_covered

pytest.importorskip("numba")

from nhcplanner.models.search import covers


def table_of(seed: int) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    return (rng.random((80, 20)) < 0.15).astype(float), rng.integers(0, 90, 80).astype(float)


def flags(*sites: int) -> np.ndarray:
    return np.isin(np.arange(20), sites)


def start(seed: int, plan: np.ndarray) -> covers.Cover:
    table, people = table_of(seed)
    return covers.start_cover(sparse.csr_array(table), people, plan, flags(3), ~flags(7))


def test_counts_and_gains_stay_true_while_the_plan_changes():
    table, people = table_of(1)
    cover = start(1, flags(1, 2, 3, 4))
    covers.ruin_and_recreate(cover, 60, 10.0, np.random.default_rng(1))
    is_covered = table[:, cover.is_open].any(axis=1)
    assert cover.times.tolist() == table[:, cover.is_open].sum(axis=1).tolist()
    assert cover.gains == pytest.approx(people * ~is_covered @ table)
    assert cover.is_open.sum() == 4
    assert cover.is_open[3]
    assert not cover.is_open[7]
    assert set(cover.free) | {3} == set(np.flatnonzero(cover.is_open))


@pytest.mark.parametrize("seed", range(3))
def test_the_search_loses_nothing_and_repeats(seed):
    table, people = table_of(seed)
    first = flags(1, 2, 3, 4)
    plans = [
        covers.search_cover(lambda p: start(seed, p), first, 200, lambda _: False) for _ in range(2)
    ]
    assert plans[0].tolist() == plans[1].tolist()
    assert plans[0].sum() == 4
    assert plans[0][3]
    before, after = (people[table[:, p].any(axis=1)].sum() for p in (first, plans[0]))
    assert after >= before


def test_no_time_gives_the_first_plan():
    first = flags(1, 2, 3)
    plan = covers.search_cover(lambda p: start(0, p), first, 200, lambda _: True)
    assert plan.tolist() == first.tolist()


def test_many_rounds_use_it_and_find_the_best_plan():
    table, people = table_of(5)
    minutes = np.where(table > 0, 5.0, np.inf)
    problem = Problem.from_minutes(minutes, people=people, count=4, keep=[3], forbid=[7])
    clock = Clock(30)
    clock.enter(1, 1, "people")
    state = SearchState((goals.cover_most(),), 30, clock, rounds=80)
    plan = most_covered(problem, state)
    best = solve(problem, "max_coverage").stages[0].value
    assert goals.cover_most().score(problem, plan) == best
    assert 3 in plan
    assert 7 not in plan
