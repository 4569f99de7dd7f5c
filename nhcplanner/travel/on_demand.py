"""Trips by demand-responsive transport: within one zone, while it runs; always an estimate."""

from __future__ import annotations

from collections.abc import Sequence

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import shapely
from scipy import sparse

from nhcplanner.base.arrays import BoolArray, FloatArray, Floats
from nhcplanner.base.text import plural
from nhcplanner.domain.travel_times import TravelTimes
from nhcplanner.travel.points import check_horizon, check_points

ENGINE = "zones: wait, and straight distance by detour and speed"
NOTE = "on_demand_note"
"""Parameter that states which zones run, and how many points lie in one."""
AT_ONCE = 1 << 20
"""Pairs measured at a time."""


def zone_times(
    zones: gpd.GeoDataFrame,
    is_open: Sequence[float] | Floats,
    area_xy: npt.ArrayLike,
    site_xy: npt.ArrayLike,
    horizon: float = 60.0,
) -> TravelTimes:
    """Estimate minutes from each origin to each site by demand-responsive transport.

    A trip has both ends in one zone that runs: its wait, and the straight distance times its
    detour at its speed. Of several zones that hold both ends the fastest counts.

    Parameters
    ----------
    zones
        Polygons in EPSG:27700 with `wait_minutes`, `speed_kmh` and `detour`.
    is_open
        Of each zone, 1 if it runs, 0 if it does not, NaN if that is not known: then it counts as
        running.
    area_xy, site_xy
        Origins x 2 and sites x 2, metres (EPSG:27700).
    horizon
        Minutes beyond which no pair is kept.

    Returns
    -------
    TravelTimes
        With `estimate` true.
    """
    check_horizon(horizon)
    origins, sites = check_points(area_xy, site_xy)
    runs = np.asarray(is_open, dtype=np.float64) != 0
    running = zones[runs]
    shapes = running.geometry.to_numpy()
    holds = [_inside(shapes, points) for points in (origins, sites)]
    figures = [
        running[name].to_numpy(dtype=np.float64) for name in ("wait_minutes", "speed_kmh", "detour")
    ]
    parts = []
    step = max(AT_ONCE // max(len(sites), 1), 1)
    for first in range(0, len(origins), step):
        some = slice(first, first + step)
        metres = np.hypot(*(origins[some, None] - sites[None]).transpose(2, 0, 1))
        best = np.full(metres.shape, np.inf)
        rows = zip(*figures, holds[0][:, some], holds[1], strict=True)
        for wait, speed, detour, here, there in rows:
            minutes = wait + metres * detour * 60 / (1000 * speed)
            both = here[:, None] & there[None]
            np.minimum(best, np.where(both, minutes, np.inf), out=best)
        best[best > horizon] = np.inf
        row, column = np.nonzero(np.isfinite(best))
        values = best[row, column].astype(np.float32)
        parts.append(sparse.csr_array((values, (row, column)), shape=best.shape))
    minutes_of_all = sparse.csr_array(sparse.vstack(parts, format="csr"))
    minutes_of_all.sort_indices()
    note = (
        f"On-demand transport is an estimate within zones: {int(runs.sum())} of "
        f"{plural(len(zones), 'zone')} run then; "
        f"{int(holds[0].any(axis=0).sum()):,} of {plural(len(origins), 'starting point')} and "
        f"{int(holds[1].any(axis=0).sum()):,} of {plural(len(sites), 'site')} lie in one of them"
    )
    unknown = int(np.isnan(np.asarray(is_open, dtype=np.float64)).sum())
    if unknown:
        note += f"; hours of {plural(unknown, 'zone')} are not known, which count as running"
    return TravelTimes(
        minutes_of_all,
        "on_demand",
        ENGINE,
        estimate=True,
        horizon=horizon,
        parameters={"zones": float(len(zones)), "zones_running": float(runs.sum()), NOTE: note},
    )


def _inside(shapes: npt.NDArray[np.object_], points: FloatArray) -> BoolArray:
    """Flag the points within each shape, shapes x points; those on a border count."""
    flags = np.zeros((len(shapes), len(points)), dtype=bool)
    if len(shapes):
        point, shape = shapely.STRtree(shapes).query(shapely.points(points), predicate="intersects")
        flags[shape, point] = True
    return flags
