"""The longest journey, level by level."""

import numpy as np

from nhcplanner.base.clock import Clock
from nhcplanner.domain.problem import Problem
from nhcplanner.models.catalogue import catalogue
from nhcplanner.models.goals import least_worst
from nhcplanner.models.longest_journey import best_level

RULES = catalogue["p_centre"].rules
PLACES = np.array([0.0, 10, 22, 31, 50])


def line(**settings) -> Problem:
    return Problem.from_minutes(np.abs(PLACES[:, None] - PLACES), **settings)


def test_finds_and_proves_the_shortest():
    found = best_level(line(count=2), least_worst(), RULES, None, Clock(30), 30)
    assert found.opened.tolist() == [1, 3]
    assert (found.bound, found.impossible) == (19, False)


def test_says_where_no_plan_serves_everyone():
    islands = Problem.from_minutes(np.where(np.eye(3) > 0, 5.0, np.inf), count=2)
    found = best_level(islands, least_worst(), RULES, None, Clock(30), 30)
    assert (found.opened, found.impossible) == (None, True)


def test_without_time_the_bound_is_what_all_sites_reach():
    found = best_level(line(count=1), least_worst(), RULES, np.array([0]), Clock(30), 0)
    assert found.opened.tolist() == [0]
    assert (found.bound, found.impossible) == (0, False)
