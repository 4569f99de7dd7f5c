"""People: who is reached, by whom alone.

Price: what is lost, and between which bounds it lies.
"""

from dataclasses import replace

import numpy as np

from nhcplanner.domain.plan import Plan, Stage
from nhcplanner.domain.problem import Problem
from nhcplanner.explore.measures import people_by_band, prices, reached, sole

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


def plan(value, bound, sense="most") -> Plan:
    return Plan((), "feasible", (Stage("goal", value, bound, 0.0, sense),), "", "", 0.0)


def test_where_more_is_better():
    [price] = prices(plan(80, 85), plan(100, 110))
    assert (price.goal, price.lost, price.least, price.most) == ("goal", 20, 15, 30)


def test_where_less_is_better():
    [price] = prices(plan(100, 95, "least"), plan(80, 70, "least"))
    assert (price.lost, price.least, price.most) == (20, 15, 30)


def test_unknown_where_a_bound_or_a_plan_is_missing():
    [price] = prices(plan(80, None), plan(100, 110))
    assert (price.lost, price.least, price.most) == (20, None, 30)
    assert prices(plan(80, 80), replace(plan(1, 1), stages=())) == ()


def test_none_where_the_two_reached_other_goals():
    one = plan(80, 80)
    assert prices(one, replace(one, stages=(*one.stages, *one.stages))) == ()
