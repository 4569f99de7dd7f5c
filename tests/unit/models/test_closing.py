"""Centres of today that may shut, with the loss of access as a rule, against every plan."""

from itertools import combinations

import numpy as np
import pytest

from nhcplanner import InputError, Problem, Scenario
from nhcplanner.models import build_model, solve

PEOPLE = np.array([30, 20, 10, 40, 15, 25, 5, 35.0])
TODAY = (0, 1)


@pytest.fixture(scope="module")
def problem():
    random = np.random.default_rng(7)
    minutes = random.integers(1, 45, (8, 6)).astype(float)
    minutes[6, :2] = np.inf  # nobody of row 6 reaches a centre today, so it has no limit
    return Problem.from_minutes(minutes, people=PEOPLE, count=2, today=TODAY)


def every_plan(most=2):
    return [one for n in range(most + 1) for one in combinations(range(6), n)]


def nearest(problem, opened):
    table = problem.minutes.toarray()
    table[table == 0] = np.inf
    return table[:, list(opened)].min(axis=1, initial=np.inf)


def share_kept(problem, opened, more):
    now = nearest(problem, TODAY)
    some = np.isfinite(now)
    near = nearest(problem, opened)[some] <= now[some] + more
    return PEOPLE[some][near].sum() / PEOPLE[some].sum()


@pytest.mark.parametrize("line", ["no_farther:0", "no_farther:4", "no_farther:12",
                                  "no_farther:5=80", "no_farther:0=60"])  # fmt: skip
def test_the_best_plan_under_the_rule_is_that_of_every_plan(problem, line):
    more, _, percent = line.removeprefix("no_farther:").partition("=")
    fitting = [
        one for one in every_plan()
        if share_kept(problem, one, float(more)) >= float(percent or 100) / 100 - 1e-9
    ]  # fmt: skip
    plan = solve(*build_model(problem, Scenario(model="max_coverage", rules=[line])))
    if not fitting:
        assert plan.status == "infeasible"
        assert "minutes farther from a centre than today" in plan.reason
        return
    best = max(PEOPLE[nearest(problem, one) <= 20].sum() for one in fitting)
    assert plan.status == "optimal"
    assert plan.stages[0].value == best
    assert plan.opened in fitting


def test_lines_that_are_no_such_rule_are_refused(problem):
    for line in ("no_farther", "no_farther:x", "no_farther:5=0", "no_farther:90"):
        with pytest.raises(InputError, match="should be like no_farther:10"):
            build_model(problem, Scenario(rules=[line]))
