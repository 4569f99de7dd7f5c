"""Heights above sea level, as grids or single points, and the height of any point."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from nhcplanner.base.arrays import FloatArray, Floats

NEAREST_M = 100.0
"""Metres from a single point beyond which its height says nothing."""


@dataclass(frozen=True, eq=False)
class HeightGrid:
    """Heights at the crossings of a regular grid.

    Parameters
    ----------
    west, south
        Position of the first height, metres (EPSG:27700).
    cell
        Metres between neighbours, in both directions.
    metres
        Rows x columns, metres above sea level; the first row is the southernmost. NaN = unknown.
    """

    west: float
    south: float
    cell: float
    metres: FloatArray

    def at(self, xy: Floats) -> FloatArray:
        """Return the height of each point, NaN where it is unknown.

        Between four known heights it is interpolated (bilinear); elsewhere, and up to half a cell
        outside, it is that of the nearest.

        Parameters
        ----------
        xy
            Points x 2, metres.

        Examples
        --------
        >>> grid = HeightGrid(0.0, 0.0, 50.0, np.array([[10.0, 20.0], [30.0, 40.0]]))
        >>> grid.at(np.array([(25.0, 25.0), (60.0, 0.0), (80.0, 0.0)])).tolist()
        [25.0, 20.0, nan]
        """
        rows, columns = self.metres.shape
        column, row = ((xy - [self.west, self.south]) / self.cell).T
        inside = (column >= -0.5) & (column <= columns - 0.5) & (row >= -0.5) & (row <= rows - 0.5)
        height = np.full(len(xy), np.nan)
        column, row = np.clip(column[inside], 0, columns - 1), np.clip(row[inside], 0, rows - 1)
        left = np.minimum(column.astype(np.int64), max(columns - 2, 0))
        low = np.minimum(row.astype(np.int64), max(rows - 2, 0))
        right, high = np.minimum(left + 1, columns - 1), np.minimum(low + 1, rows - 1)
        across, up = column - left, row - low
        south = self.metres[low, left] * (1 - across) + self.metres[low, right] * across
        north = self.metres[high, left] * (1 - across) + self.metres[high, right] * across
        between = south * (1 - up) + north * up
        nearest = self.metres[np.rint(row).astype(np.int64), np.rint(column).astype(np.int64)]
        height[inside] = np.where(np.isnan(between), nearest, between)
        return height


@dataclass(frozen=True, eq=False)
class Heights:
    """Heights of a part of the country.

    Parameters
    ----------
    grids
        Grids, such as tiles of OS Terrain 50; the first that knows a point counts.
    points
        Single heights x 3 (easting, northing, metres), where they are on no grid.
    files
        Names of the files.
    """

    grids: tuple[HeightGrid, ...] = ()
    points: FloatArray = field(default_factory=lambda: np.empty((0, 3)))
    files: tuple[str, ...] = ()

    def at(self, xy: Floats) -> FloatArray:
        """Return the height of each point, NaN where it is unknown.

        Parameters
        ----------
        xy
            Points x 2, metres (EPSG:27700).
        """
        height = np.full(len(xy), np.nan)
        for grid in self.grids:
            rows = np.flatnonzero(np.isnan(height))
            height[rows] = grid.at(xy[rows])
        rows = np.flatnonzero(np.isnan(height))
        if len(self.points) and len(rows):
            from scipy.spatial import KDTree  # noqa: PLC0415 - slow to import, and seldom needed

            metres, nearest = map(np.asarray, KDTree(self.points[:, :2]).query(xy[rows]))
            known = metres <= NEAREST_M
            height[rows[known]] = self.points[nearest[known], 2]
        return height


def grid_of(points: FloatArray) -> HeightGrid | None:
    """Return single heights as a grid; None if they are not on one.

    Parameters
    ----------
    points
        Heights x 3: easting, northing, metres.
    """
    east, column = np.unique(points[:, 0], return_inverse=True)
    north, row = np.unique(points[:, 1], return_inverse=True)
    if len(east) < 2 or len(north) < 2 or len(points) * 2 < len(east) * len(north):
        return None
    steps = np.concatenate([np.diff(east), np.diff(north)])
    if not np.allclose(steps, steps[0], rtol=1e-6, atol=1e-3):
        return None
    values = np.full((len(north), len(east)), np.nan)
    values[row, column] = points[:, 2]
    return HeightGrid(float(east[0]), float(north[0]), float(steps[0]), values)
