"""Streets as shapes: the nearest street of each point, and main roads for maps."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import NamedTuple

import geopandas as gpd
import numpy as np
import scipy
import shapely

from nhcplanner.base.arrays import BoolArray, FloatArray, IntArray
from nhcplanner.domain.place import CRS
from nhcplanner.travel.streets import store


@dataclass(frozen=True, eq=False)
class Lines:
    """Streets as lines, in the direction that they were drawn.

    Parameters
    ----------
    xy
        Nodes x 2, metres.
    source, target
        Node at which each street begins and ends.
    bend_start, bends
        Points between the ends of each street: rows `bend_start[i]` to `bend_start[i + 1]` of
        `bends` (points x 2, metres).
    """

    xy: FloatArray
    source: IntArray
    target: IntArray
    bend_start: IntArray
    bends: FloatArray

    @classmethod
    def straight(cls, xy: FloatArray, source: IntArray, target: IntArray) -> Lines:
        """Make streets without bends."""
        return cls(xy, source, target, np.zeros(len(source) + 1, dtype=np.int64), np.empty((0, 2)))

    def __len__(self) -> int:
        return len(self.source)

    def some(self, streets: BoolArray | IntArray) -> Lines:
        """Return some of the streets, by mask or position."""
        which = np.arange(len(self))[streets]
        row, _, start = _runs(self.bend_start, which)
        return Lines(self.xy, self.source[which], self.target[which], start, self.bends[row])

    def on_nodes(self, xy: FloatArray, number: IntArray) -> Lines:
        """Return the same streets with new numbers of nodes."""
        source, target = number[self.source], number[self.target]
        return Lines(xy, source, target, self.bend_start, self.bends)

    @cached_property
    def boxes(self) -> FloatArray:
        """West, south, east and north of each street, metres."""
        ends = self.xy[self.source], self.xy[self.target]
        low, high = np.minimum(*ends), np.maximum(*ends)
        bent = np.flatnonzero(np.diff(self.bend_start))
        if len(bent):
            at = self.bend_start[bent]
            low[bent] = np.minimum(low[bent], np.minimum.reduceat(self.bends, at))
            high[bent] = np.maximum(high[bent], np.maximum.reduceat(self.bends, at))
        return np.hstack([low, high])

    @cached_property
    def length(self) -> FloatArray:
        """Metres along each street, as drawn."""
        begin, end = self.xy[self.source], self.xy[self.target]
        length: FloatArray = np.hypot(*(end - begin).T)
        bent = np.flatnonzero(np.diff(self.bend_start))
        if len(bent):
            first, last = self.bend_start[bent], self.bend_start[bent + 1] - 1
            steps = np.append(np.hypot(*np.diff(self.bends, axis=0).T), 0.0)
            run = np.concatenate([[0.0], np.cumsum(steps)])
            length[bent] = (
                np.hypot(*(self.bends[first] - begin[bent]).T)
                + run[last] - run[first]
                + np.hypot(*(end[bent] - self.bends[last]).T)
            )  # fmt: skip
        return length

    @cached_property
    def ends(self) -> scipy.spatial.KDTree:
        """Search tree of the nodes at which streets begin and end."""
        nodes = np.unique(np.concatenate([self.source, self.target]))
        return scipy.spatial.KDTree(self.xy[nodes], balanced_tree=False, compact_nodes=False)

    def shapes(self, streets: IntArray) -> np.ndarray:
        """Return some of the streets as shapely lines."""
        row, owner, start = _runs(self.bend_start, streets)
        points = np.empty((len(row) + 2 * len(streets), 2))
        number = np.arange(len(streets))
        first, last = start[:-1] + 2 * number, start[1:] + 2 * number + 1
        points[first], points[last] = self.xy[self.source[streets]], self.xy[self.target[streets]]
        points[np.arange(len(row)) + 2 * owner + 1] = self.bends[row]
        return np.asarray(
            shapely.linestrings(points, indices=np.repeat(number, np.diff(start) + 2))
        )


def _runs(start: IntArray, runs: IntArray) -> tuple[IntArray, IntArray, IntArray]:
    """Return the rows of some runs, the run of each row, and the new start of each run."""
    count = start[runs + 1] - start[runs]
    fresh = np.concatenate([[0], np.cumsum(count)])
    owner = np.repeat(np.arange(len(runs)), count)
    row = np.arange(fresh[-1]) - fresh[owner] + start[runs][owner]
    return row, owner, fresh


CELL = 250.0  # metres
MOST_CELLS = 3000  # a side


class Nearest(NamedTuple):
    """Nearest street of each point.

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
    result = Nearest(np.full(len(points), -1), np.full(len(points), np.inf), np.zeros(len(points)))
    if not len(lines):
        return result
    to_end, _ = lines.ends.query(points)
    candidates = np.flatnonzero(
        _may_be_near(points, np.minimum(to_end, within) + 0.01, lines.boxes)
    )
    if not len(candidates):
        return result
    shapes = lines.shapes(candidates)
    spots = np.asarray(shapely.points(points))
    (at, which), metres = shapely.STRtree(shapes).query_nearest(
        spots, return_distance=True, all_matches=False
    )
    near = metres <= np.broadcast_to(within, len(points))[at]
    at, which, metres = at[near], which[near], metres[near]
    result.street[at], result.metres[at] = candidates[which], metres
    along = shapely.line_locate_point(shapes[which], spots[at], normalized=True)
    result.along[at] = np.nan_to_num(along)  # a street of no length has no share along it
    return result


