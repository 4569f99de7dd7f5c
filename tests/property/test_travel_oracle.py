"""Streets against networkx, on random networks with everything that trips a search."""

import networkx as nx
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nhcplanner.travel import Streets


@st.composite
def networks(draw):
    """One-way streets, parallel ones, loops, streets of no time, parts that do not connect."""
    nodes = draw(st.integers(2, 12))
    node = st.integers(0, nodes - 1)
    minutes = st.one_of(st.just(0.0), st.integers(0, 40).map(lambda n: n / 4), st.floats(0, 10))
    edges = draw(st.lists(st.tuples(node, node, minutes), min_size=1, max_size=40))
    x = draw(st.permutations([100.0 * i for i in range(nodes)]))
    return x, edges


@settings(deadline=None)
@given(networks(), st.one_of(st.integers(1, 80).map(lambda n: n / 4), st.floats(0.5, 20)))
def test_minutes_and_horizon_are_those_of_networkx(network, horizon):
    x, edges = network
    source, target, minutes = (np.array(column) for column in zip(*edges, strict=True))
    streets = Streets.from_edges(x, np.zeros(len(x)), source, target, minutes)
    graph = nx.MultiDiGraph()
    graph.add_nodes_from(range(len(x)))
    graph.add_weighted_edges_from(edges)
    main = set(streets.web.node.tolist())
    parts = sorted(nx.strongly_connected_components(graph), key=len)
    assert all(part <= main or not part & main for part in parts)
    assert main >= {*source.tolist(), *target.tolist()} & parts[-1] or len(parts[-1]) == 1

    order = sorted(main)
    points = np.column_stack([np.array(x)[order], np.zeros(len(order))])
    found = streets.times(points, points, horizon, snap="node").minutes
    got = {
        (order[row], order[col]): value
        for row, col, value in zip(*found.tocoo().coords, found.tocoo().data, strict=True)
    }
    lengths = dict(nx.all_pairs_dijkstra_path_length(graph.subgraph(main)))
    true = {(a, b): lengths[a].get(b, np.inf) for a in order for b in order}
    for pair, value in true.items():
        if abs(value - horizon) > 1e-9 or value == horizon:
            assert (pair in got) == (value <= horizon)
        if pair in got:
            assert got[pair] == pytest.approx(value, abs=0.001)


@settings(deadline=None)
@given(networks(), st.data())
def test_the_order_of_nodes_and_edges_does_not_matter(network, data):
    x, edges = network
    swap = np.array(data.draw(st.permutations(range(len(x)))))
    shuffled = data.draw(st.permutations(edges))
    one = _times(np.array(x), edges)
    x_swapped = np.empty(len(x))
    x_swapped[swap] = x
    other = _times(x_swapped, [(swap[a], swap[b], m) for a, b, m in shuffled])
    if one is not None and other is not None:
        assert np.allclose(one, other, atol=1e-6)


def _times(x, edges):
    """Minutes between all nodes by place; None where the largest part is not the only one."""
    source, target, minutes = (np.array(column) for column in zip(*edges, strict=True))
    streets = Streets.from_edges(x, np.zeros(len(x)), source, target, minutes)
    points = np.column_stack([np.sort(x), np.zeros(len(x))])
    return streets.times(points, points, 60, snap="node").minutes.toarray()
