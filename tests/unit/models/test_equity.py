"""Goals of equity, from their own minutes and as expressions of a program."""

import numpy as np
import pytest

from nhcplanner.base.errors import InputError
from nhcplanner.domain.problem import Problem
from nhcplanner.models import GOALS, equity, solve
from nhcplanner.models.catalogue import SITE_RULES, Model
from nhcplanner.models.program import Program

PROBLEM = Problem.from_minutes(
    [[5, 25, np.inf], [12, 12, 30], [20, 3, 8], [5, 25, np.inf]],
    people=[100, 10, 0, 7],
    row_groups={"side": ["west", "east", "east", "north"], "none": ["", "", "a", ""]},
)


def opened(*sites: int) -> np.ndarray:
    return np.array(sites, dtype=np.intp)


def test_the_equally_distributed_journey_of_two_people_has_a_closed_form():
    # ln((e^a + e^b) / 2) / kappa = mean + ln(cosh(kappa (b - a) / 2)) / kappa
    people = np.ones(2)
    for kappa, minutes in ((0.05, [10.0, 30.0]), (1e-9, [10.0, 30.0]), (2.0, [0.0, 600.0])):
        half = kappa * (minutes[1] - minutes[0]) / 2
        log_cosh = half + np.log1p(np.exp(-2 * half)) - np.log(2) if half > 1 else half**2 / 2
        if 1e-3 < half <= 1:
            log_cosh = np.log(np.cosh(half))
        expected = np.mean(minutes) + log_cosh / kappa
        value = equity.equally_distributed(np.array(minutes), people, kappa)
        assert value == pytest.approx(expected, rel=1e-12)
    assert equity.equally_distributed(np.array([10.0, 30.0]), people, 0.0) == 20


@pytest.mark.parametrize("epsilon", [1e-6, 0.5, 1, 20])
@pytest.mark.parametrize("sites", [(0,), (0, 1), (0, 1, 2)])
def test_the_sum_of_journey_costs_gives_the_equally_distributed_journey(epsilon, sites):
    goal = equity.least_ede(epsilon, 20)
    program = Program(PROBLEM)
    expression = goal(program)
    given = program.values(sites)
    total = sum(cost * given[variable.name] for variable, cost in expression.items())
    value = goal.score(PROBLEM, opened(*sites))
    assert goal.value_of(PROBLEM, total) == pytest.approx(value, rel=1e-9)
    assert goal.total_of(PROBLEM, value) == pytest.approx(total, rel=1e-9)


def test_an_aversion_beyond_all_numbers_is_refused():
    assert GOALS["least_ede"].make(PROBLEM, "100")
    with pytest.raises(InputError, match="too averse"):
        GOALS["least_ede"].make(PROBLEM, "300")


@pytest.mark.parametrize("name", ["worst_group", "worst_group_minutes"])
@pytest.mark.parametrize("sites", [(0,), (0, 1), (0, 1, 2)])
def test_the_expressions_of_worst_groups_give_their_scores(name, sites):
    for goal in GOALS[name].make(PROBLEM, "side"):
        program = Program(PROBLEM)
        expression = goal(program)
        given = program.values(sites)
        by_solver = sum(share * given[variable.name] for variable, share in expression.items())
        assert by_solver == pytest.approx(goal.score(PROBLEM, opened(*sites)))
        for row in program.lp.constraints():
            total = sum(share * given[variable.name] for variable, share in row.items())
            assert row.getLb() is None or total >= row.getLb() - 1e-9


def test_scores_of_worst_groups_by_hand():
    first, second, third = GOALS["worst_group"].make(PROBLEM, "side")
    assert [goal.score(PROBLEM, opened(1)) for goal in (first, second, third)] == [0, 0, 100]
    means = GOALS["worst_group_minutes"].make(PROBLEM, "side")
    assert [goal.score(PROBLEM, opened(1)) for goal in means] == [25, 50, 62]
    assert means[0].score(PROBLEM, opened(2)) == np.inf


def test_the_worst_group_comes_first_whichever_it_is():
    # One centre of three: the shares of a, b and c are (1, 0, .6), (.5, .4, .5) or (.4, .9, .9).
    people = [5, 5, 4, 6, 6, 4, 5]
    covered = [[1, 1, 0], [1, 0, 1], [0, 1, 1], [0, 0, 1], [1, 1, 1], [0, 0, 1], [0, 0, 0]]
    labels = ["a", "a", "b", "b", "c", "c", ""]
    minutes = np.where(np.array(covered) == 1, 10, 30)
    problem = Problem.from_minutes(minutes, people=people, count=1, row_groups={"side": labels})
    model = Model("", "", lambda p: GOALS["worst_group"].make(p, "side"), SITE_RULES)
    plan = solve(problem, model)
    # a: 100, 50, 50; b: 0, 40, 100; c: 60, 60, 100: the third has the best worst, 50
    assert plan.opened == (2,)
    assert [stage.value for stage in plan.stages] == pytest.approx([50, 150, 250])
    assert plan.status == "optimal"


def test_groups_without_people_and_many_groups():
    with pytest.raises(InputError, match="no none has people"):
        GOALS["worst_group"].make(PROBLEM, "none")
    labels = [str(n) for n in range(8)]
    problem = Problem.from_minutes(np.full((8, 2), 5), row_groups={"ward": labels})
    made = GOALS["worst_group"].make(problem, "ward")
    assert len(made) == 6
    assert made[-1].name.endswith("sum of the 8 worst-off")


def test_a_gap_is_the_same_however_few_people_there_are():
    problem = Problem.from_minutes(
        [[5], [5], [50]], people=np.array([1, 1, 3]) * 1e-12, row_groups={"side": ["a", "b", "b"]}
    )
    assert equity.narrowest_gap("side", "a", "b").score(problem, opened(0)) == pytest.approx(75)
