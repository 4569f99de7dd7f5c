"""Least regret: one plan for several scenarios, and what cannot be asked."""

import numpy as np
import pytest

from nhcplanner.base.errors import InputError
from nhcplanner.domain.problem import Problem
from nhcplanner.explore import least_regret


def towns(people, **settings) -> Problem:
    """Two towns with a site each, and a site between them that reaches half of each."""
    minutes = np.where([[1, 0, 1], [1, 0, 0], [0, 1, 1], [0, 1, 0]], 5.0, np.inf)
    return Problem.from_minutes(minutes, people=people, **({"count": 1} | settings))


def test_the_plan_between_is_best_in_the_worst_case():
    now = towns([50, 50, 10, 10])
    later = towns([10, 10, 50, 50])
    found = least_regret({"now": now, "later": later})
    assert {name: plan.opened for name, plan in found.alone.items()} == {"now": (0,), "later": (1,)}
    assert found.plan.opened == (2,)
    assert found.regrets == {"now": 40, "later": 40} == found.most_regrets
    [stage] = found.plan.stages
    assert (stage.value, stage.bound, found.plan.status) == (40, 40, "optimal")


def test_a_site_that_may_fail_counts_for_nothing_where_it_does():
    whole = towns([50, 50, 10, 10], count=2)
    failed = towns([50, 50, 10, 10], count=2, forbid=[0])
    found = least_regret({"whole": whole, "failed": failed})
    assert found.plan.opened == (0, 2)
    assert found.regrets == {"whole": 10, "failed": 10}


def test_a_site_kept_in_one_scenario_is_open_in_all():
    found = least_regret({"now": towns([9, 9, 1, 1], keep=[1]), "later": towns([9, 9, 1, 1])})
    assert found.plan.opened == (1,)
    assert found.regrets == {"now": 0, "later": 16}


def test_scenarios_that_no_plan_fits_together_say_so():
    here, there = towns([9, 9, 1, 1], keep=[1]), towns([9, 9, 1, 1], keep=[0])
    found = least_regret({"here": here, "there": there})
    assert found.plan.status == "infeasible"
    assert found.plan.reason.startswith("all scenarios together: 2 sites must open")


def test_a_scenario_without_a_plan_is_named():
    found = least_regret({"clash": towns([9, 9, 1, 1], keep=[1], forbid=[1])})
    assert found.plan.status == "infeasible"
    assert found.plan.reason.startswith("clash: 1 site must both open and not open")


def test_all_faults_at_once():
    one = towns([1, 1, 1, 1], cost=[1, 1, 1], budget=2)
    other = Problem.from_minutes([[5, 5]], count=2, cost=[1, 2], budget=9)
    with pytest.raises(InputError) as caught:
        least_regret({"one": one, "other": other})
    for part in ("has 2 sites", "a count of 2", "a budget of 9", "different cost"):
        assert part in str(caught.value)
    with pytest.raises(InputError, match="a scenario at least"):
        least_regret({})


@pytest.mark.parametrize("unit", [1.0, 2.0**-30, 2.0**40])
def test_the_least_regret_is_the_same_whatever_people_are_counted_in(unit):
    minutes = [[5, 15, 99], [99, 15, 5]]
    people = np.array([60.0, 50.0]) * unit
    near = Problem.from_minutes(minutes, people=people, count=1, reach=10)
    far = Problem.from_minutes(minutes, people=people, count=1, reach=20)
    found = least_regret({"near": near, "far": far})
    assert found.plan.opened == (0,)
    assert {name: people / unit for name, people in found.regrets.items()} == pytest.approx(
        {"near": 0.0, "far": 50.0}
    )
