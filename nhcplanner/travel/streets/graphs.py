"""Networks from networkx graphs, such as osmnx gives."""

from __future__ import annotations

from collections.abc import Hashable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any
from xml.etree.ElementTree import ParseError
from xml.parsers.expat import ExpatError

import numpy as np
from pyproj import Transformer
from pyproj.exceptions import CRSError

from nhcplanner.base.errors import Fault, InputError
from nhcplanner.base.xml import count_elements
from nhcplanner.domain.reading import read_apart
from nhcplanner.travel import osm_tags
from nhcplanner.travel.osm_tags import Tags
from nhcplanner.travel.streets.ways import Ways

if TYPE_CHECKING:
    import networkx as nx

DEGREES = "EPSG:4326"
GRAPH_TAGS = sorted(osm_tags.TAGS)
"""What osmnx must keep of ways and of nodes for a graph to say who may go where, and how fast."""
MOST_NODES = 20_000_000
"""Nodes, and edges, of a graph, at most."""
Edge = tuple[Hashable, Hashable, dict[str, Any]]


def read_graphml_ways(path: Path) -> Ways:
    """Read the streets of a graph that osmnx saved, each as a way; see `ways_of_graph`.

    Raises
    ------
    InputError
        Where the file is missing, is no such graph, or has no streets.
    """
    ways: Ways = read_apart(_graphml_ways, path)
    return ways


def _graphml_ways(path: Path) -> Ways:
    return ways_of_graph(read_graphml(path))


def read_graphml(path: Path) -> nx.MultiDiGraph[Any]:
    """Read a graph that osmnx saved.

    Raises
    ------
    InputError
        Where the file is missing or is no such graph.
    """
    import networkx as nx  # noqa: PLC0415 - both are slow to import, and few need them
    import osmnx  # noqa: PLC0415

    if not path.is_file():
        raise InputError([Fault("does not exist", str(path), hint="Check the path of the streets")])
    try:
        counts = count_elements(path)
        if max(counts["node"], counts["edge"]) > MOST_NODES:
            raise ValueError(f"more than {MOST_NODES:,} nodes or edges")
        graph: nx.MultiDiGraph[Any] = osmnx.load_graphml(path)
    except (ParseError, ExpatError, nx.NetworkXError, LookupError, ValueError, TypeError) as error:
        hint = "Save it with osmnx.save_graphml"
        raise InputError(
            [Fault(f"is no graph of streets ({error})", path.name, hint=hint)]
        ) from None
    return graph


def ways_of_graph(graph: nx.MultiDiGraph[Any]) -> Ways:
    """Each street of a graph as a way.

    A street that is there in both directions becomes one way; one that is there in a single
    direction is one-way. Where osmnx has merged ways into one edge, the first value of each
    tag counts.

    Raises
    ------
    InputError
        Where the graph has no edges, or nodes without position.
    """
    number = {name: i for i, name in enumerate(graph.nodes)}
    position = _positions(graph)
    refs, lonlat, start, kind = [], [], [0], []
    kinds: dict[tuple[tuple[str, str], ...], int] = {}
    bends = -1
    for u, v, data in _streets(graph):
        tags = _tags(data)
        if tags.get("highway") not in osm_tags.HIGHWAYS:
            continue
        between = list(data["geometry"].coords)[1:-1] if "geometry" in data else []
        refs += [_id(u, number), *range(bends, bends - len(between), -1), _id(v, number)]
        bends -= len(between)
        lonlat += [position[u], *between, position[v]]
        start.append(len(refs))
        kind.append(kinds.setdefault(tuple(sorted(tags.items())), len(kinds)))
    if not kind:
        raise InputError([Fault("holds no streets", "graph", hint="Edges need a highway tag")])
    lon, lat = _degrees(np.array(lonlat, dtype=np.float64), graph.graph.get("crs", DEGREES))
    return Ways(
        np.array(refs, dtype=np.int64), lon, lat, np.array(start),
        np.arange(len(kind)), np.array(kind, dtype=np.int32),
        [dict(tags) for tags in kinds],
        {_id(n, number): _tags(data) for n, data in graph.nodes(data=True) if "barrier" in data},
    )  # fmt: skip


def _streets(graph: nx.MultiDiGraph[Any]) -> Iterator[Edge]:
    """Edges, of the two directions of one street only that in which it was drawn."""
    drawn: list[Edge] = sorted(graph.edges(data=True), key=lambda e: e[2].get("reversed") is True)
    unmatched: dict[tuple[Hashable, Hashable, float], int] = {}
    for u, v, data in drawn:
        length = round(float(data.get("length", 0)), 1)
        oneway = _one(data.get("oneway", not graph.has_edge(v, u)))
        if str(oneway).lower() in ("true", "yes", "1", "-1"):
            yield u, v, {**data, "oneway": "yes"}
        elif unmatched.get((v, u, length), 0):
            unmatched[v, u, length] -= 1
        else:
            unmatched[u, v, length] = unmatched.get((u, v, length), 0) + 1
            yield u, v, {key: value for key, value in data.items() if key != "oneway"}


def _tags(data: dict[str, Any]) -> Tags:
    found = {key: _one(data[key]) for key in osm_tags.TAGS & data.keys()}
    return {key: str(value) for key, value in found.items() if isinstance(value, (str, int))}


def _one(value: Any) -> Any:
    return value[0] if isinstance(value, list) and value else value


def _id(node: Hashable, number: dict[Hashable, int]) -> int:
    return node if isinstance(node, int) else number[node]


def _positions(graph: nx.MultiDiGraph[Any]) -> dict[Hashable, tuple[float, float]]:
    try:
        return {n: (float(data["x"]), float(data["y"])) for n, data in graph.nodes(data=True)}
    except (KeyError, TypeError, ValueError):
        hint = "Give each node x and y, as osmnx does"
        raise InputError([Fault("has nodes without position", "graph", hint=hint)]) from None


def _degrees(xy: np.ndarray, crs: Any) -> tuple[np.ndarray, np.ndarray]:
    try:
        project = Transformer.from_crs(crs, DEGREES, always_xy=True)
    except CRSError:
        raise InputError([Fault(f"has an unknown coordinate system {crs}", "graph")]) from None
    lon, lat = project.transform(*xy.T)
    return lon, lat
