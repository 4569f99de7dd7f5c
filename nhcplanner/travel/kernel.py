"""The compiled search: bounded Dijkstra from one site after another, with a heap of four children.

Needs numba; `nhcplanner.travel.plain` gives the same minutes without it.
"""

from __future__ import annotations

import os
from queue import Empty, SimpleQueue
from typing import NamedTuple

import numpy as np

from nhcplanner.travel.arrays import FloatArray, IntArray
from nhcplanner.travel.compiled import compiled, inlined
from nhcplanner.travel.question import Found, Question, Searcher
from nhcplanner.travel.thin import thin

BATCH = 64  # sites
MOST_THREADS = 8  # each holds some tens of bytes a node


class Room(NamedTuple):
    """What one thread works in; every search leaves it as it found it.

    Parameters
    ----------
    node_minutes, origin_minutes
        Best minutes so far of each node and each origin; inf where none.
    nodes, origins
        Which of them hold a number, to be wiped afterwards.
    heap_minutes, heap_nodes
        The heap.
    """

    node_minutes: FloatArray
    origin_minutes: FloatArray
    nodes: IntArray
    origins: IntArray
    heap_minutes: FloatArray
    heap_nodes: IntArray


def searcher(question: Question) -> Searcher:
    """Get ready to search for the origins of some sites."""
    question = thin(question)
    rooms: SimpleQueue[Room] = SimpleQueue()

    def run(sites: IntArray) -> Found:
        try:
            room = rooms.get_nowait()
        except Empty:
            room = _make_room(question)
        count, origin, minutes = _search(question, sites, room)
        found = Found(count, origin, minutes)
        rooms.put(room)
        return found

    return Searcher(run, batch=BATCH, threads=min(os.cpu_count() or 1, MOST_THREADS))


def _make_room(question: Question) -> Room:
    nodes = len(question.graph.start) - 1
    # A node enters the heap at most once for each edge and each tie of a site.
    most = len(question.graph.to) + int(np.diff(question.seeds.start).max(initial=0)) + 1
    return Room(
        np.full(nodes, np.inf),
        np.full(question.origins, np.inf),
        np.empty(nodes, dtype=np.int32),
        np.empty(question.origins, dtype=np.int32),
        np.empty(most, dtype=np.float64),
        np.empty(most, dtype=np.int32),
    )


@inlined
def _push(minutes: FloatArray, nodes: IntArray, size: int, at: float, node: int) -> None:
    """Put a node on a heap of `size`."""
    place = size
    while place > 0:
        above = (place - 1) >> 2
        if minutes[above] <= at:
            break
        minutes[place], nodes[place] = minutes[above], nodes[above]
        place = above
    minutes[place], nodes[place] = at, node


@inlined
def _drop_first(minutes: FloatArray, nodes: IntArray, size: int) -> None:
    """Take the first off a heap, which leaves `size`; the last finds its place from the top."""
    at, node = minutes[size], nodes[size]
    place = 0
    while True:
        least = 4 * place + 1
        if least >= size:
            break
        for child in range(least + 1, min(least + 4, size)):
            if minutes[child] < minutes[least]:
                least = child
        if minutes[least] >= at:
            break
        minutes[place], nodes[place] = minutes[least], nodes[least]
        place = least
    minutes[place], nodes[place] = at, node


@inlined
def _lower(best: FloatArray, noted: IntArray, count: int, here: int, minutes: float) -> int:
    """Give a node or origin fewer minutes; gives how many are noted."""
    if best[here] == np.inf:
        noted[count] = here
        count += 1
    best[here] = minutes
    return count


@compiled
def _begin(question: Question, site: int, room: Room) -> tuple[int, int]:
    """Note what needs no search: origins on the site's street, and its own ties on the heap."""
    _, seeds, _, direct, horizon, _ = question
    told, touched = 0, 0
    for p in range(direct.start[site], direct.start[site + 1]):
        if direct.minutes[p] <= horizon:
            told = _lower(room.origin_minutes, room.origins, told, direct.to[p], direct.minutes[p])
    for p in range(seeds.start[site], seeds.start[site + 1]):
        if seeds.minutes[p] <= horizon:
            _push(room.heap_minutes, room.heap_nodes, touched, seeds.minutes[p], seeds.to[p])
            touched = _lower(room.node_minutes, room.nodes, touched, seeds.to[p], seeds.minutes[p])
    return told, touched


@compiled
def _spread(question: Question, site: int, room: Room) -> int:
    """Search from one site; gives how many origins were told."""
    told, touched = _begin(question, site, room)
    # Arrays taken out of their tuples once: looked up there each time they cost half as much again.
    (start, to, minutes), _, (first, origins, further), _, horizon, _ = question
    node_minutes, origin_minutes, nodes, tellings, heap_minutes, heap_nodes = room
    size = touched
    while size > 0:
        now, here = heap_minutes[0], heap_nodes[0]
        size -= 1
        _drop_first(heap_minutes, heap_nodes, size)
        if now > node_minutes[here]:
            continue
        for p in range(first[here], first[here + 1]):
            at = now + further[p]
            if at <= horizon and at < origin_minutes[origins[p]]:
                told = _lower(origin_minutes, tellings, told, origins[p], at)
        for p in range(start[here], start[here + 1]):
            at = now + minutes[p]
            if at <= horizon and at < node_minutes[to[p]]:
                touched = _lower(node_minutes, nodes, touched, to[p], at)
                _push(heap_minutes, heap_nodes, size, at, to[p])
                size += 1
    for i in range(touched):
        node_minutes[nodes[i]] = np.inf
    return told


@compiled
def _search(
    question: Question, sites: IntArray, room: Room
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
