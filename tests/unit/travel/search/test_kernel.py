"""The compiled half: a thinned graph, its buckets, and where the machine code is kept."""

import numpy as np
import pytest

from nhcplanner.travel.search import kernel
from nhcplanner.travel.search.reach import scipy_searcher
from nhcplanner.travel.search.request import SearchRequest, link

pytest.importorskip("numba")


NONE = np.empty(0, dtype=np.int64)


def question(edges, sites, origins, nodes, horizon=100.0):
    """Edges (from, to, minutes) both ways; sites and origins at nodes."""
    a, b, m = (np.array(column) for column in zip(*edges, strict=True))
    graph = link(np.concatenate([a, b]), np.concatenate([b, a]), np.concatenate([m, m]), nodes)
    zero = np.zeros(len(sites)), np.zeros(len(origins))
    return SearchRequest(
        graph,
        link(np.arange(len(sites)), np.array(sites), zero[0], len(sites)),
        link(np.array(origins), np.arange(len(origins)), zero[1], nodes),
        link(NONE, NONE, NONE.astype(float), len(sites)),
        horizon,
        len(origins),
    )


def table(searcher, asked):
    sites = len(asked.seeds.start) - 1
    found = searcher(asked).run(np.arange(sites))
    minutes = np.full((asked.origins, sites), np.inf)
    minutes[found.origin, np.repeat(np.arange(sites), found.pairs)] = found.minutes
    return minutes


def test_dead_ends_and_the_middle_of_runs_are_passed_over():
    # 0 - 1 - 2 - 3, and the dead end 1 - 4 - 5.
    asked = question([(0, 1, 1), (1, 2, 2), (2, 3, 3), (1, 4, 1), (4, 5, 1)], [0], [3], 6)
    small = kernel.contract_degree2(asked)
    assert len(small.graph.start) - 1 == 2
    assert sorted(small.graph.minutes) == [6, 6]
    assert table(kernel.searcher, asked) == [[6]]


def test_what_hangs_on_a_loop_is_passed_over_too():
    # 0 - 1, and a loop 1 - 2 - 3 - 1.
    asked = question([(0, 1, 1), (1, 2, 2), (2, 3, 2), (3, 1, 2)], [0], [1], 4)
    assert len(kernel.contract_degree2(asked).graph.start) - 1 == 2
    assert table(kernel.searcher, asked) == [[1]]


def test_of_two_runs_between_the_same_junctions_the_quicker_counts():
    # From 0 to 3 by 1 or by 2; each junction has a third arm to an origin.
    edges = [(0, 1, 1), (1, 3, 1), (0, 2, 1), (2, 3, 5), (0, 4, 1), (3, 5, 1)]
    asked = question(edges, [4], [5], 6)
    small = kernel.contract_degree2(asked)
    assert len(small.graph.start) - 1 == 4
    assert sorted(small.graph.minutes) == [1, 1, 1, 1, 2, 2, 6, 6]
    assert table(kernel.searcher, asked) == [[4]]


def test_a_junction_stays():
    spokes = [(0, end, 1.0) for end in range(1, 4)]
    asked = question(spokes, [1], [2, 3], 4)
    assert len(kernel.contract_degree2(asked).graph.start) - 1 == 4


@pytest.mark.parametrize("scale", [0.001, 1.0, 20.0], ids=["one bucket", "many", "all but a few"])
def test_however_minutes_fall_into_buckets_the_answer_is_that_of_a_heap(scale):
    rng = np.random.default_rng(8)
    side = 15
    node = np.arange(side * side).reshape(side, side)
    pairs = [*zip(node[:-1].flat, node[1:].flat, strict=True)]
    pairs += [*zip(node[:, :-1].flat, node[:, 1:].flat, strict=True)]
    minutes = scale * rng.uniform(0, 2, len(pairs))
    edges = [(a, b, m) for (a, b), m in zip(pairs, minutes, strict=True)]
    asked = question(edges, [3, 100, 200], [0, 50, 120, 224, 100], side * side, horizon=15)
    assert table(kernel.searcher, asked) == pytest.approx(table(scipy_searcher, asked), abs=1e-5)
    assert len(kernel.contract_degree2(asked).graph.start) < side * side


def test_a_search_leaves_its_room_clean():
    asked = question([(0, 1, 1), (1, 2, 2)], [0, 2], [1], 3)
    run = kernel.searcher(asked).run
    once, again = (run(np.array([1, 0, 1])) for _ in range(2))
    assert once.pairs.tolist() == again.pairs.tolist() == [1, 1, 1]
    assert once.minutes.tolist() == again.minutes.tolist() == [2, 1, 2]
