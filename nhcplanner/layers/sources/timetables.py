"""Bus timetables: the region's feed of the Bus Open Data Service, clipped to the place."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from uuid import uuid4

import numpy as np
import pandas as pd
from pyproj import Transformer
from scipy import sparse
from scipy.sparse.csgraph import connected_components

from nhcplanner.base.errors import Fault, FetchError, InputError
from nhcplanner.base.file_checks import UNPACKING
from nhcplanner.base.gtfs_zip import HINT, feed_members, text_parts
from nhcplanner.base.limited_reader import read_apart
from nhcplanner.domain.place import CRS
from nhcplanner.layers.geocoding.coordinates import DEGREES
from nhcplanner.layers.sources.base import AGAIN, OGL, Extent, OfficialSource
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
ONE_VEHICLE = ("4", "5")
"""Codes of transfer_type for trips of one vehicle."""

COLUMNS = {
    "stops.txt": ("stop_id", "stop_lat", "stop_lon"),
    "stop_times.txt": ("trip_id", "stop_id", "stop_sequence"),
    "trips.txt": ("trip_id", "route_id", "service_id"),
    "routes.txt": ("route_id",),
}
"""Columns of a feed's files by which it is clipped."""

Box = tuple[float, float, float, float]


def fetch(source: OfficialSource, web: WebClient, extent: Extent) -> Path:
    """Fetch the feed of the place's region, or of all its regions.

    Raises
    ------
    FetchError
        If the region is unknown, or the download of its feed fails.
    """
    names = {REGIONS.get(region) for region in extent.regions}
    if not names or None in names:
        raise FetchError(f"{source.title}: the place's region is not known")
    region = names.pop() if len(names) == 1 else ALL
    return web.file(source.ask(f"{ROOT}/{region}/", "zip", f"itm_{region}_gtfs.zip"))


