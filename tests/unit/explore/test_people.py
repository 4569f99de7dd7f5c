"""People: who is reached, by whom alone."""

import numpy as np

from nhcplanner.domain.problem import Problem
from nhcplanner.explore.people import people_by_band, reached, sole

MINUTES = np.where([[1, 1, 0], [1, 0, 0], [0, 1, 1], [0, 0, 0]], 5.0, np.inf)


def test_a_forbidden_site_reaches_nobody():
    problem = Problem.from_minutes(MINUTES, forbid=[1])
    assert reached(problem, (0, 1)).tolist() == [True, True, False, False]
    assert not reached(problem, ()).any()


def test_the_one_site_that_reaches_a_row():
    problem = Problem.from_minutes(MINUTES)
    assert sole(problem, (0, 1)).tolist() == [-1, 0, 1, -1]
    assert sole(problem, (2,)).tolist() == [-1, -1, 2, -1]
    assert sole(problem, ()).tolist() == [-1] * 4


def test_people_of_each_band_those_in_none_too():
    problem = Problem.from_minutes(MINUTES, people=[1, 2, 4, 8], bands=[2, 0, 2, 1])
    rows = np.array([True, True, True, False])
    assert people_by_band(problem, rows) == {0: 2, 1: 0, 2: 5}
