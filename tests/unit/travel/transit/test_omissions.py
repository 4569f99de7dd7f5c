"""Single stops, trips and rows that cannot be used go; the rest of the feed stays."""

import pandas as pd
import pytest

from nhcplanner.base.errors import InputError
from nhcplanner.travel.transit import Feed, Timetable
from nhcplanner.travel.transit.omissions import school_events, speed_events

TIMES = "trip_id,stop_sequence,stop_id,arrival_time,departure_time"
GOOD = "t1,1,A,07:10:00,07:10:00\nt1,2,B,07:16:00,07:16:00"
TWO = "trip_id,service_id\nt1,daily\nt2,daily"


def events(path):
    return [str(event) for event in Feed.read(path).events]


@pytest.mark.parametrize(
    ("rows", "words"),
    [
        ("t2,1,A,08:00:00,08:00:00\nt2,2,B,07:59:00,07:59:00",
         "1 trip left out: its arrival lies before the stop before it (row 5, 't2')"),
        ("t2,1,A,08:00:00,08:00:00\nt2,2,B,,\nt2,3,C,07:59:00,07:59:00",
         "1 trip left out: its arrival lies before the stop before it (row 6, 't2')"),
        ("t2,1,A,08:01:00,08:00:00\nt2,2,B,08:10:00,08:10:00",
         "1 trip left out: its departure lies before the arrival (row 4, 't2')"),
        ("t2,1,A,08:00:00,08:00:00",
         "1 trip left out: has fewer than two calls, and so carries nobody (row 4, 't2')"),
        ("t2,1,A,,\nt2,2,B,08:00:00,08:00:00",
         "1 call left out: has no time at an end of its trip (row 4, 't2')"),
        ("t2,1,Z,08:00:00,08:00:00\nt2,2,B,08:10:00,08:10:00",
         "1 call left out: names a stop that is not in stops.txt (row 4, 'Z')"),
        ("t9,1,A,08:00:00,08:00:00\nt9,2,B,08:10:00,08:10:00",
         "2 calls left out: names a trip that is not in trips.txt (row 4, 't9')"),
        ("t1,2,B,07:16:00,07:16:00",
         "1 row left out: repeats another row (row 4, 't1')"),
    ],
)  # fmt: skip
def test_bad_trips_and_calls_go_and_are_counted(write, rows, words):
    path = write(stop_times=f"{TIMES}\n{GOOD}\n{rows}", trips=TWO)
    assert f"stop_times.txt: {words}" in events(path)
    calls = Timetable.read(path, "2025-06-03").calls
    assert calls.arrival.tolist() == [25800, 26160]


def test_a_trip_of_no_service_goes(write):
    times = f"{TIMES}\n{GOOD}\nt2,1,A,08:00:00,08:00:00\nt2,2,B,08:10:00,08:10:00"
    path = write(stop_times=times, trips="trip_id,service_id\nt1,daily\nt2,gone")
    expected = "1 trip left out: names a service that is not in either calendar (row 3, 'gone')"
    assert events(path) == [f"trips.txt: {expected}"]
    assert Timetable.read(path, "2025-06-03").report["trips"] == 1


@pytest.mark.parametrize(
    ("place", "words"),
    [
        (",", "has no coordinates (row 3, 'B')"),
        ("0,0", "lies off the map, far from Great Britain (row 3, 'B (0, 0)')"),
        ("-3,51.6", "lies off the map, far from Great Britain (row 3, 'B (-3, 51.6)')"),
        ("91,400", "lies off the map, far from Great Britain (row 3, 'B (91, 400)')"),
    ],
)
def test_a_stop_without_a_place_goes_and_its_trips_stay(write, place, words):
    stops = f"stop_id,stop_lat,stop_lon\nA,51.6,-3\nB,{place}\nC,51.7,-3\nunused,,"
    path = write(stops=stops)
    assert events(path) == [f"stops.txt: 1 stop left out: {words}"]
    timetable = Timetable.read(path, "2025-06-03")
    assert timetable.stop_id.tolist() == ["A", "C"]
    assert timetable.calls.arrival.tolist() == [25800, 26520]


