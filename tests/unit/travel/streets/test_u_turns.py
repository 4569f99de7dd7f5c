import numpy as np
import pytest

from nhcplanner.travel.streets.u_turns import TurnArcs, WayRound, join

# Two-way streets: 0 from node 0 to 1, 1 from 1 on to 2, 2 from 1 up to 3, 3 from 2 round to 3,
# 4 from 2 to the dead end 4. Arc 2n goes along street n, arc 2n + 1 against it.
ENDS = np.array([[0, 1], [1, 2], [1, 3], [2, 3], [2, 4]])
MINUTES = np.array([1.0, 1.0, 2.0, 3.0, 0.5])


@pytest.fixture
def arcs():
    both = np.concatenate([ENDS, ENDS[:, ::-1]], axis=1).reshape(-1, 2)
    street = np.repeat(np.arange(5), 2)
    against = np.tile([0, 1], 5)
    return TurnArcs(both[:, 0], both[:, 1], MINUTES[street], street, against)


def test_one_must_not_turn_back_within_half_of_the_way_round(arcs):
    """From street 0 up street 2: on by 1, to the dead end and back, and by 1 again: 3 minutes."""
    near = WayRound(arcs, {0: {4}}).arcs_near()
    assert near.tolist() == [2, 6, 8, 9]  # entered within 1.5 minutes of node 1


def test_without_a_dead_end_the_way_round_is_longer(arcs):
    """On by 1 and 3 to node 3, and down 2 to node 1 and back: none; so all that one may reach."""
    shut = arcs.some(np.arange(8))
    near = WayRound(shut, {0: {4}}).arcs_near()
    assert {2, 5, 6} <= {*near.tolist()}


def test_where_turning_back_costs_little_the_search_ends_early(arcs):
    shut = arcs.some(np.arange(8))
    near = WayRound(shut, {0: {4}}, u_turn=0.2).arcs_near()
    assert near.tolist() == [1, 2, 6]  # entered within half of 1 + 0.2 + 1 minutes


def test_a_turn_back_itself_needs_no_search(arcs):
    assert WayRound(arcs, {0: {1}}).arcs_near().tolist() == []


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
