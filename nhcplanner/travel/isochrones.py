"""Isochrones: polygons from which a site is reached within some minutes.

References
----------
Lorensen WE, Cline HE (1987), Marching cubes: a high resolution 3D surface construction algorithm,
Computer Graphics 21(4): contours by linear interpolation in cells, here two triangles each.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely
from shapely.geometry.base import BaseGeometry

from nhcplanner.base.arrays import BoolArray, FloatArray, IntArray
from nhcplanner.domain.place import CRS, Place
from nhcplanner.domain.scenario import Scenario
from nhcplanner.domain.travel_times import TravelTimes
from nhcplanner.travel import cache
from nhcplanner.travel.engines import Measure, Tell
from nhcplanner.travel.mode_combinations import measurable
from nhcplanner.travel.points import check_points

MINUTES = (10.0, 15.0, 20.0, 30.0)
CELLS = (25.0, 50.0, 100.0, 200.0, 400.0, 800.0)
"""Metres between the points of a grid, the finest first."""
MOST_POINTS = 80_000
OFF_STREET = 250.0
"""Metres from any street beyond which ground belongs to no isochrone."""
ROUNDING = 0.5
"""Metres to which corners are rounded, so that neighbouring pieces join."""

Times = Callable[[FloatArray, FloatArray], TravelTimes]


class Grid(NamedTuple):
    """A regular grid of points, some of which are measured.

    Parameters
    ----------
    x, y
        Easting of each column and northing of each row, metres.
    measured
        Rows x columns, True for each point to measure.
    """

    x: FloatArray
    y: FloatArray
    measured: BoolArray

    @property
    def points(self) -> FloatArray:
        """The points to measure, points x 2."""
        row, column = np.nonzero(self.measured)
        return np.column_stack([self.x[column], self.y[row]])

    @property
    def cell(self) -> float:
        """Metres between points."""
        return float(self.x[1] - self.x[0])


def isochrones(
    times: Times,
    sites: npt.ArrayLike,
    metres: float,
    minutes: Sequence[float] = MINUTES,
    most_points: int = MOST_POINTS,
) -> gpd.GeoDataFrame:
    """Compute the polygons from which each site is reached within some minutes.

    Minutes are measured from a grid of points by the same rules as from people's homes. Between
    two points the edge is found by linear interpolation. Ground farther than `OFF_STREET` from
    any street is left out.

    Parameters
    ----------
    times
        Measures minutes from points to sites, at least as far as the longest of `minutes`.
    sites
        Sites x 2, metres (EPSG:27700).
    metres
        Greatest straight-line distance of a journey within the longest limit.
    minutes
        Limits.
    most_points
        The grid is the finest of `CELLS` with at most this many points.

    Returns
    -------
    GeoDataFrame
        One row for each site and limit with a polygon: `site` (its row), `minutes`, `cell_m`
        (metres between the points of the grid) and the polygon. Polygons of a site are nested.
    """
    sites = check_points(sites, sites)[1]
    grid = _grid(sites, metres, most_points)
    measured_times = times(grid.points, sites)
    near = np.ones(len(grid.points), dtype=bool)
    if measured_times.snap is not None:
        near = (measured_times.snap.origins["distance_m"] <= OFF_STREET).to_numpy()
    columns = measured_times.minutes.tocsc()
    rows = []
    for site in range(len(sites)):
        some = slice(columns.indptr[site], columns.indptr[site + 1])
        minutes_of_points = np.full(len(near), np.inf)
        minutes_of_points[columns.indices[some]] = columns.data[some]
        field = np.full(grid.measured.shape, np.inf)
        field[grid.measured] = np.where(near, minutes_of_points, np.inf)
        rows += [(site, limit, grid.cell, _within(grid, field, limit)) for limit in minutes]
    frame = gpd.GeoDataFrame(
        rows, columns=["site", "minutes", "cell_m", "geometry"], geometry="geometry", crs=CRS
    )
    return frame[~frame.geometry.is_empty].reset_index(drop=True)


def _grid(sites: FloatArray, metres: float, most_points: int) -> Grid:
    """Return the finest grid around the sites with no more than `most` points."""
    low, high = sites.min(axis=0) - metres, sites.max(axis=0) + metres
    for cell in CELLS:
        first, last = np.floor(low / cell), np.ceil(high / cell) + 1
        if cell != CELLS[-1] and np.pi * (metres / cell) ** 2 > most_points:
            continue
        x, y = (np.arange(first[axis], last[axis] + 1) * cell for axis in (0, 1))
        measured = np.zeros((len(y), len(x)), dtype=bool)
        for site in sites:
            left, right = np.searchsorted(x, [site[0] - metres, site[0] + metres])
            below, above = np.searchsorted(y, [site[1] - metres, site[1] + metres])
            away = np.hypot(x[left:right] - site[0], y[below:above, None] - site[1])
            measured[below:above, left:right] |= away <= metres
        grid = Grid(x, y, measured)
        if measured.sum() <= most_points:
            break
    return grid


def _within(grid: Grid, field: FloatArray, limit: float) -> shapely.Geometry:
    """Return the area with minutes within a limit."""
    inside = field <= limit
    corners = np.stack([inside[:-1, :-1], inside[:-1, 1:], inside[1:, 1:], inside[1:, :-1]])
    full = np.asarray(corners.all(axis=0))
    cut = _cut(grid, field, limit, *np.nonzero(corners.any(axis=0) & ~full))
    row, column = np.nonzero(full)
    whole = shapely.box(grid.x[column], grid.y[row], grid.x[column + 1], grid.y[row + 1])
    pieces = np.concatenate([whole, cut])
    return shapely.make_valid(_join(pieces).simplify(grid.cell / 10))


def _join(pieces: npt.NDArray[np.object_]) -> BaseGeometry:
    """Return the union of pieces that do not overlap and share whole edges.

    Dropping shared edges takes a tenth of the time of a general union, which is the fallback where
    rounding has moved an edge.
    """
    rounded = np.round(shapely.get_coordinates(pieces) / ROUNDING) * ROUNDING
    pieces = shapely.set_coordinates(pieces, rounded)
    areas = shapely.area(pieces)
    pieces = pieces[areas > 0]
    try:
        joined = shapely.coverage_union_all(pieces)
    except shapely.GEOSException:
        joined = None
    if joined is None or abs(joined.area - areas.sum()) > ROUNDING**2:
        return shapely.union_all(pieces, grid_size=ROUNDING)
    return joined


def _cut(
    grid: Grid, field: FloatArray, limit: float, row: IntArray, column: IntArray
) -> npt.NDArray[np.object_]:
    """Return the parts within the limit of cells across it, as two triangles for each cell."""
    right, above = column + 1, row + 1
    corners = ((row, column), (row, right), (above, right), (above, column))
    triangles = ((0, 1, 2), (0, 2, 3))
    at = [np.concatenate([corners[t[k]][0] for t in triangles]) for k in range(3)]
    across = [np.concatenate([corners[t[k]][1] for t in triangles]) for k in range(3)]
    xy = [np.column_stack([grid.x[c], grid.y[r]]) for r, c in zip(at, across, strict=True)]
    value = [field[r, c] for r, c in zip(at, across, strict=True)]
    ring, inside = [], []
    for k in range(3):
        after = (k + 1) % 3
        ring += [xy[k], _crossing(xy[k], xy[after], value[k], value[after], limit)]
        inside += [value[k] <= limit, (value[k] <= limit) != (value[after] <= limit)]
    is_used = np.stack(inside, axis=1)
    some = is_used.any(axis=1)
    coordinates = np.stack(ring, axis=1)[some][is_used[some]]
    owner = np.repeat(np.arange(some.sum()), is_used[some].sum(axis=1))
    return np.asarray(shapely.polygons(shapely.linearrings(coordinates, indices=owner)))


def _crossing(
    one: FloatArray, other: FloatArray, minutes: FloatArray, others: FloatArray, limit: float
) -> FloatArray:
    """Return where the limit is passed between two points; half way if one is not reached."""
    with np.errstate(invalid="ignore", divide="ignore"):
        share = (limit - minutes) / (others - minutes)
    share[~(np.isfinite(minutes) & np.isfinite(others))] = 0.5
    crossing: FloatArray = one + np.clip(np.nan_to_num(share), 0, 1)[:, None] * (other - one)
    return crossing


MOST_SITES = 60
"""Isochrones are left out for more sites than this."""
TOGETHER = 10
"""Number of sites on one grid."""
FASTEST = {"walk": 100.0, "cycle": 300.0, "transit": 500.0, "drive": 1900.0}
"""Upper limits on straight-line metres a minute, at default speeds."""


def around(
    place: Place,
    scenario: Scenario,
    sites: Sequence[int],
    tell: Tell,
    minutes: Sequence[float] = MINUTES,
) -> gpd.GeoDataFrame:
    """Compute isochrones of some sites of a place, for each mode of a scenario.

    Parameters
    ----------
    place, scenario
        What to measure with, and how.
    sites
        Rows in `place.sites`.
    tell
        Receives a sentence about the current step.
    minutes
        Limits.

    Returns
    -------
    GeoDataFrame
        `site_id`, `mode`, `minutes`, `cell_m` and the polygon. Empty if minutes are not measured
        on streets, or for more than `MOST_SITES` sites.
    """
    parts = []
    on_streets = place.streets is not None and scenario.engine in ("auto", "streets")
    if on_streets and 0 < len(sites) <= MOST_SITES:
        wider = scenario.model_copy(update={"horizon": max(minutes), "reach": min(minutes)})
        for mode in measurable(place, scenario):
            if mode == "on_demand":  # its borders are those of its zones
                continue
            tell(f"Drawing travel-time areas, {mode}")
            by = Measure(place, wider, mode, lambda _: None)
            parts += [
                _isochrones_of(by, list(sites[first : first + TOGETHER]), minutes)
                for first in range(0, len(sites), TOGETHER)
            ]
    columns = ["site_id", "mode", "minutes", "cell_m", "geometry"]
    frame = pd.concat(parts, ignore_index=True) if parts else pd.DataFrame(columns=columns)
    return gpd.GeoDataFrame(frame[columns], geometry="geometry", crs=CRS)


def _isochrones_of(by: Measure, sites: list[int], minutes: Sequence[float]) -> gpd.GeoDataFrame:
    nodes = cache.network(str(by.place.streets)).xy
    across = float(np.hypot(*(nodes.max(axis=0) - nodes.min(axis=0))))
    fastest = max(FASTEST[by.mode], by.profile.fastest_kmh(by.mode) * 1000 / 60)
    metres = min(max(minutes) * fastest, across + OFF_STREET)
    rows = by.place.sites.iloc[sites]
    frame = isochrones(
        by.times,
        shapely.get_coordinates(rows.geometry),
        metres,
        minutes,
    )
    ids = rows["site_id"].to_numpy()[frame["site"].to_numpy(dtype=np.intp)]
    return frame.assign(site_id=ids, mode=by.mode)