def clip(path: Path, bounds: Box, out: Path) -> Path:
    """Write a feed of the stops in a box and of trips with two or more calls there.

    Trips that a vehicle goes on as, under one block or by transfers of types 4 and 5, count
    together: they keep the calls at which they begin and end, wherever those are. Trips with
    blank times are kept whole, so that the times can be filled in.

    Parameters
    ----------
    path
        GTFS zip.
    bounds
        West, south, east, north in metres (EPSG:27700).
    out
        The zip to write: other calls outside the box are left out, shapes too.

    Raises
    ------
    InputError
        If the file is not a GTFS feed, or no trip calls twice in the box.
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
            zipfile.ZipFile(path) as packed,
            zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as target,
        ):
            members, faults = feed_members(packed, path.name)
            if faults:
                raise InputError(faults)
            for name, table in _clip(_Tables(packed, members, path.name), bounds).items():
                target.writestr(name, table.to_csv(index=False, lineterminator="\n"))
    except (*UNPACKING, RuntimeError) as error:
        raise InputError([Fault(f"cannot be unpacked: {error}", path.name, hint=AGAIN)]) from None


@dataclass(frozen=True)
class _Tables:
    """The tables of a feed in its zip, as text.

    Parameters
    ----------
    packed, members
        The zip, and the full name of each file in it.
    file
        The zip's name, for messages.
    """

    packed: zipfile.ZipFile
    members: Mapping[str, str]
    file: str

    def read(self, name: str) -> pd.DataFrame:
        """Return a whole table."""
        return pd.concat(list(self.parts(name)), ignore_index=True)

    def optional(self, name: str) -> pd.DataFrame | None:
        """Return a table that a feed need not have."""
        return self.read(name) if name in self.members else None

    def parts(self, name: str) -> Iterator[pd.DataFrame]:
        """Return a table, some rows at a time."""
        if name not in self.members:
            raise InputError([Fault(f"has no {name}", self.file, hint=HINT)])
        try:
            for part in text_parts(self.packed, self.members[name], name):
                yield self._checked(part, name)
        except (pd.errors.ParserError, pd.errors.EmptyDataError, UnicodeDecodeError) as error:
            problem = f"{name} cannot be read: {error}"
            raise InputError([Fault(problem, self.file, hint=AGAIN)]) from None

    def _checked(self, table: pd.DataFrame, name: str) -> pd.DataFrame:
        missing = [column for column in COLUMNS.get(name, ()) if column not in table]
        if missing:
            words = f"{name} has no column {', '.join(missing)}"
            raise InputError([Fault(words, self.file, hint="Give a whole GTFS feed")])
        return table


def _clip(feed: _Tables, bounds: Box) -> dict[str, pd.DataFrame]:
    """Return the clipped tables, each by the ids that the tables before it keep."""
    stops = feed.read("stops.txt")
    near = set(stops.loc[_inside(stops, bounds), "stop_id"])
    trips, moves = feed.read("trips.txt"), feed.optional("transfers.txt")
    calls = _calls(feed, near, _vehicles(trips, moves))
    if calls.empty:
        words = "has no trip that calls twice in or around the place"
        hint = "Give the timetable of the place's region"
        raise InputError([Fault(words, feed.file, hint=hint)])
    trips = _of(trips, trip_id=calls["trip_id"]).drop(columns="shape_id", errors="ignore")
    routes = _of(feed.read("routes.txt"), route_id=trips["route_id"])
    called = near | set(calls["stop_id"])
    tables = {
        "stops.txt": _with_parents(stops, called),
        "stop_times.txt": calls,
        "trips.txt": trips,
        "routes.txt": routes,
        "agency.txt": _of(feed.read("agency.txt"), agency_id=routes.get("agency_id")),
    }
    trip, service = trips["trip_id"], trips["service_id"]
    stop_or_none, trip_or_none = pd.Series([*called, ""]), pd.Series([*trip, ""])
    further = {
        "calendar.txt": {"service_id": service},
        "calendar_dates.txt": {"service_id": service},
        "frequencies.txt": {"trip_id": trip},
        "transfers.txt": {
            "from_stop_id": stop_or_none, "to_stop_id": stop_or_none,
            "from_trip_id": trip_or_none, "to_trip_id": trip_or_none,
        },
        "feed_info.txt": {},
    }  # fmt: skip
    for name, ids in further.items():
        table = feed.optional(name)
        if table is not None:
            tables[name] = _of(table, **ids)
    return tables


def _of(table: pd.DataFrame, **ids: pd.Series | None) -> pd.DataFrame:
    """Return the rows with one of the given ids; ignore a column that is missing."""
    for column, known in ids.items():
        if known is not None and column in table:
            table = table[table[column].isin(known)]
    return table


def _inside(stops: pd.DataFrame, bounds: Box) -> np.ndarray:
    west, south, east, north = bounds
    lon, lat = (
        pd.to_numeric(stops[c], errors="coerce").to_numpy() for c in ("stop_lon", "stop_lat")
    )
    x, y = Transformer.from_crs(DEGREES, CRS, always_xy=True).transform(lon, lat)
    inside: np.ndarray = (x >= west) & (x <= east) & (y >= south) & (y <= north)
    return inside


def _with_parents(stops: pd.DataFrame, called: set[str]) -> pd.DataFrame:
    """Return the stops of trips and the stations of these stops, inside the box or not."""
    some = stops[stops["stop_id"].isin(called)]
    if "parent_station" not in stops:
        return some
    return stops[stops["stop_id"].isin(called | (set(some["parent_station"]) - {""}))]


def _vehicles(trips: pd.DataFrame, moves: pd.DataFrame | None) -> pd.Series:
    """Return the vehicle of each trip: its block and service, or the trips it is joined to.

    A trip that is not joined to another has a vehicle of its own.
    """
    vehicle = "trip " + trips["trip_id"]
    if "block_id" in trips:
        block = "block " + trips["block_id"] + " of " + trips["service_id"]
        vehicle = vehicle.where(trips["block_id"] == "", block)
    vehicle.index = pd.Index(trips["trip_id"])
    vehicle = vehicle[~vehicle.index.duplicated()]
    columns = {"from_trip_id", "to_trip_id", "transfer_type"}
    if moves is None or not columns <= set(moves.columns):
        return vehicle
    joined = moves[moves["transfer_type"].isin(ONE_VEHICLE)]
    joined = joined[joined["from_trip_id"].isin(vehicle.index)]
    joined = joined[joined["to_trip_id"].isin(vehicle.index)]
    ends = [vehicle[joined[column]].to_numpy() for column in ("from_trip_id", "to_trip_id")]
    code, names = pd.factorize(np.concatenate([vehicle.to_numpy(), *ends]))
    pairs = code[len(vehicle) :].reshape(2, -1)
    graph = sparse.coo_array(
        (np.ones(pairs.shape[1]), (pairs[0], pairs[1])), shape=(len(names), len(names))
    )
    _, together = connected_components(graph, directed=False)
    return pd.Series(together[code[: len(vehicle)]], index=vehicle.index)


def _calls(feed: _Tables, stops: set[str], vehicle: pd.Series) -> pd.DataFrame:
    """Return the calls at some stops of vehicles with two or more, and calls that these need."""
    name = "stop_times.txt"
    pieces = [part[part["stop_id"].isin(stops)] for part in feed.parts(name)]
    calls: pd.DataFrame = pd.concat(pieces, ignore_index=True)
    of_call = vehicle.reindex(calls["trip_id"]).fillna("").to_numpy()
    size = calls.groupby(of_call, sort=False)["trip_id"].transform("size")
    calls = calls.loc[(size >= 2) & (of_call != "")]
    sharing = vehicle[vehicle.isin(vehicle[vehicle.duplicated()])]
    joined = set(sharing.index[sharing.isin(vehicle.reindex(calls["trip_id"].unique()))])
    whole = set(calls.loc[_blank_time(calls), "trip_id"])
    if not joined and not whole:
        return calls
    pieces = [part[part["trip_id"].isin(joined | whole)] for part in feed.parts(name)]
    every = pd.concat(pieces, ignore_index=True)
    every = every.iloc[
        np.argsort(pd.to_numeric(every["stop_sequence"], errors="coerce"), kind="stable")
    ]
    whole |= set(every.loc[_blank_time(every), "trip_id"]) & joined
    ends = ~(every.duplicated("trip_id") & every.duplicated("trip_id", keep="last"))
    needed = every[ends | every["trip_id"].isin(whole) | every["stop_id"].isin(stops)]
    rest = calls[~calls["trip_id"].isin(joined | whole)]
    table: pd.DataFrame = pd.concat([rest, needed], ignore_index=True)
    return table


def _blank_time(calls: pd.DataFrame) -> pd.Series:
    """Flag the calls with neither an arrival nor a departure."""
    times = [name for name in ("arrival_time", "departure_time") if name in calls]
    return (calls[times] == "").all(axis=1)


TIMETABLE = OfficialSource(
    key="timetable",
    layer="timetable",
    title="Bus timetables of the region (GTFS), Bus Open Data Service",
    publisher="Department for Transport, Bus Open Data Service",
    address=f"{ROOT}/REGION/",
    confirmed="public code, 2025 and 2026",
    licence=OGL,
    attribution="Contains public sector information licensed under the Open Government Licence "
    "v3.0; source: Department for Transport, Bus Open Data Service",
    vintage="as of the day it was retrieved",
    gives="buses, for minutes by public transport",
    looks="zip",
    names=("itm_*gtfs*.zip", "*gtfs*.zip"),
    form_words="what it holds (a zip with stops.txt)",
    parse=None,
    fetch=fetch,
    several=True,
    page="https://data.bus-data.dft.gov.uk/downloads/",
)


OWN_IDS = ("trip_id", "route_id", "service_id", "block_id", "from_trip_id", "to_trip_id",
           "from_route_id", "to_route_id")  # fmt: skip
"""Ids that mean something within one feed only; stops and agencies have national ones."""
SHARED = {"stops.txt": "stop_id", "agency.txt": "agency_id"}
"""Tables whose rows several feeds have in common, by id: the first feed's row is kept."""


