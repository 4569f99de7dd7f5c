import numpy as np
import pytest

from nhcplanner.districting.blocks import Block
from nhcplanner.districting.search import grow, price, search, seeds
from nhcplanner.domain.neighbourhoods import Bounds


def row(number, people=10.0):
    """Blocks in a row, a minute apart."""
    far = np.abs(np.subtract.outer(np.arange(number), np.arange(number))).astype(float)
    neighbours = tuple(
        np.array([one for one in (i - 1, i + 1) if 0 <= one < number]) for i in range(number)
    )
    heads = np.full(number, people)
    return Block(np.arange(number), heads, heads[:, None] * far, neighbours)


def test_a_row_of_six_is_cut_in_the_middle():
    block = row(6)
    label = search(block, 2, Bounds(30, 20, 40))
    assert label.tolist() == [1, 1, 1, 4, 4, 4]
    assert price(block, label, Bounds(30, 20, 40)) == 40.0


def test_middles_are_spread_out():
    assert seeds(row(9).cost, 3).tolist() == [1, 4, 7]


def test_footprints_grow_in_one_piece():
    block = row(7)
    label = grow(block, np.array([0, 6]))
    assert (label >= 0).all()
    assert all(len(block.pieces(np.flatnonzero(label == one))) == 1 for one in (0, 6))


@pytest.mark.parametrize("people", [5.0, 25.0])
def test_people_beyond_the_bounds_are_priced(people):
    block = row(2, people)
    label = np.array([0, 1])
    assert price(block, label, Bounds(15, 10, 20)) == 2 * 60.0 * 5
