"""Ways of a source, cut into streets from junction to junction."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field, replace
from itertools import combinations
from typing import Any, NamedTuple

import numpy as np
import shapely
from pyproj import Transformer

from nhcplanner.base.arrays import IntArray
from nhcplanner.base.errors import Fault, InputError
from nhcplanner.base.text import plural
from nhcplanner.domain.place import CRS
from nhcplanner.travel.osm_tags import (
    Tags,
    has_bare_limit,
    is_locked,
    timed_values,
    unread_limits,
    unread_values,
)
from nhcplanner.travel.streets.ferries import FerryRoute, with_speeds
from nhcplanner.travel.streets.restrictions import Restriction, conditional_tags, find_turns


class Square(NamedTuple):
    """Ground that is walked across, such as a square or a wide platform.

    Parameters
    ----------
    outer, inner
        Positions of the ways around it, and of those around what is left out of it.
    """

    outer: tuple[int, ...]
    inner: tuple[int, ...] = ()


@dataclass(frozen=True, eq=False)
class Ways:
    """Streets before they are cut at junctions.

    Parameters
    ----------
    ref, lon, lat
        Id and position in degrees of each point of each way, way after way; ways that share an
        id meet there.
    start
        Where each way's points start, one more than there are ways.
    id
        Id of each way.
    kind
        Position in `kinds` of each way.
    kinds
        The different sets of tags that occur.
    barriers
        Id of each point with a barrier, and its tags.
    restrictions
        Turns that are forbidden or ordered.
    left_out
        Why ways and restrictions were left out, and how many.
    doubts
        What looks wrong with the source, in words.
    holes
        OSM id of each way that lacks nodes, and how many.
    routes
        Ferries whose duration stands on their route.
    squares
        Ground that is walked across.
    """

    ref: np.ndarray
    lon: np.ndarray
    lat: np.ndarray
    start: np.ndarray
    id: np.ndarray
    kind: np.ndarray
    kinds: list[Tags]
    barriers: dict[int, Tags] = field(default_factory=dict)
    restrictions: list[Restriction] = field(default_factory=list)
    left_out: Counter[str] = field(default_factory=Counter)
    doubts: list[str] = field(default_factory=list)
    holes: dict[int, int] = field(default_factory=dict)
    routes: list[FerryRoute] = field(default_factory=list)
    squares: list[Square] = field(default_factory=list)


EXAMPLES = 3
SPACING = 200  # metres; a long street has a node about so often, for points to be tied to
# Great Britain with its seas, metres on the British National Grid.
LOW, HIGH = np.array([-200_000, -200_000]), np.array([900_000, 1_500_000])


def cut_at_junctions(ways: Ways, file: str) -> dict[str, Any]:
    """Cut ways where they meet, end or have a barrier, and long ones at bends about 200 m apart.

    Parameters
    ----------
    ways
        The ways as read.
    file
        Name of their file, for messages.

    Returns
    -------
    dict
        The fields of `Network`.

    Raises
    ------
    InputError
        If the ways lie outside Great Britain.
    """
    ids, first, point = np.unique(ways.ref, return_index=True, return_inverse=True)
    place = _project(ways.lon[first], ways.lat[first], file)
    along = np.concatenate([[0.0], np.cumsum(np.hypot(*np.diff(place[point], axis=0).T))])
    cut = _with_spacing(_is_cut(ways, ids, point), along)
    at = np.flatnonzero(cut)
    way = np.repeat(np.arange(len(ways.kind)), np.diff(ways.start))
    same = way[at[:-1]] == way[at[1:]]
    begin, end = at[:-1][same], at[1:][same]
    nodes, node = np.unique(point[np.concatenate([begin, end])], return_inverse=True)
    source, target = np.split(node, 2)
    length = (along[end] - along[begin]).astype(np.float32)
    metres = along[ways.start[1:] - 1] - along[ways.start[:-1]]
    kind, kinds, timeless = with_speeds(ways.kind, ways.kinds, metres, ways.id, ways.routes)
    street_ends = np.column_stack([ids[nodes[source]], ids[nodes[target]]])
    left_out = Counter(ways.left_out)
    turns = find_turns(ways.restrictions, ways.id[way[begin]], street_ends, left_out)
    number = {int(ref): i for i, ref in enumerate(ids[nodes])} if ways.barriers else {}
    return {
        "osm_id": ids[nodes],
        "xy": place[nodes],
        "source": source.astype(np.int32),
        "target": target.astype(np.int32),
        "length": length,
        "kind": kind[way[begin]],
        "kinds": kinds,
        "bend_start": np.concatenate([[0], np.cumsum(end - begin - 1)]),
        "bends": place[point[~cut]].astype(np.float32),
        "barriers": {number[r]: tags for r, tags in ways.barriers.items() if r in number},
        "turns": turns.at_nodes,
        "paths": turns.along,
        "turn_kinds": turns.kinds,
        "report": {
            "ways": len(ways.kind),
            "left_out": dict(left_out.most_common()),
            "turn_restrictions": len(turns.at_nodes) + len(np.unique(turns.along[:, 0])),
            "doubts": [*ways.doubts, *_tag_doubts(ways)],
            "ferries_without_duration": timeless,
            **_report_tags(ways),
            "nodes": len(nodes),
            "streets": len(begin),
            "km": round(float(length.sum(dtype=np.float64)) / 1000, 1),
        },
    }


def _tag_doubts(ways: Ways) -> list[str]:
    """Locked gates, and speed limits without a unit, with their number."""
    uses = np.bincount(ways.kind, minlength=len(ways.kinds)).tolist()
    bare = sum(n for tags, n in zip(ways.kinds, uses, strict=True) if has_bare_limit(tags))
    locked = [ref for ref, tags in ways.barriers.items() if is_locked(tags)]
    doubts = []
    if bare:
        doubts.append(f"{plural(bare, 'way')} with a speed limit without a unit: read as km/h")
    if locked:
        examples = ", ".join(f"node {ref}" for ref in locked[:EXAMPLES])
        words = (
            f"{plural(len(locked), 'locked gate or barrier')} without an access tag ({examples})"
        )
        doubts.append(f"{words}: shut to everyone")
    return doubts


def _report_tags(ways: Ways) -> dict[str, Any]:
    """Return holes in ways, and tags that are not read or not obeyed, with counts of ways."""
    unknown_values, conditional_values = Counter[str](), Counter[str]()
    uses = np.bincount(ways.kind, minlength=len(ways.kinds)).tolist()
    rows = [*zip(ways.kinds, uses, strict=True), *((tags, 1) for tags in ways.barriers.values())]
    for tags, count in rows:
        unknown_values.update(dict.fromkeys([*unread_values(tags), *unread_limits(tags)], count))
        conditional_values.update(dict.fromkeys(timed_values(tags), count))
    conditional_values.update(
        value for rule in ways.restrictions for value in conditional_tags(rule.tags)
    )
    return {
        "holes": {
            "ways": len(ways.holes),
            "nodes": sum(ways.holes.values()),
            "examples": [f"way {name}" for name in list(ways.holes)[:EXAMPLES]],
        },
        "unread_values": dict(unknown_values.most_common()),
        "timed_values": dict(conditional_values.most_common()),
    }


def _is_cut(ways: Ways, ids: np.ndarray, point: np.ndarray) -> np.ndarray:
    """Flag the points of the ways that are junctions, ends or barriers."""
    uses = np.bincount(point, minlength=len(ids))
    barrier = np.isin(ids, np.fromiter(ways.barriers, dtype=np.int64, count=len(ways.barriers)))
    cut = ((uses > 1) | barrier)[point]
    cut[ways.start[:-1]] = True
    cut[ways.start[1:] - 1] = True
    ends: np.ndarray = cut
    return ends


def _with_spacing(cut: np.ndarray, along: np.ndarray) -> np.ndarray:
    """Flag further cuts in long streets, at the first bend after each `SPACING` metres."""
    begin = np.maximum.accumulate(np.where(cut, np.arange(len(cut)), 0))
    step = (along - along[begin]) // SPACING
    is_beyond = np.zeros_like(cut)
    is_beyond[1:] = step[1:] > step[:-1]
    is_cut: np.ndarray = cut | is_beyond
    return is_cut


def _project(lon: np.ndarray, lat: np.ndarray, file: str) -> np.ndarray:
    """Return positions on the British National Grid, to the centimetre."""
    project = Transformer.from_crs("EPSG:4326", CRS, always_xy=True)
    place = np.column_stack(project.transform(lon, lat))
    outside = ~((place > LOW) & (place < HIGH)).all(axis=1)
    if outside.any():
        lon, lat = lon[outside][0], lat[outside][0]
        text = f"{outside.sum()} points lie outside Great Britain, one at {lon:.4f}, {lat:.4f}"
        hint = "Give the streets of the place itself"
        raise InputError([Fault(text, file, hint=hint)])
    to_centimetres: np.ndarray = place.round(2)
    return to_centimetres


MOST_ENDS = 40
"""Ends of ways across one square: its entries first, then its inward corners."""
METRES_PER_DEGREE = 111_195.0
CUT_SQUARE = "square or platform whose outline is not whole in the file: walked around, not across"
SLACK = 0.05  # metres that a way across may leave the square by


class _Corner(NamedTuple):
    ref: int
    xy: tuple[float, float]


def add_ways_across(ways: Ways) -> Ways:
    """Return ways with straight ways across each square, from entry to entry.

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
        across = _across(ways, square, entries)
        if across is None:
            ways.left_out[CUT_SQUARE] += 1
            continue
        pairs += across
        kinds += [ways.kind[square.outer[0]]] * len(across)
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
    """Return the points of the outlines that other ways have too."""
    owner = np.arange(len(ways.kind))
    for square in ways.squares:
        owner[[*square.outer, *square.inner]] = square.outer[0]
    around = [way for square in ways.squares for way in (*square.outer, *square.inner)]
    refs = np.concatenate([ways.ref[ways.start[way] : ways.start[way + 1]] for way in around])
    rows = np.flatnonzero(np.isin(ways.ref, refs))
    way = owner[np.searchsorted(ways.start, rows, side="right") - 1]
    point = np.unique(np.column_stack([ways.ref[rows], way]), axis=0)[:, 0]
    points, count = np.unique(point, return_counts=True)
    return frozenset(points[count > 1].tolist())


