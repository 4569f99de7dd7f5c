"""Sites of each row, nearest first, on tables worked out by hand."""

import numpy as np
import pytest

from nhcplanner.domain.problem import Problem
from nhcplanner.models.goal_types import JourneyCost

pytest.importorskip("numba")

from nhcplanner.models.search import near_sites


def test_entries_of_a_row_are_its_allowed_sites_nearest_first():
    problem = Problem.from_minutes([[9, 3, 5], [4, 8, 2], [1, 1, 1]], people=[2, 10, 0], forbid=[2])
    table = near_sites.find_near_sites(problem)
    assert table.starts.tolist() == [0, 2, 4]
    assert table.sites.tolist() == [1, 0, 0, 1]
    assert table.travel.tolist() == [6, 18, 40, 80]
    assert table.limit.tolist() == [2 * 10_000, 10 * 10_000]


def test_of_more_pairs_the_nearest_are_held_and_the_next_is_the_limit():
    problem = Problem.from_minutes([[9, 3, 5], [4, 8, 2]], people=[2, 10])
    table = near_sites.find_near_sites(problem, most_pairs=4)
    assert table.sites.tolist() == [1, 2, 2, 0]
    assert table.limit.tolist() == [18, 80]


def test_each_site_knows_its_entries():
    table = near_sites.find_near_sites(Problem.from_minutes([[9, 3, 5], [4, 8, 2]]), most_pairs=4)
    assert table.ends.tolist() == [0, 1, 2, 4]
    assert table.rows.tolist() == [1, 0, 0, 1]
    assert table.entries.tolist() == [3, 0, 1, 2]


def test_costs_of_journeys_may_grow_faster_than_minutes():
    problem = Problem.from_minutes([[9, 3, 5], [4, 8, np.inf]], people=[2, 7])
    cost = JourneyCost(0.5)
    table = near_sites.find_near_sites(problem, most_pairs=4, cost=cost)
    assert table.sites.tolist() == [1, 2, 0, 1]
    by_hand = [people * (np.exp(minutes / 2) - 1) * 2 for people, minutes in
               ((2, 3), (2, 5), (7, 4), (7, 8))]  # fmt: skip
    assert table.travel.tolist() == pytest.approx(by_hand)
    assert table.limit[0] == pytest.approx(4 * (np.exp(4.5) - 1))
    assert 7 * 2 * np.exp(4.5) < table.limit[1] < np.inf
