"""Amenities: public buildings of OpenStreetMap, added to a place as candidates and marked so."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import geopandas as gpd
import numpy as np
import osmium
import pandas as pd
import shapely

from nhcplanner.domain.errors import Fault, InputError
from nhcplanner.domain.place import CRS, Place, Source
from nhcplanner.domain.reading import read_apart
from nhcplanner.domain.words import counted
from nhcplanner.layers.files.tables import changed_on, sha256
from nhcplanner.layers.sites.beside import marked_own, one_layer
from nhcplanner.layers.sound import metres_outside
from nhcplanner.layers.where.coordinates import DEGREES

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
"""Amenities farther than this outside every area are left out, metres."""

SAME_M = 50.0
"""One of a kind that a list already has within so many metres is taken for the same."""


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
        none), `kind`, `status` (candidate), `postcode`, `listed_by` and a point in EPSG:27700: of
        a building the middle of its outline; ordered by site_id.

    Raises
    ------
    InputError
        Where the file is missing or is no OpenStreetMap file.
    """
    buildings: gpd.GeoDataFrame = read_apart(_read_amenities, Path(path))
    return buildings


def _read_amenities(path: Path) -> gpd.GeoDataFrame:
    if not path.is_file():
        raise InputError([Fault("no such file", str(path), mend="Check the path of --amenities")])
    wanted = osmium.filter.TagFilter(*(("amenity", value) for value in KINDS))
    outline = osmium.geom.WKBFactory()
    rows = []
    try:
        things = osmium.FileProcessor(str(path)).with_areas(wanted).with_filter(wanted)
        for thing in things:
            if thing.is_node():
                rows.append(_row(thing.tags, f"n{thing.id}", thing.lon, thing.lat))
            elif thing.is_area():
                shape = shapely.from_wkb(outline.create_multipolygon(thing))
                key = f"{'w' if thing.from_way() else 'r'}{thing.orig_id()}"
                rows.append(_row(thing.tags, key, shape.centroid.x, shape.centroid.y))
    except (RuntimeError, ValueError, osmium.InvalidLocationError) as error:
        mend = "It may be cut short or no OpenStreetMap file: download it again"
        raise InputError([Fault(f"cannot be read ({error})", path.name, mend=mend)]) from None
    columns = ["site_id", "site_name", "kind", "status", "postcode", "listed_by", "lon", "lat"]
    frame = pd.DataFrame(rows, columns=columns).sort_values("site_id", ignore_index=True)
    points = gpd.GeoSeries(gpd.points_from_xy(frame["lon"], frame["lat"]), crs=DEGREES)
    return gpd.GeoDataFrame(frame.drop(columns=["lon", "lat"]), geometry=points.to_crs(CRS))


def with_amenities(place: Place, path: Path, whole: Source | None = None) -> Place:
    """Add the public buildings in and around a place as candidates.

    Parameters
    ----------
    place
        As built from lists of sites.
    path
        OpenStreetMap file.
    whole
        The record of the file that `path` was clipped from; None = `path` is as it came.

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
    found = read_amenities(path)
    near = found[metres_outside(place.areas, found.geometry) <= NEAR_M] if len(found) else found
    new = near[~_already(near, place.sites)]
    sites = one_layer(marked_own(place.sites), new)
    added = (
        f"{counted(len(new), 'candidate')} added from OpenStreetMap, marked so: nobody has said "
        "that they are to be had"
    )
    same = len(near) - len(new)
    left = f"{counted(same, 'building')} left out, for a list has one of the kind nearby"
    came = whole or Source(
        layer="streets",
        title="OpenStreetMap",
        address="https://www.openstreetmap.org",
        file=Path(path).name,
        sha256=sha256(Path(path)),
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
        notes=(added, left),
    )
    return replace(
        place, sites=sites, sources=(*place.sources, source), notes=(*place.notes, added)
    )


def _row(tags: osmium.osm.TagList, key: str, lon: float, lat: float) -> tuple[object, ...]:
    name, postcode = tags.get("name"), tags.get("addr:postcode")
    kind = KINDS[tags["amenity"]]
    return (f"osm_{key}", name, kind, "candidate", postcode, LISTED_BY, lon, lat)


def _already(found: gpd.GeoDataFrame, sites: gpd.GeoDataFrame) -> np.ndarray:
    """Those of which a list has one of the same kind nearby (flags)."""
    tree = shapely.STRtree(sites.geometry.to_numpy())
    pairs = tree.query(found.geometry.to_numpy(), predicate="dwithin", distance=SAME_M)
    same = found["kind"].to_numpy()[pairs[0]] == sites["kind"].to_numpy()[pairs[1]]
    flags = np.zeros(len(found), dtype=bool)
    flags[pairs[0][same]] = True
    return flags
