"""Where streets meet: the points of the street network, town by town, village by village."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import shapely
from country import (
    DUAL,
    MOTORWAY,
    PARKS,
    TOWNS,
    District,
    Town,
    footprint,
    land,
    metres,
    river,
    smooth,
    village_centres,
)
from scipy.spatial import cKDTree
from shapely.geometry import LineString, Point, Polygon

JUNCTIONS = (1, 2, 3)  # positions in MOTORWAY where traffic can join
VILLAGE_BLOCK = 95.0
COUNTRY_BLOCK = 1750.0


@dataclass(frozen=True, eq=False)
class Ground:
    """Street corners with the town, district or village that each belongs to.

    `kind` is "town", "village", "country", "motorway" (a junction) or "dual" (a roundabout on the
    dual carriageway); `place` and `district` are names; `poverty` is the district's.
    """

    shore: Polygon
    river: LineString
    motorway: LineString
    dual: LineString
    footprints: dict[str, Polygon]
    villages: dict[str, np.ndarray]
    points: np.ndarray
    kind: np.ndarray
    place: np.ndarray
    district: np.ndarray

    def nearest(self, spot: np.ndarray, *kinds: str) -> int:
        """Corner nearest to a spot, of some kinds or of any."""
        pool = np.flatnonzero(np.isin(self.kind, kinds)) if kinds else np.arange(len(self.points))
        return int(pool[np.argmin(np.hypot(*(self.points[pool] - spot).T))])

    def at(self, place: str) -> int:
        """Corner in the middle of a town or village."""
        centres = {town.name: town.centre for town in TOWNS} | self.villages
        return self.nearest(centres[place], "town", "village")


def lay_out() -> Ground:
    """Lay the country out, the same each time."""
    rng = np.random.default_rng(2026)
    shore, water = land(), river()
    motorway = LineString(smooth(metres(MOTORWAY)))
    dual = LineString(metres(DUAL))
    footprints = {town.name: footprint(town, shore) for town in TOWNS}
    built = shapely.union_all(list(footprints.values()))
    villages = village_centres(shore, built)
    rows: list[tuple[np.ndarray, str, str, str]] = []
    for town in TOWNS:
        rows += [(p, "town", town.name, d.name) for p, d in _town(rng, town, footprints[town.name])]
    for name, centre in villages.items():
        rows += [(p, "village", name, name) for p in _village(rng, centre)]
    lived = shapely.union_all([Point(c).buffer(1100) for c in villages.values()])
    empty = shore.buffer(-500).difference(built.buffer(700)).difference(lived)
    rows += [(p, "country", "", "") for p in _lattice(rng, empty, COUNTRY_BLOCK, 0.3, 0.3)]
    blocked = shapely.union_all([water.buffer(70), motorway.buffer(90), dual.buffer(70)])
    rows = [row for row in rows if not blocked.contains(Point(row[0]))]
    rows += [(metres([MOTORWAY[j]])[0], "motorway", "", "") for j in JUNCTIONS]
    rows += [(metres([DUAL[k]])[0], "dual", "", "") for k in (0, 2, len(DUAL) - 1)]
    rows = _apart(rows, VILLAGE_BLOCK / 2)
    return Ground(
        shore, water, motorway, dual, footprints, villages,
        np.round([row[0] for row in rows], 1),
        *(np.array([row[k] for row in rows]) for k in (1, 2, 3)),
    )  # fmt: skip


def _town(rng: np.random.Generator, town: Town, ground: Polygon) -> list[tuple]:
    seeds = town.centre + 1000 * np.array([(d.east, d.north) for d in town.districts])
    parks = shapely.union_all([Point(metres([(x, y)])[0]).buffer(1000 * r) for x, y, r in PARKS])
    found: list[tuple[np.ndarray, District]] = []
    for number, district in enumerate(town.districts):
        corners = _lattice(
            rng, ground.buffer(-40).difference(parks), district.block, rng.uniform(0, 1.57), 0.2
        )
        home = np.hypot(*(corners[:, None, :] - seeds[None]).transpose(2, 0, 1)).argmin(axis=1)
        found += [(corner, district) for corner in corners[home == number]]
    return found


def _village(rng: np.random.Generator, centre: np.ndarray) -> np.ndarray:
    size, turn = int(rng.integers(8, 34)), rng.uniform(0, np.pi)
    corners = _lattice(rng, Point(centre).buffer(900), VILLAGE_BLOCK, turn, 0.25)
    along = (corners - centre) @ np.array([np.cos(turn), np.sin(turn)])
    across = (corners - centre) @ np.array([-np.sin(turn), np.cos(turn)])
    return corners[np.argsort(np.hypot(along, 2.2 * across), kind="stable")[:size]]


def _lattice(
    rng: np.random.Generator, ground: Polygon, block: float, turn: float, jitter: float
) -> np.ndarray:
    west, south, east, north = ground.bounds
    middle = np.array([(west + east) / 2, (south + north) / 2])
    half = int(np.hypot(east - west, north - south) / block / 2) + 1
    steps = np.arange(-half, half + 1) * block
    grid = np.stack(np.meshgrid(steps, steps), axis=-1).reshape(-1, 2)
    grid = grid + rng.uniform(-jitter, jitter, grid.shape) * block
    spin = np.array([[np.cos(turn), np.sin(turn)], [-np.sin(turn), np.cos(turn)]])
    corners = grid @ spin + middle
    return corners[shapely.contains_xy(ground, corners)]


def _apart(rows: list[tuple], least: float) -> list[tuple]:
    """Drop a corner that lies too near a later one (junctions come last and stay)."""
    tree = cKDTree([row[0] for row in rows])
    gone = {min(pair) for pair in tree.query_pairs(least)}
    return [row for number, row in enumerate(rows) if number not in gone]
