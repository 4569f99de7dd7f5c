"""Streets as an OpenStreetMap file: nodes, ways and the tags that British mappers give them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path

import numpy as np
import osmium
from country import DUAL, NAME, TOWNS, metres
from ground import Ground
from pyproj import Transformer
from shapely.geometry import LineString, Point
from streets import RING, Streets

REFS = {"primary": "A9801", "secondary": "B9802"}
SPEEDS = {"primary": ("30 mph", "50 mph"), "secondary": ("30 mph", "60 mph")}
BEND = 0.05  # how far a country lane strays from the straight, as a share of its length
RAMP = 450.0  # metres from a motorway junction to where its slip roads leave
AIRFIELD = [(31.2, 29.4), (32.0, 29.9), (32.3, 29.5), (31.5, 29.0), (31.2, 29.4)]


@dataclass
class Sheet:
    """Nodes and ways drawn so far; ids count from 1."""

    spots: list[np.ndarray] = field(default_factory=list)
    labels: dict[int, dict[str, str]] = field(default_factory=dict)
    ways: list[tuple[list[int], dict[str, str]]] = field(default_factory=list)

    def node(self, spot: Iterable[float], **tags: str) -> int:
        self.spots.append(np.asarray(spot, dtype=float))
        if tags:
            self.labels[len(self.spots)] = tags
        return len(self.spots)

    def nodes(self, spots: Iterable[Iterable[float]]) -> list[int]:
        return [self.node(spot) for spot in spots]

    def way(self, refs: list[int], **tags: str) -> None:
        self.ways.append((refs, tags))

    def write(self, path: Path) -> None:
        """Write all as .osm.pbf, the same bytes each time."""
        to_degrees = Transformer.from_crs("EPSG:27700", "EPSG:4326", always_xy=True)
        lon, lat = to_degrees.transform(*np.array(self.spots).T)
        path.unlink(missing_ok=True)
        header = osmium.io.Header()
        header.set("generator", f"{NAME}: data/demo/make_demo.py")
        with osmium.SimpleWriter(str(path), header=header) as writer:
            places = zip(lon.round(7), lat.round(7), strict=True)
            for number, place in enumerate(places, start=1):
                tags = self.labels.get(number, {})
                writer.add_node(osmium.osm.mutable.Node(id=number, location=place, tags=tags))
            for number, (refs, tags) in enumerate(self.ways, start=1):
                writer.add_way(osmium.osm.mutable.Way(id=number, nodes=refs, tags=tags))


def draw(ground: Ground, streets: Streets) -> Sheet:
    """Draw the streets, the motorway, the dual carriageway, river, coast and place names."""
    sheet = Sheet()
    spokes = _roundabouts(sheet, ground, streets)
    corner = {k: sheet.node(p) for k, p in enumerate(ground.points) if k not in spokes}
    private = _private(ground, streets)
    rng = np.random.default_rng(5)
    for edge, (a, b) in enumerate(streets.ends):
        ends = [
            spokes[k][tuple(ground.points[other])] if k in spokes else corner[k]
            for k, other in ((a, b), (b, a))
        ]
        bends = sheet.nodes(_bends(rng, ground.points[a], ground.points[b]))
        tags = _tags(ground, streets, edge)
        if edge in private:
            tags["access"] = "private"
        sheet.way([ends[0], *bends, ends[1]], **tags)
    _dual_carriageway(sheet, spokes, ground)
    _motorway(sheet, spokes, ground)
    sheet.way(sheet.nodes(metres(AIRFIELD)), highway="service", name="Old airfield, cut off")
    sheet.way(sheet.nodes(ground.river.coords), waterway="river", name="River Est")
    coast = sheet.nodes(ground.shore.exterior.coords[:-1])
    sheet.way([*coast, coast[0]], natural="coastline")
    for town in TOWNS:
        sheet.node(town.centre, place="city" if town is TOWNS[0] else "town", name=town.name)
    for name, spot in ground.villages.items():
        sheet.node(spot, place="village", name=name)
    return sheet


def _roundabouts(
    sheet: Sheet, ground: Ground, streets: Streets
) -> dict[int, dict[tuple[float, float], int]]:
    """Draw a ring for each corner that is a roundabout: for each, node by what it leads to."""
    main = streets.ends[np.isin(streets.road, ("primary", "secondary"))]
    arms = np.bincount(main.ravel(), minlength=len(ground.points))
    away = np.hypot(*(ground.points - TOWNS[0].centre).T) / (1000 * TOWNS[0].radius)
    chosen = (arms >= 4) & (abs(away - RING) < 0.15) | np.isin(ground.kind, ("dual", "motorway"))
    leads = {int(k): [] for k in np.flatnonzero(chosen)}
    for a, b in streets.ends:
        for here, there in ((a, b), (b, a)):
            if here in leads:
                leads[here].append(tuple(ground.points[there]))
    for start, end in _legs(ground):
        leads[start].append(tuple(metres(DUAL)[_vertex(ground, start) + 1]))
        leads[end].append(tuple(metres(DUAL)[_vertex(ground, end) - 1]))
    for junction in np.flatnonzero(ground.kind == "motorway"):
        leads[int(junction)] += [tuple(spot) for spot in _ramps(ground, junction).values()]
    return {k: _ring(sheet, ground.points[k], spots) for k, spots in leads.items()}


def _ring(
    sheet: Sheet, middle: np.ndarray, spots: list[tuple[float, float]]
) -> dict[tuple[float, float], int]:
    turn = {spot: np.arctan2(spot[1] - middle[1], spot[0] - middle[0]) for spot in spots}
    clockwise = sorted(turn, key=lambda spot: -turn[spot])
    ring = {
        spot: sheet.node(middle + 22 * np.array([np.cos(turn[spot]), np.sin(turn[spot])]))
        for spot in clockwise
    }
    refs = list(ring.values())
    sheet.way([*refs, refs[0]], highway="primary", junction="roundabout", maxspeed="30 mph")
    return ring


def _bends(rng: np.random.Generator, start: np.ndarray, end: np.ndarray) -> np.ndarray:
    along = end - start
    if np.hypot(*along) < 450:
        return np.empty((0, 2))
    sideways = np.array([-along[1], along[0]])
    strays = rng.uniform(-BEND, BEND, 3)
    return start + np.outer([0.25, 0.5, 0.75], along) + np.outer(strays, sideways)


def _tags(ground: Ground, streets: Streets, edge: int) -> dict[str, str]:
    a, b = streets.ends[edge]
    road, town = str(streets.road[edge]), "town" in (ground.kind[a], ground.kind[b])
    tags = {"highway": road}
    if road in REFS:
        tags |= {"ref": REFS[road], "maxspeed": SPEEDS[road][0 if town else 1]}
    elif road == "tertiary":
        tags |= {"maxspeed": "30 mph"} if town else {}
    elif road == "local":
        settled = town or ground.kind[a] == ground.kind[b] == "village"
        city = ground.place[a] == TOWNS[0].name
        tags["highway"] = "residential" if settled else "unclassified"
        tags |= {"maxspeed": "20 mph" if city else "30 mph"} if settled else {}
    elif road == "cycleway":
        tags |= {"foot": "yes", "bicycle": "designated"}
    elif road == "footway" and edge % 9 == 0:
        tags["highway"] = "steps"
    if streets.oneway[edge]:
        tags["oneway"] = "yes"
    if streets.bridge[edge]:
        tags |= {"bridge": "yes", "layer": "1"}
    return tags


def _private(ground: Ground, streets: Streets) -> set[int]:
    """Every other cul-de-sac in the docks is a private road."""
    arms = np.bincount(streets.ends.ravel(), minlength=len(ground.points))
    blind = (arms[streets.ends] == 1).any(axis=1) & (streets.road == "local")
    docks = (ground.district[streets.ends] == "Docks").all(axis=1)
    return set(np.flatnonzero(blind & docks)[::2].tolist())


def _legs(ground: Ground) -> list[tuple[int, int]]:
    rounds = [int(k) for k in np.flatnonzero(ground.kind == "dual")]
    return list(pairwise(rounds))


def _vertex(ground: Ground, corner: int) -> int:
    return int(np.hypot(*(metres(DUAL) - ground.points[corner]).T).argmin())


def _dual_carriageway(sheet: Sheet, spokes: dict, ground: Ground) -> None:
    """Two one-way roads between roundabouts, each keeping to the left."""
    for start, end in _legs(ground):
        first, last = _vertex(ground, start), _vertex(ground, end)
        middle = metres(DUAL)[first : last + 1]
        near, far = spokes[start][tuple(middle[1])], spokes[end][tuple(middle[-2])]
        tags = {"highway": "trunk", "ref": "A9800", "oneway": "yes", "maxspeed": "70 mph"}
        for path, ends in ((middle, (near, far)), (middle[::-1], (far, near))):
            line = LineString(path).offset_curve(9)
            places = [
                line.interpolate(share, normalized=True) for share in (0.05, 0.35, 0.65, 0.95)
            ]
            sheet.way(
                [ends[0], *sheet.nodes((p.x, p.y) for p in places), ends[1]], **tags, foot="no"
            )


def _ramps(ground: Ground, junction: int) -> dict[tuple[int, int], np.ndarray]:
    """Where slip roads meet a carriageway: by direction (1 north, -1 south) and off (-1) or on."""
    line = ground.motorway
    along = line.project(Point(ground.points[junction]))
    return {
        (way, turn): _beside(line, along + way * turn * RAMP, way)
        for way in (1, -1)
        for turn in (-1, 1)
    }


def _motorway(sheet: Sheet, spokes: dict, ground: Ground) -> None:
    """Two carriageways, and four slip roads at each junction."""
    line = ground.motorway
    junctions = [int(k) for k in np.flatnonzero(ground.kind == "motorway")]
    for way in (1, -1):
        stops = {float(d): _beside(line, d, way) for d in np.arange(0, line.length, 800)}
        slips = {}
        for junction in junctions:
            along = line.project(Point(ground.points[junction]))
            for turn in (-1, 1):
                spot = _ramps(ground, junction)[way, turn]
                stops[along + way * turn * RAMP] = spot
                slips[along + way * turn * RAMP] = (spokes[junction][tuple(spot)], turn)
        order = sorted(stops, reverse=way < 0)
        refs = {along: sheet.node(stops[along]) for along in order}
        sheet.way(list(refs.values()), highway="motorway", ref="M98", maxspeed="70 mph")
        for along, (spoke, turn) in slips.items():
            pair = [refs[along], spoke] if turn < 0 else [spoke, refs[along]]
            sheet.way(pair, highway="motorway_link", ref="M98", oneway="yes")


def _beside(line: LineString, along: float, way: int) -> np.ndarray:
    """Point 12 m to the left of a line, seen in the direction of travel."""
    ahead, behind = line.interpolate(along + 5), line.interpolate(along - 5)
    run = np.array([ahead.x - behind.x, ahead.y - behind.y])
    left = np.array([-run[1], run[0]]) / np.hypot(*run) * way
    here = line.interpolate(along)
    return np.round(np.array([here.x, here.y]) + 12 * left, 2)