def clip_feeds(paths: Sequence[Path], bounds: Box, out: Path) -> tuple[Path, tuple[str, ...]]:
    """Clip feeds to a box and write them as one.

    Parameters
    ----------
    paths
        GTFS zips; one at least.
    bounds
        West, south, east, north in metres (EPSG:27700).
    out
        The zip to write.

    Returns
    -------
    tuple
        The zip, and notes on what was left out.

    Raises
    ------
    InputError
        If no feed has a trip in the box.
    """
    if len(paths) == 1:
        return clip(paths[0], bounds, out), ()
    notes, clipped = [], []
    faults: list[Fault | str] = []
    with TemporaryDirectory(dir=out.parent) as folder:
        for number, path in enumerate(paths):
            try:
                clipped.append(clip(path, bounds, Path(folder) / f"{number}.zip"))
            except InputError as error:
                faults += error.faults
                notes.append(f"{path.name} left out: {error.faults[0].problem}")
        if not clipped:
            raise InputError(faults)
        if len(clipped) == 1:
            return clipped[0].replace(out), tuple(notes)
        read_apart(_merge, clipped[0], [one.absolute() for one in clipped], out.absolute())
    words = "timetables joined; a stop of both appears once"
    return out, (*notes, f"{len(clipped)} {words}")


def _merge(first: Path, paths: Sequence[Path], out: Path) -> None:  # noqa: ARG001  (sets the limits)
    tables: dict[str, list[pd.DataFrame]] = {}
    for number, path in enumerate(paths):
        with zipfile.ZipFile(path) as feed:
            for name in feed.namelist():
                with feed.open(name) as opened:
                    table = pd.read_csv(opened, dtype="str", keep_default_na=False)
                for column in set(OWN_IDS) & set(table.columns):
                    filled = table[column] != ""
                    table.loc[filled, column] = f"{number}:" + table.loc[filled, column]
                tables.setdefault(name, []).append(table)
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as target:
        for name, parts in tables.items():
            whole = pd.concat(parts, ignore_index=True).fillna("")
            if name in SHARED and SHARED[name] in whole:
                whole = whole.drop_duplicates(SHARED[name])
            if name in {"feed_info.txt", "transfers.txt"}:
                whole = whole.drop_duplicates()
            target.writestr(name, whole.to_csv(index=False, lineterminator="\n"))
