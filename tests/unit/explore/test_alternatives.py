"""Alternatives: near the best possible, unlike each other, the guarantee said.

Roles: always, often, sometimes, never, and whether that is proved.
"""

import numpy as np
import pytest

from nhcplanner.base.errors import InputError
from nhcplanner.domain.problem import Problem
from nhcplanner.explore import Near, alternatives, roles
from nhcplanner.models import solve


def villages(people=(100, 99, 98, 50), **settings) -> Problem:
    """A site in each village, out of reach of the others."""
    minutes = np.where(np.eye(len(people)) == 1, 5.0, np.inf)
    return Problem.from_minutes(minutes, people=people, **({"count": 1} | settings))


def test_plans_come_best_first_down_to_the_guarantee():
    found = alternatives(villages(), "max_coverage", Near(within=0.02, differ=1))
    assert [plan.opened for plan in found.plans] == [(0,), (1,), (2,)]
    assert (found.complete, found.floors[0].level) == (True, 98)
    assert found.words == (
        "3 plans within 2% of the best possible on every goal. Each leaves out at least 1 centre "
        "of every plan before it. No further plan exists"
    )
    assert found.floors[0].words == (
        "people within reach: at least 98 people in every plan; no plan can reach more than 100"
    )


def test_no_more_plans_than_asked_for():
    found = alternatives(villages(), "max_coverage", Near(0.02, 1, number=2))
    assert [plan.opened for plan in found.plans] == [(0,), (1,)]
    assert found.words.endswith("every plan before it")


def test_a_kept_centre_stands_in_every_plan():
    near = Near(within=0.3, differ=1, number=9)
    found = alternatives(villages(keep=[0], count=2), "max_coverage", near)
    assert [plan.opened for plan in found.plans] == [(0, 1), (0, 2), (0, 3)]


def test_a_goal_that_wants_little_is_held_from_above():
    minutes = np.array([[1.0, 3, 9], [3, 1, 9]])
    problem = Problem.from_minutes(minutes, people=[10, 11], count=1)
    found = alternatives(problem, "p_median", Near(within=0.05, differ=1))
    assert [plan.opened for plan in found.plans] == [(1,), (0,)]
    assert "at most 43 person-minutes in every plan" in found.floors[0].words


def test_every_goal_is_held():
    problem = villages(people=(100, 99, 50, 49), bands=[1, 1, 2, 2], count=2)
    found = alternatives(problem, "lowest_hle_first", Near(0.5, 1))
    assert found.best.opened == (0, 1)
    assert [floor.level for floor in found.floors] == [100, 0]
    assert [plan.opened for plan in found.plans] == [(0, 1), (0, 2), (0, 3), (0,)]


def test_a_best_plan_that_is_not_proved_near_gives_no_guarantee():
    problem = villages(people=(10, 9, 8, 7, 6), count=3)
    hurried = solve(problem, "max_coverage", progress=lambda _: False)
    assert hurried.stages[0].gap > 0.02
    found = alternatives(problem, "max_coverage", best=hurried)
    assert (found.plans, found.complete) == ((), False)
    assert found.words.startswith("No plan is proved within 2% of the best possible")


def test_an_infeasible_problem_says_why():
    found = alternatives(villages(), "set_cover")
    assert (found.plans, found.complete) == ((), True)
    assert "these rules can't all be met" in found.words


def test_a_caller_that_says_stop_has_what_is_done():
    def stop_at_the_third(report) -> bool:
        return not report.goal.startswith("plan 3")

    found = alternatives(villages(), "max_coverage", Near(0.6, 1), progress=stop_at_the_third)
    assert 2 <= len(found.plans) <= 3
    assert not found.complete
    assert found.words.endswith("The search was cut short")


def test_all_faults_at_once():
    with pytest.raises(InputError) as caught:
        Near(within=1.5, differ=0, number=0.5)
    for part in ("within must be", "differ must be", "number must be"):
        assert part in str(caught.value)


def villages_roles(**settings) -> Problem:
    """A site in each village, out of reach of the others."""
    people = [900, 100, 99, 98, 97, 10]
    minutes = np.where(np.eye(len(people)) == 1, 5.0, np.inf)
    return Problem.from_minutes(minutes, people=people, **({"count": 3} | settings))


def test_each_role():
    problem = villages_roles()
    found = alternatives(problem, "max_coverage", Near(within=0.005, differ=1, number=3))
    told = {role.site: role for role in roles(problem, "max_coverage", found)}
    assert [told[site].use for site in (0, 1, 5)] == ["always", "often", "never"]
    assert (told[0].share, told[5].share) == (1, 0)
    assert all(role.proved for role in told.values())
    assert told[4].use == "sometimes"


def test_a_kept_site_is_in_every_plan_and_a_forbidden_one_is_left_out():
    problem = villages_roles(keep=[5], forbid=[1])
    found = alternatives(problem, "max_coverage", Near(within=0.5, differ=1, number=2))
    told = {role.site: role for role in roles(problem, "max_coverage", found)}
    assert (told[5].use, told[5].proved) == ("always", True)
    assert 1 not in told


def test_stopped_at_once_nothing_is_claimed():
    problem = villages_roles()
    found = alternatives(problem, "max_coverage", Near(within=0.005, differ=1, number=3))
    told = roles(problem, "max_coverage", found, progress=lambda _: False)
    assert [(role.use, role.proved) for role in told if role.site == 5] == [("never", False)]


def test_no_roles_without_alternatives():
    problem = villages_roles()
    found = alternatives(problem, "set_cover")
    assert roles(problem, "set_cover", found) == ()


def test_a_centre_that_an_exchange_may_close_is_not_in_every_good_plan():
    # sites 0 and 1 reach the same people; only one plan was asked for, so no search saw the other
    problem = Problem.from_minutes([[5, 5], [99, 99]], people=[100, 40], count=1)
    found = alternatives(problem, "max_coverage", Near(within=0.1, differ=1, number=1))
    assert len(found.plans) == 1
    found_roles = roles(problem, "max_coverage", found, progress=lambda _: False)
    used = {role.site: (role.use, role.proved) for role in found_roles}
    opened = found.plans[0].opened[0]
    assert used == {opened: ("often", True), 1 - opened: ("sometimes", True)}
