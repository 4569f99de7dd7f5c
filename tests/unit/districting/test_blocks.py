import numpy as np
from scipy import sparse

from nhcplanner.districting.blocks import make_block, middles_of, whole_blocks

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
