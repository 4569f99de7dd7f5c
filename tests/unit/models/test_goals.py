"""Goals: scored from the minutes, and the same from a program's variables."""

from dataclasses import replace

import numpy as np
import pytest

from nhcplanner.domain.problem import Problem
from nhcplanner.models import goals
from nhcplanner.models.floating_access import most_access
from nhcplanner.models.program import Program

PROBLEM = Problem.from_minutes(
    [[5, 25, np.inf], [12, 12, 30], [20, 3, 8], [5, 25, np.inf]],
    people=[100, 10, 0, 7],
    bands=[1, 2, 2, 1],
)
SUMS = [
    goals.cover_most(), goals.cover_band(1), goals.cover_band(2),
    goals.fewest_centres(), goals.least_travel(), goals.cover_twice(),
    most_access(30), most_access(500),
]  # fmt: skip


def opened(*sites: int) -> np.ndarray:
    return np.array(sites, dtype=np.intp)


@pytest.mark.parametrize("goal", SUMS, ids=lambda goal: goal.name)
@pytest.mark.parametrize("sites", [(0,), (1,), (0, 1), (0, 1, 2)])
def test_the_expression_gives_the_score(goal, sites):
    program = Program(PROBLEM)
    expression = goal(program)
    given = program.values(sites)
    by_solver = sum(share * given[variable.name] for variable, share in expression.items())
    assert by_solver == pytest.approx(goal.score(PROBLEM, opened(*sites)))


def test_scores_by_hand():
    site = opened(1)
    assert goals.cover_most().score(PROBLEM, site) == 10
    assert goals.cover_band(1).score(PROBLEM, site) == 0
    assert goals.least_travel().score(PROBLEM, site) == 107 * 25 + 10 * 12
    assert goals.cover_twice().score(PROBLEM, site) == 0
    assert goals.cover_twice().score(PROBLEM, opened(0, 1)) == 10
    assert goals.least_worst().score(PROBLEM, site) == 25
    assert goals.fewest_centres().score(PROBLEM, site) == 1


def test_negative_weights_count_against_a_plan_and_its_limit_is_never_beaten():
    problem = replace(PROBLEM, need=np.array([1.0, -20.0, 5.0, 2.0]), keep=(1,))
    (goal,) = goals.GOALS["cover_need"].make(problem, "")
    assert goal.score(problem, opened(0)) == 100 + 14 - 200
    assert goal.score(problem, opened(1)) == -200
    assert goal.limit(problem) == 114 - 200  # the site that must open reaches the second row
    assert not goal.by_reach
    program = Program(problem)
    for sites in ((0,), (1,), (0, 2), (2,)):
        expression = goal(program)
        given = program.values(sites)
        by_solver = sum(share * given[variable.name] for variable, share in expression.items())
        assert by_solver == goal.score(problem, opened(*sites))
    (plain,) = goals.GOALS["cover_need"].make(PROBLEM, "")
    assert plain.by_reach


def test_travel_without_a_centre_has_no_end():
    assert goals.least_travel().score(PROBLEM, opened(2)) == np.inf
    assert goals.least_worst().score(PROBLEM, opened()) == np.inf


def test_limits_are_what_all_allowed_sites_together_reach():
    assert goals.cover_most().limit(PROBLEM) == 117
    assert goals.least_travel().limit(PROBLEM) == 107 * 5 + 10 * 12
    assert goals.least_worst().limit(PROBLEM) == 12
    only_last = Problem.from_minutes([[5, 8]], people=[3], forbid=[0])
    assert goals.least_travel().limit(only_last) == 24


def test_levels_are_the_minutes_that_may_be_the_worst():
    assert goals.least_worst().levels(PROBLEM).tolist() == [12, 25, 30]


@pytest.mark.parametrize(
    ("people", "minutes", "travel_is_whole"), [(2, 5, True), (2, 5.5, False), (2.5, 5, False)]
)
def test_travel_is_whole_where_people_and_minutes_are(people, minutes, travel_is_whole):
    problem = Problem.from_minutes([[minutes]], people=[people])
    assert goals.least_travel().whole(problem) == travel_is_whole
    assert goals.cover_most().whole(problem) == (people == 2)


def test_pure_coverage_builds_no_assignments():
    program = Program(PROBLEM)
    goals.cover_most()(program)
    assert "assigned" not in vars(program)
    goals.least_travel()(program)
    assert len(program.assigned) == 7
