"""What a solve does where its search for a goal comes back with nothing."""

from dataclasses import replace

import numpy as np
import pytest

from nhcplanner.domain.problem import Problem
from nhcplanner.models import catalogue, solve
from nhcplanner.models.rules import apart
from nhcplanner.models.stages.search import Search

MINUTES = [[5, 90, 90, 90], [90, 5, 90, 90], [90, 90, 5, 90], [90, 90, 90, 5]]


@pytest.fixture
def crowded():
    """Two of four sites may open, but the two that reach most people stand too near each other."""
    problem = Problem.from_minutes(
        MINUTES,
        people=[100, 90, 10, 5],
        count=2,
        site_xy=np.array([[0, 0], [100, 0], [5_000, 0], [9_000, 0]], dtype=float),
    )
    model = catalogue["max_coverage"]
    return problem, replace(model, rules=(*model.rules, apart(1_000)))


def test_a_search_that_finds_nothing_goes_on_from_any_plan(crowded, monkeypatch):
    problem, model = crowded
    search, plans = Search.sum, []

    def fruitless_at_first(searching, goal, seconds, bound):
        plans.append(searching.hold.opened)
        return bound if len(plans) == 1 else search(searching, goal, seconds, bound)

    monkeypatch.setattr(Search, "sum", fruitless_at_first)
    plan = solve(problem, model, time_limit=20)
    assert plans[0] is None
    assert plans[1] is not None
    assert (plan.status, plan.opened) == ("optimal", (0, 2))


def test_no_best_is_told_of_what_breaks_a_rule(crowded):
    problem, model = crowded
    told = []
    plan = solve(problem, model, time_limit=20, progress=lambda report: told.append(report.best))
    assert plan.stages[0].value == 110
    assert max((best for best in told if best is not None), default=0) <= 110
