"""Which street corners are joined, by what kind of road; and the roads between the towns."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import shapely
from country import TOWNS, metres
from ground import Ground
from scipy import sparse
from scipy.sparse.csgraph import connected_components, dijkstra, minimum_spanning_tree
from scipy.spatial import Delaunay

BRIDGES = [(10.3, 17.7), (12.6, 16.9), (13.7, 15.5), (16.2, 14.6), (20.0, 14.3), (28.2, 12.9)]
FOOTBRIDGE = (14.9, 15.4)
RING = 0.66  # the city's ring road, as a share of its radius
CLOSED, ALLEYS = 0.68, 0.13  # of streets that no one needs: share closed, share left as footpaths
ONE_WAY_RADIUS, ONE_WAY_SHARE = 900.0, 0.55
RANK = ("primary", "secondary", "tertiary", "local", "cycleway", "footway", "")
LINKS = [
    ("Estmere", "Market Vetch", "primary"), ("Estmere", "Aldermarch", "primary"),
    ("Estmere", "Quillborough", "primary"), ("Market Vetch", "Saltwrack", "primary"),
    ("Aldermarch", "Saltwrack", "secondary"), ("Quillborough", "Market Vetch", "secondary"),
    ("Aldermarch", "Market Vetch", "secondary"),
]  # fmt: skip


@dataclass(frozen=True, eq=False)
class Streets:
    """Joined corners: `ends` (edge x 2), `road` (a word of RANK), `oneway` (from first to second),
    `bridge`; corners are those of the ground.
    """

    ends: np.ndarray
    metres: np.ndarray
    road: np.ndarray
    oneway: np.ndarray
    bridge: np.ndarray

    def route(self, stops: Iterable[int], points: int) -> list[int]:
        """Corners along the quickest way for a bus through some corners, in order."""
        pace = {"primary": 1.0, "secondary": 1.1, "tertiary": 1.3, "local": 2.0}
        drivable = np.isin(self.road, list(pace)) & ~self.oneway
        cost = self.metres * np.array([pace.get(str(road), 0.0) for road in self.road])
        graph = _matrix(self.ends[drivable], cost[drivable], points)
        whole: list[int] = []
        for start, end in pairwise(stops):
            path = _path(graph, start, end)
            whole += path if not whole else path[1:]
        return whole


def join(ground: Ground) -> Streets:
    """Join corners: main roads first, then a tree so that all are reached, then what stays open."""
    rng = np.random.default_rng(11)
    ends, longest = _triangles(ground.points)
    segments = shapely.linestrings(ground.points[ends])
    span = np.hypot(*(ground.points[ends[:, 0]] - ground.points[ends[:, 1]]).T)
    over = shapely.intersects(segments, ground.river)
    bridge = _bridges(segments, span, over, BRIDGES)
    foot = _bridges(segments, span, over, [FOOTBRIDGE])
    dry = shapely.contains_properly(ground.shore.buffer(-15), segments)
    usable = dry & (~over | bridge) & ~foot & (span < 5000)
    road = np.full(len(ends), "", dtype="<U10")
    _main_roads(ground, ends, span, usable, road)
    count = len(ground.points)
    fast = shapely.intersects(segments, shapely.union_all([ground.motorway, ground.dual]))
    weight = span * np.where(fast, 3.0, 1.0) * np.where(road != "", 0.01, 1.0)
    tree = minimum_spanning_tree(_matrix(ends[usable], weight[usable], count)).tocoo()
    needed = _rows(ends, np.column_stack([tree.row, tree.col]))
    luck = rng.random(len(ends))
    in_town = (ground.kind[ends] == "town").all(axis=1)
    closed = np.where(in_town, CLOSED, 0.25) + 0.5 * fast
    road[(road == "") & usable & (needed | (~longest & (luck > closed)))] = "local"
    alley = (road == "") & usable & ~longest & (span < 260) & (luck < ALLEYS) & ~fast
    road[alley | foot] = "footway"
    _cycle_path(ground, ends, span, usable & ~fast, road)
    kept = road != ""
    ends, span, road, bridge = ends[kept], span[kept], road[kept], (bridge | foot | fast)[kept]
    return Streets(ends, span, road, _one_way(rng, ground, ends, road), bridge)


def _triangles(points: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Edges of the Delaunay triangles, and which are the longest side of one (Urquhart)."""
    corners = Delaunay(points).simplices
    sides = np.stack([corners[:, [0, 1]], corners[:, [1, 2]], corners[:, [2, 0]]], axis=1)
    length = np.hypot(*(points[sides[..., 0]] - points[sides[..., 1]]).transpose(2, 0, 1))
    longest = length == length.max(axis=1, keepdims=True)
    flat = np.sort(sides.reshape(-1, 2), axis=1)
    edges, place = np.unique(flat, axis=0, return_inverse=True)
    marked = np.zeros(len(edges), dtype=bool)
    np.logical_or.at(marked, place.ravel(), longest.ravel())
    return edges, marked


def _bridges(segments, span, over, spots) -> np.ndarray:
    """The edges that cross the river nearest to some spots."""
    chosen = np.zeros(len(span), dtype=bool)
    for spot in metres(spots):
        away = shapely.distance(segments, shapely.Point(spot)) + 0.3 * span
        chosen[np.argmin(np.where(over, away, np.inf))] = True
    return chosen


