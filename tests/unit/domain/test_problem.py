import numpy as np
import pytest
from scipy import sparse

from nhcplanner import Problem
from nhcplanner.base.errors import InputError

MINUTES = [[5, 30, np.inf], [20, 8, np.inf], [21, np.inf, np.inf]]


def test_reach_counts_its_end_and_forbidden_sites_reach_nobody():
    problem = Problem.from_minutes(MINUTES, forbid=[1])
    assert problem.covers.toarray().tolist() == [[1, 0, 0], [1, 0, 0], [0, 0, 0]]
    assert problem.unreached.tolist() == [2]


def test_a_row_without_people_is_not_unreached():
    assert Problem.from_minutes(MINUTES, people=[1, 1, 0]).unreached.size == 0


def test_some_rows_of_a_problem():
    part = Problem.from_minutes(MINUTES, people=[1, 2, 3], bands=[1, 2, 2]).rows([0, 2])
    assert part.people.tolist() == [1, 3]
    assert part.bands.tolist() == [1, 2]
    assert part.minutes.shape == (2, 3)


def test_every_fault_is_told_at_once():
    with pytest.raises(InputError) as caught:
        Problem.from_minutes(
            MINUTES,
            people=[1, -2, np.nan],
            bands=[1, 1.5, 1],
            count=-1,
            keep=[7],
            budget=3,
            reach=-1,
        )
    text = str(caught.value)
    for words in ("negative", "missing", "whole numbers", "count", "keep", "cost", "reach"):
        assert words in text


@pytest.mark.parametrize(
    ("name", "given"),
    [
        ("count", np.nan),
        ("count", np.inf),
        ("keep", ["a"]),
        ("forbid", [0.5]),
        ("site_xy", [["a", "b"]] * 3),
    ],
)
def test_what_is_no_number_of_its_kind_is_a_fault(name, given):
    with pytest.raises(InputError, match=name):
        Problem.from_minutes(MINUTES, **{name: given})


def test_lengths_must_fit():
    with pytest.raises(InputError, match="people must hold 3 numbers"):
        Problem.from_minutes(MINUTES, people=[1, 2])
    with pytest.raises(InputError, match="cost must hold 3 numbers"):
        Problem.from_minutes(MINUTES, cost=[1, 2])


def test_unknown_capacity_is_no_limit_but_unknown_cost_is_a_fault():
    assert np.isnan(Problem.from_minutes(MINUTES, capacity=[1, np.nan, 2]).capacity[1])
    with pytest.raises(InputError, match="cost is missing"):
        Problem.from_minutes(MINUTES, cost=[1, np.nan, 2])


@pytest.mark.parametrize(
    ("name", "given"),
    [
        ("people", [1, 1.7e308, 1]),
        ("people", [1, 5e-324, 1]),
        ("people", [10**400, 1, 1]),
        ("cost", [1, 1e31, 1]),
        ("capacity", [1, 1e300, np.nan]),
        ("capacity", [1, np.inf, 1]),
        ("need", [1, -2e31, 1]),
        ("need", [1, 2e-31, 1]),
        ("bands", [1, 1e12, 1]),
        ("reach", np.nan),
        ("reach", 1e300),
        ("count", 10**400),
        ("count", 2**63),
        ("count", "5"),
        ("site_xy", [[0, 0], [1e300, 0], [1, 1]]),
    ],
)
def test_numbers_beyond_all_measure_are_refused_in_one_sentence(name, given):
    with pytest.raises(InputError, match=name) as caught:
        Problem.from_minutes(MINUTES, **{name: given})
    assert len(caught.value.faults) == 1
    assert len(str(caught.value)) < 200


@pytest.mark.parametrize("budget", [np.inf, np.nan, -1, 1e308, 5e-324, 10**400, "3"])
def test_a_budget_beyond_all_measure_is_refused_with_a_hint(budget):
    with pytest.raises(InputError, match="leave it out for no limit"):
        Problem.from_minutes(MINUTES, cost=[1, 2, 3], budget=budget)


@pytest.mark.parametrize("minutes", [1e10, 1e300])
@pytest.mark.parametrize("of", [np.array, sparse.csr_array])
def test_minutes_too_large_to_hold_are_refused_and_not_lost(minutes, of):
    with pytest.raises(InputError, match="write inf for a pair that cannot be reached"):
        Problem.from_minutes(of([[5.0, minutes]]))


def test_amounts_at_the_ends_are_taken_and_minus_nothing_is_nothing():
    problem = Problem.from_minutes(
        [[0, 1e9, -0.0]], people=[1e30], cost=[1e-30, 1e15, -0.0], budget=-0.0, reach=1e9
    )
    assert problem.people[0] == 1e30
    assert not np.signbit([problem.budget, problem.cost[2]]).any()
    assert problem.minutes.toarray().tolist() == [[0, 1e9, 0]]
