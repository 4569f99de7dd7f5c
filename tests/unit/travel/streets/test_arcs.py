import numpy as np

from nhcplanner.travel.streets.arcs import TurnArcs, join

ARCS = TurnArcs(*np.array([[0, 1, 2], [1, 0, 3], [5, 6, 7], [0, 0, 4], [0, 1, 0]]))


def test_a_step_tells_the_two_directions_of_a_street_apart():
    assert ARCS.step.tolist() == [0, 1, 8]


def test_some_arcs_and_others_joined_are_those_there_were():
    some = ARCS.some(np.array([True, False, True]))
    assert some.head.tolist() == [1, 3]
    again = join(some, ARCS.some(np.array([1])))
    assert [column.tolist() for column in again] == [
        [0, 2, 1], [1, 3, 0], [5, 7, 6], [0, 4, 0], [0, 0, 1],
    ]  # fmt: skip
