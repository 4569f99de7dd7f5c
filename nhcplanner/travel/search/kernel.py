"""The compiled search: bounded shortest paths from one site after another, with a row of buckets.

A bucket holds the nodes whose best minutes so far lie in one thin slice of the horizon. Buckets are
emptied in order, and a node is searched from again where another of its own slice betters it: so
minutes are as exact as with a heap, at less than half of its cost.

Needs numba; `nhcplanner.travel.search.reach` gives the same minutes without it.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from queue import Empty, SimpleQueue
from typing import NamedTuple, TypeVar, cast

import numba
import numpy as np

from nhcplanner.base.arrays import BoolArray, FloatArray, IntArray
from nhcplanner.travel.search.request import Links, Searcher, SearchRequest, SearchResult

Function = TypeVar("Function", bound=Callable[..., object])


def compiled(function: Function) -> Function:
    """Compile without Python's lock.

    numba keeps its result beside the code, or in the user's own folder where the package's can
    only be read; where neither can be written the function is compiled anew each time.
    """
    try:
        made = numba.njit(cache=True, nogil=True, error_model="numpy")(function)
    except RuntimeError:
        made = numba.njit(nogil=True, error_model="numpy")(function)
    return cast(Function, made)


def inlined(function: Function) -> Function:
    """Copy a small function into the compiled ones that call it; a call costs more than it does."""
    return cast(Function, numba.njit(inline="always", error_model="numpy")(function))


BATCH = 64  # sites
BUCKETS = 256  # slices of the horizon
MOST_THREADS = 8  # each holds some tens of bytes a node


class Room(NamedTuple):
    """What one thread works in; every search leaves it as it found it.

    Parameters
    ----------
    node_minutes, origin_minutes
        Best minutes so far of each node and each origin; inf where none.
    nodes, origins
        Which of them hold a number, to be wiped afterwards.
    after, before
        Rings: of each node the next and the last in its bucket, itself where it is in none; then
        of each bucket its first and last node, itself where it is empty.
    """

    node_minutes: FloatArray
    origin_minutes: FloatArray
    nodes: IntArray
    origins: IntArray
    after: IntArray
    before: IntArray


def searcher(question: SearchRequest) -> Searcher:
    """Get ready to search for the origins of some sites."""
    question = contract_degree2(question)
    rooms: SimpleQueue[Room] = SimpleQueue()

    def run(sites: IntArray) -> SearchResult:
        try:
            room = rooms.get_nowait()
        except Empty:
            room = _make_room(question)
        count, origin, minutes = _search(question, sites, room)
        found = SearchResult(count, origin, minutes)
        rooms.put(room)
        return found

    return Searcher(run, batch=BATCH, threads=min(os.cpu_count() or 1, MOST_THREADS))


def _make_room(question: SearchRequest) -> Room:
    nodes = len(question.graph.start) - 1
    return Room(
        np.full(nodes, np.inf),
        np.full(question.origins, np.inf),
        np.empty(nodes, dtype=np.int32),
        np.empty(question.origins, dtype=np.int32),
        np.arange(nodes + BUCKETS + 1, dtype=np.int32),
        np.arange(nodes + BUCKETS + 1, dtype=np.int32),
    )


@inlined
def _lower(best: FloatArray, noted: IntArray, count: int, here: int, minutes: float) -> int:
    """Give a node or origin fewer minutes; gives how many are noted."""
    if best[here] == np.inf:
        noted[count] = here
        count += 1
    best[here] = minutes
    return count


@inlined
def _drop(after: IntArray, before: IntArray, node: int) -> None:
    """Take a node out of its ring."""
    above, below = before[node], after[node]
    after[above], before[below] = below, above
    after[node] = before[node] = node


@inlined
def _move(after: IntArray, before: IntArray, node: int, to: int) -> None:
    """Take a node out of its ring and put it into another, behind `to`."""
    above, below = before[node], after[node]
    after[above], before[below] = below, above
    below = after[to]
    after[node], before[node] = below, to
    before[below] = after[to] = node


@compiled
def _begin(question: SearchRequest, site: int, room: Room) -> tuple[int, int]:
    """Note what needs no search: origins on the site's street, and its own ties in the buckets."""
    _, seeds, _, direct, horizon, _ = question
    told, touched = 0, 0
    for p in range(direct.start[site], direct.start[site + 1]):
        if direct.minutes[p] <= horizon:
            told = _lower(room.origin_minutes, room.origins, told, direct.to[p], direct.minutes[p])
    for p in range(seeds.start[site], seeds.start[site + 1]):
        at, node = seeds.minutes[p], seeds.to[p]
        if at <= horizon:
            bucket = len(room.node_minutes) + int(at * (BUCKETS / horizon))
            _move(room.after, room.before, node, bucket)
            touched = _lower(room.node_minutes, room.nodes, touched, node, at)
    return told, touched