def _main_roads(ground: Ground, ends, span, usable, road) -> None:
    """Name the edges of roads between towns, of the ring road and of roads to villages."""
    city = TOWNS[0]
    turn = np.linspace(0, 2 * np.pi, 13)
    rim = city.centre + 1000 * city.radius * RING * np.column_stack([np.cos(turn), np.sin(turn)])
    ring = [ground.nearest(spot, "town") for spot in rim]
    hub = ground.at("Estmere")
    wanted = [(ground.at(a), ground.at(b), kind) for a, b, kind in LINKS]
    junctions = np.flatnonzero(ground.kind == "motorway")
    wanted += [(hub, junctions[1], "primary"), (ring[0], junctions[0], "secondary")]
    wanted += [(ground.at("Quillborough"), junctions[2], "primary")]
    west, _, east = np.flatnonzero(ground.kind == "dual")
    wanted += [(hub, west, "primary"), (ground.at("Saltwrack"), east, "primary")]
    wanted += [(a, b, "primary") for a, b in pairwise(ring)]
    for town in TOWNS:
        seeds = town.centre + 1000 * np.array([(d.east, d.north) for d in town.districts])
        spots = [ground.nearest(seed, "town") for seed in seeds]
        wanted += [(ground.at(town.name), spot, "secondary") for spot in spots]
        wanted += [(a, b, "tertiary") for a, b in pairwise(spots)]
    hamlets = [ground.at(name) for name in ground.villages]
    towns = np.array([town.centre for town in TOWNS])
    for spot in hamlets:
        away = np.hypot(*(towns - ground.points[spot]).T)
        wanted.append((spot, ground.at(TOWNS[int(away.argmin())].name), "tertiary"))
    wanted.append((np.flatnonzero(ground.kind == "dual")[1], ground.at("Market Vetch"), "tertiary"))
    for start, end, kind in wanted:
        cost = np.where(road != "", 0.7, 1.0) * span**1.05
        graph = _matrix(ends[usable], cost[usable], len(ground.points))
        path = _path(graph, start, end)
        on_path = _rows(ends, np.column_stack([path[:-1], path[1:]]))
        weaker = np.array([RANK.index(word) > RANK.index(kind) for word in road])
        road[on_path & weaker] = kind


def _cycle_path(ground: Ground, ends, span, usable, road) -> None:
    """An old railway, now for cycles: from the city's east to Market Vetch, off the roads."""
    free = usable & (road == "")
    graph = _matrix(ends[free], span[free], len(ground.points))
    _, group = connected_components(graph, directed=False)
    pool = np.flatnonzero(group == np.bincount(group).argmax())
    spots = metres([(15.6, 17.0), (24.4, 26.2)])
    start, end = (pool[np.hypot(*(ground.points[pool] - s).T).argmin()] for s in spots)
    path = _path(graph, int(start), int(end))
    road[_rows(ends, np.column_stack([path[:-1], path[1:]]))] = "cycleway"


def _one_way(rng: np.random.Generator, ground: Ground, ends, road) -> np.ndarray:
    """One-way streets in the city's middle, each only where all can still come and go."""
    middle = ground.points[ends].mean(axis=1)
    near = np.hypot(*(middle - TOWNS[0].centre).T) < ONE_WAY_RADIUS
    drive = np.isin(road, RANK[:4])
    oneway = np.zeros(len(ends), dtype=bool)
    pool = np.flatnonzero(near & (road == "local"))
    for edge in pool[rng.random(len(pool)) < ONE_WAY_SHARE]:
        oneway[edge] = True
        forward, both = ends[drive], ends[drive & ~oneway]
        pairs = np.concatenate([forward, both[:, ::-1]])
        graph = _matrix(pairs, np.ones(len(pairs)), len(ground.points), both=False)
        parts, _ = connected_components(graph, connection="strong")
        loose, _ = connected_components(graph, connection="weak")
        oneway[edge] = parts == loose
    return oneway


def _matrix(ends, cost, size: int, both: bool = True) -> sparse.csr_array:
    pairs = np.concatenate([ends, ends[:, ::-1]]) if both else ends
    values = np.concatenate([cost, cost]) if both else cost
    return sparse.csr_array((values, (pairs[:, 0], pairs[:, 1])), shape=(size, size))


def _path(graph: sparse.csr_array, start: int, end: int) -> list[int]:
    before = dijkstra(graph, indices=start, return_predecessors=True)[1]
    path = [int(end)]
    while path[-1] != start:
        path.append(int(before[path[-1]]))
        if path[-1] < 0:
            raise ValueError(f"no road joins corners {start} and {end}")
    return path[::-1]


def _rows(ends: np.ndarray, pairs: np.ndarray) -> np.ndarray:
    """Which edges are among some pairs of corners, either way round."""
    size = int(ends.max()) + 1
    pairs = np.sort(np.asarray(pairs, dtype=np.int64), axis=1)
    return np.isin(ends[:, 0] * size + ends[:, 1], pairs[:, 0] * size + pairs[:, 1])