def _may_be_near(points: FloatArray, radius: FloatArray, boxes: FloatArray) -> BoolArray:
    """Flag the boxes that may be within the radius of a point; no box within it is missed.

    Points are counted in cells, and boxes looked up in a summed-area table (Crow 1984, Summed-area
    tables for texture mapping, Computer Graphics 18(3)).
    """
    low, high = points - radius[:, None], points + radius[:, None]
    corner = low.min(axis=0)
    cell = max(CELL, float((high.max(axis=0) - corner).max()) / MOST_CELLS)
    first, last = ((edge - corner) // cell for edge in (low, high))
    columns, rows = last.max(axis=0).astype(np.int64) + 1
    first, last = first.astype(np.int64), last.astype(np.int64) + 1
    squares = np.zeros((columns + 1, rows + 1), dtype=np.int32)
    for x, y, sign in ((first, first, 1), (first, last, -1), (last, first, -1), (last, last, 1)):
        np.add.at(squares, (x[:, 0], y[:, 1]), sign)
    has_points = squares.cumsum(axis=0).cumsum(axis=1) > 0
    table = np.zeros((columns + 1, rows + 1), dtype=np.int32)
    table[1:, 1:] = has_points[:-1, :-1].cumsum(axis=0, dtype=np.int32).cumsum(axis=1)
    reach = (boxes - np.tile(corner, 2)) // cell + [0, 0, 1, 1]
    west, south, east, north = (reach.clip(0, [columns, rows] * 2)).astype(np.int64).T
    inside = table[east, north] - table[west, north] - table[east, south] + table[west, south]
    may_be_near: BoolArray = inside > 0
    return may_be_near


CLASSES = ("motorway", "trunk", "primary")
SHAPES = ("xy", "source", "target", "bend_start", "bends")


def main_roads(path: Path) -> gpd.GeoSeries:
    """Return the motorways, trunk and primary roads of a network, each class as one shape.

    Parameters
    ----------
    path
        File that `Network.save` wrote.

    Returns
    -------
    GeoSeries
        Lines in EPSG:27700, indexed by the OSM class of road, the greatest first; classes that
        do not occur are left out.

    Raises
    ------
    InputError
        If the file is missing or is not one that `Network.save` wrote.
    """
    arrays = store.read(path, (*SHAPES, "kind"))
    lines = Lines(*(arrays[name] for name in SHAPES))
    classes = np.array([tags.get("highway", "") for tags in arrays["kinds"]])[arrays["kind"]]
    shapes = {
        name: shapely.line_merge(shapely.multilinestrings(lines.shapes(rows)))
        for name in CLASSES
        if len(rows := np.flatnonzero(classes == name))
    }
    return gpd.GeoSeries(shapes, crs=CRS)
