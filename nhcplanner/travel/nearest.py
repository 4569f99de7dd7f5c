"""The nearest street of each point, and where along it."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import shapely

from nhcplanner.travel.arrays import BoolArray, FloatArray, IntArray
from nhcplanner.travel.lines import Lines

CELL = 250.0  # metres
MOST_CELLS = 3000  # a side


class Nearest(NamedTuple):
    """Where points lie by the streets.

    Parameters
    ----------
    street
        Position of each point's nearest street; -1 where none is near enough.
    metres
        Distance to it; inf where none is near enough.
    along
        Where along it: 0 at its source, 1 at its target.
    """

    street: IntArray
    metres: FloatArray
    along: FloatArray


def nearest(points: FloatArray, lines: Lines, within: FloatArray | float) -> Nearest:
    """Find the nearest street of each point.

    Only streets that can be nearest are turned into shapes: those near a square around some
    point that reaches as far as its nearest end of a street, so that a few thousand points on a
    country's streets cost about a second.

    Parameters
    ----------
    points
        Points x 2, metres.
    lines
        The streets; there may be none.
    within
        Metres beyond which no street is looked for, for all points or for each.
    """
    found = Nearest(np.full(len(points), -1), np.full(len(points), np.inf), np.zeros(len(points)))
    if not len(lines):
        return found
    to_end, _ = lines.ends.query(points)
    touched = np.flatnonzero(_touched(points, np.minimum(to_end, within) + 0.01, lines.boxes))
    if not len(touched):
        return found
    shapes = lines.shapes(touched)
    spots = np.asarray(shapely.points(points))
    (at, which), metres = shapely.STRtree(shapes).query_nearest(
        spots, return_distance=True, all_matches=False
    )
    near = metres <= np.broadcast_to(within, len(points))[at]
    at, which, metres = at[near], which[near], metres[near]
    found.street[at], found.metres[at] = touched[which], metres
    along = shapely.line_locate_point(shapes[which], spots[at], normalized=True)
    found.along[at] = np.nan_to_num(along)  # a street of no length has no share along it
    return found


def _touched(points: FloatArray, radius: FloatArray, boxes: FloatArray) -> BoolArray:
    """Which boxes may come within the radius of some point; never misses one."""
    low, high = points - radius[:, None], points + radius[:, None]
    corner = low.min(axis=0)
    cell = max(CELL, float((high.max(axis=0) - corner).max()) / MOST_CELLS)
    first, last = ((edge - corner) // cell for edge in (low, high))
    columns, rows = last.max(axis=0).astype(np.int64) + 1
    first, last = first.astype(np.int64), last.astype(np.int64) + 1
    squares = np.zeros((columns + 1, rows + 1), dtype=np.int32)
    for x, y, sign in ((first, first, 1), (first, last, -1), (last, first, -1), (last, last, 1)):
        np.add.at(squares, (x[:, 0], y[:, 1]), sign)
    covered = squares.cumsum(axis=0).cumsum(axis=1) > 0
    table = np.zeros((columns + 1, rows + 1), dtype=np.int32)
    table[1:, 1:] = covered[:-1, :-1].cumsum(axis=0, dtype=np.int32).cumsum(axis=1)
    reach = (boxes - np.tile(corner, 2)) // cell + [0, 0, 1, 1]
    west, south, east, north = (reach.clip(0, [columns, rows] * 2)).astype(np.int64).T
    inside = table[east, north] - table[west, north] - table[east, south] + table[west, south]
    touched: BoolArray = inside > 0
    return touched
