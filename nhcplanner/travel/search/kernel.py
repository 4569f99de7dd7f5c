"""The compiled search: bounded shortest paths from one site after another, with a row of buckets.

A bucket holds the nodes whose best minutes so far lie in one thin slice of the horizon. Buckets are
emptied in order, and a node is searched from again where another of its own slice betters it: so
minutes are as exact as with a heap, at less than half of its cost.

Needs numba; `nhcplanner.travel.search.scipy_search` gives the same minutes without it.
"""

from __future__ import annotations

import os
from queue import Empty, SimpleQueue
from typing import NamedTuple

import numpy as np

from nhcplanner.base.arrays import FloatArray, IntArray
from nhcplanner.travel.search.contraction import compiled, contract_degree2, inlined
from nhcplanner.travel.search.request import Searcher, SearchRequest, SearchResult

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
