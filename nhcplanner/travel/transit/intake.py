"""Intake record of a timetable: its dates, its typical day, and what was left out of it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from pathlib import Path

from nhcplanner.base.errors import InputError
from nhcplanner.domain.intake import FileIntake
from nhcplanner.travel.transit.days import choose_day, service_dates
from nhcplanner.travel.transit.feed import Feed
from nhcplanner.travel.transit.timetable import runs_by_service


@dataclass(frozen=True)
class TimetableIntake:
    """How a timetable was read.

    Parameters
    ----------
    record
        What was left out, what was not read, and which days are unusual.
    dates
        From when to when services run, for the record; empty where none does.
    """

    record: FileIntake
    dates: str


def read_timetable(path: Path, today: date | None = None) -> TimetableIntake:
    """Read a feed as a place is built, and record how.

    Parameters
    ----------
    path
        The zip.
    today
        The day by which a timetable has ended; today (UTC) by default.

    Raises
    ------
    InputError
        Where the feed cannot be used, see `Feed.read`.
    """
    feed = Feed.read(path)
    record = FileIntake(path.name, "timetable", rows_read=len(feed.stop_times))
    record = replace(record, events=feed.events)
    trips = feed.calendar.trips(runs_by_service(feed))
    if trips.empty:
        return TimetableIntake(record.with_event("doubt", "No service runs on any day"), "")
    first, last = (date.fromordinal(int(trips.index[end])) for end in (0, -1))
    today = today or datetime.now(UTC).date()
    line = service_dates(first, last, path.name, today)
    record = record.with_event("note" if first <= today <= last else "doubt", line)
    try:
        service = choose_day(feed.calendar, runs_by_service(feed), None, path.name)
    except InputError as error:
        record = record.with_event("doubt", f"{error.faults[0].problem}; name a day to travel on")
    else:
        chosen, *unusual = service.notes
        record = record.with_event("note", chosen)
        for words in unusual:
            record = record.with_event("doubt", words)
    return TimetableIntake(record, f"until {last} (from {first})")
