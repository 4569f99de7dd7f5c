"""Minutes of a whole search request: batches, progress, and a search without numba."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor

import numpy as np
from scipy import sparse

from nhcplanner.base.arrays import IntArray
from nhcplanner.base.errors import PlannerError
from nhcplanner.travel.search.request import Searcher, SearchRequest, SearchResult

Progress = Callable[[int, int], object]
STOPPED = "stopped while measuring minutes: none were kept"


def reach(request: SearchRequest, progress: Progress | None = None) -> sparse.csr_array:
    """Return the minutes of every journey within the horizon.

    Parameters
    ----------
    request
        The request.
    progress
        Called as `progress(done, total)` with sites between batches; False stops the search.

    Returns
    -------
    scipy.sparse.csr_array
        Minutes, origin x site, float32; pairs that are not stored are beyond the horizon.

    Raises
    ------
    PlannerError
        If `progress` stopped the search.
    """
    sites = len(request.seeds.start) - 1
    parts = list(_answers(searcher(request), sites, progress))
    count, origin, minutes = (np.concatenate(part) for part in zip(*parts, strict=True))
    start = np.concatenate([[0], np.cumsum(count)])
    by_site = sparse.csc_array((minutes, origin, start), shape=(request.origins, sites))
    return by_site.tocsr()


def searcher(request: SearchRequest) -> Searcher:
    """Return the compiled search if numba is installed, otherwise scipy's."""
    try:
        from nhcplanner.travel.search import kernel  # noqa: PLC0415 - numba is optional, slow to import
    except ImportError:
        return scipy_searcher(request)
    return kernel.searcher(request)


def _answers(engine: Searcher, sites: int, progress: Progress | None) -> Iterator[SearchResult]:
    batches = [
        np.arange(first, min(first + engine.batch, sites))
        for first in range(0, sites, engine.batch)
    ]
    number_done = 0
    with ThreadPoolExecutor(min(engine.threads, len(batches))) as pool:
        report(progress, number_done, sites)
        for batch, result in zip(batches, pool.map(engine.run, batches), strict=True):
            yield result
            number_done += len(batch)
            try:
                report(progress, number_done, sites)
            except PlannerError:
                pool.shutdown(cancel_futures=True)
                raise


def report(progress: Progress | None, number_done: int, total: int) -> None:
    """Report the progress of a measurement.

    Raises
    ------
    PlannerError
        If the receiver asks to stop.
    """
    if progress and progress(number_done, total) is False:
        raise PlannerError(STOPPED)


NO_TIME = 1e-12  # minutes; scipy takes a stored 0 for no edge at all
CELLS = 16_000_000  # floats held at a time (128 MB)


def scipy_searcher(request: SearchRequest) -> Searcher:
    """Prepare scipy's bounded Dijkstra: the same minutes, several times slower."""
    graph, seeds, demand = request.graph, request.seeds, request.demand
    nodes, sites = len(graph.start) - 1, len(seeds.start) - 1
    # Each site becomes a node of its own, with an edge to each node from which it is reached.
    links = (
        np.maximum(np.concatenate([graph.minutes, seeds.minutes]), NO_TIME),
        np.concatenate([graph.to, seeds.to]),
        np.concatenate([graph.start, graph.start[-1] + seeds.start[1:]]),
    )
    matrix = sparse.csr_array(links, shape=(nodes + sites, nodes + sites))
    order = np.argsort(demand.to, kind="stable")
    node = np.repeat(np.arange(nodes), np.diff(demand.start))[order]
    origins_joined, first = np.unique(demand.to[order], return_index=True)

    def run(some: IntArray) -> SearchResult:
        minutes_to_nodes = sparse.csgraph.dijkstra(
            matrix, indices=nodes + some, limit=request.horizon
        )
        best = np.full((len(some), request.origins), np.inf)
        if len(origins_joined):
            ties = minutes_to_nodes[:, node] + demand.minutes[order]
            best[:, origins_joined] = np.minimum.reduceat(ties, first, axis=1)
        for row, site in enumerate(some):
            same = slice(request.direct.start[site], request.direct.start[site + 1])
            at = request.direct.to[same]
            best[row, at] = np.minimum(best[row, at], request.direct.minutes[same])
        site, origin = np.nonzero(best <= request.horizon)
        count = np.bincount(site, minlength=len(some))
        return SearchResult(count, origin.astype(np.int32), best[site, origin].astype(np.float32))

    width = nodes + sites + len(node) + request.origins
    return Searcher(run, batch=max(1, CELLS // width), threads=1)
