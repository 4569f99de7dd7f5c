"""Bus timetables: the region's feed of the Bus Open Data Service, clipped to the place."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import numpy as np
import pandas as pd
from pyproj import Transformer

from nhcplanner.base.errors import Fault, FetchError, InputError
from nhcplanner.domain.place import CRS
from nhcplanner.domain.reading import read_apart
from nhcplanner.layers.geocoding.coordinates import DEGREES
from nhcplanner.layers.readers.tables import UNPACKING
from nhcplanner.layers.sources.base import AGAIN, OGL, OfficialSource, Wanted
from nhcplanner.layers.web import WebClient

ROOT = "https://data.bus-data.dft.gov.uk/timetable/download/gtfs-file"
REGIONS = {
    "East Midlands": "east_midlands",
    "East of England": "east_anglia",
    "London": "london",
    "North East": "north_east",
    "North West": "north_west",
    "South East": "south_east",
    "South West": "south_west",
    "West Midlands": "west_midlands",
    "Yorkshire and The Humber": "yorkshire",
}
"""Region as the ONS names it -> its name in the service's addresses."""

ALL = "all"
ROWS = 1_000_000
"""Rows of stop_times.txt read at a time."""

COLUMNS = {
    "stops.txt": ("stop_id", "stop_lat", "stop_lon"),
    "stop_times.txt": ("trip_id", "stop_id"),
    "trips.txt": ("trip_id", "route_id", "service_id"),
    "routes.txt": ("route_id",),
}
"""Columns of a feed's files by which it is clipped."""

Box = tuple[float, float, float, float]


def fetch(source: OfficialSource, web: WebClient, wanted: Wanted) -> Path:
    """Fetch the feed of the place's region; of all regions where it lies in several.

    Raises
    ------
    FetchError
        Where the region is not known, or its feed does not come.
    """
    names = {REGIONS.get(region) for region in wanted.regions}
    if not names or None in names:
        raise FetchError(f"{source.title}: the place's region is not known")
    region = names.pop() if len(names) == 1 else ALL
    return web.file(source.ask(f"{ROOT}/{region}/", "zip", f"itm_{region}_gtfs.zip"))


def clipped(path: Path, bounds: Box, out: Path) -> Path:
    """Write a feed of the stops in a box, and of the trips that call at two of them at least.

    Parameters
    ----------
    path
        GTFS zip.
    bounds
        West, south, east, north in metres (EPSG:27700).
    out
        The zip to write: calls outside the box are left out, shapes too.

    Raises
    ------
    InputError
        Where the file is no GTFS feed, or no trip calls twice in the box.
    """
    fresh = out.absolute().with_name(f".{uuid4().hex[:8]}.zip")
    try:
        read_apart(_write_clipped, path, bounds, fresh)
        fresh.replace(out)
    finally:
        fresh.unlink(missing_ok=True)
    return out


def _write_clipped(path: Path, bounds: Box, out: Path) -> None:
    try:
        with (
            zipfile.ZipFile(path) as feed,
            zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as kept,
        ):
            _clip(feed, bounds, kept, path.name)
    except (*UNPACKING, RuntimeError) as error:
        raise InputError([Fault(f"cannot be unpacked: {error}", path.name, hint=AGAIN)]) from None


def _clip(feed: zipfile.ZipFile, bounds: Box, kept: zipfile.ZipFile, file: str) -> None:
    """Write the clipped tables, each by the ids that the ones before it keep."""
    stops = _read(feed, "stops.txt", file)
    near = stops[_inside(stops, bounds)]
    calls = _calls(feed, set(near["stop_id"]), file)
    if calls.empty:
        words = "has no trip that calls twice in or around the place"
        raise InputError([Fault(words, file, hint="Give the timetable of the place's region")])
    trips = _of(_read(feed, "trips.txt", file), trip_id=calls["trip_id"])
    trips = trips.drop(columns="shape_id", errors="ignore")
    routes = _of(_read(feed, "routes.txt", file), route_id=trips["route_id"])
    tables = {
        "stops.txt": _with_parents(near, stops),
        "stop_times.txt": calls,
        "trips.txt": trips,
        "routes.txt": routes,
        "agency.txt": _of(_read(feed, "agency.txt", file), agency_id=routes.get("agency_id")),
    }
    stop, trip, service = near["stop_id"], trips["trip_id"], trips["service_id"]
    further = {
        "calendar.txt": {"service_id": service},
        "calendar_dates.txt": {"service_id": service},
        "frequencies.txt": {"trip_id": trip},
        "transfers.txt": {"from_stop_id": stop, "to_stop_id": stop},
        "feed_info.txt": {},
    }
    there = feed.namelist()
    tables |= {n: _of(_read(feed, n, file), **ids) for n, ids in further.items() if n in there}
    for name, table in tables.items():
        kept.writestr(name, table.to_csv(index=False, lineterminator="\n"))


