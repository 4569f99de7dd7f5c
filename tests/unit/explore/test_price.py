"""Price: what is lost, and between which bounds it lies."""

from dataclasses import replace

from nhcplanner.domain.plan import Plan, Stage
from nhcplanner.explore.price import prices


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
