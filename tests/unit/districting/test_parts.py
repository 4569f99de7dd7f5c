import numpy as np
import pytest

from nhcplanner.base.errors import InputError
from nhcplanner.districting.blocks import Block
from nhcplanner.districting.parts import (
    divide_again,
    divide_part,
    elsewhere,
    number_of,
    numbers_within,
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
