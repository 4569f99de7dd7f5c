"""Few centres that reach everyone, none of them needless."""

import numpy as np
import pytest

from nhcplanner.base.clock import Clock
from nhcplanner.domain.problem import Problem
from nhcplanner.models import goals
from nhcplanner.models.search.coverage import SearchState
from nhcplanner.models.search.set_cover import fewest


@pytest.mark.parametrize("rounds", [0, 10])
def test_fewest_reaches_everyone_and_opens_nothing_needless(rounds):
    rng = np.random.default_rng(7)
    here, there = rng.uniform(0, 100, (200, 2)), rng.uniform(0, 100, (50, 2))
    minutes = np.hypot(*(here[:, None] - there).transpose(2, 0, 1))
    problem = Problem.from_minutes(minutes, reach=25, keep=[2])
    problem = problem.rows(problem.covers.sum(axis=1) > 0)
    clock = Clock(30)
    clock.enter(1, 1, "centres")
    plan = fewest(problem, SearchState((goals.fewest_centres(),), 30, clock, rounds))
    reached = problem.covers[:, plan].sum(axis=1)
    assert (reached > 0).all()
    assert 2 in plan
    for site in plan[plan != 2]:
        assert (problem.covers[:, plan[plan != site]].sum(axis=1) == 0).any()
