"""Squares, platforms and piers drawn as areas: the straight ways across them."""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations
from typing import NamedTuple

import numpy as np
import shapely

from nhcplanner.base.arrays import IntArray
from nhcplanner.travel.streets.ways import Square, Ways

MOST_ENDS = 40
"""Ends of ways across one square: its entries first, then its inward corners."""
METRES_PER_DEGREE = 111_195.0
SLACK = 0.05  # metres that a way across may leave the square by


class _Corner(NamedTuple):
    ref: int
    xy: tuple[float, float]


def add_ways_across(ways: Ways) -> Ways:
    """Give ways with straight ones added, from entry to entry of each square.

    An entry is a point of the outline that another way has too. Where a straight way would
    leave the square, it leads by inward corners: the shortest way across any polygon turns only
    there (Lozano-Perez and Wesley 1979, doi:10.1145/359156.359164).

    Parameters
    ----------
    ways
        With their squares. The outlines are ways themselves, and stay so.
    """
    if not ways.squares:
        return ways
    entries = _entries(ways)
    pairs, kinds = [], []
    for square in ways.squares:
        found = _across(ways, square, entries)
        pairs += found
        kinds += [ways.kind[square.outer[0]]] * len(found)
    if not pairs:
        return ways
    ref = np.array([corner.ref for pair in pairs for corner in pair], dtype=np.int64)
    row = _rows_of(ways.ref, ref)
    ends = ways.start[-1] + 2 * np.arange(1, len(pairs) + 1)
    return replace(
        ways,
        ref=np.concatenate([ways.ref, ref]),
        lon=np.concatenate([ways.lon, ways.lon[row]]),
        lat=np.concatenate([ways.lat, ways.lat[row]]),
        start=np.concatenate([ways.start, ends]),
        id=np.concatenate([ways.id, np.full(len(pairs), -1)]),
        kind=np.concatenate([ways.kind, np.array(kinds, dtype=ways.kind.dtype)]),
    )


def _entries(ways: Ways) -> frozenset[int]:
    """Points of the outlines that other ways have too."""
    owner = np.arange(len(ways.kind))
    for square in ways.squares:
        owner[[*square.outer, *square.inner]] = square.outer[0]
    around = [way for square in ways.squares for way in (*square.outer, *square.inner)]
    refs = np.concatenate([ways.ref[ways.start[way] : ways.start[way + 1]] for way in around])
    rows = np.flatnonzero(np.isin(ways.ref, refs))
    way = owner[np.searchsorted(ways.start, rows, side="right") - 1]
    point = np.unique(np.column_stack([ways.ref[rows], way]), axis=0)[:, 0]
    shared, count = np.unique(point, return_counts=True)
    return frozenset(shared[count > 1].tolist())


def _across(ways: Ways, square: Square, entries: frozenset[int]) -> list[tuple[_Corner, _Corner]]:
    """The straight ways within a square; none where its outline is not closed."""
    outer = [_points(ways, way) for way in square.outer]
    inner = [_points(ways, way) for way in square.inner]
    ground = shapely.difference(_ground(outer), _ground(inner))
    if ground.is_empty:
        return []
    inward = _inward_corners(ground)
    corners = {corner.xy: corner for line in (*outer, *inner) for corner in line}
    ends = [corner for corner in corners.values() if corner.ref in entries]
    ends += [corner for xy, corner in corners.items() if corner.ref not in entries and xy in inward]
    pairs = list(combinations(ends[:MOST_ENDS], 2))
    wide = shapely.buffer(ground, SLACK)
    return [(a, b) for a, b in pairs if shapely.covers(wide, shapely.LineString([a.xy, b.xy]))]


def _points(ways: Ways, way: int) -> list[_Corner]:
    """The points of a way, in metres east and north."""
    rows = slice(ways.start[way], ways.start[way + 1])
    lat = ways.lat[rows]
    # One scale for a square: its points must lie on straight lines where those of others do.
    east = ways.lon[rows] * METRES_PER_DEGREE * np.cos(np.radians(np.round(lat[0], 1)))
    xy = np.column_stack([east, lat * METRES_PER_DEGREE])
    points = zip(ways.ref[rows].tolist(), map(tuple, xy.tolist()), strict=True)
    return [_Corner(ref, (x, y)) for ref, (x, y) in points]


def _ground(lines: list[list[_Corner]]) -> shapely.Geometry:
    shapes = [shapely.linestrings([corner.xy for corner in line]) for line in lines]
    if not shapes:
        return shapely.Polygon()
    return shapely.union_all(shapely.get_parts(shapely.polygonize(shapes)))


def _inward_corners(ground: shapely.Geometry) -> set[tuple[float, float]]:
    """Corners at which a square bends inwards, those of what is left out of it among them."""
    found: set[tuple[float, float]] = set()
    for polygon in shapely.get_parts(ground):
        turned = shapely.geometry.polygon.orient(polygon)
        for ring in (turned.exterior, *turned.interiors):
            xy = np.array(ring.coords)[:-1]
            before, after = xy - np.roll(xy, 1, axis=0), np.roll(xy, -1, axis=0) - xy
            cross = before[:, 0] * after[:, 1] - before[:, 1] * after[:, 0]
            found |= {(x, y) for x, y in xy[cross < 0].tolist()}
    return found


def _rows_of(among: IntArray, wanted: IntArray) -> IntArray:
    """A row at which each of some numbers stands."""
    order = np.argsort(among, kind="stable")
    rows: IntArray = order[np.searchsorted(among, wanted, sorter=order)]
    return rows
