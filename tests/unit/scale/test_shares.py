import numpy as np
import pytest

from nhcplanner.domain.errors import InputError
from nhcplanner.domain.problem import Problem
from nhcplanner.scale.parts import parts_of
from nhcplanner.scale.shares import limits_of, shared_out

MANY = np.array([99, 99, 99])
NONE = np.zeros(3, dtype=np.int64)


def test_centres_go_out_in_proportion():
    assert shared_out(10, np.array([500.0, 300, 200]), NONE, MANY).tolist() == [5, 3, 2]


def test_what_is_open_already_stays_and_counts():
    already = np.array([0, 4, 0])
    assert shared_out(10, np.array([500.0, 300, 200]), already, MANY).tolist() == [4, 4, 2]


def test_no_part_has_more_than_it_has_sites_for():
    most = np.array([1, 99, 0])
    assert shared_out(10, np.array([500.0, 300, 200]), NONE, most).tolist() == [1, 9, 0]
    assert shared_out(10, np.array([500.0, 300, 200]), NONE, np.array([1, 2, 0])).sum() == 3


def test_nobody_gets_no_further_centre():
    assert shared_out(4, np.array([0.0, 10, 0]), NONE, np.array([9, 2, 9])).tolist() == [0, 2, 0]


def test_a_count_below_what_is_open_is_refused():
    with pytest.raises(InputError, match="count is 2, but 3 centres are open"):
        shared_out(2, np.array([1.0, 1]), np.array([2, 1]), np.array([9, 9]))


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
    with pytest.raises(InputError, match="nobody is there"):
        limits_of(bandless, parts_of(bandless, np.array(["a"]), np.array(["a"])), "first_band")
