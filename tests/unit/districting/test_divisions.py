import numpy as np
import pandas as pd
import pytest
from scipy import sparse

from nhcplanner.base.errors import InputError
from nhcplanner.districting.block_search import Block
from nhcplanner.districting.divisions import (
    divide_again,
    divide_part,
    elsewhere,
    footprints,
    middles,
    number_of,
    numbers_within,
    pieces,
)
from nhcplanner.domain.neighbourhoods import Bounds


@pytest.mark.parametrize(
    ("people", "numbers"),
    [(20_000, []), (50_000, [1]), (68_000, [1, 2]), (72_000, [2]), (151_000, [3, 4, 5])],
)
def test_numbers_come_nearest_to_the_target_first(people, numbers):
    assert numbers_within(people, Bounds()) == numbers


def test_narrow_bounds_may_allow_no_number():
    narrow = Bounds(40_000, 30_000, 50_000)
    assert numbers_within(55_000, narrow) == []
    assert number_of(55_000, narrow) == 1


def test_bounds_must_be_in_order():
    with pytest.raises(InputError, match="no bounds"):
        Bounds(50_000, 60_000, 70_000)


def pair(first, second):
    cost = np.array([[0.0, 3.0], [3.0, 0.0]])
    return Block(np.arange(2), np.array([first, second]), cost, (np.array([1]), np.array([0])))


def test_a_part_that_fits_no_bounds_says_so():
    found = divide_part(pair(90_000.0, 20_000.0), Bounds())
    assert found.status == "outside the bounds"
    assert len(np.unique(found.label)) == 2


def test_a_part_of_one_neighbourhood_needs_no_program():
    found = divide_part(pair(30_000.0, 20_000.0), Bounds())
    assert (found.status, found.value) == ("one neighbourhood", 3.0)
    assert divide_again(pair(30_000.0, 20_000.0), Bounds(), [found.label], 0.3) is None


def test_a_part_of_two_is_proved():
    found = divide_part(pair(40_000.0, 45_000.0), Bounds())
    assert (found.status, found.bound) == ("proved", pytest.approx(0.0))


def test_elsewhere_pairs_footprints_at_their_best():
    people = np.array([5.0, 5.0, 10.0])
    assert elsewhere(people, np.array([0, 0, 1]), np.array([7, 7, 3])) == 0
    assert elsewhere(people, np.array([0, 0, 1]), np.array([7, 3, 3])) == 0.25


CONTACT = sparse.csr_array(np.diag(np.ones(3), 1) + np.diag(np.ones(3), -1))


def test_pieces_are_counted_along_contact():
    assert pieces(np.array([0, 1, 0, 0]), CONTACT, 2).tolist() == [2, 1]


def test_the_middle_has_the_fewest_minutes_of_all_people():
    minutes = sparse.csr_array(
        ([0.0, 4.0, 6.0, 0.0, 2.0], ([0, 1, 0, 1, 2], [0, 0, 1, 1, 2])), shape=(3, 3)
    )
    middle, mean, far = middles(np.array([0, 0, 1]), np.array([30.0, 10.0, 5.0]), minutes, 2)
    assert middle.tolist() == [0, 2]
    assert mean.tolist() == [1.0, 2.0]
    assert far.tolist() == [4.0, 2.0]


def test_a_middle_that_some_people_do_not_reach_does_not_count():
    minutes = sparse.csr_array(([1.0], ([0], [0])), shape=(2, 2))
    middle, mean, _ = middles(np.array([0, 0]), np.array([3.0, 4.0]), minutes, 1)
    assert middle.tolist() == [-1]
    assert np.isnan(mean[0])


def test_the_table_says_what_each_footprint_breaks():
    areas = pd.DataFrame({
        "area_code": list("abcd"), "people": [40_000, 10_000, 20_000, 5_000],
        "block": ["m", "n", "n", "o"], "neighbourhood": ["A", "A", "B", "B"],
        "district_code": ["x", "x", "x", "y"],
    })  # fmt: skip
    minutes = sparse.csr_array(np.full((4, 4), 2.0))
    found = footprints(areas, CONTACT, minutes, Bounds(), ["district_code"])
    assert found["people"].tolist() == [50_000, 25_000]
    assert found["in_bounds"].tolist() == [True, False]
    assert found["pieces"].tolist() == [1, 1]
    assert found["split_blocks"].tolist() == [1, 1]
    assert found["crosses_district_code"].tolist() == [0, 1]
    assert found["minutes"].tolist() == pytest.approx([2.0, 2.0])
