"""Rows merged where the same sites reach them."""

import numpy as np

from nhcplanner.domain.problem import Problem
from nhcplanner.models.coverage import group_rows, within

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
