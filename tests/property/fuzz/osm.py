"""OpenStreetMap files changed so that they stay whole: other tags, nodes, references, turns."""

from __future__ import annotations

import io
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path
from random import Random
from types import MappingProxyType
from typing import Any

import networkx as nx
import osmium
from osmium.osm import mutable

from tests.property.fuzz import canaries

NAMES = canaries.NAMES
TAGS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "highway": ("residential", "footway", "steps", "motorway", "trunk_link", "cycleway", "x",
                    "service", "construction", "path", "living_street", "", "Residential"),
        "oneway": ("yes", "-1", "no", "reversible", "alternating", "1", "maybe", ""),
        "maxspeed": ("30 mph", "50", "walk", "none", "0", "-5", "1e9", "GB:urban", "20 mph;30 mph",
                     "nan", "5 knots", "9" * 400),
        "access": ("no", "private", "yes", "customers", "permissive", "x"),
        "foot": ("no", "designated", "use_sidepath", "yes"),
        "bicycle": ("no", "dismount", "yes"),
        "motor_vehicle": ("no", "destination"),
        "junction": ("roundabout", "circular"),
        "motorroad": ("yes",),
        "barrier": ("gate", "bollard", "wall", "lift_gate"),
        "route": ("ferry", "bus"),
        "duration": ("00:20", "20", "PT20M", "99:99:99", "-1", "1e9", "", "P1Y"),
        "name": NAMES,
        "amenity": ("library", "clinic", "doctors", "place_of_worship", "x"),
        "building": ("yes", "hospital", "no"),
        "lit": ("yes", "no"),
    }
)  # fmt: skip
TURNS = ("no_left_turn", "only_straight_on", "no_u_turn", "no_entry", "x", "", "only_left_turn")
NEAR = (1, 4, 13, 101, 113)
Things = list[Any]


def change(raw: bytes, chance: Random, ending: str) -> bytes:
    """The same file with one to five things changed, written anew by osmium.

    Parameters
    ----------
    raw
        A sound file.
    ending
        What it is written as: ".osm.pbf" or ".osm".
    """
    things = _read(raw, ending)
    for _ in range(chance.choice((1, 1, 2, 5))):
        chance.choice(CHANGES)(things, chance)
    return _written(things, ending)


def _read(raw: bytes, ending: str) -> Things:
    suffix = ending.removeprefix(".")
    found: Things = []
    for thing in osmium.FileProcessor(osmium.io.FileBuffer(raw, suffix)):
        tags = dict(thing.tags)
        if thing.is_node():
            at = (thing.location.lon, thing.location.lat)
            found.append(mutable.Node(id=thing.id, location=at, tags=tags, version=1))
        elif thing.is_way():
            refs = [node.ref for node in thing.nodes]
            found.append(mutable.Way(id=thing.id, nodes=refs, tags=tags, version=1))
        elif thing.is_relation():
            members = [(one.type, one.ref, one.role) for one in thing.members]
            found.append(mutable.Relation(id=thing.id, members=members, tags=tags, version=1))
    return found


def _written(things: Things, ending: str) -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"changed{ending}"
        with osmium.SimpleWriter(str(path)) as out:
            adds = {mutable.Node: out.add_node, mutable.Way: out.add_way}
            for thing in things:
                adds.get(type(thing), out.add_relation)(thing)
        return path.read_bytes()


def _some(things: Things, kind: type, chance: Random) -> Any:
    return chance.choice([one for one in things if isinstance(one, kind)] or [None])


def _tag(things: Things, chance: Random) -> None:
    key = chance.choice(list(TAGS))
    thing = _some(things, chance.choice((mutable.Way, mutable.Way, mutable.Node)), chance)
    if thing is not None:
        thing.tags = {**thing.tags, key: chance.choice(TAGS[key])}


def _untag(things: Things, chance: Random) -> None:
    thing = chance.choice(things)
    key = chance.choice(list(thing.tags) or [""])
    thing.tags = {k: v for k, v in thing.tags.items() if k != key}


