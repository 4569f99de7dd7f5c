"""Cuts hold for every whole plan, cut off half-open sites, and bring the bound down."""

import time
from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import sparse

from nhcplanner.models.bounds.relaxation import OddCuts, Relaxation, relax
from nhcplanner.models.linear_program import LinearProgram

SITES = 7


def coverage(
    covers: np.ndarray, people: np.ndarray, count: int, everyone: int = 0
) -> LinearProgram:
    """Least -people @ reached, reached <= sites near; the first rows must be reached."""
    areas, sites = covers.shape
    shares = -np.eye(areas)
    shares[:everyone] = 0
    rows = np.vstack([np.hstack([covers, shares]), np.r_[np.ones(sites), np.zeros(areas)]])
    return LinearProgram(
        cost=np.r_[np.zeros(sites), -people],
        low=np.zeros(sites + areas),
        high=np.ones(sites + areas),
        rows=sparse.csc_array(rows),
        row_low=np.r_[np.ones(everyone), np.zeros(areas - everyone), -np.inf],
        row_high=np.r_[np.full(areas, np.inf), count],
    )


def drawn(seed: int, areas: int = 14) -> tuple[LinearProgram, np.ndarray]:
    rng = np.random.default_rng(seed)
    covers = (rng.random((areas, SITES)) < 0.35).astype(float)
    box = coverage(covers, rng.integers(1, 90, areas).astype(float), 2, int(rng.integers(0, 3)))
    return box, np.r_[np.ones(SITES, bool), np.zeros(areas, bool)]


def plans(box: LinearProgram) -> list[np.ndarray]:
    """Every whole plan that keeps the rows, with as much reached as can be."""
    covers = box.rows.toarray()[:-1, :SITES]
    every = [np.array(p, dtype=float) for p in product([0, 1], repeat=SITES)]
    made = [np.r_[p, np.minimum(covers @ p, 1)] for p in every]
    return [values for values in made if box.keeps(values)]


def forever() -> float:
    return time.monotonic() + 60


@given(st.integers(0, 10_000))
@settings(max_examples=150, deadline=None)
def test_every_whole_plan_keeps_every_cut(seed):
    box, whole = drawn(seed)
    rng = np.random.default_rng(seed)
    point = np.r_[rng.choice([0, 0.5], SITES), np.ones(len(whole) - SITES)]
    rows, low = OddCuts(box, whole).find(point, rng.random(box.rows.shape[0]) + 1, forever())
    for values in plans(box):
        assert (rows @ values >= low - 1e-9).all()
        assert (rows @ np.r_[values[:SITES], values[SITES:] / 3] >= low - 1e-9).all()
    assert (rows @ point < low).all()


def test_three_rows_that_share_sites_two_by_two_are_cut_to_two():
    covers = np.array([[1, 1, 0], [0, 1, 1], [1, 0, 1]], dtype=float)
    box = coverage(covers, np.ones(3), 1)
    half = np.r_[np.full(3, 0.5), np.ones(3)]
    whole = np.arange(6) < 3
    rows, low = OddCuts(box, whole).find(half, np.ones(4), forever())
    assert rows.toarray().tolist() == [[1, 1, 1, -1, -1, -1]]
    assert low.tolist() == [-1]
    must = coverage(covers, np.ones(3), 3, everyone=3)
    rows, low = OddCuts(must, whole).find(half, np.ones(4), forever())
    assert rows.toarray().tolist() == [[1, 1, 1, 0, 0, 0]]
    assert low.tolist() == [2]


def test_rows_of_other_shapes_are_not_cut():
    box, whole = drawn(3)
    assert not len(OddCuts(box, ~whole).rows)
    doubled = LinearProgram(box.cost, box.low, 2 * box.high, box.rows, box.row_low, box.row_high)
    assert not len(OddCuts(doubled, whole).rows)
    assert len(OddCuts(box, whole).rows)


@pytest.mark.parametrize("seed", range(30))
def test_bound_and_narrowed_sides_spare_every_better_plan(seed):
    box, whole = drawn(seed)
    costs = {tuple(values): float(box.cost @ values) for values in plans(box)}
    found = relax(box, whole, np.inf, forever(), lambda bound: False)
    assert found.infeasible == (not costs)
    if not costs:
        return
    best = min(costs.values())
    assert found.bound <= best
    for known in (best, best + 20):
        low, high = found.narrow_bounds(box, whole, known)
        for values, cost in costs.items():
            if cost <= known:
                assert (low <= values).all()
                assert (values <= high).all()


def test_what_costs_more_than_the_room_stays_where_it_is():
    box, whole = drawn(1)
    low, high = Relaxation(-50.0, np.array([9, -9, 2, -2, 0, 5, 5.0, *np.ones(14)])).narrow_bounds(
        box, whole, -46.0
    )
    assert low[:SITES].tolist() == [0, 1, 0, 0, 0, 0, 0]
    assert high[:SITES].tolist() == [0, 1, 1, 1, 1, 0, 0]


def clustered(seed: int) -> tuple[LinearProgram, np.ndarray]:
    rng = np.random.default_rng(seed)
    here, there = rng.uniform(0, 100, (250, 2)), rng.uniform(0, 100, (60, 2))
    covers = (np.hypot(*(here[:, None] - there).transpose(2, 0, 1)) < 18).astype(float)
    box = coverage(covers, rng.integers(500, 3000, 250).astype(float), 8)
    return box, np.r_[np.ones(60, bool), np.zeros(250, bool)]


def greedy(box: LinearProgram) -> float:
    """Cost of a plan that opens, one by one, what reaches most more people."""
    covers, people = box.rows.toarray()[:-1, :60], -box.cost[60:]
    left = people.copy()
    for _ in range(8):
        left = left * (1 - covers[:, np.argmax(left @ covers)])
    return float(left.sum() - people.sum())


def test_cuts_bring_the_bound_down_until_it_is_enough_or_stopped():
    box, whole = clustered(4)
    told: list[float] = []

    def tell(bound: float) -> bool:
        told.append(bound)
        return False

    cut = relax(box, whole, greedy(box), forever(), tell)
    plain = relax(box, whole, -np.inf, forever(), lambda bound: False)
    stopped = relax(box, whole, greedy(box), forever(), lambda bound: bound > -np.inf)
    assert cut.bound > plain.bound
    assert stopped.bound == pytest.approx(plain.bound)
    assert max(told) == cut.bound


def test_sites_that_must_open_because_others_are_shut_are_in_the_bound():
    covers = np.kron(np.eye(4), [1.0, 1.0])
    must = coverage(covers, np.zeros(4), 8, everyone=4)
    shut = np.r_[np.tile([1.0, 0.0], 4), np.ones(4)]
    box = LinearProgram(
        np.r_[np.ones(8), np.zeros(4)], must.low, shut, must.rows, must.row_low, must.row_high
    )
    found = relax(box, np.arange(12) < 8, np.inf, forever(), lambda bound: False)
    assert found.bound == pytest.approx(4, abs=1e-3)


def test_no_time_for_cuts_leaves_a_true_bound():
    box, whole = clustered(4)
    rushed = relax(box, whole, greedy(box), time.monotonic(), lambda bound: False)
    assert rushed.bound <= greedy(box)
