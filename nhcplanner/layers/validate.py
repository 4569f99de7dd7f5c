"""Checks between the layers of a place, in addition to those of each layer."""

from __future__ import annotations

from collections.abc import Mapping

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from nhcplanner.base.errors import Fault
from nhcplanner.base.text import plural
from nhcplanner.layers.readers.tables import Table

HALO_M = 20_000.0
"""Distance in metres from every area beyond which sites do not belong to the place."""

LONELY_M = 60_000.0
"""An area farther than this from every other may be misplaced, metres; Scilly is 45 km away."""

SMALL_M2 = 400.0
"""Median size in square metres below which polygons cannot be areas where people live."""

CENTROID_M = 5_000.0
"""Largest distance of a starting point from its generalised area, metres."""


def place_faults(
    areas: gpd.GeoDataFrame,
    sites: gpd.GeoDataFrame,
    origins: gpd.GeoDataFrame,
    files: Mapping[str, str],
    first_rows: Mapping[str, int] | None = None,
) -> list[Fault]:
    """Return every fault between layers that each passed their own checks.

    Parameters
    ----------
    areas, sites, origins
        The layers, each with a plain 0..n-1 index.
    files
        Name of each layer's file, for the messages.
    first_rows
        Number that each file's own reader shows for its first row of data; 1 by default.

    Returns
    -------
    list of Fault
        Empty if people, areas and sites belong together.
    """
    first = {"areas": 1, "sites": 1, "origins": 1, **(first_rows or {})}
    return [
        *far_sites(areas, sites, files["sites"], first["sites"]),
        *_strangers(areas, origins, files["origins"], first["origins"]),
        *_lost_people(areas, origins, files["areas"], first["areas"]),
        *far_origins(areas, origins, files["origins"], first["origins"]),
    ]


def metres_outside(areas: gpd.GeoDataFrame, points: gpd.GeoSeries) -> np.ndarray:
    """Return metres from each point to the nearest area, 0 = inside (shape points)."""
    shapes = areas.geometry.to_numpy()
    nearest = shapely.STRtree(shapes).nearest(points.to_numpy())
    return np.asarray(shapely.distance(points.to_numpy(), shapes[nearest]))


def small_shape_faults(table: Table) -> list[Fault]:
    """Return a fault if most areas are polygons smaller than a house.

    Such shapes have a wrong reference system: degrees or kilometres read as metres.
    """
    frame = table.frame
    if not isinstance(frame, gpd.GeoDataFrame):
        return []
    sizes = shapely.area(frame.geometry.to_numpy())[
        frame.geom_type.isin(["Polygon", "MultiPolygon"])
    ]
    if not len(sizes) or np.median(sizes) >= SMALL_M2:
        return []
    words = f"has areas of {np.median(sizes):,.3g} m2 in the middle: its shapes are not in metres"
    hint = 'Name the right reference system in the column map: crs = "EPSG:..."'
    return [Fault(words, table.file, None, "geometry", hint)]


def report_far_areas(table: Table) -> Table:
    """Return the table with a doubt for areas that lie far from every other area.

    A coordinate of one area with a digit too few, or of 0, moves it out of its place.
    """
    frame = table.frame
    if not isinstance(frame, gpd.GeoDataFrame) or frame.geometry.isna().any() or len(frame) < 3:
        return table
    shapes = frame.geometry.to_numpy()
    (own, _), metres = shapely.STRtree(shapes).query_nearest(
        shapes, exclusive=True, return_distance=True, all_matches=False
    )
    far = own[metres > LONELY_M]
    if not len(far):
        return table
    rows = [f"row {table.row_number(int(n))}" for n in far]
    words = f"{plural(len(far), 'area')} more than {LONELY_M / 1000:g} km from every other area"
    return table.with_event("doubt", words, len(far), rows)


WIDE_M, WIDE_TIMES = 50_000.0, 20.0
"""Extent in metres, and multiple of the usual extent, from which an area is reported."""


