"""Staff for the services that centres lack, against every plan."""

from itertools import combinations

import numpy as np
import pytest

from nhcplanner import Problem, Scenario
from nhcplanner.models import build_model, solve

STAFF = [2.5, 0, 4, 1, 3, 2]


@pytest.mark.parametrize("most", [0, 2, 4.5, 100])
@pytest.mark.parametrize("keep", [(), (3,)])
def test_the_staff_of_all_centres_is_at_most_the_limit(most, keep):
    random = np.random.default_rng(11)
    minutes = random.integers(1, 40, (9, 6)).astype(float)
    people = random.integers(1, 60, 9).astype(float)
    problem = Problem.from_minutes(minutes, people=people, staff=STAFF, keep=keep, count=4)
    plans = [
        one
        for n in range(5)
        for one in combinations(range(6), n)
        if sum(STAFF[j] for j in one) <= most and set(keep) <= set(one)
    ]
    plan = solve(*build_model(problem, Scenario(model="max_coverage", most_staff=most)))
    if not plans:
        assert plan.status == "infeasible"
        return
    near = minutes <= 20
    assert plan.stages[0].value == max(
        people[near[:, list(one)].any(axis=1)].sum() for one in plans
    )
    assert plan.opened in plans
