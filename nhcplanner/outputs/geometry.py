"""Shapes made light enough to draw, borders kept shared."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import numpy.typing as npt

MANY = 5_000
"""Above so many areas, those of one class are drawn as one shape."""

_STEPS = 2_000
_DIGITS = 5


def drawn(
    areas: gpd.GeoDataFrame, classes: npt.NDArray[np.int64]
) -> tuple[gpd.GeoSeries, npt.NDArray[np.int64]]:
    """Shapes to draw, in longitude and latitude, and the row in `classes` that each stands for.

    Parameters
    ----------
    areas
        In EPSG:27700.
    classes
        Class of each area.

    Returns
    -------
    GeoSeries, array of int
        Simplified shapes; for each the row of its area, or of the first area of its class where
        there are more than `MANY` areas.
    """
    shapes, rows = areas.geometry, np.arange(len(areas))
    if shapes.geom_type.isin(["Polygon", "MultiPolygon"]).all():
        west, south, east, north = shapes.total_bounds
        shapes = shapes.simplify_coverage(max(east - west, north - south) / _STEPS)
    if len(areas) > MANY:
        rows = np.unique(classes, return_index=True)[1]
        sound = shapes.make_valid()
        joined = [sound[classes == classes[row]].union_all() for row in rows]
        shapes = gpd.GeoSeries(joined, crs=areas.crs)
    return geographic(shapes), rows


def borders(areas: gpd.GeoDataFrame) -> gpd.GeoSeries:
    """Borders of the councils that areas lie in, light enough to draw; none where not known.

    Returns
    -------
    GeoSeries
        Lines in longitude and latitude, one a council.
    """
    shapes = areas.geometry
    polygons = shapes.geom_type.isin(["Polygon", "MultiPolygon"]).all()
    if "council_code" not in areas or not polygons:
        return gpd.GeoSeries([], crs="EPSG:4326")
    west, south, east, north = shapes.total_bounds
    light = shapes.simplify_coverage(max(east - west, north - south) / _STEPS).make_valid()
    councils = light.groupby(areas["council_code"]).apply(lambda group: group.union_all().boundary)
    return geographic(gpd.GeoSeries(councils, crs=areas.crs))


def geographic(shapes: gpd.GeoSeries) -> gpd.GeoSeries:
    """Shapes in longitude and latitude to about a metre."""
    return shapes.to_crs("EPSG:4326").set_precision(10.0**-_DIGITS, mode="pointwise")
