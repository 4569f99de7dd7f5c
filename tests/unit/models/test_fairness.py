"""Rules on groups of people: the program and the check agree, and the words say them."""

import itertools
from dataclasses import replace

import numpy as np
import pytest

from nhcplanner.domain.problem import Problem
from nhcplanner.models import fairness, solve
from nhcplanner.models.catalogue import Model
from nhcplanner.models.goals import fewest_centres

MINUTES = [[5, 15, 40], [40, 5, 15], [40, 40, 5]]
RULES = {
    "floor of all": fairness.floor("everyone", "", 0.6),
    "floor of a group": fairness.floor("side", "west", 1.0),
    "within minutes": fairness.within_minutes(15, 0.9),
    "reachable": fairness.reachable(1.0),
    "backup": fairness.backup(0.2),
    "backup where possible": fairness.backup_where_possible(1.0),
}


def problem() -> Problem:
    return Problem.from_minutes(
        MINUTES,
        people=[10, 20, 70],
        reach=10,
        row_groups={"side": ["west", "west", "east"]},
    )


@pytest.mark.parametrize("name", RULES)
def test_the_program_opens_as_few_centres_as_the_check_allows(name):
    rule = RULES[name]
    sets = [
        np.array(chosen, dtype=np.intp)
        for number in range(4)
        for chosen in itertools.combinations(range(3), number)
    ]
    numbers = [len(opened) for opened in sets if rule.is_kept(problem(), opened)]
    plan = solve(problem(), Model("few", "", lambda _: (fewest_centres(),), (rule,)))
    if not numbers:
        assert plan.status == "infeasible"
    else:
        assert len(plan.opened) == min(numbers)
        assert rule.is_kept(problem(), np.array(plan.opened, dtype=np.intp))


@pytest.mark.parametrize(
    ("name", "sites", "kept"),
    [
        ("floor of all", [2], True),  # 70 of 100
        ("floor of all", [0, 1], False),  # 30 of 100
        ("floor of a group", [0, 1], True),
        ("floor of a group", [1, 2], False),
        ("within minutes", [1, 2], True),  # all: 15, 5 and 5 minutes
        ("within minutes", [2], True),  # 90 of 100
        ("within minutes", [0, 1], False),  # 30 of 100
        ("reachable", [0], True),
        ("reachable", [], False),
        ("backup", [0, 1, 2], False),  # nobody has two within 10 minutes
    ],
)
def test_shares_by_hand(name, sites, kept):
    assert RULES[name].is_kept(problem(), np.array(sites, dtype=np.intp)) == kept


def test_a_floor_for_everyone_can_be_kept_where_it_only_just_holds():
    # Steps of 10 minutes: everyone is within 10 of the second and fourth of five sites.
    places = np.arange(5) * 10.0
    road = Problem.from_minutes(
        np.abs(places[:, None] - places), people=[100, 10, 300, 20, 50], reach=10
    )
    rule = fairness.floor("everyone", "", 1.0)
    plan = solve(road, Model("few", "", lambda _: (fewest_centres(),), (rule,)))
    assert plan.status == "optimal"
    assert len(plan.opened) == 2


def test_people_who_cannot_have_two_centres_are_counted():
    assert fairness.without_backup(problem()) == (
        "100 people can't have two centres within 10 minutes: fewer than two sites that may open "
        "are in reach of them"
    )
    wider = replace(problem(), reach=15.0)
    assert fairness.without_backup(wider).startswith("70 people")
    assert fairness.without_backup(replace(problem(), reach=40.0)) == ""
    rule = fairness.backup_where_possible(0.6)
    assert rule.is_kept(wider, np.array([0, 1, 2]))
    assert rule.is_kept(wider, np.array([1, 2]))  # 20 of the 30 who can have two
    assert not rule.is_kept(wider, np.array([0, 1]))  # 10 of 30
