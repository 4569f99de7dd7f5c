"""GTFS feeds: the files of a timetable, read and checked together."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from nhcplanner.base.errors import Fault, InputError
from nhcplanner.base.gtfs_zip import HINT
from nhcplanner.base.text import plural, shortened
from nhcplanner.domain.intake import IntakeEvent
from nhcplanner.travel.transit import omissions
from nhcplanner.travel.transit.calendar import Calendar
from nhcplanner.travel.transit.fields import (
    FILES,
    FLEXIBLE,
    FeedText,
    first_faults,
    read_fields,
    read_tables,
)
from nhcplanner.travel.transit.omissions import CALLS, STOPS, TRIPS, Omission, Tables

ALWAYS = ("agency.txt", "routes.txt", STOPS, TRIPS, CALLS)
CALENDARS = ("calendar.txt", "calendar_dates.txt")
KEYS = {
    STOPS: ["stop_id"],
    TRIPS: ["trip_id"],
    CALLS: ["trip_id", "stop_sequence"],
    "calendar.txt": ["service_id"],
    "calendar_dates.txt": ["service_id", "date"],
}
"""Columns that must be unique in each file."""
DAY = 86_400
MOST_RUNS = 1_000_000
"""Largest number of runs a day of all frequencies of a feed."""
BY_PHONE = 2
"""Code of pickup_type and drop_off_type: ordered by telephone."""
BRITISH = {
    "", "Europe/London", "GB", "Europe/Belfast", "Europe/Jersey", "Europe/Guernsey",
    "Europe/Isle_of_Man", "Europe/Dublin",
}  # fmt: skip
"""Time zones whose clocks show British time."""
SHAPING = {
    "pathways.txt": "ways inside stations",
    "levels.txt": "floors of stations",
    "locations.geojson": "areas of booked services",
    "location_groups.txt": "areas of booked services",
    "stop_areas.txt": "areas of stops",
    "booking_rules.txt": "rules of booked services",
}
"""Files of a feed that affect journeys but are not read, and their contents."""


MOST_EXAMPLES = 3
"""Examples of a line of the record."""


@dataclass(frozen=True, eq=False)
class Feed:
    """The files of a feed that affect journeys, checked and with types.

    Every frame has the fields of `fields.FILES`, indexed by the row in its file; a missing file
    gives an empty frame.

    Parameters
    ----------
    stops
        With `placed`: True for each stop that lies on the map.
    trips, stop_times, frequencies, transfers
        Rows of the feed without those left out.
    calendar
        The days of each service.
    events
        What was left out or not read.
    """

    stops: pd.DataFrame
    trips: pd.DataFrame
    stop_times: pd.DataFrame
    frequencies: pd.DataFrame
    transfers: pd.DataFrame
    calendar: Calendar
    events: tuple[IntakeEvent, ...] = ()

    @classmethod
    def read(cls, path: Path) -> Feed:
        """Read a feed; `stop_times` comes ordered by trip and sequence.

        Single stops, trips and rows that cannot be used are left out and counted in `events`.

        Raises
        ------
        InputError
            If the feed cannot be used, with all faults of one step together: first the zip, then
            the cells of every file, then the links between files; and if no usable trip is left.
        """
        text = read_tables(path, {file: [f.name for f in FILES[file]] for file in FILES})
        faults = _missing(set(text.tables), path.name)
        tables, left_out = omissions.without_flexible_rows(text.tables)
        tables, more_faults = _read_all_fields(tables)
        faults += more_faults
        if faults:
            raise InputError(faults)
        tables[CALLS] = tables[CALLS].sort_values(["trip_id", "stop_sequence"], kind="stable")
        tables, more = omissions.without_copies(tables, KEYS)
        left_out += more
        faults = [*_identities(tables), *_spans(tables)]
        if faults:
            raise InputError(faults)
        for step in (omissions.without_strangers, omissions.without_bad_trips):
            tables, more = step(tables)
            left_out += more
        is_misplaced, more = omissions.find_misplaced_stops(tables)
        left_out += more
        _check_most_stops(tables, is_misplaced, more)
        tables, more = omissions.without_single_calls(tables, is_misplaced)
        left_out += more
        if tables[CALLS].empty:
            raise InputError([each.fault for each in left_out] or [_nothing(path.name)])
        tables[STOPS] = tables[STOPS].assign(placed=~is_misplaced)
        calendar = Calendar(tables["calendar.txt"], tables["calendar_dates.txt"])
        names = ("stops", "trips", "stop_times", "frequencies", "transfers")
        frames = {name: tables[f"{name}.txt"] for name in names}
        return cls(**frames, calendar=calendar, events=_events(text, tables, left_out))


def _missing(present: set[str], file: str) -> list[Fault]:
    faults = [Fault(f"has no {name}", file, hint=HINT) for name in ALWAYS if name not in present]
    if present.isdisjoint(CALENDARS):
        faults.append(Fault(f"has neither {' nor '.join(CALENDARS)}", file, hint=HINT))
    return faults


def _nothing(file: str) -> Fault:
    return Fault("has no trip that calls at two stops", file, hint=HINT)


def _read_all_fields(texts: Tables) -> tuple[Tables, list[Fault]]:
    """Return every file with the types of its fields, and every faulty cell."""
    faults: list[Fault] = []
    tables: Tables = {}
    for file in FILES:
        frame = texts.get(file)
        if frame is None:
            frame = pd.DataFrame({field.name: [] for field in FILES[file]}, dtype="str")
        tables[file], more_faults = read_fields(frame, file)
        faults += more_faults
    tables[CALLS] = tables[CALLS].drop(columns=list(FLEXIBLE))
    return tables, faults


def _identities(tables: Tables) -> list[Fault]:
    """Return faults of rows with the same key, and of files without rows."""
    faults = [
        Fault("has no rows", file, hint=HINT)
        for file in (STOPS, TRIPS, CALLS)
        if tables[file].empty
    ]
    for file, key in KEYS.items():
        table = tables[file]
        again = table.index[table.duplicated(key)]
        faults += _faults(again, "appears twice", file, " and ".join(key), "Keep one of them")
    return faults


def _spans(tables: Tables) -> list[Fault]:
    """Return faults of frequencies, and of services that end before they start."""
    rates = tables["frequencies.txt"]
    faults = _faults(
        rates.index[rates["end_time"] <= rates["start_time"]],
        "is not after start_time", "frequencies.txt", "end_time", "Correct it",
    )  # fmt: skip
    faults += _faults(
        rates.index[rates["headway_secs"] < 1],
        "is 0", "frequencies.txt", "headway_secs", "Give seconds between departures",
    )  # fmt: skip
    runs = ((rates["end_time"] - rates["start_time"]) / rates["headway_secs"].clip(lower=1)).sum()
    if runs > MOST_RUNS:
        problem = f"its headways make {runs:,.0f} runs of vehicles"
        hint = "Give headway_secs in seconds, 300 for each five minutes"
        faults.append(Fault(problem, "frequencies.txt", column="headway_secs", hint=hint))
    weeks = tables["calendar.txt"]
    ends_first = weeks.index[weeks["end_date"] < weeks["start_date"]]
    return faults + _faults(
        ends_first, "lies before start_date", "calendar.txt", "end_date", "Correct it"
    )


def _faults(rows: pd.Index, problem: str, file: str, column: str, hint: str) -> list[Fault]:
    return first_faults(sorted(rows), lambda row: Fault(problem, file, row, column, hint))


def _check_most_stops(
    tables: Tables, is_misplaced: pd.Series, left_out: Iterable[Omission]
) -> None:
    """Refuse a feed if most of its stops have no valid position: its columns are mixed up."""
    is_used = tables[STOPS]["stop_id"].isin(set(tables[CALLS]["stop_id"]))
    if 2 * is_misplaced.sum() > is_used.sum():
        raise InputError([each.fault for each in left_out])


def _events(
    text: FeedText, tables: Tables, left_out: Iterable[Omission]
) -> tuple[IntakeEvent, ...]:
    events = [each.event for each in left_out]
    unread = [f"{name} ({SHAPING[name]})" for name in text.others if name in SHAPING]
    if unread:
        events.append(IntakeEvent("note", f"Files not used: {shortened(unread)}", len(unread)))
    by_phone = int((tables[CALLS][["pickup_type", "drop_off_type"]] == BY_PHONE).any(axis=1).sum())
    if by_phone:
        words = "calls that riders must order by telephone count as calls of every day"
        events.append(IntakeEvent("doubt", f"{CALLS}: {by_phone:,} {words}", by_phone))
    events += [*_default_events(tables), *_loose_ends(text.tables, tables)]
    zones = sorted(set(tables["agency.txt"]["agency_timezone"]) - BRITISH)
    if zones:
        words = f"times of {', '.join(zones)} are taken as British local time"
        events.append(IntakeEvent("doubt", f"agency.txt: {words}", len(zones)))
    events += omissions.speed_events(tables[STOPS], tables[CALLS])
    events += omissions.school_events(tables[TRIPS], tables["routes.txt"])
    return tuple(events)


def _default_events(tables: Tables) -> list[IntakeEvent]:
    """Return events on calls with interpolated times, and on trips by headway."""
    events = []
    calls, rates = tables[CALLS], tables["frequencies.txt"]
    untimed = calls[["arrival_time", "departure_time"]].isna().all(axis=1)
    if untimed.any():
        count = int(untimed.sum())
        words = f"{CALLS}: {plural(count, 'call')} without a time: set between the calls around it"
        trips = tuple(
            f"trip {trip}" for trip in calls.loc[untimed, "trip_id"].unique()[:MOST_EXAMPLES]
        )
        events.append(IntakeEvent("default", words, count, trips))
    if len(rates):
        count = rates["trip_id"].nunique()
        words = (
            f"frequencies.txt: {plural(count, 'trip')} by headway: vehicles leave at the start of "
            "the period, and again after each headway"
        )
        pairs = zip(rates["trip_id"], rates["headway_secs"], strict=True)
        examples = [f"trip {trip}, {seconds:,.0f} seconds" for trip, seconds in pairs]
        events.append(IntakeEvent("default", words, count, tuple(examples[:MOST_EXAMPLES])))
    return events


def _loose_ends(texts: Tables, tables: Tables) -> list[IntakeEvent]:
    """Return events on trips without calls, unknown stations, and headways that overlap."""
    called = set(texts[CALLS]["trip_id"].str.strip())
    stops, rates = tables[STOPS], tables["frequencies.txt"].sort_values(["trip_id", "start_time"])
    parents = stops["parent_station"]
    overlaps = rates["trip_id"].eq(rates["trip_id"].shift()) & (
        rates["start_time"] < rates.groupby("trip_id")["end_time"].cummax().shift()
    )
    trips = texts[TRIPS]["trip_id"].str.strip()
    loose = (
        (TRIPS, trips, ~trips.isin(called), "trip", "without calls: nobody can ride by them"),
        (STOPS, parents, ~parents.isin({"", *stops["stop_id"]}), "stop",
         f"in a station that is not in {STOPS}: changes there are on foot"),
        ("frequencies.txt", rates["trip_id"], overlaps, "row",
         "of a trip whose headways overlap: vehicles of both are counted"),
    )  # fmt: skip
    return [
        IntakeEvent("doubt", f"{file}: {plural(int(odd.sum()), noun)} {words}", int(odd.sum()),
                    tuple(f"row {row}, '{name}'" for row, name in ids[odd][:MOST_EXAMPLES].items()))
        for file, ids, odd, noun, words in loose if odd.any()
    ]  # fmt: skip
