"""Compile functions with numba, the result kept on disk where some folder can be written.

Thin a graph before a search: pass over nodes where no journey starts, ends or turns off.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar, cast

import numba
import numpy as np

from nhcplanner.base.arrays import BoolArray, FloatArray, IntArray
from nhcplanner.travel.search.request import Links, SearchRequest

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
