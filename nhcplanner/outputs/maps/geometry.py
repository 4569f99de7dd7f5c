"""Shapes made light enough to draw, borders kept shared."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import shapely
from shapely.geometry import box

from nhcplanner.base.lazy import cache_by_identity
from nhcplanner.domain.place import CRS, Place

MANY = 5_000
"""Above so many areas, those of one class are drawn as one shape."""

_STEPS = 2_000
_AROUND = 0.05
"""Roads are drawn so far beyond the areas, as a share of their extent."""
_DIGITS = 5
_FEW = 20
"""Shapes of so many corners on average are light already."""
_KEPT = 6
"""Pictures of one place that are kept."""

Drawn = tuple[gpd.GeoSeries, npt.NDArray[np.int64]]


@cache_by_identity
def light(place: Place) -> gpd.GeoSeries:
    """The areas' shapes, simplified with their borders shared, in EPSG:27700."""
    shapes = place.areas.geometry
    corners = shapely.get_num_coordinates(shapes.to_numpy()).sum()
    if not _polygons(shapes) or corners <= _FEW * len(shapes):
        return shapes
    west, south, east, north = shapes.total_bounds
    return shapes.simplify_coverage(max(east - west, north - south) / _STEPS)


@cache_by_identity
def on_the_globe(place: Place) -> gpd.GeoSeries:
    """The light shapes in longitude and latitude."""
    return geographic(light(place))


def drawn(place: Place, classes: npt.NDArray[np.int64]) -> Drawn:
    """Shapes to draw, in longitude and latitude, and the row in `classes` that each stands for.

    Parameters
    ----------
    place
        Whose areas.
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
    """What was drawn of a place before, by its classes: seconds of work where areas are many."""
    return {}


@cache_by_identity
def borders(place: Place) -> gpd.GeoSeries:
    """Borders of the councils that areas lie in, light enough to draw; none where not known.

    Returns
    -------
    GeoSeries
        Lines in longitude and latitude, one a council.
    """
    areas = place.areas
    if "council_code" not in areas or not _polygons(areas.geometry):
        return gpd.GeoSeries([], crs="EPSG:4326")
    sound = light(place).make_valid()
    councils = sound.groupby(areas["council_code"]).apply(lambda group: group.union_all().boundary)
    return geographic(gpd.GeoSeries(councils, crs=areas.crs))


@cache_by_identity
def roads(place: Place) -> gpd.GeoSeries:
    """Main roads in and around the areas, light enough to draw; none where not known.

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
    """West, south, east and north of areas and sites, in degrees."""
    ends = [box(*place.areas.total_bounds), box(*place.sites.total_bounds)]
    west, south, east, north = gpd.GeoSeries(ends, crs=CRS).to_crs("EPSG:4326").total_bounds
    return west, south, east, north


def _polygons(shapes: gpd.GeoSeries) -> bool:
    return bool(shapes.geom_type.isin(["Polygon", "MultiPolygon"]).all())


def geographic(shapes: gpd.GeoSeries) -> gpd.GeoSeries:
    """Shapes in longitude and latitude to about a metre."""
    return shapes.to_crs("EPSG:4326").set_precision(10.0**-_DIGITS, mode="pointwise")
