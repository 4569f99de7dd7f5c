"""Sizes offered, the options of sites, and the sites with the sizes of a plan."""

import numpy as np
import pandas as pd
import pytest

from nhcplanner import InputError, Problem
from nhcplanner.domain.centre_types import AS_IT_IS, Size
from nhcplanner.domain.sizes import (
    ChosenSize,
    SiteSizes,
    as_listed,
    is_free,
    size_rows,
    unused,
    with_chosen,
)

SITES = pd.DataFrame(
    {
        "site_id": ["A", "B", "C"],
        "kind": ["library", "clinic", "land"],
        "status": ["existing", "candidate", "candidate"],
        "capacity": [1000.0, np.nan, 400.0],
        "cost": [np.nan, 50.0, np.nan],
    }
)


def options(*sizes):
    return [
        (row["site"], row["name"], row["capacity"], row["cost"])
        for row in size_rows(SITES, [Size(**size) for size in sizes])
    ]


def test_a_size_applies_to_sites_that_are_not_open_and_an_extension_where_a_capacity_is_known():
    assert options({"name": "small", "capacity": 8}) == [
        (1, "small", 8, None),
        (2, "small", 8, None),
    ]
    assert options({"name": "more", "adds": True, "capacity": 10, "cost": 7}) == [
        (0, AS_IT_IS, 1000, 0.0), (0, "more", 1010, 7.0),
        (2, AS_IT_IS, 400, None), (2, "more", 410, None),
    ]  # fmt: skip
    assert options({"name": "one", "at": ["kind:clinic", "A"]}) == [
        (0, AS_IT_IS, 1000, 0.0), (0, "one", None, None), (1, "one", None, None)
    ]  # fmt: skip


def test_modules_add_their_people_and_pounds_one_by_one():
    size = {"name": "modular", "capacity": 10, "cost": 5, "modules": 2, "module_capacity": 3,
            "module_cost": 1, "at": ["C"]}  # fmt: skip
    assert options(size) == [
        (2, "modular", 10, 5), (2, "modular + 1 module", 13, 6), (2, "modular + 2 modules", 16, 7)
    ]  # fmt: skip


def test_a_size_that_no_site_may_have_is_named():
    assert unused(SITES, [Size(name="a", at=["Z"]), Size(name="b")]) == ["a"]


def test_the_cheapest_size_that_suits_is_taken_and_the_smaller_of_two_of_one_cost():
    rows = [
        {"site": 0, "name": "L", "capacity": 90, "cost": 5, "least_people": 20},
        {"site": 0, "name": "S", "capacity": 40, "cost": 5},
        {"site": 2, "name": "free"},
    ]
    sizes, faults = SiteSizes.of(rows, 3)
    assert not faults
    assert [sizes.fit(np.array([load, 9, load]))[0] for load in (10.0, 30, 41, 91)] == [1, 1, 0, -1]
    assert sizes.fit(np.zeros(3)).tolist() == [1, -1, 2]


def test_the_sizes_of_some_sites_count_from_the_first_of_them():
    rows = [{"site": site, "name": "one", "capacity": site} for site in (1, 3, 4)]
    sizes, _ = SiteSizes.of(rows, 5)
    some = sizes.at_sites(np.array([0, 3, 4]))
    assert (some.site.tolist(), some.capacity.tolist()) == ([1, 2], [3, 4])
    assert sizes.at_sites(np.array([0, 2])) is None


def test_a_problem_has_the_least_cost_and_the_largest_capacity_of_sizes():
    rows = [
        {"site": "X", "name": "S", "capacity": 4, "cost": 3},
        {"site": "X", "name": "L", "capacity": 9, "cost": 8},
    ]
    problem = Problem.from_minutes(
        [[1, 2]], cost=[1, 2], capacity=[5, 5], site_ids=["X", "Y"], sizes=rows, budget=9
    )
    assert (problem.cost.tolist(), problem.capacity.tolist()) == ([3, 2], [9, 5])
    with pytest.raises(InputError, match="have no cost, which a budget needs"):
        Problem.from_minutes([[1]], sizes=[{"site": 0, "name": "S"}], budget=9)


def test_a_plans_sizes_replace_the_lists_figures_and_can_be_taken_back():
    sized = with_chosen(
        SITES, {0: ChosenSize("more", 1010, 7), 1: ChosenSize("any", np.inf, np.nan)}
    )
    assert sized["plan_size"].tolist() == ["more", "any", ""]
    assert sized["capacity"].fillna(-1).tolist() == [1010, -1, 400]
    assert is_free(sized).tolist() == [False, False, False]
    assert is_free(SITES).tolist() == [True, False, False]
    pd.testing.assert_frame_equal(as_listed(sized)[SITES.columns], SITES)