def _of(table: pd.DataFrame, **ids: pd.Series | None) -> pd.DataFrame:
    """Rows whose ids are among those given; a column that is not there is passed over."""
    for column, known in ids.items():
        if known is not None and column in table:
            table = table[table[column].isin(known)]
    return table


def _need(table: pd.DataFrame, name: str, file: str) -> pd.DataFrame:
    missing = [column for column in COLUMNS.get(name, ()) if column not in table]
    if missing:
        words = f"{name} has no column {', '.join(missing)}"
        raise InputError([Fault(words, file, hint="Give a whole GTFS feed")])
    return table


def _inside(stops: pd.DataFrame, bounds: Box) -> np.ndarray:
    west, south, east, north = bounds
    lon, lat = (
        pd.to_numeric(stops[c], errors="coerce").to_numpy() for c in ("stop_lon", "stop_lat")
    )
    x, y = Transformer.from_crs(DEGREES, CRS, always_xy=True).transform(lon, lat)
    inside: np.ndarray = (x >= west) & (x <= east) & (y >= south) & (y <= north)
    return inside


def _with_parents(near: pd.DataFrame, stops: pd.DataFrame) -> pd.DataFrame:
    """Keep the stations that stops belong to, wherever they lie."""
    if "parent_station" not in stops:
        return near
    return stops[stops["stop_id"].isin({*near["stop_id"], *near["parent_station"].dropna()})]


def _calls(feed: zipfile.ZipFile, stops: set[str], file: str) -> pd.DataFrame:
    """Calls at some stops, of trips with at least two of them."""
    name = "stop_times.txt"
    parts = (_need(part, name, file) for part in _parts(feed, name, file))
    pieces = [part[part["stop_id"].isin(stops)] for part in parts]
    calls = pd.concat(pieces, ignore_index=True)
    return calls[calls.groupby("trip_id")["trip_id"].transform("size") >= 2]


def _read(feed: zipfile.ZipFile, name: str, file: str) -> pd.DataFrame:
    return _need(pd.concat(list(_parts(feed, name, file)), ignore_index=True), name, file)


def _parts(feed: zipfile.ZipFile, name: str, file: str) -> Iterator[pd.DataFrame]:
    """A file of the feed as text, some rows at a time."""
    if name not in feed.namelist():
        hint = "Give a GTFS feed: one .zip with stops.txt and the rest at its top"
        raise InputError([Fault(f"has no {name}", file, hint=hint)])
    with feed.open(name) as packed:
        text = io.TextIOWrapper(packed, encoding="utf-8-sig", newline="")
        try:
            yield from pd.read_csv(
                text, dtype="str", keep_default_na=False, na_values=[""], chunksize=ROWS
            )
        except (pd.errors.ParserError, pd.errors.EmptyDataError, UnicodeDecodeError) as error:
            raise InputError([Fault(f"{name} cannot be read: {error}", file, hint=AGAIN)]) from None


TIMETABLE = OfficialSource(
    key="timetable",
    layer="timetable",
    title="Bus timetables of the region (GTFS), Bus Open Data Service",
    publisher="Department for Transport, Bus Open Data Service",
    address=f"{ROOT}/REGION/",
    licence=OGL,
    attribution="Contains public sector information licensed under the Open Government Licence "
    "v3.0; source: Department for Transport, Bus Open Data Service",
    vintage="as of the day it was retrieved",
    gives="buses, for minutes by public transport",
    looks="zip",
    names=("itm_*gtfs*.zip", "*gtfs*.zip"),
    parse=None,
    fetch=fetch,
    page="https://data.bus-data.dft.gov.uk/downloads/",
)
