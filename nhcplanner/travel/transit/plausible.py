"""Plausible journeys: calls too far apart for their times, and vehicles not for the public."""

from __future__ import annotations

import numpy as np
import pandas as pd

from nhcplanner.base.text import plural
from nhcplanner.domain.intake import IntakeEvent

FASTEST_KMH = 250.0
"""Straight-line speed between two calls that no bus or train of Great Britain keeps up."""
FAR_KM = 5.0
"""Calls nearer than this are left alone, for times are in whole minutes."""
DEGREE_KM = 111.32
SCHOOL = "712"
"""Extended route type of school buses (Google Transit, extended GTFS route types)."""


def speed_events(stops: pd.DataFrame, calls: pd.DataFrame) -> list[IntakeEvent]:
    """A doubt where trips are faster between two calls than any bus or train.

    Parameters
    ----------
    stops
        `stop_id`, `stop_lat` and `stop_lon` (degrees), and `placed`; index = row of the file.
    calls
        `trip_id`, `stop_id`, `arrival_time` and `departure_time` (seconds), in order.

    Returns
    -------
    list of IntakeEvent
        One, which names the stops that take part in most such rides; or none.
    """
    placed = stops[stops["placed"]].drop_duplicates("stop_id").set_index("stop_id")
    timed = calls[calls["stop_id"].isin(placed.index)]
    lat, lon = (timed["stop_id"].map(placed[name]).to_numpy(float) for name in
                ("stop_lat", "stop_lon"))  # fmt: skip
    hours = (_numbers(timed["arrival_time"])[1:] - _numbers(timed["departure_time"])[:-1]) / 3600
    east = np.diff(lon) * np.cos(np.radians((lat[1:] + lat[:-1]) / 2))
    km = np.hypot(np.diff(lat), east) * DEGREE_KM
    trip = timed["trip_id"].to_numpy()
    ride = (trip[1:] == trip[:-1]) & (km > FAR_KM) & (km > FASTEST_KMH * np.maximum(hours, 1 / 60))
    fast = np.flatnonzero(ride & np.isfinite(hours))
    if not len(fast):
        return []
    names = timed["stop_id"].to_numpy()
    counts = pd.Series(np.concatenate([names[fast], names[fast + 1]])).value_counts()
    rows = dict(zip(stops["stop_id"], stops.index, strict=True))
    shown = [f"stop {stop}, row {rows[stop]} of stops.txt, {count:,} times"
             for stop, count in zip(counts.index[:3], counts.iloc[:3], strict=True)]  # fmt: skip
    words = (
        f"stop_times.txt: {plural(len(fast), 'ride')} faster than {FASTEST_KMH:g} km/h: is a stop "
        "misplaced or a time wrong?"
    )
    return [IntakeEvent("doubt", words, len(fast), tuple(shown))]


def school_events(trips: pd.DataFrame, routes: pd.DataFrame) -> list[IntakeEvent]:
    """A doubt where a feed marks school buses, which count like all others."""
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
