"""The typical day of a feed, and the days that are not."""

from datetime import date

import pandas as pd
import pytest

from nhcplanner.travel.transit import Timetable
from nhcplanner.travel.transit.calendar import Calendar, choose_day, service_dates
from nhcplanner.travel.transit.fields import WEEKDAYS

TIMES = "trip_id,stop_sequence,stop_id,arrival_time,departure_time"
CALENDAR = f"service_id,{','.join(WEEKDAYS)},start_date,end_date\n"


def calendar(*services, exceptions=()):
    """Services as (id, weekdays, first, last); exceptions as (id, day, 1 or 2)."""
    weekly = pd.DataFrame(
        [
            [name, *map(int, days), *(date.fromisoformat(d).toordinal() for d in span)]
            for name, days, *span in services
        ],
        columns=["service_id", *WEEKDAYS, "start_date", "end_date"],
    )
    changes = pd.DataFrame(
        [[name, date.fromisoformat(day).toordinal(), kind] for name, day, kind in exceptions],
        columns=["service_id", "date", "exception_type"],
    )
    return Calendar(weekly, changes)


def chosen(days, trips, day=None):
    return choose_day(days, pd.Series(trips), day, "feed.zip")


def test_overlapping_revisions_do_not_double_the_typical_day():
    """Old to 28 March, new from 24 March, ten trips each: 25 March has twenty."""
    days = calendar(
        ("old", "1111100", "2025-01-06", "2025-03-28"),
        ("new", "1111100", "2025-03-24", "2025-06-27"),
    )
    found = chosen(days, {"old": 10, "new": 10})
    assert (found.day, found.trips, found.usual) == (date(2025, 1, 7), 10, 10)
    assert (found.first, found.last) == (date(2025, 1, 6), date(2025, 6, 27))
    assert found.notes == (
        (
            "Buses of Tuesday 2025-01-07, the typical Tuesday: 10 trips; Tuesdays have 10 "
            "(median), 10 to 20"
        ),
        (
            "5 days far above the median of the weekday: Mon 2025-03-24 (20), Tue 2025-03-25 (20), "
            "Wed 2025-03-26 (20), Thu 2025-03-27 (20), Fri 2025-03-28 (20); revisions of the "
            "timetable may overlap"
        ),
    )


def test_the_doubled_day_may_be_asked_for_and_is_said_to_be_unusual():
    days = calendar(
        ("old", "0100000", "2025-01-06", "2025-03-28"),
        ("new", "0100000", "2025-03-24", "2025-06-27"),
    )
    note, *_ = chosen(days, {"old": 10, "new": 10}, date(2025, 3, 25)).notes
    assert note.endswith("This day is far above the median")


def test_the_median_of_an_even_number_is_that_of_some_day():
    days = calendar(
        ("a", "0100000", "2025-06-03", "2025-06-10"), ("b", "0100000", "2025-06-10", "2025-06-10")
    )
    assert chosen(days, {"a": 3, "b": 1}).day == date(2025, 6, 3)


def test_bank_holidays_are_named():
    """Christmas Day 2025 is a Thursday without a bus; New Year's Day has one instead of four."""
    days = calendar(
        ("week", "1111100", "2025-12-01", "2026-01-30"),
        ("one", "0000000", "2025-12-01", "2025-12-01"),
        exceptions=[("week", "2025-12-25", 2), ("week", "2026-01-01", 2), ("one", "2026-01-01", 1)],
    )  # fmt: skip
    *_, note = chosen(days, {"week": 4, "one": 1}).notes
    assert note == (
        "2 days far below the median of the weekday: Thu 2025-12-25 (0), Thu 2026-01-01 (1); "
        "2 by calendar_dates.txt, such as bank holidays"
    )


def test_tuesdays_after_most_services_have_ended_are_set_aside():
    """Ten Tuesdays of 100 trips, then a coach alone for ninety: the day is one of the ten."""
    days = calendar(
        ("buses", "0100000", "2025-06-03", "2025-08-05"),
        ("coach", "0100000", "2025-06-03", "2027-04-27"),
    )
    found = chosen(days, {"buses": 99, "coach": 1})
    assert (found.day, found.usual) == (date(2025, 6, 3), 100)
    assert "90 Tuesdays with less than a third of the usual trips set aside" in found.notes


def test_two_days_of_an_event_do_not_set_the_others_aside():
    days = calendar(
        ("few", "0100000", "2025-06-03", "2025-08-19"),
        ("event", "0100000", "2025-06-10", "2025-06-17"),
    )
    found = chosen(days, {"few": 1, "event": 9})
    assert (found.day, found.usual) == (date(2025, 6, 3), 1)


def test_trips_of_frequencies_count_by_their_runs(write):
    """Three weeks; in the second a trip each ten minutes for an hour makes six runs more."""
    rows = "few,0,1,0,0,0,0,0,20250603,20250617\noften,0,1,0,0,0,0,0,20250610,20250610"
    trips = "trip_id,service_id\nt1,few\nt2,often"
    times = "\n".join(f"t{n},1,A,07:10:00,\nt{n},2,B,07:16:00," for n in (1, 2))
    feed = write(
        calendar=CALENDAR + rows, trips=trips, stop_times=f"{TIMES}\n{times}",
        frequencies="trip_id,start_time,end_time,headway_secs\nt2,07:00:00,08:00:00,600",
    )  # fmt: skip
    assert Timetable.read(feed, "2025-06-10").service.trips == 7
    assert Timetable.read(feed).day == date(2025, 6, 3)


@pytest.mark.parametrize(
    ("today", "words"),
    [
        ("2025-03-28", ""),
        ("2025-04-27", ". It ended 30 days ago: get a newer one before you rely on bus figures"),
        ("2026-11-28", ". It ended 20 months ago: get a newer one before you rely on bus figures"),
        ("2030-04-01", ". It ended 5 years ago: get a newer one before you rely on bus figures"),
    ],
)
def test_dates_of_a_timetable(today, words):
    line = service_dates(date(2025, 1, 6), date(2025, 3, 28), "gtfs.zip", date.fromisoformat(today))
    assert line == f"Timetable gtfs.zip: services from 2025-01-06 to 2025-03-28{words}"