def report_odd_areas(table: Table) -> Table:
    """Return the table with doubts for areas that overlap others or have a distant part."""
    frame = table.frame
    if not isinstance(frame, gpd.GeoDataFrame) or frame.geometry.isna().any() or len(frame) < 3:
        return table
    shapes = frame.geometry.to_numpy()
    first, second = shapely.STRtree(shapes).query(
        shapely.point_on_surface(shapes), predicate="intersects"
    )
    within = np.unique(first[first != second])
    if len(within):
        rows = [f"row {table.row_number(int(n))}" for n in within]
        words = f"{plural(len(within), 'area')} whose middle lies in another area: do shapes repeat"
        table = table.with_event("doubt", f"{words} or overlap?", len(within), rows)
    west, south, east, north = shapely.bounds(shapes).T
    reach = np.maximum(east - west, north - south)
    wide = np.flatnonzero((reach > WIDE_M) & (reach > WIDE_TIMES * np.median(reach)))
    if len(wide):
        rows = [f"row {table.row_number(int(n))}: {reach[n] / 1000:,.0f} km" for n in wide]
        words = f"{plural(len(wide), 'area')} with parts far from each other: is one misplaced?"
        table = table.with_event("doubt", words, len(wide), rows)
    return table


def far_sites(
    areas: gpd.GeoDataFrame, sites: gpd.GeoDataFrame, file: str, first_row: int
) -> list[Fault]:
    """Return one fault for each site beyond `HALO_M` of every area."""
    outside = metres_outside(areas, sites.geometry)
    far = np.flatnonzero(outside > HALO_M)
    swapped = shapely.transform(sites.geometry.to_numpy()[far], lambda xy: xy[:, ::-1])
    turned = metres_outside(areas, gpd.GeoSeries(swapped)) if len(far) else np.empty(0)
    faults = []
    for row, back in zip(far, turned, strict=True):
        hint = f"Leave out sites farther than {HALO_M / 1000:g} km, or check the coordinates"
        if back <= HALO_M:
            hint = "Easting and northing look swapped: turn them round"
        words = f"{sites['site_id'].iloc[row]} lies {outside[row] / 1000:,.0f} km outside the place"
        faults.append(Fault(words, file, int(row) + first_row, "geometry", hint))
    return faults


def far_origins(
    areas: gpd.GeoDataFrame, origins: gpd.GeoDataFrame, file: str, first_row: int
) -> list[Fault]:
    """Return one fault for each point where people start that lies far from its own area."""
    shapes = pd.Series(areas.geometry.to_numpy(), index=areas["area_code"])
    own = origins["area_code"].isin(shapes.index).to_numpy()
    metres = np.zeros(len(origins))
    metres[own] = shapely.distance(
        origins.geometry.to_numpy()[own], shapes.loc[origins["area_code"][own]].to_numpy()
    )
    hint = "Check the columns of the weighted centroid, and whether they are swapped"
    return [
        Fault(
            f"people of {origins['area_code'].iloc[row]} start {metres[row] / 1000:,.0f} km "
            "from their area",
            file, int(row) + first_row, "geometry", hint,
        )
        for row in np.flatnonzero(metres > CENTROID_M)
    ]  # fmt: skip


def _strangers(
    areas: gpd.GeoDataFrame, origins: gpd.GeoDataFrame, file: str, first_row: int
) -> list[Fault]:
    unknown = ~origins["area_code"].isin(areas["area_code"]).to_numpy()
    hint = "Give the area, or leave out the people who start there"
    return [
        Fault(
            f"{origins['area_code'].iloc[row]} is not an area of the place",
            file, int(row) + first_row, "area_code", hint,
        )
        for row in np.flatnonzero(unknown)
    ]  # fmt: skip


def _lost_people(
    areas: gpd.GeoDataFrame, origins: gpd.GeoDataFrame, file: str, first_row: int
) -> list[Fault]:
    starting = origins.groupby("area_code")["people"].sum().reindex(areas["area_code"])
    people = areas["people"].to_numpy()
    sums = starting.fillna(0).to_numpy()
    wrong = np.abs(sums - people) > 1e-6 * np.maximum(people, 1)
    hint = "Make the people of its origins sum to those of the area"
    return [
        Fault(
            f"{areas['area_code'].iloc[row]} has {people[row]:,} people, "
            f"but {sums[row]:,.0f} start in it",
            file, int(row) + first_row, "people", hint,
        )
        for row in np.flatnonzero(wrong)
    ]  # fmt: skip
