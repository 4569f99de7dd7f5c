"""Goals: scored from the minutes, and the same from a program's variables."""

import numpy as np
import pytest

from nhcplanner.base.errors import InputError
from nhcplanner.domain.problem import Problem
from nhcplanner.models import goals
from nhcplanner.models.program import Program

PROBLEM = Problem.from_minutes(
    [[5, 25, np.inf], [12, 12, 30], [20, 3, 8], [5, 25, np.inf]],
    people=[100, 10, 0, 7],
    bands=[1, 2, 2, 1],
)
SUMS = [
    goals.cover_most(), goals.cover_band(1), goals.cover_band(2),
    goals.fewest_centres(), goals.least_travel(),
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
    assert goals.least_worst().score(PROBLEM, site) == 25
    assert goals.fewest_centres().score(PROBLEM, site) == 1


def test_travel_without_a_centre_has_no_end():
    assert goals.least_travel().score(PROBLEM, opened(2)) == np.inf
    assert goals.least_worst().score(PROBLEM, opened()) == np.inf


def test_the_equally_distributed_journey_of_two_people_has_a_closed_form():
    # ln((e^a + e^b) / 2) / kappa = mean + ln(cosh(kappa (b - a) / 2)) / kappa
    people = np.ones(2)
    for kappa, minutes in ((0.05, [10.0, 30.0]), (1e-9, [10.0, 30.0]), (2.0, [0.0, 600.0])):
        half = kappa * (minutes[1] - minutes[0]) / 2
        log_cosh = half + np.log1p(np.exp(-2 * half)) - np.log(2) if half > 1 else half**2 / 2
        if 1e-3 < half <= 1:
            log_cosh = np.log(np.cosh(half))
        expected = np.mean(minutes) + log_cosh / kappa
        value = goals.equally_distributed(np.array(minutes), people, kappa)
        assert value == pytest.approx(expected, rel=1e-12)
    assert goals.equally_distributed(np.array([10.0, 30.0]), people, 0.0) == 20


@pytest.mark.parametrize("epsilon", [1e-6, 0.5, 1, 20])
@pytest.mark.parametrize("sites", [(0,), (0, 1), (0, 1, 2)])
def test_the_sum_of_journey_costs_gives_the_equally_distributed_journey(epsilon, sites):
    goal = goals.least_ede(epsilon, 20)
    program = Program(PROBLEM)
    expression = goal(program)
    given = program.values(sites)
    total = sum(cost * given[variable.name] for variable, cost in expression.items())
    value = goal.score(PROBLEM, opened(*sites))
    assert goal.value_of(PROBLEM, total) == pytest.approx(value, rel=1e-9)
    assert goal.total_of(PROBLEM, value) == pytest.approx(total, rel=1e-9)


def test_an_aversion_beyond_all_numbers_is_refused():
    assert goals.GOALS["least_ede"].make(PROBLEM, "100")
    with pytest.raises(InputError, match="too averse"):
        goals.GOALS["least_ede"].make(PROBLEM, "300")


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
