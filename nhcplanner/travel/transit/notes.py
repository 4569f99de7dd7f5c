"""What a reader must know of a timetable: intake record, dates, and how much buses matter."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from pathlib import Path

from nhcplanner.base.errors import InputError
from nhcplanner.base.text import plural
from nhcplanner.domain.intake import FileIntake
from nhcplanner.travel.transit.calendar import choose_day, service_dates
from nhcplanner.travel.transit.feed import Feed
from nhcplanner.travel.transit.timetable import runs_by_service

NOTES = "timetable_notes"
"""Parameter that holds the notes of a timetable, a line each."""
RIDDEN = "pairs_by_bus"
"""Parameter that counts the pairs whose median is shorter by a ride; it adds up over sites."""
DEPARTURES = "departures_in_reach"
"""Parameter that counts the departures of the window from stops in walking distance."""
FEW = 0.01
"""Share of pairs below which the effect of buses is mentioned."""


def transit_notes(
    parameters: Mapping[str, float | str], pairs: int, today: date | None = None
) -> tuple[str, ...]:
    """What a reader of figures by public transport must know, a line each.

    Parameters
    ----------
    parameters
        Of the minutes; those of several modes carry the mode before their name.
    pairs
        Pairs of origin and site that are within the horizon.
    today
        The day by which a timetable has ended; today (UTC) by default.
    """
    prefix = next((key.removesuffix(NOTES) for key in parameters if key.endswith(NOTES)), None)
    if prefix is None:
        return ()
    own = {key.removeprefix(prefix): value for key, value in parameters.items()}
    today = today or datetime.now(UTC).date()
    first, last = (date.fromisoformat(str(own[f"timetable_{end}"])) for end in ("first", "last"))
    lines = [
        service_dates(first, last, str(own["timetable"]), today),
        *str(own[NOTES]).splitlines(),
    ]
    departures, ridden = int(float(own[DEPARTURES])), int(float(own[RIDDEN]))
    of_stops = f"{plural(departures, 'departure')} in the window from stops in walking distance"
    if not ridden:
        lines.append(f"{of_stops}: buses change nothing here")
    elif ridden < FEW * pairs:
        lines.append(f"{of_stops}: buses shorten only {ridden:,} of {pairs:,} journeys")
    return tuple(lines)


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
