"""Reading a feed: the day, the hours, the times filled in."""

from datetime import date

import numpy as np
import pytest

from nhcplanner.base.errors import InputError
from nhcplanner.travel.transit import Timetable, read_timetable

CALENDAR = (
    "service_id,monday,tuesday,wednesday,thursday,friday,saturday,sunday,start_date,end_date\n"
)
TIMES = "trip_id,stop_sequence,stop_id,arrival_time,departure_time"


def test_missing_times_are_filled_in_evenly(write):
    times = f"{TIMES}\nt1,1,A,07:10:00,07:11:00\nt1,5,B,,\nt1,7,C,,\nt1,9,D,07:41:00,"
    calls = Timetable.read(write(stop_times=times), "2025-06-03").calls
    assert calls.arrival.tolist() == [25800, 26460, 27060, 27660]
    assert calls.departure.tolist() == [25860, 26460, 27060, 27660]


def test_missing_times_are_filled_in_by_distance_where_each_stop_has_one(write):
    times = (
        f"{TIMES},shape_dist_traveled\n"
        "t1,1,A,07:10:00,07:10:00,0\nt1,2,B,,,2\nt1,3,C,,,2\nt1,4,D,07:20:00,07:20:00,8"
    )
    calls = Timetable.read(write(stop_times=times), "2025-06-03").calls
    assert calls.arrival.tolist() == [25800, 25950, 25950, 26400]
    partly = Timetable.read(write(stop_times=times.replace(",,,2\n", ",,,\n", 1)), "2025-06-03")
    assert partly.calls.arrival.tolist() == [25800, 26000, 26200, 26400]


def test_stop_times_come_in_any_order(write):
    times = f"{TIMES}\nt1,20,B,07:16:00,07:16:00\nt1,3,A,07:10:00,07:10:00"
    timetable = Timetable.read(write(stop_times=times), "2025-06-03")
    assert timetable.stop_id[timetable.calls.stop].tolist() == ["A", "B"]


def test_stops_lie_where_the_feed_says(write):
    timetable = Timetable.read(write(), "2025-06-03")
    assert timetable.stop_xy == pytest.approx(
        np.array([[330_000, 190_000], [335_000, 190_000], [340_000, 190_000]]), abs=0.01
    )


def test_only_calls_from_the_window_on_are_kept(write):
    timetable = Timetable.read(write(), "2025-06-03", ("07:17", "07:30"))
    assert timetable.stop_id.tolist() == ["B", "C"]
    assert timetable.report["calls"] == 2


@pytest.mark.parametrize(
    ("day", "said"),
    [
        (
            "2025-06-08",
            "on Sunday 2025-06-08; days with service lie from 2025-01-01 to 2025-12-31, on Monday,",
        ),
        ("2031-06-03", "nothing runs on Tuesday 2031-06-03"),
        ("3 June", "'3 June' is not a day"),
    ],
)
def test_a_day_without_service_is_refused_naming_those_with_it(write, day, said):
    feed = write(calendar=f"{CALENDAR}daily,1,1,1,1,1,1,0,20250101,20251231")
    with pytest.raises(InputError, match=said):
        Timetable.read(feed, day)


def test_a_feed_without_tuesdays_names_its_few_days(write):
    feed = write(calendar=f"{CALENDAR}daily,1,1,1,1,1,1,1,20250605,20250606")
    said = "any Tuesday; days with service are Thursday 2025-06-05, Friday 2025-06-06"
    with pytest.raises(InputError, match=said):
        Timetable.read(feed)


def test_a_feed_whose_services_have_all_gone(write):
    dates = "service_id,date,exception_type\ndaily,20250603,2"
    feed = write(calendar=f"{CALENDAR}daily,0,1,0,0,0,0,0,20250603,20250603", calendar_dates=dates)
    with pytest.raises(InputError, match="no day has any service"):
        Timetable.read(feed)


def test_a_feed_of_dates_alone(write):
    dates = "service_id,date,exception_type\ndaily,20250603,1"
    assert Timetable.read(write(calendar=None, calendar_dates=dates)).day == date(2025, 6, 3)


@pytest.mark.parametrize("window", [("10:00", "07:00"), ("07:00", "07:00"), ("7 am", "10:00")])
def test_a_window_that_is_none_is_refused(write, window):
    with pytest.raises(InputError, match="is not a window of departures"):
        Timetable.read(write(), "2025-06-03", window)


def test_a_trip_repeated_by_another_revision_is_counted(write):
    times = "\n".join(
        f"{trip},1,A,{at},{at}\n{trip},2,B,07:16:00,07:16:00"
        for trip, at in (("t1", "07:10:00"), ("t2", "07:10:00"), ("t3", "07:11:00"))
    )
    trips = "trip_id,service_id\n" + "\n".join(f"t{n},daily" for n in (1, 2, 3))
    timetable = Timetable.read(write(stop_times=f"{TIMES}\n{times}", trips=trips))
    assert timetable.report["trips_repeated"] == 1
    assert any("1 trip of the day repeat" in note for note in timetable.notes)


def test_the_record_of_a_day(write):
    timetable = Timetable.read(write(), "2025-06-03")
    assert timetable.report == {
        "trips": 1, "run_through": 0, "links_not_used": 0, "trips_repeated": 0, "calls": 3,
        "stops": 3, "transfers_not_used": 0,
    }  # fmt: skip
    assert timetable.notes == (
        "Buses of Tuesday 2025-06-03, the day that was asked for: 1 trip; Tuesdays have 1 (median)",
    )


def read(path, today=date(2025, 7, 1)):
    found = read_timetable(path, today)
    return [(event.kind, event.words) for event in found.record.events], found


def test_a_timetable_in_force(write):
    events, found = read(write())
    assert found.dates == "until 2025-12-31 (from 2025-01-01)"
    assert (found.record.role, found.record.rows_read) == ("timetable", 3)
    assert events == [
        ("note", "Timetable feed.zip: services from 2025-01-01 to 2025-12-31"),
        (
            "note",
            "Buses of Tuesday 2025-01-07, the typical Tuesday: 1 trip; Tuesdays have 1 (median)",
        ),
    ]


def test_one_that_has_ended_and_lost_a_stop(write):
    stops = "stop_id,stop_lat,stop_lon\nA,51.6,-3\nB,0,0\nC,51.7,-3"
    events, _ = read(write(stops=stops), date(2029, 1, 1))
    assert [kind for kind, _ in events] == ["left out", "doubt", "note"]
    assert "It ended 3 years ago" in events[1][1]


def test_one_without_tuesdays_or_days(write):
    events, _ = read(write(calendar=f"{CALENDAR}daily,1,0,0,0,0,0,0,20250101,20251231"))
    assert events[-1][1].startswith("nothing runs on any Tuesday; days with service lie from")
    events, found = read(write(calendar=f"{CALENDAR}daily,0,0,0,0,0,0,0,20250101,20251231"))
    assert (events, found.dates) == ([("doubt", "No service runs on any day")], "")
