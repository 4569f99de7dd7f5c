"""Trips of people along a plan's assignment, with every value worked out by hand."""

import numpy as np
import pytest

from nhcplanner.domain.journeys import journeys_of, median_of_groups, on_points, pair_minutes, trips
from nhcplanner.domain.plan import Allocation
from nhcplanner.domain.travel_times import as_minutes

INF = np.inf
MINUTES = as_minutes([[5, 12], [8, 14], [25, 9]])
PEOPLE = np.array([100.0, 200.0, 300.0])
SENT = Allocation(np.array([0, 1, 1, 2]), np.array([0, 0, 1, 1]), np.array([1.0, 0.25, 0.75, 1.0]))


def test_without_an_allocation_everyone_goes_to_the_nearest_open_site():
    found = trips(MINUTES, PEOPLE, (0, 1))
    assert found.rows.tolist() == [0, 1, 2]
    assert found.minutes.tolist() == [5, 8, 9]
    assert found.people.tolist() == [100, 200, 300]


def test_a_row_that_is_shared_has_a_trip_to_each_centre():
    found = trips(MINUTES, PEOPLE, (0, 1), SENT)
    assert found.rows.tolist() == [0, 1, 1, 2]
    assert found.people.tolist() == [100, 50, 150, 300]
    assert found.minutes.tolist() == [5, 8, 14, 9]
    assert found.served.all()
    assert found.sums(found.minutes <= 10, 3).tolist() == [100, 50, 300]
    assert found.median_minutes(3).tolist() == [5, 14, 9]  # 150 of 200 people need 14 minutes


def test_people_whom_no_open_centre_serves_are_beyond_every_limit():
    some = Allocation(SENT.rows[:2], SENT.sites[:2], SENT.shares[:2])
    found = trips(MINUTES, PEOPLE, (0, 1), some)
    assert found.rows.tolist() == [0, 1, 1, 2]
    assert found.people.tolist() == [100, 50, 150, 300]
    assert found.minutes.tolist() == [5, 8, INF, INF]
    assert found.served.tolist() == [True, True, False, False]
    closed = trips(MINUTES, PEOPLE, (0,), SENT)  # site 1 shuts: its people are served by nobody
    assert closed.people[~closed.served].tolist() == [150, 300]


def test_a_row_without_people_has_a_trip_to_the_nearest_site():
    found = trips(MINUTES, np.array([100.0, 0.0, 300.0]), (1,), SENT)
    assert found.rows.tolist() == [0, 1, 2]
    assert found.minutes.tolist() == [INF, 14, 9]  # row 0 is sent to a site that is shut
    assert found.people.tolist() == [100, 0, 300]


def test_rounding_of_the_solver_leaves_nobody_out():
    nearly = Allocation(np.array([0]), np.array([0]), np.array([1 - 1e-8]))
    assert len(trips(MINUTES[:1], PEOPLE[:1], (0, 1), nearly).rows) == 1


def test_a_pair_beyond_the_horizon_has_no_minutes_and_zero_minutes_are_known():
    table = as_minutes([[0, INF], [INF, 7]])
    rows, sites = np.array([0, 0, 1, 1]), np.array([0, 1, 0, 1])
    assert pair_minutes(table, rows, sites).tolist() == [0, INF, INF, 7]
    assert pair_minutes(as_minutes([[INF]]), rows[:1], sites[:1]).tolist() == [INF]


def test_points_of_two_kinds_of_household_are_sent_together():
    """Points of 10 and 20 people without a car, and of 30 and none with one."""
    people = np.array([10.0, 20.0, 30.0, 0.0])
    sent = Allocation(np.array([0, 1, 2]), np.array([0, 0, 1]), np.ones(3))
    found = on_points(sent, people, 2)
    assert found.rows.tolist() == [0, 1, 0]
    assert found.sites.tolist() == [0, 0, 1]
    assert found.shares.tolist() == [0.25, 1, 0.75]


def test_half_of_a_group_have_no_more_than_its_median():
    minutes = np.array([1.0, 2.0, 3.0, INF, 4.0])
    weight, group = np.array([1.0, 1.0, 2.0, 1.0, 1.0]), np.array([0, 0, 0, 1, 1])
    assert median_of_groups(minutes, weight, group, 3).tolist() == [2, 4, INF]


def test_an_origin_is_repeated_for_each_of_its_trips(two_centres, times_of_two_centres):
    place, journeys = journeys_of(two_centres, times_of_two_centres, (0, 1), 10.0, SENT)
    assert place.origins["area_code"].str[-1].tolist() == ["1", "2", "2", "3"]
    assert place.origins["people"].tolist() == [100, 50, 150, 300]
    assert journeys.before.tolist() == [5, 8, 8, 25]
    assert journeys.after.tolist() == [5, 8, 14, 9]
    same, _ = journeys_of(two_centres, times_of_two_centres, (0, 1), 10.0)
    assert same is two_centres


@pytest.mark.parametrize("rows", [[0, 1, 2], [1, 2]])
def test_an_allocation_goes_to_fewer_rows_and_back(rows):
    fewer = SENT.among_rows(np.array(rows))
    back = fewer.on_rows(np.array(rows))
    kept = np.isin(SENT.rows, rows)
    assert back.rows.tolist() == SENT.rows[kept].tolist()
    assert back.shares.tolist() == SENT.shares[kept].tolist()
