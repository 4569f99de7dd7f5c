"""A feed: the files of a timetable, read and checked together."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from nhcplanner.base.errors import Fault, InputError
from nhcplanner.travel.transit.calendar import Calendar
from nhcplanner.travel.transit.tables import FILES, MEND, first_faults, read_tables, typed

ALWAYS = ("agency.txt", "routes.txt", "stops.txt", "trips.txt", "stop_times.txt")
CALENDARS = ("calendar.txt", "calendar_dates.txt")
MAP = (-11.0, 48.0, 5.0, 62.0)
"""Where stops may lie: Great Britain, Ireland and the near Continent, for coaches go there;
west, south, east, north in degrees."""
DAY = 86_400
MOST_RUNS = 1_000_000
"""Runs of vehicles that all frequencies of a feed may come to in a day."""


@dataclass(frozen=True, eq=False)
class Feed:
    """The files of a feed that shape journeys, sound and typed.

    Every frame has the fields of `fields.FILES`, indexed by the row in its file; a file that
    is not there gives a frame without rows.
    """

    stops: pd.DataFrame
    trips: pd.DataFrame
    stop_times: pd.DataFrame
    frequencies: pd.DataFrame
    transfers: pd.DataFrame
    calendar: Calendar

    @classmethod
    def read(cls, path: Path) -> Feed:
        """Read a feed; `stop_times` comes ordered by trip and sequence.

        Raises
        ------
        InputError
            For whatever makes the feed unusable, all of one step at once: first the zip, then
            the cells of every file, then how the files fit together.
        """
        texts = read_tables(path, {file: [f.name for f in FILES[file]] for file in FILES})
        faults = _missing(set(texts), path.name)
        tables: dict[str, pd.DataFrame] = {}
        for file in FILES:
            frame = texts.get(file)
            if frame is None:
                frame = pd.DataFrame({field.name: [] for field in FILES[file]}, dtype="str")
            tables[file], found = typed(frame, file)
            faults += found
        if faults:
            raise InputError(faults)
        tables["stop_times.txt"] = tables["stop_times.txt"].sort_values(
            ["trip_id", "stop_sequence"], kind="stable"
        )
        faults = [*_identities(tables), *_references(tables), *_times(tables), *_places(tables)]
        if faults:
            raise InputError(faults)
        calendar = Calendar(tables["calendar.txt"], tables["calendar_dates.txt"])
        names = ("stops", "trips", "stop_times", "frequencies", "transfers")
        return cls(*(tables[f"{name}.txt"] for name in names), calendar)


def _missing(present: set[str], file: str) -> list[Fault]:
    faults = [Fault(f"has no {name}", file, hint=MEND) for name in ALWAYS if name not in present]
    if present.isdisjoint(CALENDARS):
        faults.append(Fault(f"has neither {' nor '.join(CALENDARS)}", file, hint=MEND))
    return faults


def _identities(tables: dict[str, pd.DataFrame]) -> list[Fault]:
    """Tell of rows that should be one of a kind and are not, and of files without rows."""
    keys = {
        "stops.txt": ["stop_id"],
        "trips.txt": ["trip_id"],
        "stop_times.txt": ["trip_id", "stop_sequence"],
        "calendar.txt": ["service_id"],
        "calendar_dates.txt": ["service_id", "date"],
    }
    faults = [
        Fault("has no rows", file, hint=MEND)
        for file in ("stops.txt", "trips.txt", "stop_times.txt")
        if tables[file].empty
    ]
    for file, key in keys.items():
        table = tables[file]
        again = table.index[table.duplicated(key)]
        faults += _told(again, "is there already", file, " and ".join(key), "Keep one of them")
    return faults


def _references(tables: dict[str, pd.DataFrame]) -> list[Fault]:
    """Tell of ids that name nothing."""
    known = {
        "stop": set(tables["stops.txt"]["stop_id"]),
        "trip": set(tables["trips.txt"]["trip_id"]),
        "service": {service for name in CALENDARS for service in tables[name]["service_id"]},
    }
    links = [
        ("stop_times.txt", "stop_id", "stop", "stops.txt"),
        ("stop_times.txt", "trip_id", "trip", "trips.txt"),
        ("frequencies.txt", "trip_id", "trip", "trips.txt"),
        ("transfers.txt", "from_stop_id", "stop", "stops.txt"),
        ("transfers.txt", "to_stop_id", "stop", "stops.txt"),
        ("trips.txt", "service_id", "service", "either calendar"),
    ]
    faults = []
    for file, column, what, home in links:
        ids = tables[file][column]
        unknown = ids[~ids.isin(known[what]) & (ids != "")]
        problem = f"names a {what} that is not in {home}"
        faults += _told(unknown.index, problem, file, column, "Correct the id, or add it", unknown)
    return faults


def _times(tables: dict[str, pd.DataFrame]) -> list[Fault]:
    """Tell of times that run backwards, and of trips without a time at an end."""
    file = "stop_times.txt"
    table = tables[file]
    trip = table["trip_id"].to_numpy()
    starts = np.append(True, trip[1:] != trip[:-1])[: len(trip)]
    ends = np.append(starts[1:], True)[: len(trip)]
    arrival = table["arrival_time"].fillna(table["departure_time"])
    departure = table["departure_time"].fillna(table["arrival_time"])
    latest = departure.groupby(table["trip_id"], sort=False).cummax()
    before = latest.groupby(table["trip_id"], sort=False).shift()
    before = before.groupby(table["trip_id"], sort=False).ffill()
    hint = "Give the times of a trip in order; past midnight go on with 24:00:00"
    faults = _told(
        table.index[arrival.isna() & (starts | ends)],
        "has no time at an end of its trip",
        file, "arrival_time", "Give the time there; others between may be blank",
    )  # fmt: skip
    faults += _told(
        table.index[departure < arrival], "lies before the arrival", file, "departure_time", hint
    )
    faults += _told(
        table.index[arrival < before], "lies before the stop before it", file, "arrival_time", hint
    )
    rates = tables["frequencies.txt"]
    backwards = rates.index[rates["end_time"] <= rates["start_time"]]
    faults += _told(
        backwards, "is not after start_time", "frequencies.txt", "end_time", "Correct it"
    )
    faults += _told(
        rates.index[rates["headway_secs"] < 1],
        "is 0", "frequencies.txt", "headway_secs", "Give seconds between departures",
    )  # fmt: skip
    runs = ((rates["end_time"] - rates["start_time"]) / rates["headway_secs"].clip(lower=1)).sum()
    if runs > MOST_RUNS:
        problem = f"its headways come to {runs:,.0f} runs of vehicles"
        hint = "Give headway_secs in seconds, 300 for each five minutes"
        faults.append(Fault(problem, "frequencies.txt", column="headway_secs", hint=hint))
    weeks = tables["calendar.txt"]
    ends_first = weeks.index[weeks["end_date"] < weeks["start_date"]]
    return faults + _told(
        ends_first, "lies before start_date", "calendar.txt", "end_date", "Correct it"
    )


def _places(tables: dict[str, pd.DataFrame]) -> list[Fault]:
    """Tell of stops that trips call at and that have no place on the map."""
    stops = tables["stops.txt"]
    called = stops[stops["stop_id"].isin(set(tables["stop_times.txt"]["stop_id"]))]
    west, south, east, north = MAP
    lon, lat = called["stop_lon"], called["stop_lat"]
    blank = lon.isna() | lat.isna()
    outside = ~(lon.between(west, east) & lat.between(south, north)) & ~blank
    hint = "Give its latitude and longitude in degrees"
    faults = _told(
        called.index[blank], "has no coordinates", "stops.txt", "stop_lat", hint, called["stop_id"]
    )
    off = called[outside]
    named = [f"{r.stop_id} ({r.stop_lat:g}, {r.stop_lon:g})" for r in off.itertuples()]
    return faults + _told(
        off.index, "lies off the map, far from Great Britain", "stops.txt", "stop_lat", hint,
        pd.Series(named, index=off.index, dtype="str"),
    )  # fmt: skip


def _told(
    rows: pd.Index, problem: str, file: str, column: str, hint: str, value: pd.Series | None = None
) -> list[Fault]:
    def fault(row: int) -> Fault:
        named = problem if value is None else f"'{value[row]}' {problem}"
        return Fault(named, file, row, column, hint)

    return first_faults(sorted(rows), fault)
