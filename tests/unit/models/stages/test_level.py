"""The best plan and the goals held."""

import numpy as np
import pytest

from nhcplanner.domain.problem import Problem
from nhcplanner.models.catalogue import SITE_RULES, Model
from nhcplanner.models.goals import cover_most, fewest_centres
from nhcplanner.models.stages.level import Hold


@pytest.fixture
def hold() -> Hold:
    """Three villages of 30, 20 and 10 people with a site each; two sites may open."""
    minutes = np.where(np.eye(3) == 1, 5.0, 99.0)
    problem = Problem.from_minutes(minutes, people=[30, 20, 10], count=2)
    goals = (cover_most(), fewest_centres())
    return Hold(problem, Model("both", "", lambda _: goals, SITE_RULES))


def sites(*positions: int) -> np.ndarray:
    return np.array(positions, dtype=np.intp)


def test_only_better_plans_that_keep_the_rules_are_taken(hold):
    assert not hold.take(sites(0, 1, 2))
    assert hold.take(sites(1, 2))
    assert not hold.take(sites(2))
    assert hold.take(sites(0, 1))
    assert hold.value(hold.goals[0]) == 50


def test_a_goal_done_is_a_rule_for_the_next(hold):
    hold.take(sites(0, 1))
    rule = hold.close(hold.goals[0], 50.0, 0.1)
    assert rule is not None
    assert hold.goals_left == 1
    assert hold.enough == (50, np.inf)
    assert not hold.keeps_rules(sites(0))
    assert hold.keeps_rules(sites(0, 1))


def test_the_last_goal_is_not_held_and_a_bound_is_no_worse_than_the_value(hold):
    hold.take(sites(0, 1))
    hold.close(hold.goals[0], 49.0, 0.0)
    assert hold.stages[0].bound == 50
    assert hold.close(hold.goals[1], 1.0, 0.0) is None
    assert hold.stages[1].held is None


def test_sites_alike_in_reach_are_one():
    problem = Problem.from_minutes([[5, 6, 99], [99, 99, 5]], count=1)
    model = Model("most", "", lambda _: (cover_most(),), SITE_RULES)
    hold = Hold(problem, model)
    assert hold.problem.forbid == (1,)
    hold.take(sites(1))
    assert hold.sites.tolist() == [0]
