"""Ways of networkx graphs, such as osmnx makes and saves."""

from __future__ import annotations

from ast import literal_eval
from collections.abc import Hashable, Iterable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any
from xml.etree.ElementTree import ParseError
from xml.parsers.expat import ExpatError

import numpy as np
import shapely
from pyproj import Transformer
from pyproj.exceptions import CRSError

from nhcplanner.base.errors import Fault, InputError
from nhcplanner.base.file_checks import count_elements
from nhcplanner.base.limited_reader import read_apart
from nhcplanner.base.text import plural
from nhcplanner.travel import osm_tags
from nhcplanner.travel.osm_tags import Tags
from nhcplanner.travel.streets.ways import Square, Ways, add_ways_across

if TYPE_CHECKING:
    import networkx as nx

DEGREES = "EPSG:4326"
GRAPH_TAGS = sorted(osm_tags.TAGS)
"""Tags of ways and nodes that osmnx must keep for access and speeds."""
MOST_NODES = 20_000_000
"""Nodes, and edges, of a graph, at most."""
NO_TURNS = "The graph holds no turn restrictions and no ferries: drives may turn everywhere"
NO_ACCESS = (
    "The graph has no access tags, which osmnx drops unless asked for: private streets are taken "
    "as open. Set osmnx.settings.useful_tags_way to nhcplanner.travel.GRAPH_TAGS and save it again"
)
Edge = tuple[Hashable, Hashable, dict[str, Any]]


def read_graphml_ways(path: Path) -> Ways:
    """Read the streets of a graph that osmnx saved, each as a way; see `ways_of_graph`.

    Raises
    ------
    InputError
        If the file is missing, is not such a graph, or has no streets.
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
        If the file is missing or is not such a graph.
    """
    import networkx as nx  # noqa: PLC0415 - both are slow to import, and few need them
    import osmnx  # noqa: PLC0415

    if not path.is_file():
        raise InputError([Fault("does not exist", str(path), hint="Check the path of the streets")])
    try:
        counts = count_elements(path)
        if max(counts["node"], counts["edge"]) > MOST_NODES:
            raise ValueError(f"more than {MOST_NODES:,} nodes or edges")
        # A graph made with the setting `all_oneway` has words where others have True or False.
        graph: nx.MultiDiGraph[Any] = osmnx.load_graphml(
            path, edge_dtypes={"oneway": str, "reversed": str, "length": str}
        )
    except (ParseError, ExpatError, nx.NetworkXError, LookupError, ValueError, TypeError) as error:
        hint = "Save it with osmnx.save_graphml"
        raise InputError(
            [Fault(f"is not a graph of streets ({error})", path.name, hint=hint)]
        ) from None
    return graph


def ways_of_graph(graph: nx.MultiDiGraph[Any]) -> Ways:
    """Return each street of a graph as a way.

    A street with edges in both directions becomes one way; a street with an edge in one direction
    is one-way. A graph that osmnx made with its setting `all_oneway` has each street once, and only
    its tags say whether it is one-way. If osmnx has merged ways into one edge, the first class of
    way counts, and of other tags the value that allows least.

    Raises
    ------
    InputError
        If the graph has no edges, or nodes without position.
    """
    number = {name: i for i, name in enumerate(graph.nodes)}
    position = _positions(graph)
    refs, lonlat, start, kind = list[int](), list[tuple[float, float]](), [0], list[int]()
    kinds: dict[tuple[tuple[str, str], ...], int] = {}
    bends, several, areas = -1, 0, dict[str, list[int]]()
    for u, v, data in _streets(graph):
        tags = _tags(data)
        if tags.get("highway") not in osm_tags.HIGHWAYS:
            continue
        several += any(isinstance(_value(data[key]), list) for key in osm_tags.TAGS & data.keys())
        between = _bends(data)
        refs += [_id(u, number), *range(bends, bends - len(between), -1), _id(v, number)]
        bends -= len(between)
        lonlat += [position[u], *between, position[v]]
        if tags.get("area") == "yes" and tags["highway"] in osm_tags.AREAS and "osmid" in data:
            areas.setdefault(str(_value(data["osmid"])), []).append(len(kind))
        start.append(len(refs))
        kind.append(kinds.setdefault(tuple(sorted(tags.items())), len(kinds)))
    if not kind:
        raise InputError([Fault("holds no streets", "graph", hint="Edges need a highway tag")])
    lon, lat = _degrees(np.array(lonlat, dtype=np.float64), graph.graph.get("crs", DEGREES))
    ways = Ways(
        np.array(refs, dtype=np.int64), lon, lat, np.array(start),
        np.arange(len(kind)), np.array(kind, dtype=np.int32),
        [dict(tags) for tags in kinds],
        {_id(n, number): _tags(data) for n, data in graph.nodes(data=True) if "barrier" in data},
        doubts=_doubts(kinds, several),
        squares=[Square(tuple(around)) for around in areas.values()],
    )  # fmt: skip
    return add_ways_across(ways)


