"""Checks of the positions of origins and sites: arrays in metres, or frames with a CRS."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import numpy.typing as npt

from nhcplanner.base.errors import Fault, InputError

FARTHEST = 1e7  # metres; nothing on the British National Grid has a larger coordinate


def check_points(origins: npt.ArrayLike, sites: npt.ArrayLike) -> tuple[np.ndarray, np.ndarray]:
    """Check the coordinates of origins and sites, in metres.

    Parameters
    ----------
    origins, sites
        Shape points x 2, EPSG:27700; or GeoDataFrames or GeoSeries of points in any stated
        reference system, which are converted.

    Returns
    -------
    tuple of numpy.ndarray
        Both as float64, points x 2.

    Raises
    ------
    InputError
        If either has no points, has another shape, no reference system, or coordinates that are
        not a position in metres; all faults of both at once.
    """
    points = {"origins": origins, "sites": sites}
    unusable = [f for what, xy in points.items() for f in _frame_faults(what, xy)]
    if unusable:
        raise InputError(unusable)
    arrays = {what: _metres(xy) for what, xy in points.items()}
    faults = [fault for what, xy in arrays.items() for fault in _faults(what, xy)]
    if faults:
        raise InputError(faults)
    return arrays["origins"], arrays["sites"]


def check_horizon(horizon: float) -> None:
    """Reject a horizon that is not a number of minutes above 0."""
    if not 0 < horizon < np.inf:
        raise InputError([f"horizon is {horizon:g} minutes, but must be above 0"])


def _frame_faults(what: str, points: object) -> list[Fault]:
    if not isinstance(points, gpd.GeoDataFrame | gpd.GeoSeries):
        return []
    if points.crs is None:
        hint = 'Set it: set_crs("EPSG:27700"), or "EPSG:4326" for degrees'
        return [Fault("have no reference system (crs)", what, hint=hint)]
    shapes = points.geometry
    if shapes.isna().any() or shapes.is_empty.any() or (shapes.geom_type != "Point").any():
        return [Fault("are not all points", what, hint="Give a point for each row")]
    return []


def _metres(coordinates: npt.ArrayLike) -> np.ndarray:
    if isinstance(coordinates, gpd.GeoDataFrame | gpd.GeoSeries):
        points = coordinates.geometry.to_crs("EPSG:27700")
        return np.column_stack([points.x, points.y])
    return np.asarray(coordinates, dtype=np.float64)


def _faults(what: str, xy: np.ndarray) -> list[Fault]:
    if xy.size == 0:
        return [Fault("there are no points", what, hint="Give at least one")]
    if xy.ndim != 2 or xy.shape[1] != 2:
        return [Fault(f"have shape {xy.shape}, not points x 2", what, hint="Give x and y of each")]
    bad = ~(np.abs(xy) < FARTHEST).all(axis=1)
    hint = "Give metres on the British National Grid (EPSG:27700)"
    return [
        Fault(f"has no usable position ({x:g}, {y:g})", what, int(row) + 1, hint=hint)
        for row, (x, y) in zip(np.flatnonzero(bad), xy[bad], strict=True)
    ]
