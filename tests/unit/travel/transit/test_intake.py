"""The intake record of a timetable, as build and check print it."""

from datetime import date

from nhcplanner.travel.transit import read_timetable

CALENDAR = (
    "service_id,monday,tuesday,wednesday,thursday,friday,saturday,sunday,start_date,end_date\n"
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
