"""Shapes simplified for drawing, with shared borders."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import shapely
from shapely.geometry import box

from nhcplanner.base.lazy import cache_by_identity
from nhcplanner.domain.place import CRS, Place

MANY = 5_000
"""Number of areas above which those of one class are drawn as one shape."""

_STEPS = 2_000
_AROUND = 0.05
"""Distance beyond the areas up to which roads are drawn, as a share of their extent."""
_DIGITS = 5
_FEW = 20
"""Average number of corners up to which shapes are not simplified."""
_KEPT = 6
"""Largest number of stored drawings of one place."""

Drawn = tuple[gpd.GeoSeries, npt.NDArray[np.int64]]


@cache_by_identity
def light(place: Place) -> gpd.GeoSeries:
    """Return the shapes of areas in EPSG:27700, simplified with shared borders."""
    shapes = place.areas.geometry
    corners = shapely.get_num_coordinates(shapes.to_numpy()).sum()
    if not _polygons(shapes) or corners <= _FEW * len(shapes):
        return shapes
    west, south, east, north = shapes.total_bounds
    return shapes.simplify_coverage(max(east - west, north - south) / _STEPS)


@cache_by_identity
def on_the_globe(place: Place) -> gpd.GeoSeries:
    """Return the simplified shapes in longitude and latitude."""
    return geographic(light(place))


def drawn(place: Place, classes: npt.NDArray[np.int64]) -> Drawn:
    """Return shapes to draw in longitude and latitude, and the row in `classes` of each.

    Parameters
    ----------
    place
        The place.
    classes
        Class of each area.

    Returns
    -------
    GeoSeries, array of int
        Simplified shapes; for each the row of its area, or of the first area of its class where
        there are more than `MANY` areas.
    """
    if len(place.areas) <= MANY:
        return on_the_globe(place), np.arange(len(place.areas))
    known, key = _joined(place), classes.tobytes()
    if key not in known:
        while len(known) >= _KEPT:
            known.pop(next(iter(known)), None)
        rows = np.unique(classes, return_index=True)[1]
        sound = light(place).make_valid()
        joined = [sound[classes == classes[row]].union_all() for row in rows]
        known[key] = geographic(gpd.GeoSeries(joined, crs=place.areas.crs)), rows
    return known[key]


@cache_by_identity
def _joined(place: Place) -> dict[bytes, Drawn]:  # noqa: ARG001 - one for each place
    """Return earlier drawings of a place by its classes, which take seconds for many areas."""
    return {}


@cache_by_identity
def borders(place: Place) -> gpd.GeoSeries:
    """Return simplified borders of the councils of the areas; none if councils are not known.

    Returns
    -------
    GeoSeries
        Lines in longitude and latitude, one for each council.
    """
    areas = place.areas
    if not has_borders(place):
        return gpd.GeoSeries([], crs="EPSG:4326")
    sound = light(place).make_valid()
    councils = sound.groupby(areas["council_code"]).apply(lambda group: group.union_all().boundary)
    return geographic(gpd.GeoSeries(councils, crs=areas.crs))


def has_borders(place: Place) -> bool:
    """Whether borders of councils can be drawn."""
    return "council_code" in place.areas and _polygons(place.areas.geometry)


@cache_by_identity
def roads(place: Place) -> gpd.GeoSeries:
    """Return simplified main roads in and around the areas; none if roads are not known.

    Returns
    -------
    GeoSeries
        Lines in longitude and latitude, indexed by the class of road.
    """
    if place.roads is None:
        return gpd.GeoSeries([], crs="EPSG:4326")
    west, south, east, north = place.areas.total_bounds
    extent = max(east - west, north - south)
    margin = extent * _AROUND
    near = place.roads.clip_by_rect(west - margin, south - margin, east + margin, north + margin)
    near = near[~near.is_empty]
    return geographic(near.simplify(extent / _STEPS))


def bounds(place: Place) -> tuple[float, float, float, float]:
    """Return west, south, east and north of areas and sites, in degrees."""
    ends = [box(*place.areas.total_bounds), box(*place.sites.total_bounds)]
    west, south, east, north = gpd.GeoSeries(ends, crs=CRS).to_crs("EPSG:4326").total_bounds
    return west, south, east, north


def _polygons(shapes: gpd.GeoSeries) -> bool:
    return bool(shapes.geom_type.isin(["Polygon", "MultiPolygon"]).all())


def geographic(shapes: gpd.GeoSeries) -> gpd.GeoSeries:
    """Return shapes in longitude and latitude, to about a metre."""
    return shapes.to_crs("EPSG:4326").set_precision(10.0**-_DIGITS, mode="pointwise")
