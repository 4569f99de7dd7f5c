"""Streets from OpenStreetMap extracts by county, clipped to the place and its halo."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any
from uuid import uuid4

import osmium
import shapely
from pyproj import Transformer

from nhcplanner.base.errors import Fault, FetchError, InputError
from nhcplanner.base.limited_reader import read_apart
from nhcplanner.domain.place import CRS
from nhcplanner.layers.geocoding.coordinates import DEGREES
from nhcplanner.layers.sites.public_buildings import KINDS
from nhcplanner.layers.sources.base import AGAIN, Extent, OfficialSource
from nhcplanner.layers.web import TransientError, WebClient
from nhcplanner.layers.web.request import in_one_line

INDEX = "https://download.geofabrik.de/index-v1.json"
PARENT = "england"
KEYS = ("highway", "route", "type", "amenity", "man_made", "railway", "public_transport")
WAYS = ("highway", "route")
MD5 = re.compile(r"\s*([0-9a-fA-F]{32})\b")
Box = tuple[float, float, float, float]


def fetch(source: OfficialSource, web: WebClient, extent: Extent) -> Path:
    """Fetch the extracts that cover the place; several are clipped and merged into one.

    Raises
    ------
    FetchError
        If no extract covers the place, or a download fails.
    """
    if extent.bounds is None:
        raise FetchError(f"{source.title}: the position of the place is unknown")
    listed = web.file(source.ask(source.address, "json", "index-v1.json"))
    index = json.loads(listed.read_text(encoding="utf-8"))
    paths = [_extract(source, web, address) for address in covering(index, extent.bounds)]
    if len(paths) == 1:
        return paths[0]
    web.tell(f"Clipping streets of {len(paths)} extracts")
    name = "+".join(path.name.removesuffix("-latest.osm.pbf") for path in paths)
    return clip(paths, extent.bounds, paths[0].with_name(f"{name}.osm.pbf"))


def covering(index: dict[str, Any], bounds: Box) -> list[str]:
    """Return addresses of the fewest extracts of Geofabrik's index that cover a box.

    Parameters
    ----------
    index
        Geofabrik's index-v1.json: a GeoJSON of extracts with `parent` and `urls`.
    bounds
        West, south, east, north in metres (EPSG:27700).

    Raises
    ------
    FetchError
        If the index is of another form, or England's extracts do not reach the box.
    """
    box = shapely.box(*in_degrees(bounds))
    try:
        counties = [
            (
                str(feature["properties"]["urls"]["pbf"]),
                shapely.make_valid(shapely.from_geojson(json.dumps(feature["geometry"]))),
            )
            for feature in index["features"]
            if feature["properties"].get("parent") == PARENT
        ]
    except (AttributeError, KeyError, TypeError, shapely.errors.GEOSException):
        raise FetchError("Geofabrik's index is of another form than it was") from None
    touching = {address: shapely.intersection(shape, box) for address, shape in counties}
    covered: shapely.Geometry = shapely.Polygon()
    chosen = []
    by_size = sorted(touching, key=lambda address: (-touching[address].area, address))
    for address in by_size:
        new = shapely.difference(touching[address], covered)
        if new.area > 0:
            chosen.append(address)
            covered = shapely.union(covered, touching[address])
    if not chosen:
        raise FetchError("Geofabrik has no extract of England for the place")
    return chosen


def _extract(source: OfficialSource, web: WebClient, address: str) -> Path:
    """Fetch one extract, and check it against the published hash if there is one."""
    name = re.sub("[^a-z0-9-]+", "_", address.rsplit("/", 1)[-1].removesuffix(".osm.pbf").lower())
    try:
        listed = web.file(source.ask(f"{address}.md5", "text", f"{name}.osm.pbf.md5"))
        match = MD5.match(listed.read_text(encoding="ascii", errors="replace"))
    except FetchError as error:
        web.tell(f"No hash of {name}.osm.pbf came, so it is not checked against one ({error})")
        return web.file(source.ask(address, "pbf", f"{name}.osm.pbf"))
    if match is None:
        raise FetchError(f"The hash published for {name}.osm.pbf has another form than it had")
    return web.file(source.ask(address, "pbf", f"{name}.osm.pbf", digest=f"md5:{match[1].lower()}"))


def clip(paths: Sequence[Path], bounds: Box, out: Path) -> Path:
    """Write the streets and public buildings that touch a box, with everything they refer to.

    Parameters
    ----------
    paths
        OpenStreetMap files that osmium reads.
    bounds
        West, south, east, north in metres (EPSG:27700).
    out
        The file to write (.osm.pbf): each street and public building that has a node in the box,
        whole, with the turn restrictions between such streets.

    Raises
    ------
    InputError
        If a file is not an OpenStreetMap file, is cut short, or has no street in the box.
    """
    fresh = [out.with_name(f".{uuid4().hex[:8]}.{n}.osm.pbf") for n in range(len(paths) + 1)]
    try:
        ways = sum(
            read_apart(_clip, path, in_degrees(bounds), part.absolute())
            for path, part in zip(paths, fresh[:-1], strict=True)
        )
        if not ways:
            words = "has no street in or around the place"
            raise InputError([Fault(words, paths[0].name, hint="Give the streets of the place")])
        _merge(fresh[:-1], fresh[-1])
        fresh[-1].replace(out)
    finally:
        for path in fresh:
            path.unlink(missing_ok=True)
    return out


def _clip(path: Path, box: Box, out: Path) -> int:
    """Write the objects of one file that touch the box; return the number of streets."""
    try:
        tracker, streets = _touching(path, box)
        tracker.complete_backward_references(str(path), relation_depth=1)
        with osmium.SimpleWriter(str(out)) as writer:
            osmium.apply(str(path), tracker.id_filter(), writer)
    except (RuntimeError, ValueError, osmium.InvalidLocationError) as error:
        words = f"cannot be read ({error}): it may be cut short or no OpenStreetMap file"
        raise InputError([Fault(words, path.name, hint=AGAIN)]) from None
    return streets


def _touching(path: Path, box: Box) -> tuple[osmium.IdTracker, int]:
    """Return the objects that touch a box, and the number of streets.

    All public buildings, squares and ferries drawn as relations are kept, as their outlines are
    not known yet; there are few.
    """
    tracker = osmium.IdTracker()
    streets: set[int] = set()
    things = osmium.FileProcessor(str(path)).with_locations()
    for thing in things.with_filter(osmium.filter.KeyFilter(*KEYS)):
        public = thing.tags.get("amenity") in KINDS
        if thing.is_node():
            if public and _inside(thing.location, box):
                tracker.add_node(thing.id)
        elif thing.is_way():
            street = any(key in thing.tags for key in WAYS) or _is_walked(thing.tags)
            if (street or public) and any(_inside(node.location, box) for node in thing.nodes):
                tracker.add_way(thing.id)
                if street:
                    streets.add(thing.id)
        elif public or _turns_among(thing, streets) or _is_way_of_parts(thing.tags):
            tracker.add_relation(thing.id)
    return tracker, len(streets)


def _is_walked(tags: osmium.osm.TagList) -> bool:
    """Whether something without a street's tag is walked on: a pier or a platform."""
    platform = "platform" in (tags.get("railway"), tags.get("public_transport"))
    return platform or tags.get("man_made") == "pier"


