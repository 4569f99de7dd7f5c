import re

import networkx as nx
import numpy as np
import osmnx
import pytest
from shapely.geometry import LineString, MultiPoint, Point

from nhcplanner.base.errors import InputError
from nhcplanner.travel import GRAPH_TAGS, Network
from tests.unit.travel.conftest import CORNER, RING, SQUARE

TOWN = [
    RING,
    ([1, 3], {"highway": "residential", "oneway": "-1"}),
    ([2, 4], {"highway": "footway"}),
    ([1, 2], {"highway": "motorway"}),
]


@pytest.mark.parametrize("mode", ["walk", "drive"])
@pytest.mark.parametrize(("start", "end"), [(1, 3), (3, 1), (2, 4), (4, 2), (1, 2), (2, 1)])
def test_osmnx_and_pbf_give_the_same_minutes_on_the_same_streets(town, minutes, mode, start, end):
    path = town(TOWN)
    graph = osmnx.graph_from_xml(path, simplify=False, retain_all=True)
    pbf, osm = Network.from_pbf(path), Network.from_graph(graph)
    assert minutes(osm, mode, start, end) == pytest.approx(minutes(pbf, mode, start, end), rel=1e-4)


@pytest.mark.parametrize("simplify", [True, False])
@pytest.mark.parametrize("mode", ["walk", "cycle", "drive"])
def test_a_live_graph_gives_the_minutes_of_the_file(town, monkeypatch, mode, simplify):
    """As `graph_from_place` makes it, from the same elements that it would fetch."""
    for tags in ("useful_tags_way", "useful_tags_node"):
        monkeypatch.setattr(osmnx.settings, tags, GRAPH_TAGS)
    ways = [*TOWN, ([1, 5, 6, 3], {"highway": "track", "foot": "no", "motor_vehicle": "yes"})]
    nodes = SQUARE | {5: (300, 400), 6: (600, 650)}
    path = town(ways, nodes, {4: {"barrier": "bollard"}})
    graph = osmnx.graph_from_xml(path, simplify=simplify, retain_all=True)
    points = np.random.default_rng(4).uniform(0, 1000, (40, 2)) + CORNER
    live, file = (
        streets.times(points, points[:5], 60).minutes.toarray()
        for streets in (Network.from_graph(graph).streets(mode), Network.read(path).streets(mode))
    )
    assert (file > 0).sum() > 100
    assert live == pytest.approx(file, abs=0.01)


def test_a_simplified_graph_keeps_its_bends_and_length(town):
    nodes = SQUARE | {5: (500, 30)}
    path = town([([1, 5, 2], RING[1]), ([2, 3, 4, 1], RING[1]), ([1, 3], RING[1])], nodes)
    whole = Network.from_pbf(path).length.sum()
    graph = osmnx.graph_from_xml(path, simplify=True, retain_all=True)
    network = Network.from_graph(graph)
    assert network.length.sum() == pytest.approx(whole, rel=1e-4)


def test_graphml_is_read_by_its_ending(town, tmp_path, minutes):
    osm = town(TOWN)
    path = tmp_path / "town.graphml"
    osmnx.save_graphml(osmnx.graph_from_xml(osm, simplify=False, retain_all=True), path)
    network = Network.read(path)
    for ends in ((1, 3), (3, 1), (2, 4)):
        assert minutes(network, "drive", *ends) == pytest.approx(
            minutes(Network.read(osm), "drive", *ends), rel=1e-4
        )


ALL = [
    RING,
    ([1, 5, 3], {"highway": "residential", "oneway": "yes"}),
    ([4, 5], {"highway": "residential", "oneway": "-1", "maxspeed": "20 mph"}),
    ([5, 2], {"highway": "footway", "oneway:foot": "yes"}),
    ([6, 7, 8, 6], {"highway": "residential", "junction": "roundabout"}),
    ([3, 6], {"highway": "trunk", "motorroad": "yes"}),
    ([8, 9], {"highway": "residential"}),  # a tree from here on, every street there once
    ([10, 9], {"highway": "residential", "maxspeed:backward": "20", "oneway": "no"}),
    ([9, 11], {"highway": "path", "bicycle": "yes"}),
]
PLACES = SQUARE | {
    5: (450, 520), 6: (1300, 1000), 7: (1400, 1050), 8: (1400, 950), 9: (1800, 940),
    10: (2200, 1000), 11: (1800, 500),
}  # fmt: skip


@pytest.mark.parametrize("mode", ["walk", "cycle", "drive"])
@pytest.mark.parametrize("all_oneway", [True, False])
@pytest.mark.parametrize("ways", [ALL, ALL[:1], ALL[6:]])
def test_a_saved_graph_gives_the_minutes_of_the_file(
    town, tmp_path, monkeypatch, mode, all_oneway, ways
):
    """Without one-way streets too, and as a tree: then no tag says how the graph was made."""
    for tags in ("useful_tags_way", "useful_tags_node"):
        monkeypatch.setattr(osmnx.settings, tags, GRAPH_TAGS)
    monkeypatch.setattr(osmnx.settings, "all_oneway", all_oneway)
    osm, saved = town(ways, PLACES), tmp_path / "town.graphml"
    osmnx.save_graphml(osmnx.graph_from_xml(osm, simplify=False, retain_all=True), saved)
    points = np.random.default_rng(5).uniform(0, (2300, 1100), (60, 2)) + CORNER
    file, graph = (
        Network.read(path).streets(mode).times(points, points[:9], 60).minutes.toarray()
        for path in (osm, saved)
    )
    assert (file > 0).sum() > 50
    assert graph == pytest.approx(file, abs=0.001)