def _doubts(kinds: Iterable[tuple[tuple[str, str], ...]], several: int) -> list[str]:
    """Return, in words, what a graph does not hold."""
    doubts = [NO_TURNS]
    if not any(key in osm_tags.ACCESS_KEYS for tags in kinds for key, _ in tags):
        doubts.append(NO_ACCESS)
    if several:
        doubts.append(
            f"{plural(several, 'edge')} of the graph stand for several ways with different tags: "
            "one of them is used for each. Save the graph with simplify=False"
        )
    return doubts


def _streets(graph: nx.MultiDiGraph[Any]) -> Iterator[Edge]:
    """Edges, of the two directions of one street only that in which it was drawn."""
    if _is_drawn_once(graph):
        for u, v, data in graph.edges(data=True):
            yield u, v, _along_drawing(data)
        return
    edges: list[Edge] = sorted(graph.edges(data=True), key=lambda e: _word(e[2], "reversed"))
    single_edges: dict[tuple[Hashable, Hashable, float], int] = {}
    for u, v, data in edges:
        length = _length(data)
        oneway = _word(data, "oneway") if "oneway" in data else str(not graph.has_edge(v, u))
        if oneway.lower() in ("true", "yes", "1", "-1", "reverse"):
            yield u, v, {**data, "oneway": "yes"}
        elif single_edges.get((v, u, length), 0):
            single_edges[v, u, length] -= 1
        else:
            single_edges[u, v, length] = single_edges.get((u, v, length), 0) + 1
            yield u, v, {key: value for key, value in data.items() if key != "oneway"}


def _length(data: dict[str, Any]) -> float:
    """Return the length of an edge, rounded to 0.1 m, by which its directions are matched."""
    value = _value(data.get("length", 0))
    try:
        return round(float(value[0] if isinstance(value, list) else value), 1)
    except (TypeError, ValueError, LookupError):
        words = f"has an edge whose length is not a number: {str(value)[:40]}"
        hint = "Save it with osmnx.save_graphml"
        raise InputError([Fault(words, "graph", hint=hint)]) from None


def _is_drawn_once(graph: nx.MultiDiGraph[Any]) -> bool:
    """Whether osmnx made a graph with its setting `all_oneway`: one edge a street, as drawn.

    Such a graph keeps OpenStreetMap's own words in `oneway`; others have True or False there, for
    each street. `reversed` is osmnx's mark on its edges.
    """
    edges = [data for _, _, data in graph.edges(data=True)]
    words = {_word(data, "oneway").lower() for data in edges if "oneway" in data}
    reversals = {_word(data, "reversed").lower() for data in edges if "reversed" in data}
    return reversals == {"false"} and not words & {"true", "false"}


def _along_drawing(data: dict[str, Any]) -> dict[str, Any]:
    """An edge with its tags as they hold from its first node to its last.

    osmnx has turned a street that is open only against its direction.
    """
    word = _word(data, "oneway").strip().lower()
    if word not in ("-1", "reverse", "t"):
        return data
    other = {osm_tags.SIDES[0]: osm_tags.SIDES[1], osm_tags.SIDES[1]: osm_tags.SIDES[0]}
    tags = {
        ":".join(other.get(part, part) for part in key.split(":")): value  # type: ignore[call-overload]
        for key, value in data.items()
    }
    return tags | {"oneway": "yes"}


def _tags(data: dict[str, Any]) -> Tags:
    tags = {key: _strictest(key, _value(data[key])) for key in osm_tags.TAGS & data.keys()}
    return {key: str(value) for key, value in tags.items() if isinstance(value, (str, int))}


def _strictest(key: str, value: Any) -> Any:
    """Return the value that allows least, of several values of merged ways."""
    if not isinstance(value, list):
        return value
    if not value:
        return ""
    words = sorted({str(each) for each in value})
    if key.startswith("maxspeed"):
        return ";".join(words)  # of several limits the lowest counts
    if key == "highway":
        return value[0]
    if key in osm_tags.ACCESS_KEYS or key in osm_tags.KEYS_BY_SIDE:
        return next(
            (word for word in words if not osm_tags.permission({key: word}, (key,))), words[0]
        )
    return words[0]


def _value(value: Any) -> Any:
    """Return an attribute, as a list if it is a list or the text of a list."""
    if isinstance(value, str) and value.startswith("[") and value.endswith("]"):
        with suppress(SyntaxError, ValueError, MemoryError, RecursionError):  # of deep nesting
            return literal_eval(value)
    return value


def _word(data: dict[str, Any], key: str) -> str:
    """Return an attribute as text; the first of several values."""
    value = _value(data.get(key, ""))
    return str(value[0] if isinstance(value, list) and value else value)


def _bends(data: dict[str, Any]) -> list[tuple[float, float]]:
    """Return the points between the ends of an edge; its shape may be text (WKT)."""
    shape = data.get("geometry")
    if shape is None:
        return []
    try:
        line = shapely.from_wkt(shape) if isinstance(shape, str) else shape
        return [(x, y) for x, y, *_ in line.coords][1:-1]
    except (shapely.errors.ShapelyError, NotImplementedError, AttributeError, TypeError):
        hint = "Give edges the geometry that osmnx gives them"
        raise InputError(
            [Fault("has edges whose shape cannot be read", "graph", hint=hint)]
        ) from None


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
