import numpy as np
import pytest
from scipy import sparse

from nhcplanner.districting.block_search import (
    Block,
    grow,
    make_block,
    middles_of,
    price,
    search,
    seeds,
    whole_blocks,
)
from nhcplanner.domain.neighbourhoods import Bounds

ROW = sparse.csr_array(np.diag(np.ones(3), 1) + np.diag(np.ones(3), -1))
PEOPLE = np.array([10.0, 20.0, 30.0, 40.0])


def test_blocks_that_are_no_one_piece_or_too_large_are_split():
    assert whole_blocks(np.array([0, 1, 0, 0]), PEOPLE, ROW, 100).tolist() == [0, 1, 2, 2]
    assert whole_blocks(np.array([0, 1, 0, 0]), PEOPLE, ROW, 60).tolist() == [0, 1, 2, 3]


def test_the_middle_is_the_area_nearest_to_the_people():
    points = np.array([[0.0, 0.0], [1.0, 0.0], [2.0, 0.0], [9.0, 0.0]])
    people = np.array([10.0, 20.0, 31.0, 40.0])
    assert middles_of(np.array([0, 0, 0, 1]), people, points).tolist() == [2, 3]


def test_minutes_people_and_contact_of_blocks_are_those_of_their_areas():
    minutes = np.array([[1.0, 5.0], [2.0, np.inf], [7.0, 1.0], [8.0, 2.0]])
    block = make_block(np.array([0, 0, 1, 1]), PEOPLE, minutes, ROW)
    assert block.people.tolist() == [30.0, 70.0]
    assert block.cost.tolist() == [[10 + 40, np.inf], [210 + 320, 30 + 80]]
    assert [one.tolist() for one in block.neighbours] == [[1], [0]]
    assert [one.tolist() for one in block.pieces(np.array([0, 1]))] == [[0, 1]]


def test_an_area_without_people_may_be_out_of_reach():
    minutes = np.array([[1.0], [np.inf]])
    block = make_block(np.array([0, 0]), np.array([5.0, 0.0]), minutes, ROW[:2][:, :2])
    assert block.cost.tolist() == [[5.0]]


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
