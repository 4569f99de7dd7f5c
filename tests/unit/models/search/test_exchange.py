"""Exchanges that better a plan, against every exchange scored by the goals themselves."""

import numpy as np
import pytest

from nhcplanner.domain.problem import Problem
from nhcplanner.models import catalogue
from nhcplanner.models.search.exchange import better_exchanges


def ranks(problem, goals, opened):
    return [goal.score(problem, np.array(sorted(opened))) for goal in goals]


@pytest.mark.parametrize("seed", range(5))
def test_every_better_exchange_of_a_small_problem_is_found_the_best_first(seed):
    random = np.random.default_rng(seed)
    problem = Problem.from_minutes(
        random.integers(0, 60, (40, 8)).astype(float), people=random.integers(0, 90, 40),
        bands=random.integers(1, 4, 40), count=3, reach=20, keep=[1], forbid=[7],
    )  # fmt: skip
    goals = catalogue["lowest_hle_first"].goals(problem)
    opened = {1, 2, 3}
    plans = [opened | {new} for new in range(8)] + [
        opened - {out} | {new} for out in (2, 3) for new in range(8)
    ]
    best = ranks(problem, goals, opened)
    wanted = {
        frozenset(plan) for plan in plans
        if not plan & {7} and {1} <= plan and ranks(problem, goals, plan) > best
    }  # fmt: skip
    found = [set(plan.tolist()) for plan in better_exchanges(problem, goals, np.array([1, 2, 3]))]
    assert {frozenset(plan) for plan in found} == wanted
    assert len(found) == len(wanted)
    scores = [ranks(problem, goals, plan) for plan in found]
    assert scores == sorted(scores, reverse=True)


def test_goals_that_count_no_people_in_reach_have_no_exchanges():
    problem = Problem.from_minutes([[5, 9], [9, 5]], people=[2, 3], count=1)
    goals = catalogue["p_median"].goals(problem)
    assert list(better_exchanges(problem, goals, np.array([0]))) == []