def _is_way_of_parts(tags: osmium.osm.TagList) -> bool:
    """Whether a relation is a square, pier or platform of several outlines, or a ferry's route."""
    if tags.get("type") == "multipolygon":
        return "highway" in tags or _is_walked(tags)
    return bool(tags.get("type") == "route" and tags.get("route") == "ferry")


def _inside(at: osmium.osm.Location, box: Box) -> bool:
    west, south, east, north = box
    return bool(at.valid() and west <= at.lon <= east and south <= at.lat <= north)


def _turns_among(relation: osmium.osm.Relation, ways: set[int]) -> bool:
    """Whether a relation is a turn restriction all of whose ways are included."""
    if relation.tags.get("type") != "restriction":
        return False
    members = [member.ref for member in relation.members if member.type == "w"]
    return bool(members) and ways.issuperset(members)


def _merge(parts: Sequence[Path], out: Path) -> None:
    merged = osmium.MergeInputReader()
    for part in parts:
        merged.add_file(str(part))
    writer = osmium.SimpleWriter(str(out))
    try:
        merged.apply(writer, simplify=True)
    finally:
        writer.close()


def in_degrees(bounds: Box) -> Box:
    """Return west, south, east and north in degrees of a box in metres."""
    project = Transformer.from_crs(CRS, DEGREES, always_xy=True)
    west, south, east, north = project.transform_bounds(*bounds)
    return west, south, east, north


