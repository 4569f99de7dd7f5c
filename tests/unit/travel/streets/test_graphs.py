import networkx as nx
import numpy as np
import osmnx
import pytest
from shapely.geometry import LineString

from nhcplanner.base.errors import InputError
from nhcplanner.travel import GRAPH_TAGS, Network, Streets
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
        for streets in (Streets.from_graph(graph, mode), Streets.from_pbf(path, mode))
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
