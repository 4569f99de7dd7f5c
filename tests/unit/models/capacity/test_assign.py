"""Rows sent to centres with room for so many."""

import numpy as np
import pytest

from nhcplanner.models.capacity.assign import assign

FULL = np.array([100.0, 100.0])


def test_each_row_goes_where_it_is_nearest_while_there_is_room():
    way = assign(np.array([[5.0, 9.0], [8.0, 2.0]]), np.array([10.0, 20.0]), FULL)
    assert way.centre.tolist() == [0, 1]
    assert way.total == way.bound == 10 * 5 + 20 * 2
    assert way.fees.tolist() == [0, 0]


def test_a_centre_that_is_too_full_keeps_those_who_would_lose_most():
    minutes = np.array([[5.0, 50.0], [5.0, 6.0]])
    way = assign(minutes, np.array([60.0, 60.0]), FULL)
    assert way.centre.tolist() == [0, 1]
    assert way.fees[0] == pytest.approx(1.0, abs=0.01)
    assert way.bound <= way.total == 60 * 5 + 60 * 6


def test_rows_for_which_there_is_no_room_go_nowhere_and_count_as_very_far():
    way = assign(np.array([[5.0], [6.0]]), np.array([60.0, 60.0]), np.array([100.0]))
    assert sorted(way.centre.tolist()) == [0, 1]
    assert way.total > 60 * 1000


def test_slack_is_what_sending_a_row_elsewhere_adds():
    minutes = np.array([[5.0, 9.0]])
    way = assign(minutes, np.array([10.0]), FULL)
    assert way.slack(minutes, np.array([10.0])).tolist() == [[0.0, 40.0]]
