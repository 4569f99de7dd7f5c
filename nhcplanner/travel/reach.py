"""Bounded search from each site, against the direction of travel, all origins at once."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from scipy import sparse
from scipy.sparse.csgraph import dijkstra

from nhcplanner.domain.errors import PlannerError
from nhcplanner.travel.snap import Snapped

Progress = Callable[[int, int], object]
NO_TIME = 1e-12  # minutes; scipy takes a stored 0 for no edge at all
SLACK = 1e-9  # minutes; sums that differ by rounding fall on the same side of the horizon
CELLS = 16_000_000  # floats held at a time (128 MB)


def reversed_graph(
    source: np.ndarray, target: np.ndarray, minutes: np.ndarray, nodes: int
) -> sparse.csr_array:
    """The graph with every edge turned round, ready to search from where journeys end.

    Of several edges between two nodes the quickest is kept; an edge of no time is
    given next to none.

    Returns
    -------
    scipy.sparse.csr_array
        nodes x nodes, minutes from column to row.
    """
    order = np.lexsort((minutes, source, target))
    source, target, minutes = source[order], target[order], minutes[order]
    first = np.ones(len(source), dtype=bool)
    first[1:] = (source[1:] != source[:-1]) | (target[1:] != target[:-1])
    first &= source != target
    quickest = np.maximum(minutes[first], NO_TIME)
    return sparse.csr_array(
        (quickest, (target[first], source[first])), shape=(nodes, nodes), dtype=np.float64
    )


def reach(
    graph: sparse.csr_array,
    origins: Snapped,
    sites: Snapped,
    horizon: float,
    progress: Progress | None = None,
) -> sparse.coo_array:
    """Minutes of every journey within a horizon.

    Parameters
    ----------
    graph
        As `reversed_graph` gives it.
    origins, sites
        Points tied to its nodes.
    horizon
        Minutes, legs included, beyond which a pair is left out.
    progress
        Called as `progress(done, total)` with sites between batches; False stops the search.

    Returns
    -------
    scipy.sparse.coo_array
        Minutes, origin x site, float64; what is not stored is beyond the horizon.

    Raises
    ------
    PlannerError
        Where `progress` stopped the search.
    """
    start = np.flatnonzero(origins.usable & (origins.minutes <= horizon))
    end = np.flatnonzero(sites.usable & (sites.minutes <= horizon))
    end = end[np.argsort(sites.node[end], kind="stable")]
    batch = max(1, CELLS // (graph.shape[0] + len(start)))
    rows, cols, data = [], [], []
    for done in range(0, len(end), batch):
        if progress and progress(done, len(end)) is False:
            raise PlannerError("cancelled")
        some = end[done : done + batch]
        nodes, back = np.unique(sites.node[some], return_inverse=True)
        found = dijkstra(graph, indices=nodes, limit=horizon + SLACK)
        minutes = found[:, origins.node[start]][back]
        minutes += origins.minutes[start] + sites.minutes[some][:, None]
        site, origin = np.nonzero(minutes <= horizon + SLACK)
        rows.append(start[origin])
        cols.append(some[site])
        data.append(minutes[site, origin])
    if progress:
        progress(len(end), len(end))
    return _assemble(rows, cols, data, (len(origins.node), len(sites.node)))


def _assemble(
    rows: list[np.ndarray], cols: list[np.ndarray], data: list[np.ndarray], shape: tuple[int, int]
) -> sparse.coo_array:
    if not data:
        return sparse.coo_array(shape, dtype=np.float64)
    pairs = (np.concatenate(rows), np.concatenate(cols))
    return sparse.coo_array((np.concatenate(data), pairs), shape=shape)