@compiled
def _spread(question: SearchRequest, site: int, room: Room) -> int:
    """Search from one site; gives how many origins were told."""
    told, touched = _begin(question, site, room)
    # Arrays are taken out of their tuples once, and what is noted is not left to `_lower`: either
    # would cost a quarter more and beyond.
    (start, to, minutes), _, (tie, origins, further), _, horizon, _ = question
    node_minutes, origin_minutes, nodes, tellings, after, before = room
    a_minute, first_bucket = BUCKETS / horizon, len(node_minutes)
    for bucket in range(first_bucket, first_bucket + BUCKETS + 1):
        while after[bucket] != bucket:
            here = after[bucket]
            now = node_minutes[here]
            _drop(after, before, here)
            for p in range(tie[here], tie[here + 1]):
                at = now + further[p]
                if at <= horizon and at < origin_minutes[origins[p]]:
                    if origin_minutes[origins[p]] == np.inf:
                        tellings[told] = origins[p]
                        told += 1
                    origin_minutes[origins[p]] = at
            for p in range(start[here], start[here + 1]):
                at, node = now + minutes[p], to[p]
                if at <= horizon and at < node_minutes[node]:
                    if node_minutes[node] == np.inf:
                        nodes[touched] = node
                        touched += 1
                    node_minutes[node] = at
                    _move(after, before, node, first_bucket + int(at * a_minute))
    for i in range(touched):
        node_minutes[nodes[i]] = np.inf
    return told


@compiled
def _search(
    question: SearchRequest, sites: IntArray, room: Room
) -> tuple[IntArray, IntArray, FloatArray]:
    count = np.zeros(len(sites), dtype=np.int64)
    origin = np.empty(1024, dtype=np.int32)
    minutes = np.empty(1024, dtype=np.float32)
    total = 0
    for i in range(len(sites)):
        told = _spread(question, sites[i], room)
        if total + told > len(origin):
            more = total + told
            origin = np.concatenate((origin, np.empty(more, dtype=np.int32)))
            minutes = np.concatenate((minutes, np.empty(more, dtype=np.float32)))
        for j in range(told):
            row = room.origins[j]
            origin[total + j] = row
            minutes[total + j] = room.origin_minutes[row]
            room.origin_minutes[row] = np.inf
        total += told
        count[i] = told
    return count, origin[:total].copy(), minutes[:total].copy()


def contract_degree2(question: SearchRequest) -> SearchRequest:
    """The same question on a smaller graph, with the same answer.

    Dead ends where nobody starts and no site lies are dropped; a run of nodes between two
    junctions becomes one link. On streets about half of the nodes are left.
    """
    graph, seeds, demand = question.graph, question.seeds, question.demand
    keep = np.diff(demand.start) > 0
    keep[seeds.to] = True
    degree = _neighbours(graph)
    _drop_dead_ends(graph, keep, degree)
    nodes = np.flatnonzero(keep | (degree > 2))
    number = np.full(len(keep), -1, dtype=np.int32)
    number[nodes] = np.arange(len(nodes), dtype=np.int32)
    return question._replace(
        graph=Links(*_join(graph, nodes, number, degree)),
        seeds=seeds._replace(to=number[seeds.to]),
        demand=demand._replace(start=np.append(demand.start[nodes], demand.start[-1])),
    )


@compiled
def _neighbours(graph: Links) -> IntArray:
    """Of each node, how many others it is joined to, in either direction."""
    degree = np.zeros(len(graph.start) - 1, dtype=np.int32)
    for here in range(len(degree)):
        for p in range(graph.start[here], graph.start[here + 1]):
            node = graph.to[p]
            degree[here] += 1
            for back in range(graph.start[node], graph.start[node + 1]):
                if graph.to[back] == here:
                    break
            else:
                degree[node] += 1
    return degree


@compiled
def _drop_dead_ends(graph: Links, keep: BoolArray, degree: IntArray) -> None:
    """Set the degree of nodes in dead ends to 0, from their tips inwards."""
    for tip in range(len(degree)):
        here = tip
        while degree[here] == 1 and not keep[here]:
            degree[here] = 0
            for p in range(graph.start[here], graph.start[here + 1]):
                if degree[graph.to[p]] > 0:
                    here = graph.to[p]
                    degree[here] -= 1
                    break


@compiled
def _join(
    graph: Links, nodes: IntArray, number: IntArray, degree: IntArray
) -> tuple[IntArray, IntArray, FloatArray]:
    """Links between the kept nodes, each run of others walked to its end."""
    start = np.zeros(len(nodes) + 1, dtype=np.int64)
    to = np.empty(len(graph.to), dtype=np.int32)
    minutes = np.empty(len(graph.to), dtype=np.float64)
    count = 0
    for i in range(len(nodes)):
        for first in range(graph.start[nodes[i]], graph.start[nodes[i] + 1]):
            before, here, passed = nodes[i], graph.to[first], graph.minutes[first]
            while number[here] < 0 and degree[here] > 0:
                for p in range(graph.start[here], graph.start[here + 1]):
                    node = graph.to[p]
                    if node != before and degree[node] > 0:
                        before, here, passed = here, node, passed + graph.minutes[p]
                        break
                else:
                    break
            if number[here] >= 0 and number[here] != i:
                to[count], minutes[count] = number[here], passed
                count += 1
        start[i + 1] = count
    return start, to[:count].copy(), minutes[:count].copy()
