"""Buildings of official lists and of OpenStreetMap, in and around a place.

Public buildings of OpenStreetMap are added as candidates, and marked as such.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

import geopandas as gpd
import numpy as np
import osmium
import pandas as pd
import shapely

from nhcplanner.base.errors import Fault, InputError
from nhcplanner.base.hashing import hash_file
from nhcplanner.base.limited_reader import read_apart
from nhcplanner.base.text import plural, shortened
from nhcplanner.domain.columns import SITES
from nhcplanner.domain.opening_hours import rewrite
from nhcplanner.domain.place import CRS, Place, Source
from nhcplanner.layers.geocoding.coordinates import DEGREES
from nhcplanner.layers.geocoding.postcodes import locate_postcodes
from nhcplanner.layers.readers.tables import Table, changed_on
from nhcplanner.layers.sites.clean import tidy_sites
from nhcplanner.layers.sites.facts import PARKING
from nhcplanner.layers.sites.merge import marked_own, one_layer
from nhcplanner.layers.validate import metres_outside

KNOWN = [column.name for column in SITES]


def gathered_sites(
    lists: Iterable[Table], areas: gpd.GeoDataFrame, halo: float, known: Iterable[str] = ()
) -> list[Table]:
    """Place the buildings of official lists on the map, and keep those of the place.

    Parameters
    ----------
    lists
        As the sources read them: the schema's names, with points or with postcodes.
    areas
        The place's areas.
    halo
        How far outside the areas a site may lie, metres.
    known
        Ids of sites that are known already: they are left out.

    Returns
    -------
    list of Table
        One a list, its sites sound and in EPSG:27700; its notes say how many were left out and
        why. A site that an earlier list has too, by its id, is left out.
    """
    nearby: list[Table] = []
    ids = set(known)
    for table in lists:
        placed = _placed(table)
        frame = placed.frame
        inside = metres_outside(areas, frame.geometry) <= halo if len(frame) else np.zeros(0, bool)
        mine = inside & ~frame["site_id"].isin(ids).to_numpy()
        ids.update(frame.loc[mine, "site_id"])
        columns = [name for name in KNOWN if name in frame]
        near = frame.loc[mine, columns].reset_index(drop=True)
        words = f"{plural(len(near), 'site')} in the place or within {halo / 1000:g} km of it"
        nearby.append(tidy_sites(placed.with_frame(near, words)))
    return nearby


def in_networks(lists: Iterable[Table], network: pd.Series) -> tuple[tuple[Table, ...], int]:
    """Fill each practice's blank neighbourhood with its primary care network.

    Parameters
    ----------
    lists
        Sites with the schema's names.
    network
        Index site id: the network's name.

    Returns
    -------
    tuple
        The lists, and how many sites are in a network.
    """
    labelled, count = [], 0
    for table in lists:
        mine = table.frame["site_id"].map(network).astype("object")
        known = int(mine.notna().sum())
        stated = table.frame.get("neighbourhood", mine).astype("object")
        frame = table.frame.assign(neighbourhood=stated.fillna(mine))
        note = "neighbourhood: the primary care network, where blank"
        labelled.append(table.with_frame(frame, note) if known else table)
        count += known
    return tuple(labelled), count


def _placed(table: Table) -> Table:
    """Give sites their points; leave out and report sites without one."""
    frame = table.frame
    if not isinstance(frame, gpd.GeoDataFrame):
        where = locate_postcodes(frame["postcode"])
        points = gpd.points_from_xy(where["x"], where["y"], crs=CRS)
        frame = gpd.GeoDataFrame(
            frame.assign(postcode=where["postcode"].fillna(frame["postcode"])), geometry=points
        )
        table = table.with_frame(frame, "placed by postcode, at its middle")
        lost = where["x"].isna().to_numpy()
    else:
        lost = (frame.geometry.isna() | frame.geometry.is_empty).to_numpy()
    if not lost.any():
        return table
    names = shortened(frame.loc[lost, "site_id"])
    words = f"{plural(int(lost.sum()), 'site')} left out, as their position is unknown: {names}"
    table = table.with_event("left out", words, int(lost.sum()))
    return table.with_frame(frame[~lost].reset_index(drop=True), words)


LISTED_BY = "OpenStreetMap"
KINDS = {
    "library": "library",
    "community_centre": "community_centre",
    "clinic": "clinic",
    "doctors": "gp_practice",
    "hospital": "hospital",
    "townhall": "town_hall",
}
"""Value of the tag amenity -> kind of site."""

NEAR_M = 2_000.0
"""Distance in metres from every area beyond which amenities are left out."""

SAME_M = 50.0
"""Distance in metres within which a building of the same kind counts as already listed."""


def read_amenities(path: Path) -> gpd.GeoDataFrame:
    """Read public buildings from an OpenStreetMap file.

    Parameters
    ----------
    path
        Any file that osmium reads: .osm.pbf, .osm.

    Returns
    -------
    GeoDataFrame
        `site_id` ("osm_n1": node 1, w = way, r = relation), `site_name` (missing where it has
        none), `kind`, `status` (candidate), `postcode`, `opening_hours`, `parking_spaces` and
        `blue_badge_spaces` (if any has them), `listed_by` and a point in EPSG:27700: of a
        building the middle of its outline; ordered by site_id.

    Raises
    ------
    InputError
        If the file is missing or is not an OpenStreetMap file.
    """
    buildings: gpd.GeoDataFrame = read_apart(_read_amenities, Path(path))
    return buildings


def _read_amenities(path: Path) -> gpd.GeoDataFrame:
    if not path.is_file():
        raise InputError([Fault("no such file", str(path), hint="Check the path of --amenities")])
    wanted = (*KINDS, CAR_PARK)
    by_kind = osmium.filter.TagFilter(*(("amenity", value) for value in wanted))
    outline = osmium.geom.WKBFactory()
    rows = []
    try:
        things = osmium.FileProcessor(str(path)).with_areas(by_kind).with_filter(by_kind)
        for thing in things:
            if thing.is_node():
                rows.append(_row(thing.tags, f"n{thing.id}", thing.lon, thing.lat))
            elif thing.is_area():
                shape = shapely.from_wkb(outline.create_multipolygon(thing))
                key = f"{'w' if thing.from_way() else 'r'}{thing.orig_id()}"
                rows.append(_row(thing.tags, key, shape.centroid.x, shape.centroid.y))
    except (RuntimeError, ValueError, osmium.InvalidLocationError) as error:
        hint = "It may be cut short or no OpenStreetMap file: download it again"
        raise InputError([Fault(f"cannot be read ({error})", path.name, hint=hint)]) from None
    columns = ["site_id", "site_name", "kind", "status", "postcode", "opening_hours", *PARKING,
               "listed_by"]  # fmt: skip
    table = pd.DataFrame(rows, columns=[*columns, "lon", "lat"])
    frame = table.sort_values("site_id", ignore_index=True)
    points = gpd.GeoSeries(gpd.points_from_xy(frame["lon"], frame["lat"]), crs=DEGREES)
    shaped = gpd.GeoDataFrame(frame.drop(columns=["lon", "lat"]), geometry=points.to_crs(CRS))
    found = _with_parking(shaped)
    unknown = [name for name in ("opening_hours", *PARKING) if found[name].isna().all()]
    return gpd.GeoDataFrame(found.drop(columns=unknown))


CAR_PARK, BADGES = "parking", "capacity:disabled"
PARK_M = 50.0
"""Metres from a building to the middle of a car park that counts as its own."""
SHUT = frozenset({"private", "no", "permit", "residents"})


def _with_parking(frame: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Return the buildings without the car parks, with the spaces of car parks beside them."""
    parks = frame[(frame["kind"] == CAR_PARK)]
    buildings = frame[frame["kind"] != CAR_PARK].reset_index(drop=True)
    pairs = shapely.STRtree(parks.geometry.to_numpy()).query(
        buildings.geometry.to_numpy(), predicate="dwithin", distance=PARK_M
    )
    for name in PARKING:
        spaces = pd.Series(parks[name].to_numpy(dtype=np.float64)[pairs[1]])
        total = spaces.groupby(pairs[0]).sum(min_count=1)
        buildings[name] = total.reindex(range(len(buildings))).to_numpy()
    return buildings


