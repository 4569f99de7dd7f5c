"""Buses: routes along the main roads, as a GTFS feed for 2026 and 2027."""

from __future__ import annotations

import zipfile
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
from country import NAME, TOWNS
from ground import Ground
from pyproj import Transformer
from streets import Streets

STOP_EVERY = 380.0  # metres between stops, where people live
TOWN_KMH, COUNTRY_KMH = 17.0, 40.0
BOARDING = 20  # seconds at a stop
FIRST, GAP, LAST = 6 * 60, (19 * 60, 20 * 60 + 30), 22 * 60  # minutes after midnight


@dataclass(frozen=True)
class Line:
    """A bus line: its districts in order ("town/district" or "town"), minutes between buses."""

    name: str
    calls: tuple[str, ...]
    every: int
    evening: bool


LINES = (
    Line("1", ("Estmere/Orchard Vale", "Estmere/Minster", "Estmere/Hagg Hill"), 12, True),
    Line("2", ("Estmere/Southmoor", "Estmere/Ropewalk", "Estmere/Minster", "Estmere/Parkside"),
         10, True),
    Line("3", ("Estmere/Westlea", "Estmere/Minster", "Estmere/Eastgate"), 12, True),
    Line("4", ("Estmere/Docks", "Estmere/Minster", "Estmere/Parkside"), 15, True),
    Line("S1", ("Saltwrack/Northcliff", "Saltwrack/Pier", "Saltwrack/Saltings"), 15, True),
    Line("10", ("Estmere/Minster", "Market Vetch", "Saltwrack/Pier"), 30, False),
    Line("11", ("Estmere/Minster", "Aldermarch"), 30, False),
    Line("12", ("Estmere/Minster", "Quillborough"), 60, False),
    Line("14", ("Aldermarch", "Saltwrack/Pier"), 60, False),
)  # fmt: skip


def write_timetable(ground: Ground, streets: Streets, path: Path) -> None:
    """Write the feed as one zip, the same bytes each time."""
    stops: dict[int, str] = {}
    trips, times = [], []
    for line in LINES:
        way = streets.route([_corner(ground, call) for call in line.calls], len(ground.points))
        for direction, corners in enumerate((way, way[::-1])):
            calls, seconds = _calls(ground, corners)
            stop_ids = [stops.setdefault(corner, f"B{len(stops) + 1:03d}") for corner in calls]
            for service, every in (("weekday", line.every), ("saturday", 2 * line.every)):
                for start in _starts(every, line.evening):
                    trip = f"{line.name}-{direction}-{service[0]}-{start}"
                    trips.append((line.name, service, trip, direction))
                    times += _times(trip, start, stop_ids, seconds)
    _pack(path, _tables(ground, stops, trips, times))


def _corner(ground: Ground, call: str) -> int:
    town, _, district = call.partition("/")
    if not district:
        return ground.at(town)
    home = next(t for t in TOWNS if t.name == town)
    quarter = next(d for d in home.districts if d.name == district)
    return ground.nearest(home.centre + 1000 * np.array([quarter.east, quarter.north]), "town")


def _calls(ground: Ground, corners: list[int]) -> tuple[list[int], list[int]]:
    """Where a bus stops, and how many seconds after it starts."""
    steps = np.hypot(*np.diff(ground.points[corners], axis=0).T)
    settled = np.isin(ground.kind[corners], ("town", "village"))
    kmh = np.where(settled[1:] & settled[:-1], TOWN_KMH, COUNTRY_KMH)
    ridden = np.concatenate([[0.0], np.cumsum(steps / kmh * 3.6)])
    calls, seconds, since = [corners[0]], [0], 0.0
    for place in range(1, len(corners)):
        since += steps[place - 1]
        if place == len(corners) - 1 or (settled[place] and since >= STOP_EVERY):
            calls.append(corners[place])
            seconds.append(int(ridden[place]) + BOARDING * (len(calls) - 2))
            since = 0.0
    return calls, seconds


def _starts(every: int, evening: bool) -> list[int]:
    day = list(range(FIRST, GAP[0], every))
    return day + (list(range(GAP[1], LAST + 1, 30)) if evening else [])


def _times(trip: str, start: int, stop_ids: list[str], seconds: list[int]) -> list[tuple]:
    clock = [_clock(start * 60 + after) for after in seconds]
    calls = zip(clock, stop_ids, strict=True)
    return [(trip, at, at, stop, number) for number, (at, stop) in enumerate(calls, start=1)]


def _clock(seconds: int) -> str:
    return f"{seconds // 3600:02d}:{seconds // 60 % 60:02d}:{seconds % 60:02d}"


def _tables(
    ground: Ground, stops: dict[int, str], trips: list[tuple], times: list[tuple]
) -> dict[str, pd.DataFrame]:
    to_degrees = Transformer.from_crs("EPSG:27700", "EPSG:4326", always_xy=True)
    lon, lat = to_degrees.transform(*ground.points[list(stops)].T)
    site, span = "https://example.org", {"start_date": "20260101", "end_date": "20271231"}
    days = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]
    names = [f"{ground.district[corner]} ({number})" for corner, number in stops.items()]
    lines = [
        (line.name, "E", line.name, f"{line.calls[0]} - {line.calls[-1]}", 3) for line in LINES
    ]
    return {
        "agency": pd.DataFrame(
            {"agency_id": ["E"], "agency_name": ["Estmere Buses (SYNTHETIC)"],
             "agency_url": [site], "agency_timezone": ["Europe/London"]}
        ),
        "stops": pd.DataFrame(
            {"stop_id": list(stops.values()), "stop_name": names, "stop_lat": lat.round(6),
             "stop_lon": lon.round(6)}
        ),
        "routes": pd.DataFrame(
            lines,
            columns=["route_id", "agency_id", "route_short_name", "route_long_name", "route_type"],
        ),
        "trips": pd.DataFrame(
            trips, columns=["route_id", "service_id", "trip_id", "direction_id"]
        ),
        "stop_times": pd.DataFrame(
            times,
            columns=["trip_id", "arrival_time", "departure_time", "stop_id", "stop_sequence"],
        ),
        "calendar": pd.DataFrame(
            [("weekday", 1, 1, 1, 1, 1, 0, 0, *span.values()),
             ("saturday", 0, 0, 0, 0, 0, 1, 0, *span.values())],
            columns=["service_id", *days, *span],
        ),
        "feed_info": pd.DataFrame(
            {"feed_publisher_name": [NAME], "feed_publisher_url": [site], "feed_lang": ["en-GB"],
             "feed_start_date": [span["start_date"]], "feed_end_date": [span["end_date"]]}
        ),
    }  # fmt: skip


def _pack(path: Path, tables: dict[str, pd.DataFrame]) -> None:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as packed:
        for name, table in tables.items():
            entry = zipfile.ZipInfo(f"{name}.txt", (2026, 1, 1, 0, 0, 0))
            entry.compress_type = zipfile.ZIP_DEFLATED
            packed.writestr(entry, table.to_csv(index=False, lineterminator="\n"))