def test_a_stop_without_a_place_still_lends_its_time_to_others(write):
    """From 07:10 at A over two blank calls to 07:40 at D, which lies nowhere: 07:20, 07:30."""
    stops = "stop_id,stop_lat,stop_lon\nA,51.6,-3\nB,51.62,-3\nC,51.7,-3\nD,0,0"
    times = f"{TIMES}\nt1,1,A,07:10:00,07:10:00\nt1,2,B,,\nt1,3,C,,\nt1,4,D,07:40:00,07:40:00"
    calls = Timetable.read(write(stops=stops, stop_times=times), "2025-06-03").calls
    assert calls.arrival.tolist() == [25800, 26400, 27000]


def test_a_feed_most_of_whose_stops_lie_nowhere_is_refused(write):
    stops = "stop_id,stop_lat,stop_lon\nA,-3,51.6\nB,-3,51.6\nC,51.7,-3"
    with pytest.raises(InputError, match=r"'A \(-3, 51.6\)' lies off the map.*\(and 1 more\)"):
        Feed.read(write(stops=stops))


def test_a_feed_of_which_nothing_is_left_says_why(write):
    with pytest.raises(InputError, match="'t1' has fewer than two calls"):
        Feed.read(write(stop_times=f"{TIMES}\nt1,1,A,07:10:00,07:10:00"))


@pytest.mark.parametrize(
    ("heading", "cells"),
    [
        ("location_group_id", ",,,zone"),
        ("location_id", ",,,zone"),
        ("start_pickup_drop_off_window", "C,,,08:00:00"),
        ("pickup_booking_rule_id", "C,08:00:00,08:00:00,ring"),
    ],
)
def test_rows_of_flexible_services_go_and_are_counted(write, heading, cells):
    rows = "\n".join(f"{row}," for row in GOOD.splitlines())
    times = f"{TIMES},{heading}\n{rows}\nt1,3,{cells}\nt2,1,{cells}"
    path = write(stop_times=times, trips=TWO, booking_rules="booking_rule_id\nring")
    assert events(path) == [
        (
            "stop_times.txt: 2 rows left out: belongs to a flexible service, which is booked and "
            "has no fixed calls (row 4, 't1')"
        ),
        "Files not used: booking_rules.txt (rules of booked services)",
    ]
    assert Timetable.read(path, "2025-06-03").calls.arrival.tolist() == [25800, 26160]


def test_what_is_not_read_or_doubtful_is_named(write):
    times = "\n".join(f"{row},2" for row in GOOD.splitlines())
    path = write(
        stop_times=f"{TIMES},pickup_type\n{times}",
        agency="agency_name,agency_timezone\nBuses,Europe/Paris",
        pathways="pathway_id\n1",
        levels="level_id\n1",
    )
    assert events(path) == [
        "Files not used: levels.txt (floors of stations), pathways.txt (ways inside stations)",
        "stop_times.txt: 2 calls that riders must order by telephone count as calls of every day",
        "agency.txt: times of Europe/Paris are taken as British local time",
    ]


def test_calls_without_a_time_and_trips_by_headway_are_named(write):
    """The middle call is set at the mean of 07:10 and 07:20."""
    rows = "t1,1,A,07:10:00,07:10:00\nt1,2,B,,\nt1,3,A,07:20:00,07:20:00"
    path = write(
        stop_times=f"{TIMES}\n{rows}",
        frequencies="trip_id,start_time,end_time,headway_secs\nt1,07:00:00,08:00:00,600",
    )
    assert events(path) == [
        "stop_times.txt: 1 call without a time: set between the calls around it (trip t1)",
        (
            "frequencies.txt: 1 trip by headway: vehicles leave at the start of the period, and "
            "again after each headway (trip t1, 600 seconds)"
        ),
    ]


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


@pytest.mark.parametrize(("hours", "count"), [(12, 1), (1.5, 0), (2.5, 1)])
def test_a_ride_slower_than_people_walk_is_a_doubt(hours, count):
    # A to B is 6.9 km: a first call twelve hours early makes it a ride of twelve hours
    events = speed_events(STOPS, calls(("t", "A", 0), ("t", "B", 3600 * hours)))
    assert [event.count for event in events] == [count] * bool(count)
    slow = speed_events(STOPS, calls(("t", "A", 0), ("t", "C", 3600 * 12)))
    assert slow == []  # 111 km in twelve hours: a ferry may


def test_school_buses_are_counted():
    trips = pd.DataFrame({"trip_id": ["a", "b"], "route_id": ["1", "2"]})
    routes = pd.DataFrame({"route_id": ["1", "2"], "route_type": ["3", "712"]})
    assert [event.count for event in school_events(trips, routes)] == [1]
    assert school_events(trips, routes.assign(route_type="3")) == []
