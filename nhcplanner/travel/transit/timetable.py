"""Timetables of one day as flat arrays, and the record of a feed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from pathlib import Path

import numpy as np
import pandas as pd
from pyproj import Transformer

from nhcplanner.base.errors import InputError
from nhcplanner.base.text import plural
from nhcplanner.domain.intake import FileIntake
from nhcplanner.travel.transit.calendar import ServiceDay, choose_day, service_dates
from nhcplanner.travel.transit.calls import Calls, calls_of_day
from nhcplanner.travel.transit.feed import DAY, Feed
from nhcplanner.travel.transit.fields import WEEKDAYS, seconds
from nhcplanner.travel.transit.rules import LONGEST
from nhcplanner.travel.transit.transfers import Transfers, transfers_between

MORNING = ("07:00", "10:00")


@dataclass(frozen=True, eq=False)
class Timetable:
    """The buses, trams, trains and ferries of one day, and the hours in which people set out.

    Parameters
    ----------
    name
        File of the feed.
    day
        The day.
    window
        First and last second after its midnight at which people set out; the last is left out.
    stop_id
        Ids of the stops with calls from the window's start.
    stop_xy
        Stops x 2, metres (EPSG:27700).
    calls
        Every call at a stop from the window's start to `LONGEST` after its end.
    transfers
        Transfers of the feed at and between stops.
    report
        Trips, calls and stops; times that a vehicle goes on as another trip; trips that repeat
        another; transfers of the feed that were not used.
    service
        The day among the days of the feed.
    notes
        Notes on rows of the feed that were left out, and on its days.
    """

    name: str
    day: date
    window: tuple[int, int]
    stop_id: np.ndarray
    stop_xy: np.ndarray
    calls: Calls
    transfers: Transfers
    report: dict[str, float]
    service: ServiceDay
    notes: tuple[str, ...]

    @classmethod
    def read(
        cls,
        gtfs_zip: str | Path,
        day: date | str | None = None,
        window: tuple[str, str] = MORNING,
    ) -> Timetable:
        """Read one day of a GTFS feed, as `read_windows` does."""
        return cls.read_windows(gtfs_zip, [(day, window)])[0]

    @classmethod
    def read_windows(
        cls, gtfs_zip: str | Path, windows: Sequence[tuple[date | str | None, tuple[str, str]]]
    ) -> tuple[Timetable, ...]:
        """Read the days of several windows from a GTFS feed, which is read once.

        Trips of the day before that run past midnight belong to the day, and so do trips of the
        day after if the window reaches it. A trip by headway leaves at the start of each span and
        then after every headway, even if its times are not exact. Missing times between two given
        times are interpolated, by distance along the trip if each of its stops has one, else
        evenly, to the nearest second.

        Parameters
        ----------
        gtfs_zip
            The feed.
        windows
            Of each, the day and the hours. The day is a date, its ISO text or the name of a
            weekday ("saturday"), of which the typical day is taken; None takes the typical
            Tuesday, see `choose_day`. The hours are the first and last time at which people leave
            home, as hours:minutes; they may be past "24:00".

        Raises
        ------
        InputError
            For a feed that cannot be used, with file, row and column of every fault; for a day
            without service, with the days that have service; and for an invalid window.
        """
        path = Path(gtfs_zip)
        spans = [(_day(day), _window(window)) for day, window in windows]
        feed = Feed.read(path)
        runs, stop_xy = runs_by_service(feed), _on_grid(feed)
        services = [choose_day(feed.calendar, runs, day, path.name) for day, _ in spans]
        return tuple(
            cls._of(feed, path.name, service, span, stop_xy)
            for service, (_, span) in zip(services, spans, strict=True)
        )

    @classmethod
    def _of(
        cls, feed: Feed, name: str, service: ServiceDay, span: tuple[int, int], stop_xy: np.ndarray
    ) -> Timetable:
        """Make the timetable of one window of a feed."""
        ordinal = service.day.toordinal()
        calls, report = calls_of_day(feed, stop_xy, ordinal, span[0], span[1] + LONGEST)
        stops, stop = np.unique(calls.stop, return_inverse=True)
        stop_id = feed.stops["stop_id"].to_numpy(str)[stops]
        transfers, unused = transfers_between(feed, stop_id)
        report |= {"calls": len(calls.trip), "stops": len(stops), "transfers_not_used": unused}
        return cls(
            name, service.day, span, stop_id, stop_xy[stops], calls.at(stop), transfers,
            report, service, (*service.notes, *_notes(report), *map(str, feed.events)),
        )  # fmt: skip

    @property
    def window_words(self) -> str:
        """Day and window, for the record."""
        start, end = (f"{s // 3600:02d}:{s // 60 % 60:02d}" for s in self.window)
        weekday = WEEKDAYS[self.day.weekday()].title()
        return f"{weekday} {self.day.isoformat()}, {start} to {end}"


def runs_by_service(feed: Feed) -> pd.Series:
    """Return the number of runs of vehicles on a day of each service, indexed by service."""
    rates = feed.frequencies
    spans = (rates["end_time"] - rates["start_time"]) / rates["headway_secs"]
    often = pd.Series(np.ceil(spans.to_numpy()), spans.index).groupby(rates["trip_id"]).sum()
    count = feed.trips["trip_id"].map(often).fillna(1.0)
    by_service: pd.Series = count.groupby(feed.trips["service_id"]).sum().astype(np.int64)
    return by_service


def _on_grid(feed: Feed) -> np.ndarray:
    """Return the stops of a feed x 2, metres; NaN if a stop has no position."""
    to_grid = Transformer.from_crs("EPSG:4326", "EPSG:27700", always_xy=True)
    has_place = feed.stops["placed"].to_numpy()
    stops = feed.stops[has_place]
    stop_xy = np.full((len(has_place), 2), np.nan)
    xy = to_grid.transform(stops["stop_lon"].to_numpy(), stops["stop_lat"].to_numpy())
    stop_xy[has_place] = np.column_stack(xy)
    return stop_xy


def _notes(report: dict[str, float]) -> list[str]:
    notes = []
    if report["trips_repeated"]:
        count = plural(int(report["trips_repeated"]), "trip")
        notes.append(
            f"{count} of the day repeat another trip's stops and times: revisions of the "
            "timetable may overlap; minutes are the same with or without them"
        )
    if report["run_through"]:
        count = plural(int(report["run_through"]), "time")
        notes.append(f"Vehicles go on as another trip {count}; riders stay aboard")
    if report["links_not_used"]:
        count = plural(int(report["links_not_used"]), "pair")
        notes.append(f"{count} of trips of one vehicle are not joined: too many ways lead through")
    return notes


def _day(day: date | str | None) -> date | int | None:
    """Return a date, the number of a weekday, or None for the typical Tuesday."""
    if not isinstance(day, str):
        return day
    if day in WEEKDAYS:
        return WEEKDAYS.index(day)
    try:
        return date.fromisoformat(day)
    except ValueError:
        raise InputError(
            [f"'{day}' is not a day; give year, month and day as 2025-06-03"]
        ) from None


def _window(window: tuple[str, str]) -> tuple[int, int]:
    start, end = (seconds(f"{word}:00") for word in window)
    if not 0 <= start < end <= 2 * DAY:
        words = " to ".join(window)
        hint = "give two times of day in order, such as 07:00 to 10:00"
        raise InputError([f"'{words}' is not a window of departures; {hint}"])
    return int(start), int(end)


@dataclass(frozen=True)
class TimetableIntake:
    """Record of the reading of a timetable.

    Parameters
    ----------
    record
        Rows left out, files not read, and unusual days.
    dates
        Period of the services, for the record; empty if there is none.
    """

    record: FileIntake
    dates: str


def read_timetable(path: Path, today: date | None = None) -> TimetableIntake:
    """Read a feed when a place is built, and return its record.

    Parameters
    ----------
    path
        The zip.
    today
        The day by which a timetable has ended; today (UTC) by default.

    Raises
    ------
    InputError
        If the feed cannot be used, see `Feed.read`.
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
        choice, *unusual = service.notes
        record = record.with_event("note", choice)
        for words in unusual:
            record = record.with_event("doubt", words)
    return TimetableIntake(record, f"until {last} (from {first})")
