"""Robustness: a plan tried in other cases."""

import numpy as np

from nhcplanner.domain.problem import Problem
from nhcplanner.explore import other_people, other_reach, robustness, site_failures
from nhcplanner.models import solve


def road(**settings) -> Problem:
    """Four villages along a road, 10 minutes apart, a site in each."""
    places = np.arange(4) * 10.0
    settings = {"people": [40, 10, 20, 30], "reach": 5, "count": 2} | settings
    return Problem.from_minutes(np.abs(places[:, None] - places), **settings)


def test_each_case_is_planned_afresh_and_compared():
    problem = road()
    plan = solve(problem, "max_coverage")
    found = robustness(other_reach(problem, [5, 10]), "max_coverage", plan)
    assert [(case.name, case.people) for case in found.tried] == [
        ("5 minutes", 70),
        ("10 minutes", 100),
    ]
    assert [case.prices[0].lost for case in found.tried] == [0, 0]
    assert (found.opens, found.complete) == ({0: 1, 3: 1}, True)


def test_how_often_a_site_stays_counts_only_cases_that_allow_it():
    problem = road()
    plan = solve(problem, "max_coverage")
    found = robustness(site_failures(problem, plan), "max_coverage", plan)
    first, second = found.tried
    assert (first.name, first.people, first.best.opened) == ("without site 0", 30, (2, 3))
    assert (second.people, second.prices[0].lost, second.prices[0].most) == (40, 20, 20)
    assert found.opens == {0: 1, 3: 1, 2: 1}


def test_a_site_that_growth_elsewhere_pushes_out():
    problem = road(bands=[1, 1, 2, 2])
    plan = solve(problem, "max_coverage")
    cases = other_people(problem, "as now", 0) | other_people(problem, "boom", [0, 0, 1, 0])
    found = robustness(cases, "max_coverage", plan)
    assert found.opens == {0: 1, 3: 0.5, 2: 0.5}
    assert found.tried[1].by_band == {1: 40, 2: 30}
    assert found.tried[1].prices[0].lost == 10


def test_a_case_without_a_plan_has_no_prices():
    problem = road(reach=10)
    plan = solve(problem, "set_cover")
    found = robustness(other_reach(problem, [5]), "set_cover", plan)
    [case] = found.tried
    assert (case.best.status, case.prices) == ("infeasible", ())
    assert found.complete


def test_a_caller_that_says_stop_has_the_cases_so_far():
    problem = road()
    plan = solve(problem, "max_coverage")
    cases = other_reach(problem, [5, 10, 15])
    found = robustness(cases, "max_coverage", plan, progress=lambda r: "10" not in r.goal)
    assert found.tried[0].name == "5 minutes"
    assert len(found.tried) < 3
    assert not found.complete
