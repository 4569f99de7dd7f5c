"""Services near centres as goal and rule, against every plan."""

from itertools import combinations

import numpy as np
import pytest

from nhcplanner import InputError, Problem, Scenario
from nhcplanner.models import build_model, solve


@pytest.fixture(scope="module")
def problem():
    random = np.random.default_rng(4)
    return Problem.from_minutes(
        random.integers(1, 40, (12, 7)).astype(float), people=random.integers(1, 50, 12), count=3,
        keep=[2], near={"library": [0, 1, 0, 2, 0, 1, 0], "pharmacy": [1, 1, 0, 0, 0, 3, 1]},
    )  # fmt: skip


KINDS = [1, 2, 0, 1, 0, 2, 1]


def every_plan():
    return [(2, *pair) for number in range(3) for pair in combinations((0, 1, 3, 4, 5, 6), number)]


def covered(problem, opened):
    near = (problem.minutes.toarray()[:, list(opened)] <= 20).any(axis=1)
    return problem.people[near].sum()


def test_most_services_after_most_people_breaks_the_tie(problem):
    plan = solve(*build_model(problem, Scenario(goals=["cover_most=30", "most_services"])))
    most = max(covered(problem, one) for one in every_plan())
    good = [one for one in every_plan() if covered(problem, one) >= 0.7 * most]
    assert plan.status == "optimal" or plan.stages[1].gap == 0
    assert plan.stages[1].value == max(sum(KINDS[j] for j in one) for one in good)


@pytest.mark.parametrize(
    ("rule", "allowed"),
    [("services_near:2", {1, 5}), ("services_near:library", {1, 3, 5}),
     ("services_near:pharmacy=2", {5}), ("services_near:9", set())],
)  # fmt: skip
def test_new_centres_need_services_near_them(problem, rule, allowed):
    plan = solve(*build_model(problem, Scenario(model="max_coverage", rules=[rule])))
    plans = [one for one in every_plan() if set(one) <= allowed | {2}]
    assert plan.status == "optimal"
    assert plan.stages[0].value == max(covered(problem, one) for one in plans)


def test_a_kind_that_is_not_counted_is_refused(problem):
    with pytest.raises(InputError, match="no 'bank' is counted"):
        build_model(problem, Scenario(rules=["services_near:bank"]))
    with pytest.raises(InputError, match="should be like services_near:3"):
        build_model(problem, Scenario(rules=["services_near"]))
