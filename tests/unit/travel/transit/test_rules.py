"""Notes for readers of figures by public transport."""

from datetime import date

import numpy as np

from nhcplanner.travel import best_of, lacks
from nhcplanner.travel.transit.rules import transit_notes

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
