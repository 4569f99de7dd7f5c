"""Rows merged where the same sites reach them."""

import numpy as np
from scipy import sparse

from nhcplanner.domain.problem import Problem
from nhcplanner.models.coverage import drop_replaceable_sites, group_rows, within

INF = np.inf
PROBLEM = Problem.from_minutes(
    [[5, 6, INF], [INF, 9, INF], [7, 8, 30], [INF, INF, INF], [1, 1, INF]],
    people=[10, 20, 30, 40, 0],
)


def test_rows_with_the_same_sites_in_reach_are_one():
    groups = group_rows(PROBLEM.covers, PROBLEM.people > 0)
    assert groups.of_row.tolist() == [0, 1, 0, -1, -1]
    assert groups.sites.toarray().tolist() == [[1, 1, 0], [0, 1, 0]]
    assert groups.total(PROBLEM.people).tolist() == [40, 20]


def test_no_rows_make_no_groups():
    groups = group_rows(PROBLEM.covers, np.zeros(5, dtype=bool))
    assert groups.sites.shape == (0, 3)
    assert groups.total(PROBLEM.people).tolist() == []


def test_within_leaves_out_what_is_far_or_forbidden():
    problem = Problem.from_minutes([[0, 5, 9, 10]], forbid=[1])
    table = within(problem, 9)
    assert (table.indices.tolist(), table.data.tolist()) == ([0, 2], [0, 9])


def test_equal_rows_are_found_among_many_whatever_the_numbers_drawn():
    rng = np.random.default_rng(5)
    covers = (rng.random((400, 7)) < 0.5).astype(float)
    wanted = rng.random(400) < 0.8
    groups = group_rows(sparse.csr_array(covers), wanted)
    keys = [
        tuple(row) if some and row.any() else None for row, some in zip(covers, wanted, strict=True)
    ]
    known = list(dict.fromkeys(key for key in keys if key))
    assert groups.of_row.tolist() == [known.index(key) if key else -1 for key in keys]
    assert groups.sites.toarray().tolist() == [list(key) for key in known]


def test_rows_whose_sums_agree_by_chance_are_told_apart(monkeypatch):
    class Draws:
        def __init__(self, seed):
            self.seed = seed

        def integers(self, *_, **__):
            return np.array([1, 2, 3] if self.seed == 0 else [1, 2, 4], dtype=np.uint64)

    monkeypatch.setattr(np.random, "default_rng", Draws)
    groups = group_rows(sparse.csr_array([[1.0, 1, 0], [0, 0, 1], [1, 1, 0]]), np.ones(3, bool))
    assert groups.of_row.tolist() == [0, 1, 0]


def test_sites_alike_and_sites_that_reach_less_are_dropped_together():
    problem = Problem.from_minutes([[5, 5, 5, 99], [5, 5, 99, 99], [99, 99, 99, 5]])
    fewer, replaced_by = drop_replaceable_sites(problem)
    assert fewer.forbid == (1, 2)
    assert replaced_by.tolist() == [0, 0, 0, 3]
