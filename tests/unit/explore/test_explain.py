"""Explain: what only a centre reaches, what a site would add, what letting it in costs."""

import numpy as np
import pytest

from nhcplanner.domain.errors import InputError
from nhcplanner.domain.problem import Problem
from nhcplanner.explore import explain
from nhcplanner.models import solve


def shared(**settings) -> Problem:
    """Sites 0 and 1 share the first area; each has one of its own; site 2 has the last."""
    minutes = np.where([[1, 1, 0], [1, 0, 0], [0, 1, 0], [0, 0, 1]], 5.0, np.inf)
    asked = {"people": [10, 40, 30, 20], "bands": [1, 2, 2, 1], "count": 2}
    return Problem.from_minutes(minutes, **(asked | settings))


def test_a_centre_is_told_by_what_only_it_reaches():
    problem = shared()
    told = explain(problem, "max_coverage", solve(problem, "max_coverage"))
    first, second = told.centres
    assert (first.site, first.reaches, first.only) == (0, {1: 10, 2: 40}, {1: 0, 2: 40})
    assert (second.site, second.reaches, second.only) == (1, {1: 10, 2: 30}, {1: 0, 2: 30})
    assert not first.must


def test_a_refused_site_is_told_by_what_it_adds_and_the_exchange():
    problem = shared()
    [refused] = explain(problem, "max_coverage", solve(problem, "max_coverage")).candidates
    assert (refused.site, refused.adds) == (2, {1: 20, 2: 0})
    assert refused.exchange.out == 1
    [change] = refused.exchange.changes
    assert (change.before, change.after, change.gain, change.unit) == (80, 70, -10, "people")


def test_the_exchange_goes_by_the_goals_in_order():
    problem = shared()
    plan = solve(problem, "lowest_hle_first")
    [refused] = explain(problem, "lowest_hle_first", plan).candidates
    assert (plan.opened, refused.site, refused.exchange.out) == ((0, 2), 1, 0)
    assert [change.gain for change in refused.exchange.changes] == [0, -10]


def test_a_site_for_which_there_is_room_shuts_no_centre():
    problem = shared(count=3)
    plan = solve(shared(), "max_coverage")
    [refused] = explain(problem, "max_coverage", plan).candidates
    assert (refused.exchange.out, refused.exchange.changes[0].gain) == (None, 20)


def test_a_centre_that_must_stay_is_not_exchanged():
    problem = shared(keep=[1])
    plan = solve(problem, "max_coverage")
    told = explain(problem, "max_coverage", plan)
    assert [(c.site, c.must) for c in told.centres] == [(0, False), (1, True)]
    assert told.candidates[0].exchange.out == 0


def test_no_exchange_where_the_rules_bar_every_one():
    problem = shared(cost=[1, 1, 9], budget=2, count=None)
    [refused] = explain(problem, "max_coverage", solve(problem, "max_coverage")).candidates
    assert refused.exchange is None


def test_a_forbidden_site_is_left_out_and_only_sites_asked_for_are_told():
    problem = shared(forbid=[2])
    plan = solve(problem, "max_coverage")
    assert explain(problem, "max_coverage", plan).candidates == ()
    assert [c.site for c in explain(problem, "max_coverage", plan, [1]).centres] == [1]


def test_an_unknown_model_is_told():
    problem = shared()
    with pytest.raises(InputError, match="no model is called 'best'"):
        explain(problem, "best", solve(problem, "max_coverage"))
