"""Spokes near an open hub, against every plan."""

from itertools import combinations

import numpy as np
import pytest

from nhcplanner import InputError, Problem, Scenario
from nhcplanner.models import build_model, solve

HUBS = {5: [9, 25, 12, 30, 14, 0], 1: [11, 0, 40, 13, 50, 25.0]}


def problem_of(seed, **limits):
    random = np.random.default_rng(seed)
    minutes = random.integers(1, 40, (10, 6)).astype(float)
    people = random.integers(1, 60, 10).astype(float)
    return Problem.from_minutes(minutes, people=people, count=3, hubs=HUBS, **limits)


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("keep", [(), (2,)])
def test_each_spoke_has_an_open_hub_within_the_minutes(seed, keep):
    problem = problem_of(seed, keep=keep)
    table = problem.minutes.toarray()

    def fits(one):
        return set(keep) <= set(one) and all(
            j in HUBS or j in keep or any(h in one and HUBS[h][j] <= 13 for h in HUBS) for j in one
        )

    plans = [one for n in range(4) for one in combinations(range(6), n) if fits(one)]
    best = max(
        problem.people[(table[:, list(one)] <= 20).any(axis=1)].sum() for one in plans if one
    )
    plan = solve(*build_model(problem, Scenario(model="max_coverage", rules=["near_hub:13"])))
    assert plan.status == "optimal"
    assert plan.stages[0].value == best
    assert fits(plan.opened)


def test_the_rule_needs_hubs_and_minutes():
    bare = Problem.from_minutes([[1, 2]])
    with pytest.raises(InputError, match="needs sites that may be hubs"):
        build_model(bare, Scenario(rules=["near_hub:13"]))
    with pytest.raises(InputError, match="should be like near_hub:20"):
        build_model(bare, Scenario(rules=["near_hub"]))
