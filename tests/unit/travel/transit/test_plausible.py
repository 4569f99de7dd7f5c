"""Rides that no bus can make, and buses that are not for everybody."""

import pandas as pd
import pytest

from nhcplanner.travel.transit.plausible import school_events, speed_events

STOPS = pd.DataFrame(
    {"stop_id": ["A", "B", "C"], "stop_lat": [52.0, 52.0, 53.0], "stop_lon": [-1.0, -0.9, -1.0],
     "placed": True}, index=[2, 3, 4],
)  # fmt: skip


def calls(*rows):
    times = pd.DataFrame(rows, columns=["trip_id", "stop_id", "arrival_time"])
    return times.assign(departure_time=times["arrival_time"])


@pytest.mark.parametrize(
    ("rows", "count"),
    [
        # A to B: 0.1 degrees of longitude at 52 north, 6.9 km; A to C: 111 km
        ([("t", "A", 0), ("t", "B", 600)], 0),
        ([("t", "A", 0), ("t", "B", 60)], 1),
        ([("t", "A", 0), ("t", "C", 1200)], 1),
        ([("t", "A", 0), ("t", "C", 1700)], 0),
        ([("t", "A", 0), ("u", "C", 60)], 0),
        ([("t", "A", 0), ("t", "B", None)], 0),
    ],
)
def test_rides_faster_than_any_train_are_a_doubt(rows, count):
    events = speed_events(STOPS, calls(*rows))
    assert [event.count for event in events] == [count] * bool(count)


def test_the_stop_of_most_such_rides_is_named_with_its_row():
    rows = [("t", "A", 0), ("t", "C", 60), ("t", "B", 120)]
    assert speed_events(STOPS, calls(*rows))[0].examples[0] == "stop C, row 4 of stops.txt, 2 times"


def test_school_buses_are_counted():
    trips = pd.DataFrame({"trip_id": ["a", "b"], "route_id": ["1", "2"]})
    routes = pd.DataFrame({"route_id": ["1", "2"], "route_type": ["3", "712"]})
    assert [event.count for event in school_events(trips, routes)] == [1]
    assert school_events(trips, routes.assign(route_type="3")) == []
