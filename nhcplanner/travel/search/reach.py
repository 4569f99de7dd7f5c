"""All the minutes that a question asks for, batch by batch, with progress and a way to stop."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor

import numpy as np
from scipy import sparse

from nhcplanner.base.errors import PlannerError
from nhcplanner.travel.search import scipy_search
from nhcplanner.travel.search.request import Searcher, SearchRequest, SearchResult

Progress = Callable[[int, int], object]
STOPPED = "stopped while measuring minutes: nothing of it was kept"


def reach(question: SearchRequest, progress: Progress | None = None) -> sparse.csr_array:
    """Minutes of every journey within the horizon.

    Parameters
    ----------
    question
        What is asked.
    progress
        Called as `progress(done, total)` with sites between batches; False stops the search.

    Returns
    -------
    scipy.sparse.csr_array
        Minutes, origin x site, float32; what is not stored is beyond the horizon.

    Raises
    ------
    PlannerError
        Where `progress` stopped the search.
    """
    sites = len(question.seeds.start) - 1
    parts = list(_answers(searcher(question), sites, progress))
    count, origin, minutes = (np.concatenate(part) for part in zip(*parts, strict=True))
    start = np.concatenate([[0], np.cumsum(count)])
    by_site = sparse.csc_array((minutes, origin, start), shape=(question.origins, sites))
    return by_site.tocsr()


def searcher(question: SearchRequest) -> Searcher:
    """The compiled search where numba is installed, else scipy's."""
    try:
        from nhcplanner.travel.search import kernel  # noqa: PLC0415 - numba is optional, slow to import
    except ImportError:
        return scipy_search.searcher(question)
    return kernel.searcher(question)


def _answers(engine: Searcher, sites: int, progress: Progress | None) -> Iterator[SearchResult]:
    batches = [
        np.arange(first, min(first + engine.batch, sites))
        for first in range(0, sites, engine.batch)
    ]
    done = 0
    with ThreadPoolExecutor(min(engine.threads, len(batches))) as pool:
        report(progress, done, sites)
        for batch, found in zip(batches, pool.map(engine.run, batches), strict=True):
            yield found
            done += len(batch)
            try:
                report(progress, done, sites)
            except PlannerError:
                pool.shutdown(cancel_futures=True)
                raise


def report(progress: Progress | None, done: int, total: int) -> None:
    """Say how far a measurement has come.

    Raises
    ------
    PlannerError
        Where the answer is to stop.
    """
    if progress and progress(done, total) is False:
        raise PlannerError(STOPPED)
