"""Compose: rules held, sites taken away, plans to start from.

Work: time shared among solves, progress passed through, stop obeyed.
"""

from dataclasses import replace

import numpy as np
import pytest

from nhcplanner.base.errors import InputError
from nhcplanner.domain.plan import Allocation, Plan, Stage
from nhcplanner.domain.problem import Problem
from nhcplanner.explore.subproblems import (
    Work,
    differ_from,
    find_only_centres,
    flag_reached_rows,
    get_model,
    people_by_band,
    prices,
    reached_by_band,
    reached_people,
    restrict_to,
    with_rules,
    with_start,
    without,
    without_reason,
)
from nhcplanner.models import catalogue, solve
from nhcplanner.models.goals import cover_band
from nhcplanner.models.tolerances import hold_goal


def road(**settings) -> Problem:
    """Four villages along a road, 10 minutes apart, a site in each."""
    places = np.arange(4) * 10.0
    settings = {"people": [40, 10, 20, 30], "reach": 5, "count": 1} | settings
    return Problem.from_minutes(np.abs(places[:, None] - places), **settings)


def test_a_model_by_name_or_itself():
    assert get_model("p_median") is catalogue["p_median"]
    assert get_model(catalogue["p_median"]) is catalogue["p_median"]
    with pytest.raises(InputError, match="no model is called 'best'; the catalogue has"):
        get_model("best")


def test_a_rule_more_binds_the_goal():
    problem = road(bands=[2, 2, 1, 1])
    model = with_rules(catalogue["max_coverage"], hold_goal(cover_band(1), 20))
    assert solve(problem, model).opened == (3,)
    assert catalogue["max_coverage"].rules == model.rules[:-1]


def test_a_site_that_cannot_be_had_though_it_stands():
    assert (without(road(keep=[0]), 0).keep, without(road(forbid=[3]), 0).forbid) == ((), (0, 3))


def test_only_some_sites_may_open():
    assert solve(restrict_to(road(), (1, 2)), "max_coverage").opened == (2,)


def test_unlike_counts_the_sites_done_without():
    problem = road(count=2)
    assert solve(problem, "max_coverage").opened == (0, 3)
    one_out = with_rules(catalogue["max_coverage"], differ_from((0, 3), 1))
    assert solve(problem, one_out).opened == (0, 2)
    both_out = with_rules(catalogue["max_coverage"], differ_from((0, 3), 2))
    assert solve(problem, both_out).opened == (1, 2)


class TestWarm:
    def test_a_solve_stopped_at_once_is_no_worse_than_the_plan_known(self):
        bare = replace(catalogue["max_coverage"], start=None)
        plan = solve(road(), with_start(bare, (2,)), progress=lambda _: False)
        assert (plan.opened, plan.status) == ((2,), "feasible")

    def test_its_own_search_wins_where_it_is_better(self):
        plan = solve(road(), with_start(catalogue["max_coverage"], (2,)), progress=lambda _: False)
        assert plan.opened == (0,)

    def test_a_plan_that_breaks_a_rule_is_not_taken(self):
        plan = solve(road(), with_start(catalogue["max_coverage"], (0, 1, 2, 3)))
        assert (plan.opened, plan.stages[0].value) == ((0,), 40)

    def test_goals_that_want_little_are_compared_the_right_way_round(self):
        bare = replace(catalogue["p_median"], start=None)
        plan = solve(road(), with_start(bare, (1,)), progress=lambda _: False)
        assert plan.stages[0].value == 40 * 10 + 20 * 10 + 30 * 20


def test_a_quick_model_says_only_that_no_plan_keeps_the_rules():
    problem = Problem.from_minutes([[5, 99], [99, 5]], people=[1, 1], count=1)
    slow, fast = (
        solve(problem, model)
        for model in (get_model("set_cover"), without_reason(get_model("set_cover")))
    )
    assert slow.status == fast.status == "infeasible"
    assert "everyone must have a centre" in slow.reason
    assert fast.reason == "no plan keeps the rules"


PROBLEM = Problem.from_minutes(np.eye(2), people=[3, 2], count=1)
MODEL = catalogue["max_coverage"]


def test_progress_names_the_part_and_counts_from_the_start_of_all():
    told = []
    work = Work(60, told.append)
    work.solve(PROBLEM, MODEL, "one", 2)
    first = told[-1].seconds
    work.solve(PROBLEM, MODEL, "two")
    assert {report.goal for report in told} == {
        "one: people within reach",
        "two: people within reach",
    }
    assert told[-1].seconds >= first
    assert not work.over


def test_a_caller_that_says_stop_ends_the_work():
    work = Work(60, lambda _: False)
    plan = work.solve(PROBLEM, MODEL, "one")
    assert plan.opened
    assert (work.is_stopped, work.left, work.over) == (True, 0, True)


def test_time_that_is_up_ends_the_work():
    work = Work(1e-9)
    assert work.over
    assert not work.is_stopped


MINUTES = np.where([[1, 1, 0], [1, 0, 0], [0, 1, 1], [0, 0, 0]], 5.0, np.inf)


def test_a_forbidden_site_reaches_nobody():
    problem = Problem.from_minutes(MINUTES, forbid=[1])
    assert flag_reached_rows(problem, (0, 1)).tolist() == [True, True, False, False]
    assert not flag_reached_rows(problem, ()).any()


def test_the_one_site_that_reaches_a_row():
    problem = Problem.from_minutes(MINUTES)
    assert find_only_centres(problem, (0, 1)).tolist() == [-1, 0, 1, -1]
    assert find_only_centres(problem, (2,)).tolist() == [-1, -1, 2, -1]
    assert find_only_centres(problem, ()).tolist() == [-1] * 4


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


def test_people_reached_are_those_whose_own_centre_is_within_reach():
    """Town 0 is shared by sites at 5 and 25 minutes, town 1 goes to the farther of two sites."""
    problem = Problem.from_minutes(
        [[5, 25], [8, 12], [9, 9]], people=[100, 40, 7], bands=[1, 2, 2], reach=10
    )
    sent = Allocation(np.array([0, 0, 1]), np.array([0, 1, 1]), np.array([0.25, 0.75, 1.0]))
    assert reached_people(problem, (0, 1), sent).tolist() == [25, 0, 0]  # town 2 is sent nowhere
    assert reached_by_band(problem, (0, 1), sent) == {1: 25, 2: 0}
    assert reached_by_band(problem, (0, 1)) == {1: 100, 2: 47}
    shut = replace(problem, forbid=(0,))
    assert reached_by_band(shut, (0, 1), sent) == {1: 0, 2: 0}
