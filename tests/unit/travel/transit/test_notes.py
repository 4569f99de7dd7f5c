"""What stands beside figures by public transport: the day, the dates, and what buses change."""

from datetime import date

import numpy as np

from nhcplanner.travel import best_of, lacks
from nhcplanner.travel.transit import read_timetable
from nhcplanner.travel.transit.notes import transit_notes

TODAY = date(2025, 7, 1)


def notes(times, today=TODAY):
    return transit_notes(times.parameters, times.pairs, today)


def test_buses_that_change_nothing_are_said_to(write, journeys):
    """One bus leaves A at 07:10 in the hour, and the site is where people live."""
    times = journeys(write(), [0], [0], ("07:00", "08:00")).median
    assert notes(times)[-1] == (
        "1 departure in the window from stops in walking distance: buses change nothing here"
    )


def test_buses_that_bring_people_there_are_not(write, journeys):
    """All who set out at 07:00 or 07:01 reach B, 5 km off, at 07:16; 50 minutes on foot."""
    times = journeys(write(), [0], [5], ("07:00", "07:02")).median
    assert times.parameters["pairs_by_bus"] == 1
    assert not any("buses change" in line for line in notes(times))


def test_a_window_without_a_bus_says_so(write, journeys):
    times = journeys(write(), [0], [1], ("12:00", "12:10")).median
    assert notes(times)[-1].startswith("0 departures in the window")


def test_dates_and_day_stand_first_also_among_several_modes(write, journeys, on_the_line):
    times = journeys(write(), [0], [5], ("07:00", "07:02")).median
    alone = notes(times)
    assert alone[0] == "Timetable feed.zip: services from 2025-01-01 to 2025-12-31"
    assert alone[1].startswith("Buses of Tuesday 2025-06-03")
    assert "It ended 5 years ago" in notes(times, date(2031, 1, 1))[0]
    points = [[[330_000 + 1000 * p, 190_000]] for p in (0, 5)]
    walked = on_the_line(*map(np.array, points), horizon=60)
    assert notes(best_of([walked, times])) == alone
    assert lacks(walked) == ()


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
