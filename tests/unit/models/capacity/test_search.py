"""Rows sent to centres with room for so many."""

import numpy as np
import pytest

from nhcplanner.base.clock import Clock
from nhcplanner.domain.problem import Problem
from nhcplanner.models.capacity.search import CapacitatedTravel, assign, least_travel_with_room
from nhcplanner.models.goals import least_travel
from nhcplanner.models.search.coverage import SearchState

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


MINUTES = [[2, 4, 30], [2, 4, 30], [30, 30, 3]]
PEOPLE = [50, 50, 10]


def start(room: list[float], count: int) -> list[int]:
    problem = Problem.from_minutes(MINUTES, people=PEOPLE, count=count)
    state = SearchState((least_travel(),), 5.0, Clock(10))
    return least_travel_with_room(problem, state, np.array(room)).tolist()


def test_takes_the_nearer_site_where_there_is_room():
    assert start([200, 200, 200], 2) == [0, 2]


def test_takes_the_site_with_room_where_the_nearer_has_too_little():
    assert start([60, 200, 200], 2) == [1, 2]


def test_opens_no_site_that_saves_nothing():
    assert start([200, 200, 200], 3) == [0, 2]


def test_no_exchange_is_better_than_its_bound():
    problem = Problem.from_minutes(MINUTES, people=PEOPLE, count=2)
    costs = CapacitatedTravel(problem, np.array([60.0, 120.0, 60.0]))
    sites = np.array([0, 2])
    bounds = costs.exchanges(sites, costs.send(sites))
    assert bounds[0, 1] <= costs.send(np.array([1, 2])).total
