"""tests.unit.scale.test_parts"""

import numpy as np
import pytest

from nhcplanner.base.errors import InputError
from nhcplanner.domain.problem import Problem
from nhcplanner.models import solve
from nhcplanner.scale.parts import apportion, limits_of, parts_of, problem_of_part

FAR = np.inf
HOMES = np.array(["n", "n", "s", "s"])
GROUNDS = np.array(["n", "n", "s", "s", "s"])


def border(**given) -> Problem:
    """Site 2 lies south and is reached from row 1, north of the border; site 4 only from row 3."""
    minutes = [
        [5, 9, FAR, FAR, FAR],
        [25, 30, 8, 8, FAR],
        [FAR, FAR, 5, 30, FAR],
        [FAR, FAR, 30, 5, 7],
    ]
    people = [10, 20, 30, 40]
    return Problem.from_minutes(minutes, people=people, count=2, **given)


def test_a_part_knows_its_own_sites_and_the_centres_around_it():
    problem = border(keep=[2, 4])
    north, south = parts_of(problem, HOMES, GROUNDS)
    assert (north.name, north.own.tolist(), north.around.tolist()) == ("n", [0, 1], [2])
    assert (south.name, south.own.tolist(), south.around.tolist()) == ("s", [2, 3, 4], [])


def test_a_candidate_across_the_border_may_not_open():
    problem = border()
    north, _ = parts_of(problem, HOMES, GROUNDS)
    assert north.sites.tolist() == [0, 1]


def test_the_minutes_of_a_part_are_those_of_the_whole():
    problem = border(keep=[2])
    for part in parts_of(problem, HOMES, GROUNDS):
        asked = problem_of_part(problem, part, 1, None)
        whole = problem.minutes.toarray()[np.ix_(part.rows, part.sites)]
        assert np.array_equal(asked.minutes.toarray(), whole)
        assert np.array_equal(asked.people, problem.people[part.rows])


def test_a_centre_across_the_border_serves_and_takes_nothing_of_count_and_budget():
    problem = border(keep=[2], cost=[1.0, 1, 7, 1, 1], budget=100.0)
    north, south = parts_of(problem, HOMES, GROUNDS)
    asked = problem_of_part(problem, north, 1, 3.0)
    assert (asked.keep, asked.count, asked.budget) == ((2,), 2, 10.0)
    plan = solve(asked, "max_coverage")
    assert len(plan.opened) == 2
    assert plan.stages[0].value == 30
    assert problem_of_part(problem, south, 1, 3.0).count == 1


def test_sites_that_must_stay_shut_do_so_in_their_part():
    problem = border(forbid=[1, 3])
    north, south = parts_of(problem, HOMES, GROUNDS)
    assert problem_of_part(problem, north, 1, None).forbid == (1,)
    assert problem_of_part(problem, south, 1, None).forbid == (1,)


def test_rules_on_alike_sites_speak_of_own_sites_alone():
    problem = border(keep=[2], site_groups={"kind": list("abaab"), "site_id": list("12345")})
    north, _ = parts_of(problem, HOMES, GROUNDS)
    asked = problem_of_part(problem, north, 1, None)
    assert asked.site_groups["kind"].tolist() == ["a", "b", ""]
    assert asked.site_groups["site_id"].tolist() == ["1", "2", "3"]


MANY = np.array([99, 99, 99])
NONE = np.zeros(3, dtype=np.int64)


def test_centres_go_out_in_proportion():
    assert apportion(10, np.array([500.0, 300, 200]), NONE, MANY).tolist() == [5, 3, 2]


def test_what_is_open_already_stays_and_counts():
    already = np.array([0, 4, 0])
    assert apportion(10, np.array([500.0, 300, 200]), already, MANY).tolist() == [4, 4, 2]


def test_no_part_has_more_than_it_has_sites_for():
    most = np.array([1, 99, 0])
    assert apportion(10, np.array([500.0, 300, 200]), NONE, most).tolist() == [1, 9, 0]
    assert apportion(10, np.array([500.0, 300, 200]), NONE, np.array([1, 2, 0])).sum() == 3


def test_nobody_gets_no_further_centre():
    assert apportion(4, np.array([0.0, 10, 0]), NONE, np.array([9, 2, 9])).tolist() == [0, 2, 0]


def test_a_count_below_what_is_open_is_refused():
    with pytest.raises(InputError, match="count is 2, but 3 centres are open"):
        apportion(2, np.array([1.0, 1]), np.array([2, 1]), np.array([9, 9]))


def halves(**given) -> tuple[Problem, tuple]:
    """Two parts: north of 300 people, 30 of them in band 1; south of 100, 60 of them."""
    problem = Problem.from_minutes(
        [[5, 9, 90, 90], [5, 9, 90, 90], [90, 90, 5, 9], [90, 90, 5, 9]],
        people=[30, 270, 60, 40],
        bands=[1, 2, 1, 2],
        **given,
    )
    rows = np.array(["n", "n", "s", "s"])
    return problem, parts_of(problem, rows, rows)


def test_each_part_may_have_the_count_and_the_budget():
    problem, parts = halves(count=2, budget=9.0, cost=[1.0, 1, 1, 1])
    assert limits_of(problem, parts, "each") == [(2, 9.0), (2, 9.0)]


def test_count_is_shared_out_by_people_or_by_people_of_the_first_band():
    problem, parts = halves(count=2)
    assert limits_of(problem, parts, "people") == [(2, None), (0, None)]
    assert limits_of(problem, parts, "first_band") == [(1, None), (1, None)]


def test_money_is_shared_out_once_committed_sites_are_paid_for():
    problem, parts = halves(budget=50.0, cost=[10.0, 5, 5, 5], keep=[0])
    assert limits_of(problem, parts, "people") == [(None, 40.0), (None, 10.0)]


def test_what_cannot_be_shared_out_is_told():
    problem, parts = halves()
    with pytest.raises(InputError, match="there is no share 'fairly'"):
        limits_of(problem, parts, "fairly")
    with pytest.raises(InputError, match="nothing to share out"):
        limits_of(problem, parts, "people")
    bandless = Problem.from_minutes([[5.0]], bands=[0], count=1)
    with pytest.raises(InputError, match="no people to share out by"):
        limits_of(bandless, parts_of(bandless, np.array(["a"]), np.array(["a"])), "first_band")