STREETS = OfficialSource(
    key="streets",
    layer="streets",
    title="OpenStreetMap streets, extract by county from Geofabrik",
    publisher="OpenStreetMap contributors, through Geofabrik",
    address=INDEX,
    confirmed="public code, 2025 and 2026",
    licence="ODbL 1.0",
    attribution="© OpenStreetMap contributors",
    vintage="as of the day it was retrieved",
    gives="streets and paths, for minutes on foot, by cycle and by car",
    looks="pbf",
    names=("*.osm.pbf", "*.osm", "*.osm.bz2", "*.osm.gz"),
    form_words="the end of its name (.osm.pbf, .pbf, .osm, .osm.bz2, .osm.gz)",
    parse=None,
    fetch=fetch,
    several=True,
    page="https://download.geofabrik.de/europe/united-kingdom/england.html",
)


LARGEST_KM2 = 600
"""Largest box for Overpass, a shared service for small queries."""

QUERY = """\
[out:xml][timeout:180][bbox:{south},{west},{north},{east}];
(way[highway];way[route];)->.ways;
rel(bw.ways)[type=restriction]->.turns;
(.ways;.turns;.ways >;);
out body;
"""
"""Streets with all their nodes, and the turn restrictions among them."""

REMARK = re.compile(rb"<remark>\s*(.*?)\s*</remark>", re.DOTALL)


def fetch_box(source: OfficialSource, web: WebClient, extent: Extent) -> Path:
    """Fetch the streets of a small box.

    Raises
    ------
    FetchError
        If the box is too large, or Overpass gives no usable answer.
    """
    if extent.bounds is None:
        raise FetchError(f"{source.title}: the position of the place is unknown")
    west, south, east, north = extent.bounds
    square = (east - west) * (north - south) / 1e6
    if square > LARGEST_KM2:
        raise FetchError(
            f"{source.title}: {square:,.0f} square km with the halo are too much to ask of it, at "
            f"most {LARGEST_KM2:,}. Take the county's extract: --streets geofabrik"
        )
    form = (("data", query(in_degrees(extent.bounds))),)
    address = f"{source.address}/interpreter"
    return web.file(source.ask(address, "osm", "overpass.osm", form=form, check=_refuse_remarks))


def query(box: tuple[float, float, float, float]) -> str:
    """Return the query to Overpass for a box.

    Parameters
    ----------
    box
        West, south, east, north in degrees.
    """
    west, south, east, north = (f"{degree:.5f}" for degree in box)
    return QUERY.format(west=west, south=south, east=east, north=north)


def _refuse_remarks(path: Path) -> None:
    """Refuse an answer that breaks off with a remark, or holds no street.

    Overpass reports with a status of success that its time or memory is used up.
    """
    with path.open("rb") as opened:
        opened.seek(max(0, path.stat().st_size - 4096))
        end = opened.read()
    remark = REMARK.search(end)
    if remark:
        raise TransientError(f"Overpass says {in_one_line(remark[1].decode('utf-8', 'replace'))}")
    if not end.rstrip().endswith(b"</osm>"):
        raise TransientError("Overpass's answer breaks off")
    if b"<way" not in path.read_bytes():
        raise FetchError("Overpass knows no street there. Take --streets geofabrik")


OVERPASS = replace(
    STREETS,
    key="overpass",
    title="OpenStreetMap streets, from Overpass",
    publisher="OpenStreetMap contributors, through Overpass",
    address="https://overpass-api.de/api",
    confirmed="public code, 2025 and 2026",
    fetch=fetch_box,
    names=(),
    form_words="",
    hosts=("lz4.overpass-api.de", "z.overpass-api.de"),
)
