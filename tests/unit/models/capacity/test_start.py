"""A start where sites have only so much room."""

import numpy as np

from nhcplanner.base.clock import Clock
from nhcplanner.domain.problem import Problem
from nhcplanner.models.capacity.start import CapacitatedTravel, least_travel_with_room
from nhcplanner.models.goals import least_travel
from nhcplanner.models.search.start import SearchState

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
