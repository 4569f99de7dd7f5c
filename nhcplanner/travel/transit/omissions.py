"""Rows of a feed that no journey can use: left out, counted and named."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from nhcplanner.base.errors import Fault
from nhcplanner.base.text import plural
from nhcplanner.domain.intake import IntakeEvent
from nhcplanner.travel.transit.fields import FLEXIBLE

Tables = dict[str, pd.DataFrame]
CALLS, STOPS, TRIPS = "stop_times.txt", "stops.txt", "trips.txt"
MAP = (-11.0, 48.0, 5.0, 62.0)
"""Bounds of valid stops in degrees (west, south, east, north): Great Britain, Ireland and the near
Continent, because coaches go there."""


@dataclass(frozen=True)
class Omission:
    """Rows of one file that are left out, with the reason.

    Parameters
    ----------
    file, column
        File and column.
    count
        Number of rows, stops or trips.
    noun
        Noun for them, in the singular.
    problem
        Reason, as the end of a sentence about one of them.
    hint
        What to correct.
    row
        First row, as a spreadsheet numbers it.
    example
        Id or cell of the first row; may be empty.
    """

    file: str
    column: str
    count: int
    noun: str
    problem: str
    hint: str
    row: int
    example: str = ""

    @property
    def event(self) -> IntakeEvent:
        """The omission as an event of the intake record."""
        words = f"{self.file}: {plural(self.count, self.noun)} left out: {self.problem}"
        first = f"row {self.row}" + (f", '{self.example}'" if self.example else "")
        return IntakeEvent("left out", words, self.count, (first,))

    @property
    def fault(self) -> Fault:
        """The omission as a fault, for a feed without usable rows."""
        words = f"'{self.example}' {self.problem}" if self.example else self.problem
        more = f" (and {self.count - 1:,} more)" if self.count > 1 else ""
        return Fault(words + more, self.file, self.row, self.column, self.hint)


@dataclass(frozen=True)
class _Reason:
    """Reason why rows are left out; see `Omission`."""

    noun: str
    problem: str
    hint: str
    column: str = ""


def without_flexible_rows(tables: Tables) -> tuple[Tables, list[Omission]]:
    """Leave out rows of booked services: areas, windows and booking rules instead of calls.

    Parameters
    ----------
    tables
        Text, file by file; stop_times.txt may lack any of the columns.
    """
    calls = tables.get(CALLS)
    if calls is None or "stop_id" not in calls:
        return tables, []
    flexible = calls["stop_id"] == ""
    for column in FLEXIBLE:
        if column in calls:
            flexible |= calls[column] != ""
    problem = "belongs to a flexible service, which is booked and has no fixed calls"
    reason = _Reason("row", problem, "Nothing to correct")
    omissions = _omission(calls[flexible], CALLS, "trip_id", reason)
    return tables | {CALLS: calls[~flexible]}, omissions


def without_copies(tables: Tables, keys: dict[str, list[str]]) -> tuple[Tables, list[Omission]]:
    """Leave out rows that repeat another row of their file in every column."""
    omissions: list[Omission] = []
    rest = dict(tables)
    for file, key in keys.items():
        again = tables[file].duplicated()
        reason = _Reason("row", "repeats another row", "Keep one of them")
        omissions += _omission(tables[file][again], file, key[0], reason)
        rest[file] = tables[file][~again]
    return rest, omissions


def without_strangers(tables: Tables) -> tuple[Tables, list[Omission]]:
    """Leave out rows whose ids name nothing: a call's stop or trip, a trip's service."""
    stops, trips = set(tables[STOPS]["stop_id"]), set(tables[TRIPS]["trip_id"])
    services = set(tables["calendar.txt"]["service_id"])
    services |= set(tables["calendar_dates.txt"]["service_id"])
    links = [
        (CALLS, "stop_id", "call", "a stop", STOPS, stops),
        (CALLS, "trip_id", "call", "a trip", TRIPS, trips),
        ("frequencies.txt", "trip_id", "row", "a trip", TRIPS, trips),
        ("transfers.txt", "from_stop_id", "row", "a stop", STOPS, stops | {""}),
        ("transfers.txt", "to_stop_id", "row", "a stop", STOPS, stops | {""}),
        (TRIPS, "service_id", "trip", "a service", "either calendar", services),
    ]
    omissions: list[Omission] = []
    rest = dict(tables)
    for file, column, noun, what, home, ids in links:
        table = rest[file]
        unknown = ~table[column].isin(ids)
        problem = f"names {what} that is not in {home}"
        reason = _Reason(noun, problem, "Correct the id, or add it")
        omissions += _omission(table[unknown], file, column, reason)
        rest[file] = table[~unknown]
    rest[CALLS] = rest[CALLS][rest[CALLS]["trip_id"].isin(rest[TRIPS]["trip_id"])]
    return rest, omissions


def without_bad_trips(tables: Tables) -> tuple[Tables, list[Omission]]:
    """Leave out calls without times at the ends of trips, and trips whose times go back.

    Parameters
    ----------
    tables
        Typed; calls ordered by trip and sequence.
    """
    calls, omissions = _trim_ends(tables[CALLS])
    arrival = calls["arrival_time"].fillna(calls["departure_time"])
    departure = calls["departure_time"].fillna(calls["arrival_time"])
    by_trip = departure.groupby(calls["trip_id"], sort=False)
    before = by_trip.cummax().groupby(calls["trip_id"], sort=False).shift()
    before = before.groupby(calls["trip_id"], sort=False).ffill()
    hint = "Give the times of a trip in order; past midnight go on with 24:00:00"
    for column, bad, problem in (
        ("departure_time", departure < arrival, "its departure lies before the arrival"),
        ("arrival_time", arrival < before, "its arrival lies before the stop before it"),
    ):
        trips = calls[bad].drop_duplicates("trip_id")
        omissions += _omission(trips, CALLS, "trip_id", _Reason("trip", problem, hint, column))
    bad_trips = set(calls.loc[(departure < arrival) | (arrival < before), "trip_id"])
    calls = calls[~calls["trip_id"].isin(bad_trips)]
    return tables | {CALLS: calls}, omissions


def _trim_ends(calls: pd.DataFrame) -> tuple[pd.DataFrame, list[Omission]]:
    """Return the calls of each trip from the first to the last with a time."""
    has_time = calls["arrival_time"].notna() | calls["departure_time"].notna()
    by_trip = has_time.groupby(calls["trip_id"], sort=False)
    has_begun = by_trip.cummax()
    ahead = has_time[::-1].groupby(calls["trip_id"][::-1], sort=False).cummax()[::-1]
    loose = ~(has_begun & ahead)
    hint = "Give the time there; calls between two with times may be blank"
    problem = "has no time at an end of its trip"
    reason = _Reason("call", problem, hint, "arrival_time")
    omissions = _omission(calls[loose], CALLS, "trip_id", reason)
    return calls[~loose], omissions


def find_misplaced_stops(tables: Tables) -> tuple[pd.Series, list[Omission]]:
    """Flag the stops in use without a position on the map, by row of stops.txt."""
    stops = tables[STOPS]
    is_used = stops["stop_id"].isin(set(tables[CALLS]["stop_id"]))
    west, south, east, north = MAP
    lon, lat = stops["stop_lon"], stops["stop_lat"]
    blank = is_used & (lon.isna() | lat.isna())
    off = is_used & ~blank & ~(lon.between(west, east) & lat.between(south, north))
    hint = "Give its latitude and longitude in degrees"
    rows = stops[off].copy()
    rows["stop_id"] = [f"{r.stop_id} ({r.stop_lat:g}, {r.stop_lon:g})" for r in rows.itertuples()]
    reason = _Reason("stop", "has no coordinates", hint, "stop_lat")
    omissions = _omission(stops[blank], STOPS, "stop_id", reason)
    reason = _Reason("stop", "lies off the map, far from Great Britain", hint, "stop_lat")
    omissions += _omission(rows, STOPS, "stop_id", reason)
    return blank | off, omissions


def without_single_calls(tables: Tables, is_misplaced: pd.Series) -> tuple[Tables, list[Omission]]:
    """Leave out trips with fewer than two calls on the map, unless their vehicle goes on.

    Parameters
    ----------
    tables
        Typed.
    is_misplaced
        As `find_misplaced_stops` gives it; calls at such stops do not count.
    """
    calls, trips = tables[CALLS], tables[TRIPS]
    has_place = ~calls["stop_id"].isin(set(tables[STOPS].loc[is_misplaced, "stop_id"]))
    size = has_place.groupby(calls["trip_id"], sort=False).transform("sum")
    moves = tables["transfers.txt"]
    trips_of_vehicle = set(trips.loc[trips["block_id"] != "", "trip_id"])
    trips_of_vehicle |= set(moves["from_trip_id"]) | set(moves["to_trip_id"])
    alone = (size < 2) & ~((size == 1) & calls["trip_id"].isin(trips_of_vehicle))
    problem = "has fewer than two calls, and so carries nobody"
    reason = _Reason("trip", problem, "Give its other calls")
    omissions = _omission(calls[alone].drop_duplicates("trip_id"), CALLS, "trip_id", reason)
    return tables | {CALLS: calls[~alone]}, omissions


def _omission(rows: pd.DataFrame, file: str, example: str, reason: _Reason) -> list[Omission]:
    """Describe rows left out; `example` is the column that names the first of them."""
    if rows.empty:
        return []
    at = int(np.argmin(rows.index.to_numpy()))
    column = reason.column or example
    row, name = int(rows.index[at]), str(rows[example].iloc[at])
    return [Omission(file, column, len(rows), reason.noun, reason.problem, reason.hint, row, name)]


FASTEST_KMH = 250.0
"""Straight-line speed between two calls above which a time or position is doubtful."""
FAR_KM = 5.0
"""Distance of calls from which speeds are checked; nearer ones have too coarse times."""
LONG_HOURS, SLOWEST_KMH = 2.0, 5.0
"""A ride between two calls that takes so long, slower than people walk, has a wrong time."""
DEGREE_KM = 111.32
SCHOOL = "712"
"""Extended route type of school buses (Google Transit, extended GTFS route types)."""


def speed_events(stops: pd.DataFrame, calls: pd.DataFrame) -> list[IntakeEvent]:
    """Return doubts on trips faster between two calls than any train, or slower than on foot.

    Parameters
    ----------
    stops
        `stop_id`, `stop_lat` and `stop_lon` (degrees), and `placed`; index = row of the file.
    calls
        `trip_id`, `stop_id`, `arrival_time` and `departure_time` (seconds), in order.

    Returns
    -------
    list of IntakeEvent
        One for fast and one for slow rides, which names the stops of most of them; or none.
    """
    on_map = stops[stops["placed"]].drop_duplicates("stop_id").set_index("stop_id")
    rides = calls[calls["stop_id"].isin(on_map.index)]
    lat, lon = (rides["stop_id"].map(on_map[name]).to_numpy(float) for name in
                ("stop_lat", "stop_lon"))  # fmt: skip
    hours = (_numbers(rides["arrival_time"])[1:] - _numbers(rides["departure_time"])[:-1]) / 3600
    east = np.diff(lon) * np.cos(np.radians((lat[1:] + lat[:-1]) / 2))
    km = np.hypot(np.diff(lat), east) * DEGREE_KM
    trip = rides["trip_id"].to_numpy()
    is_ride = (trip[1:] == trip[:-1]) & np.isfinite(hours)
    is_fast = is_ride & (km > FAR_KM) & (km > FASTEST_KMH * np.maximum(hours, 1 / 60))
    is_slow = is_ride & (hours > LONG_HOURS) & (km < SLOWEST_KMH * hours)
    rows = dict(zip(stops["stop_id"], stops.index, strict=True))
    names, events = rides["stop_id"].to_numpy(), []
    for flags, what in (
        (is_fast, f"faster than {FASTEST_KMH:g} km/h: is a stop misplaced or a time wrong?"),
        (is_slow, f"of over {LONG_HOURS:g} hours, slower than people walk: is a time wrong?"),
    ):
        odd = np.flatnonzero(flags)
        if not len(odd):
            continue
        counts = pd.Series(np.concatenate([names[odd], names[odd + 1]])).value_counts()
        examples = [
            f"stop {stop}, row {rows[stop]} of stops.txt, {count:,} times"
            for stop, count in zip(counts.index[:3], counts.iloc[:3], strict=True)
        ]
        words = f"stop_times.txt: {plural(len(odd), 'ride')} {what}"
        events.append(IntakeEvent("doubt", words, len(odd), tuple(examples)))
    return events


def school_events(trips: pd.DataFrame, routes: pd.DataFrame) -> list[IntakeEvent]:
    """Return a doubt if a feed has school buses, which count like all others."""
    if "route_type" not in routes or "route_id" not in trips:
        return []
    school = routes.loc[routes["route_type"] == SCHOOL, "route_id"]
    count = int(trips["route_id"].isin(school).sum())
    if not count:
        return []
    words = f"trips.txt: {plural(count, 'trip')} of school buses (route type {SCHOOL}) count as"
    return [IntakeEvent("doubt", f"{words} buses for everybody", count)]


def _numbers(times: pd.Series) -> np.ndarray:
    return pd.to_numeric(times, errors="coerce").to_numpy(np.float64)
