"""Points anywhere along streets, and forbidden turns, against networkx on a graph made for each."""

from itertools import pairwise

import networkx as nx
import numpy as np
import pytest
import shapely
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from nhcplanner.travel import Profile, Streets
from nhcplanner.travel.search import reach
from nhcplanner.travel.streets.lines import Lines
from nhcplanner.travel.streets.routable_graph import build_graph
from nhcplanner.travel.streets.turns import ForbiddenTurns, MultiEdgeRestriction, TurnRules

quick = settings(
    deadline=None,
    max_examples=50,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
seeds = st.integers(0, 2**32 - 1)


@pytest.fixture(params=["compiled", "plain"])
def engine(request, monkeypatch):
    """Both ways to search."""
    if request.param == "compiled":
        pytest.importorskip("numba")
    else:
        monkeypatch.setattr(reach, "searcher", reach.scipy_searcher)


def random_town(rng):
    """Bent streets between random nodes, some one-way, with minutes for each direction."""
    nodes = rng.integers(2, 9)
    xy = rng.uniform(0, 2000, (nodes, 2))
    streets = rng.integers(1, 20)
    source, target = rng.integers(0, nodes, (2, streets))
    bends = rng.integers(0, 3, streets)
    _, first = np.unique(np.sort([source, target], axis=0), axis=1, return_index=True)
    again = np.setdiff1d(np.arange(streets), first)
    bends[again] += 1  # of two straight streets on one line none is the nearest
    start = np.concatenate([[0], np.cumsum(bends)])
    lines = Lines(xy, source, target, start, rng.uniform(0, 2000, (start[-1], 2)))
    minutes = rng.uniform(0.1, 9, (streets, 2))
    minutes[rng.random(streets) < 0.4, 1] = np.inf
    return lines, minutes


def parts_of(lines, minutes):
    """The part of each street by which one gets from either of its ends to the other."""
    graph = nx.DiGraph()
    graph.add_nodes_from(range(len(lines.xy)))
    graph.add_edges_from(
        (ends[way], ends[1 - way])
        for ends, both in zip(zip(lines.source, lines.target, strict=True), minutes, strict=True)
        for way in (0, 1)
        if np.isfinite(both[way])
    )
    parts = list(nx.strongly_connected_components(graph))
    ends = [{*pair} for pair in zip(lines.source.tolist(), lines.target.tolist(), strict=True)]
    found = {i: n for i, pair in enumerate(ends) for n, part in enumerate(parts) if pair <= part}
    long = {found[i] for i in found if lines.length[i] > 0}  # a part without length is none
    return {i: n for i, n in found.items() if n in long}


def split_graph(lines, minutes, streets, points):
    """A graph in which every point is a node of its own on the street that it lies by."""
    shapes = lines.shapes(np.array(streets))
    graph, legs, nearest = nx.MultiDiGraph(), [], []
    on_street = {street: [] for street in streets}
    for i, point in enumerate(shapely.points(points)):
        distance = shapely.distance(shapes, point)
        street = int(distance.argmin())
        along = shapely.line_locate_point(shapes[street], point, normalized=True)
        on_street[streets[street]].append((along, i))
        legs.append(distance.min() / 80)
        nearest.append(streets[street])
    for street, there in on_street.items():
        stops = [(0.0, ("node", int(lines.source[street])))]
        stops += [(along, ("point", i)) for along, i in sorted(there)]
        stops += [(1.0, ("node", int(lines.target[street])))]
        for (a, u), (b, v) in pairwise(stops):
            for way, (x, y) in enumerate([(u, v), (v, u)]):
                # At the end of a street one stands on its node.
                cost = 0.0 if a == b else (b - a) * minutes[street, way]
                if np.isfinite(cost):
                    graph.add_edge(x, y, minutes=cost)
    return graph, np.array(legs), np.array(nearest)


@quick
@given(seeds, st.floats(1, 60))
def test_points_along_streets_have_the_minutes_of_a_graph_split_at_them(engine, seed, horizon):
    rng = np.random.default_rng(seed)
    lines, minutes = random_town(rng)
    parts = parts_of(lines, minutes)
    if not parts:
        return
    streets = list(parts)
    origins, sites = rng.uniform(-300, 2300, (7, 2)), rng.uniform(-300, 2300, (5, 2))
    points = np.concatenate([origins, sites])
    graph, legs, nearest = split_graph(lines, minutes, streets, points)
    for one in set(range(len(lines))) - set(parts):  # a one-way street from part to part
        for way in (0, 1):
            if np.isfinite(minutes[one, way]):
                ends = (("node", int(lines.source[one])), ("node", int(lines.target[one])))
                graph.add_edge(ends[way], ends[1 - way], minutes=minutes[one, way])
    made = Streets.build(build_graph(lines, minutes), "walk", Profile(cut_off_m=1e6))
    found = made.times(origins, sites, horizon)
    got = np.full(found.minutes.shape, np.inf)
    rows, cols = found.minutes.tocoo().coords
    got[rows, cols] = found.minutes.data
    for i in range(len(origins)):
        lengths = nx.single_source_dijkstra_path_length(graph, ("point", i), weight="minutes")
        for j in range(len(sites)):
            way = lengths.get(("point", len(origins) + j), np.inf)
            one, other = legs[i], legs[len(origins) + j]
            straight = np.hypot(*(origins[i] - sites[j])) / 80
            same = parts[nearest[i]] == parts[nearest[len(origins) + j]]
            meet = straight <= one + other or min(one, other) > 500 / 80
            if (same and meet) or straight <= min(one, other):
                way = min(way, straight - one - other)
            true = way + one + other
            if abs(true - horizon) > 1e-6:
                assert np.isfinite(got[i, j]) == (true <= horizon)
            if np.isfinite(got[i, j]):
                assert got[i, j] == pytest.approx(true, abs=0.001)


def edge_graph(lines, minutes, turns, nodes):
    """A graph whose nodes are streets by direction, joined where one may turn."""
    arcs = [
        (street, way, ends[way], ends[1 - way])
        for street, ends in enumerate(zip(lines.source, lines.target, strict=True))
        for way in (0, 1)
        if np.isfinite(minutes[street, way])
    ]
    rules = list(zip(*turns, strict=True))
    graph = nx.DiGraph()
    for arc in arcs:
        street, way, tail, head = arc
        graph.add_edge(("from", int(tail)), arc, minutes=minutes[street, way])
        graph.add_edge(arc, ("to", int(head)), minutes=0.0)
        onward = [other for other in arcs if other[2] == head]
        leaving = {other[0] for other in onward}
        mine = [rule for rule in rules if rule[0] == street and rule[1] == head]
        musts = {out for _, _, out, only in mine if only} & leaving
        banned = {out for _, _, out, only in mine if not only}
        for other in arcs:
            back = other[:2] == (street, 1 - way) and len(onward) > 1
            open_turn = other[0] in musts if musts else other[0] not in banned and not back
            if other[2] == head and open_turn:
                graph.add_edge(arc, other, minutes=minutes[other[0], other[1]])
    inside = {*nodes.tolist()}
    graph.remove_nodes_from([arc for arc in arcs if not {arc[2], arc[3]} <= inside])
    return graph


@quick
@given(seeds)
def test_forbidden_turns_are_those_of_a_graph_of_streets(engine, seed):
    rng = np.random.default_rng(seed)
    lines, minutes = random_town(rng)
    count = rng.integers(1, 12)
    into = rng.integers(0, len(lines), count)
    via = np.where(rng.random(count) < 0.5, lines.source[into], lines.target[into])
    turns = ForbiddenTurns(into, via, rng.integers(0, len(lines), count), rng.random(count) < 0.3)
    made = Streets.build(
        build_graph(lines, minutes, rules=TurnRules(turns)), "drive", Profile(park_minutes=0)
    )
    nodes = made.web.node
    graph = edge_graph(lines, minutes, turns, nodes)
    found = made.times(lines.xy[nodes], lines.xy[nodes], 40, snap="node").minutes.toarray()
    for i, start in enumerate(nodes):
        if ("from", start) not in graph:
            continue
        lengths = nx.single_source_dijkstra_path_length(
            graph, ("from", start), weight="minutes", cutoff=40
        )
        true = [lengths.get(("to", end), 0.0) if end != start else 0.0 for end in nodes]
        assert found[i] == pytest.approx(true, abs=0.001)


def random_courses(rng, leaving, ends):
    """Random walks of three or four streets by direction, each twice its number plus direction."""
    found = []
    for _ in range(rng.integers(1, 8)):
        steps = [int(rng.choice(list(ends)))]
        while len(steps) < rng.integers(3, 5) and leaving[ends[steps[-1]]]:
            steps.append(int(rng.choice(leaving[ends[steps[-1]]])))
        if len(steps) > 2:
            found.append(MultiEdgeRestriction(tuple(steps), bool(rng.random() < 0.3)))
    return found


def may_follow(trail, then, choice, courses):
    """By the words of the rules: what is forbidden, and what is ordered after what."""
    for steps, only in courses:
        if not only and (*trail, then)[-len(steps) :] == steps:
            return False
    for n in range(1, 4):
        musts = {
            c.steps[n] for c in courses if c.only and c.steps[:n] == trail[-n:] and c.steps[n:]
        }
        if musts & choice and then not in musts:
            return False
    return True


def trail_graph(leaving, ends, minutes, courses):
    """A graph whose nodes are the last three streets that were gone."""
    graph = nx.DiGraph()
    waiting = [(one,) for one in ends]
    for trail in waiting:
        graph.add_edge(trail, ("to", ends[trail[-1]]), minutes=0.0)
        choice = set(leaving[ends[trail[-1]]])
        dead_end = len(choice) == 1
        onward = {then for then in choice if dead_end or then != trail[-1] ^ 1}
        for then in onward:
            if may_follow(trail, then, onward, courses):
                after = (*trail, then)[-3:]
                if after not in graph:
                    waiting.append(after)
                graph.add_edge(trail, after, minutes=minutes[then // 2, then % 2])
    return graph


@quick
@given(seeds)
def test_forbidden_paths_are_those_of_a_graph_of_trails(engine, seed):
    rng = np.random.default_rng(seed)
    lines, minutes = random_town(rng)
    both = np.column_stack([lines.source, lines.target])
    arcs = [2 * s + w for s in range(len(lines)) for w in (0, 1) if np.isfinite(minutes[s, w])]
    ends = {one: int(both[one // 2, 1 - one % 2]) for one in arcs}
    leaving = {
        node: [a for a in arcs if both[a // 2, a % 2] == node] for node in range(len(lines.xy))
    }
    courses = random_courses(rng, leaving, ends)
    web = build_graph(lines, minutes, rules=TurnRules(sequences=courses))
    found = Streets.build(web, "drive", Profile(park_minutes=0)).times(
        lines.xy[web.node], lines.xy[web.node], 40, snap="node"
    )
    graph = trail_graph(leaving, ends, minutes, courses)
    inside = {*web.node.tolist()}
    away = [one for one in arcs if not {*both[one // 2].tolist()} <= inside]
    graph.remove_nodes_from([trail for trail in graph if trail[-1] in away and trail[0] != "to"])
    for i, start in enumerate(web.node.tolist()):
        for first in set(leaving[start]) - set(away):
            graph.add_edge(("from", start), (first,), minutes=minutes[first // 2, first % 2])
        lengths = {("from", start): 0.0}
        if ("from", start) in graph:
            lengths = nx.single_source_dijkstra_path_length(
                graph, ("from", start), weight="minutes", cutoff=40
            )
        true = [0.0 if end == start else lengths.get(("to", end), 0.0) for end in web.node.tolist()]
        assert found.minutes.toarray()[i] == pytest.approx(true, abs=0.001)


def test_both_engines_give_the_same_numbers(monkeypatch):
    pytest.importorskip("numba")
    rng = np.random.default_rng(3)
    nodes, edges = 400, 1400
    xy = rng.uniform(0, 9000, (nodes, 2))
    source, target = rng.integers(0, nodes, (2, edges))
    minutes = rng.uniform(0, 6, edges)
    streets = Streets.from_edges(*xy.T, source, target, minutes)
    origins, sites = rng.uniform(0, 9000, (300, 2)), rng.uniform(0, 9000, (150, 2))
    one = streets.times(origins, sites, 15).minutes
    monkeypatch.setattr(reach, "searcher", reach.scipy_searcher)
    other = streets.times(origins, sites, 15).minutes
    assert one.nnz > 1000
    assert np.array_equal(one.indices, other.indices)
    assert np.array_equal(one.indptr, other.indptr)
    assert np.abs(one.data - other.data).max() < 1e-5