def test_a_graph_without_access_tags_or_with_merged_ways_is_doubted(graph):
    graph.add_edge("node 1", "node 3", highway=["residential", "service"])
    turns, access, merged = Network.from_graph(graph).report["doubts"]
    assert "no turn restrictions" in turns
    assert "no access tags" in access
    assert "1 edge" in merged


@pytest.fixture
def graph():
    made = nx.MultiDiGraph(crs="EPSG:27700")
    for ref, metres in SQUARE.items():
        x, y = CORNER + metres
        made.add_node(f"node {ref}", x=x, y=y)
    for u, v in ((1, 2), (2, 3), (3, 4), (4, 1)):
        made.add_edge(f"node {u}", f"node {v}", highway="residential")
        made.add_edge(f"node {v}", f"node {u}", highway="residential")
    return made


def test_a_plain_graph_in_metres_is_taken_whatever_its_nodes_are_called(graph, minutes):
    graph.add_edge("node 1", "node 3", highway=["residential", "service"])
    network = Network.from_graph(graph)
    assert len(network.length) == 5
    assert minutes(network, "drive", 1, 3) == pytest.approx(2 * 2**0.5, rel=1e-3)
    assert minutes(network, "drive", 3, 1) == pytest.approx(4, rel=1e-3)
    assert minutes(network, "walk", 3, 1) == pytest.approx(12.5 * 2**0.5, rel=1e-3)


def test_two_streets_between_the_same_nodes_are_both_kept(graph):
    bend = LineString(CORNER + np.array([(0, 0), (500, 500), (1000, 0)]))
    for shape, ends in ((bend, "12"), (bend.reverse(), "21")):
        graph.add_edge(
            *(f"node {end}" for end in ends), highway="primary", geometry=shape, length=1414.2
        )
    network = Network.from_graph(graph)
    assert network.length.sum() == pytest.approx(4 * 1000 + 1414.2, rel=1e-3)


def test_barriers_of_nodes_are_taken(graph):
    graph.add_node("node 2", barrier="bollard")
    graph.add_node("node 4", barrier="bollard")
    network = Network.from_graph(graph)
    assert sorted(tags["barrier"] for tags in network.barriers.values()) == ["bollard", "bollard"]


def spoil_positions(graph):
    del graph.nodes["node 1"]["x"]


def spoil_crs(graph):
    graph.graph["crs"] = "EPSG:nonsense"


@pytest.mark.parametrize(
    ("spoil", "words"),
    [
        (spoil_positions, "nodes without position"),
        (spoil_crs, "unknown coordinate system"),
        (nx.MultiDiGraph.clear_edges, "holds no streets"),
    ],
)
def test_a_graph_that_is_no_street_graph_is_one_clear_fault(graph, spoil, words):
    spoil(graph)
    with pytest.raises(InputError, match=words):
        Network.from_graph(graph)


KEYLESS = """<graphml xmlns="http://graphml.graphdrawing.org/xmlns">
<key id="a" for="edge" attr.name="length" attr.type="double"/>
<graph edgedefault="directed"><node/><node id="1"/><edge source="1"/></graph></graphml>"""


@pytest.mark.parametrize("content", ["not xml", "<graphml></graphml>", KEYLESS])
def test_a_file_that_is_no_graph_is_one_clear_fault(tmp_path, content):
    path = tmp_path / "bad.graphml"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(InputError, match=r"bad\.graphml"):
        Network.read(path)
    with pytest.raises(InputError, match="does not exist"):
        Network.read(tmp_path / "gone.graphml")


ODD = ["x", "", "nan", "[]", "['a', 'b']", "[" * 2000 + "]" * 2000, None, [], [1, "2"], -1, b"x"]
ODD_SHAPES = [Point(0, 0), MultiPoint([(0, 0)]), LineString(), "POINT (0 0)", "LINESTRING EMPTY", 3]


def problem(graph) -> str:
    """Why a graph is refused; empty if its network is sound."""
    try:
        network = Network.from_graph(graph)
    except InputError as error:
        return str(error)
    return "" if np.isfinite(network.length).all() else "has lengths that are not finite"


@pytest.mark.parametrize("key", ["length", "highway", "oneway", "access", "geometry"])
def test_an_odd_value_of_an_edge_is_used_or_is_one_clear_fault(graph, key):
    edge = next(iter(graph.edges(keys=True)))
    for value in ODD_SHAPES if key == "geometry" else ODD:
        graph.edges[edge][key] = value
        assert re.fullmatch("(graph: .+)?", problem(graph))


def test_a_length_that_is_not_a_number_is_named(graph):
    edge = next(iter(graph.edges(keys=True)))
    graph.edges[edge]["length"] = "long"
    with pytest.raises(InputError, match="length is not a number: long"):
        Network.from_graph(graph)
