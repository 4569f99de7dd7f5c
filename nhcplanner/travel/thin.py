"""Thin a graph before a search: pass over nodes where no journey starts or ends.

A node is taken out, and each two of its neighbours are joined directly by the minutes through it
(unless a quicker link is there, or it is longer than the horizon). So dead ends vanish, a run of
nodes becomes one link, and a fork a triangle. Nodes with few neighbours go first; at more than
`MOST` the links added would cost a search more than the node did. This is node contraction as in
contraction hierarchies, stopped early and without their search for witnesses.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from nhcplanner.travel.arrays import BoolArray, FloatArray, IntArray
from nhcplanner.travel.compiled import compiled, inlined
from nhcplanner.travel.question import Links, Question

MOST = 6  # neighbours of a node that is taken out
SPARE = 1.1  # room for links that are added, over those that were there


class Mesh(NamedTuple):
    """A graph that can be changed: of each node a chain of its neighbours.

    Parameters
    ----------
    first
        First entry of each node's chain; -1 where it has none.
    degree
        Neighbours of each node, -1 once it is taken out.
    after
        The next entry of each entry's chain; -1 at its end.
    node
        The neighbour of each entry.
    there, back
        Minutes to it and from it; inf where there is no link.
    free
        The first of the entries not in use, which hang together as a chain; and how many.
    """

    first: IntArray
    degree: IntArray
    after: IntArray
    node: IntArray
    there: FloatArray
    back: FloatArray
    free: IntArray


def thin(question: Question) -> Question:
    """The same question on a smaller graph, with the same answer."""
    graph, seeds, demand = question.graph, question.seeds, question.demand
    keep = np.diff(demand.start) > 0
    keep[seeds.to] = True
    mesh = _mesh(len(keep), int((len(graph.to) + _one_way(graph)) * SPARE) + MOST**2)
    _fill(mesh, graph)
    for most in range(MOST + 1):
        _take_out(mesh, keep, most, question.horizon)
    nodes = np.flatnonzero(mesh.degree >= 0)
    number = np.full(len(keep), -1, dtype=np.int32)
    number[nodes] = np.arange(len(nodes), dtype=np.int32)
    start, to, minutes = _links(mesh, nodes, number)
    return question._replace(
        graph=Links(start, to, minutes),
        seeds=seeds._replace(to=number[seeds.to]),
        demand=demand._replace(start=np.append(demand.start[nodes], demand.start[-1])),
    )


def _mesh(nodes: int, entries: int) -> Mesh:
    after = np.arange(1, entries + 1, dtype=np.int32)
    after[-1] = -1
    return Mesh(
        np.full(nodes, -1, dtype=np.int32),
        np.zeros(nodes, dtype=np.int32),
        after,
        np.empty(entries, dtype=np.int32),
        np.empty(entries, dtype=np.float64),
        np.empty(entries, dtype=np.float64),
        np.array([0, entries], dtype=np.int32),
    )


@compiled
def _one_way(graph: Links) -> int:
    """How many links have none that leads back."""
    count = 0
    for here in range(len(graph.start) - 1):
        for p in range(graph.start[here], graph.start[here + 1]):
            node = graph.to[p]
            count += 1
            for q in range(graph.start[node], graph.start[node + 1]):
                if graph.to[q] == here:
                    count -= 1
                    break
    return count


@compiled
def _fill(mesh: Mesh, graph: Links) -> None:
    """Enter each link at both of its ends."""
    for here in range(len(mesh.first)):
        for p in range(graph.start[here], graph.start[here + 1]):
            node, there, back = graph.to[p], graph.minutes[p], np.inf
            for q in range(graph.start[node], graph.start[node + 1]):
                if graph.to[q] == here:
                    back = graph.minutes[q]
            _enter(mesh, here, node, there, back)
            if back == np.inf:
                _enter(mesh, node, here, back, there)


@inlined
def _enter(mesh: Mesh, here: int, node: int, there: float, back: float) -> None:
    entry = mesh.free[0]
    mesh.free[0] = mesh.after[entry]
    mesh.free[1] -= 1
    mesh.node[entry], mesh.there[entry], mesh.back[entry] = node, there, back
    mesh.after[entry] = mesh.first[here]
    mesh.first[here] = entry
    mesh.degree[here] += 1


@inlined
def _offer(mesh: Mesh, here: int, node: int, there: float, back: float) -> None:
    """Link a node to another, or quicken the link that there is."""
    entry = mesh.first[here]
    while entry >= 0 and mesh.node[entry] != node:
        entry = mesh.after[entry]
    if entry >= 0:
        mesh.there[entry] = min(mesh.there[entry], there)
        mesh.back[entry] = min(mesh.back[entry], back)
    else:
        _enter(mesh, here, node, there, back)


@inlined
def _unlink(mesh: Mesh, here: int, node: int) -> None:
    before, entry = -1, mesh.first[here]
    while mesh.node[entry] != node:
        before, entry = entry, mesh.after[entry]
    if before < 0:
        mesh.first[here] = mesh.after[entry]
    else:
        mesh.after[before] = mesh.after[entry]
    mesh.after[entry] = mesh.free[0]
    mesh.free[0] = entry
    mesh.free[1] += 1
    mesh.degree[here] -= 1


@compiled
def _take_out(mesh: Mesh, keep: BoolArray, most: int, horizon: float) -> None:
    """Take out every node with at most so many neighbours that is not to be kept."""
    for here in range(len(mesh.first)):
        degree = mesh.degree[here]
        if not keep[here] and 0 <= degree <= most and degree * (degree - 1) <= mesh.free[1]:
            one = mesh.first[here]
            while one >= 0:
                _unlink(mesh, mesh.node[one], here)
                one = mesh.after[one]
            _bridge(mesh, here, horizon)
            _free(mesh, here)


@inlined
def _free(mesh: Mesh, here: int) -> None:
    """Give a node's chain back."""
    last = mesh.first[here]
    if last >= 0:
        while mesh.after[last] >= 0:
            last = mesh.after[last]
        mesh.after[last] = mesh.free[0]
        mesh.free[0] = mesh.first[here]
        mesh.free[1] += mesh.degree[here]
    mesh.first[here] = mesh.degree[here] = -1


@inlined
def _bridge(mesh: Mesh, here: int, horizon: float) -> None:
    """Join each two neighbours of a node by the minutes through it."""
    one = mesh.first[here]
    while one >= 0:
        other = mesh.first[here]
        while other >= 0:
            there = mesh.back[one] + mesh.there[other]
            back = mesh.back[other] + mesh.there[one]
            if other != one and min(there, back) <= horizon:
                _offer(mesh, mesh.node[one], mesh.node[other], there, back)
            other = mesh.after[other]
        one = mesh.after[one]


@compiled
def _links(mesh: Mesh, nodes: IntArray, number: IntArray) -> tuple[IntArray, IntArray, FloatArray]:
    """Links between the nodes that are left, in their new numbers."""
    start = np.zeros(len(nodes) + 1, dtype=np.int64)
    to = np.empty(len(mesh.node), dtype=np.int32)
    minutes = np.empty(len(mesh.node), dtype=np.float64)
    count = 0
    for i in range(len(nodes)):
        entry = mesh.first[nodes[i]]
        while entry >= 0:
            if mesh.there[entry] < np.inf:
                to[count], minutes[count] = number[mesh.node[entry]], mesh.there[entry]
                count += 1
            entry = mesh.after[entry]
        start[i + 1] = count
    return start, to[:count].copy(), minutes[:count].copy()