def _move(things: Things, chance: Random) -> None:
    node = _some(things, mutable.Node, chance)
    if node is None:
        return
    lon, lat = node.location
    far = chance.choice((1e-7, 1e-4, 0.01, 0.01, 5.0))
    node.location = (lon + far * chance.uniform(-1, 1), lat + far * chance.uniform(-1, 1))


def _forget(things: Things, chance: Random) -> None:
    things.remove(chance.choice(things))


def _refer(things: Things, chance: Random) -> None:
    way = _some(things, mutable.Way, chance)
    if way is None:
        return
    refs = list(way.nodes)
    at = chance.randrange(len(refs) + 1)
    turns = (
        refs[::-1],
        refs[:at],
        [*refs[:at], chance.choice((*NEAR, 999_999, 2**60)), *refs[at:]],
        [*refs, *refs],
        refs[:1] * 3,
    )
    way.nodes = chance.choice(turns)


def _turn(things: Things, chance: Random) -> None:
    ways = [one.id for one in things if isinstance(one, mutable.Way)] or [1]
    via = chance.choice((("n", chance.choice(NEAR)), ("w", chance.choice(ways)), ("n", 999_999)))
    members = [("w", chance.choice(ways), "from"), (*via, "via"), ("w", chance.choice(ways), "to")]
    members = members[: chance.choice((3, 3, 2))]
    kind = {"type": "restriction", chance.choice(("restriction", "restriction:bicycle", "except")):
            chance.choice(TURNS)}  # fmt: skip
    ref = 10_000 + chance.randrange(1000)
    things.append(mutable.Relation(id=ref, members=members, tags=kind, version=1))


def _double(things: Things, chance: Random) -> None:
    way = _some(things, mutable.Way, chance)
    if way is not None:
        again = mutable.Way(id=5_000, nodes=list(way.nodes), tags=dict(way.tags), version=1)
        last = max(n for n, one in enumerate(things) if isinstance(one, mutable.Way))
        things.insert(last + 1, again)


CHANGES: tuple[Callable[[Things, Random], None], ...] = (
    _tag, _tag, _tag, _tag, _untag, _move, _move, _forget, _refer, _turn, _double,
)  # fmt: skip


def change_graph(raw: bytes, chance: Random) -> bytes:
    """A GraphML of streets with other tags, lengths, positions, edges; sound XML all the same."""
    graph = nx.read_graphml(io.BytesIO(raw), force_multigraph=True)
    for _ in range(chance.choice((1, 1, 2, 5))):
        chance.choice(GRAPH_CHANGES)(graph, chance)
    made = io.BytesIO()
    nx.write_graphml(graph, made)
    return made.getvalue()


def _edge_tag(graph: Any, chance: Random) -> None:
    edge = chance.choice(list(graph.edges(keys=True)))
    key = chance.choice(list(TAGS))
    graph.edges[edge][key] = chance.choice(TAGS[key])


def _edge_length(graph: Any, chance: Random) -> None:
    edge = chance.choice(list(graph.edges(keys=True)))
    graph.edges[edge]["length"] = chance.choice(("500.0", "0", "-1", "nan", "1e308", "x", "12"))


def _node_place(graph: Any, chance: Random) -> None:
    node = graph.nodes[chance.choice(list(graph.nodes))]
    axis = chance.choice("xy")
    near = str(float(node[axis]) + chance.uniform(-0.01, 0.01)) if axis in node else "x"
    node[axis] = chance.choice((near, near, near, "nan", "1e300", ""))


def _drop_edge(graph: Any, chance: Random) -> None:
    graph.remove_edge(*chance.choice(list(graph.edges(keys=True))))


def _drop_node(graph: Any, chance: Random) -> None:
    graph.remove_node(chance.choice(list(graph.nodes)))


GRAPH_CHANGES: tuple[Callable[[Any, Random], None], ...] = (
    _edge_tag, _edge_tag, _edge_tag, _edge_length, _node_place, _drop_edge, _drop_node,
)  # fmt: skip