def _spaces(text: str | None) -> float:
    """Return a number of spaces of a car park; NaN where its tag is no whole number."""
    return float(text) if text and text.isdecimal() and len(text) < MOST_DIGITS else np.nan


MOST_DIGITS = 5


def with_amenities(place: Place, path: Path, whole: Source | None = None) -> Place:
    """Add the public buildings in and around a place as candidates.

    Parameters
    ----------
    place
        As built from lists of sites.
    path
        OpenStreetMap file.
    whole
        The record of the file that `path` was clipped from; None = `path` is unchanged.

    Returns
    -------
    Place
        With the candidates added, each marked in `listed_by`, sites of lists marked "own" where
        they are not yet. One that a list already has (the same kind within 50 m) is left out.

    Raises
    ------
    InputError
        As `read_amenities` does.
    """
    amenities = read_amenities(path)
    near = (
        amenities[metres_outside(place.areas, amenities.geometry) <= NEAR_M]
        if len(amenities)
        else amenities
    )
    new = near[~_already(near, place.sites)]
    sites = one_layer(marked_own(place.sites), new)
    added = (
        f"{plural(len(new), 'candidate')} added from OpenStreetMap; it is not known "
        "whether they are available"
    )
    same = len(near) - len(new)
    left = f"{plural(same, 'building')} left out, as a list has one of the kind nearby"
    hours = new.get("opening_hours", pd.Series(dtype=str)).dropna().astype(str)
    unclear = [text for text in hours if not rewrite(text)]
    unread = (
        f"opening_hours of {plural(len(unclear), 'building')} not understood, which count as not "
        f"known: {shortened(unclear)}"
    )
    parked = int(new.get("parking_spaces", pd.Series(dtype=float)).notna().sum())
    parking = (
        f"parking spaces of {plural(parked, 'building')} are those of car parks within "
        f"{PARK_M:g} m in OpenStreetMap"
    )
    came = whole or Source(
        layer="streets",
        title="OpenStreetMap",
        address="https://www.openstreetmap.org",
        file=Path(path).name,
        sha256=hash_file(Path(path)),
        retrieved=changed_on(Path(path)),
    )
    source = Source(
        layer="sites",
        title="Public buildings of OpenStreetMap",
        publisher="OpenStreetMap contributors",
        address=came.address,
        file=came.file,
        sha256=came.sha256,
        rows=len(new),
        licence="ODbL 1.0",
        attribution="© OpenStreetMap contributors",
        retrieved=came.retrieved,
        notes=(added, left, *([unread] if unclear else []), *([parking] if parked else [])),
    )
    return replace(
        place, sites=sites, sources=(*place.sources, source), notes=(*place.notes, added)
    )


def _row(tags: osmium.osm.TagList, key: str, lon: float, lat: float) -> tuple[object, ...]:
    name, postcode = tags.get("name"), tags.get("addr:postcode")
    kind = KINDS.get(tags["amenity"], CAR_PARK)
    hours = tags.get("opening_hours")
    is_own = kind == CAR_PARK and tags.get("access", "") not in SHUT
    spaces = [_spaces(tags.get(one)) if is_own else np.nan for one in ("capacity", BADGES)]
    return (f"osm_{key}", name, kind, "candidate", postcode, hours, *spaces, LISTED_BY, lon, lat)


def _already(amenities: gpd.GeoDataFrame, sites: gpd.GeoDataFrame) -> np.ndarray:
    """Flag the buildings that have a site of the same kind nearby."""
    tree = shapely.STRtree(sites.geometry.to_numpy())
    pairs = tree.query(amenities.geometry.to_numpy(), predicate="dwithin", distance=SAME_M)
    same = amenities["kind"].to_numpy()[pairs[0]] == sites["kind"].to_numpy()[pairs[1]]
    flags = np.zeros(len(amenities), dtype=bool)
    flags[pairs[0][same]] = True
    return flags