def _across(
    ways: Ways, square: Square, entries: frozenset[int]
) -> list[tuple[_Corner, _Corner]] | None:
    """Return the straight ways within a square; None if its outline is not closed."""
    outer = [_points(ways, way) for way in square.outer]
    inner = [_points(ways, way) for way in square.inner]
    ground = shapely.difference(_ground(outer), _ground(inner))
    if ground.is_empty:
        return None
    inward = _inward_corners(ground)
    corners = {corner.xy: corner for line in (*outer, *inner) for corner in line}
    ends = [corner for corner in corners.values() if corner.ref in entries]
    ends += [corner for xy, corner in corners.items() if corner.ref not in entries and xy in inward]
    pairs = list(combinations(ends[:MOST_ENDS], 2))
    wide = shapely.buffer(ground, SLACK)
    return [(a, b) for a, b in pairs if shapely.covers(wide, shapely.LineString([a.xy, b.xy]))]


def _points(ways: Ways, way: int) -> list[_Corner]:
    """Return the points of a way, in metres east and north."""
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
    """Return the corners at which a square bends inwards, including those of its holes."""
    corners: set[tuple[float, float]] = set()
    for polygon in shapely.get_parts(ground):
        oriented = shapely.geometry.polygon.orient(polygon)
        for ring in (oriented.exterior, *oriented.interiors):
            xy = np.array(ring.coords)[:-1]
            before, after = xy - np.roll(xy, 1, axis=0), np.roll(xy, -1, axis=0) - xy
            cross = before[:, 0] * after[:, 1] - before[:, 1] * after[:, 0]
            corners |= {(x, y) for x, y in xy[cross < 0].tolist()}
    return corners


def _rows_of(among: IntArray, numbers: IntArray) -> IntArray:
    """Return a row of each of some numbers."""
    order = np.argsort(among, kind="stable")
    rows: IntArray = order[np.searchsorted(among, numbers, sorter=order)]
    return rows
