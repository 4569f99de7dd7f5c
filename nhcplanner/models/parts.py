"""Parts: sites divided into neighbourhoods, so that one can be planned while the rest stands."""

from __future__ import annotations

import numpy as np
from scipy import sparse

from nhcplanner.models.cover import Floats, Positions

LEAST_ALIKE = 1e-3


def likeness(covers: sparse.csr_array) -> sparse.csr_array:
    """How far apart two sites are that reach some row together: 1 where they reach the same.

    Parameters
    ----------
    covers
        CSR of ones, row x site.

    Returns
    -------
    scipy.sparse.csr_array
        Site x site: rows of each (their geometric mean) over rows shared.
    """
    reached = np.maximum(covers.sum(axis=0), 1.0)
    shared = sparse.coo_array(covers.T @ covers)
    apart = shared.row != shared.col
    row, col = shared.row[apart], shared.col[apart]
    alike = shared.data[apart] / np.sqrt(reached[row] * reached[col])
    return sparse.csr_array((1 / np.maximum(alike, LEAST_ALIKE), (row, col)), shape=shared.shape)


def likeness_work(covers: sparse.csr_array) -> float:
    """Pairs of sites that `likeness` looks at, each as often as they share a row."""
    sizes: Floats = np.diff(covers.indptr).astype(np.float64)
    return float(sizes @ sizes)


def divide(distance: sparse.csr_array, load: Floats, most: float) -> list[Positions]:
    """Halve the sites, and the halves, until none carries more than a load.

    Sites are halved across the line between two that are far apart.

    Parameters
    ----------
    distance
        Site x site, as `likeness` gives it.
    load
        Of each site.
    most
        Load of a part; a single site may carry more.

    Returns
    -------
    list of numpy.ndarray
        Positions of the sites of each part; each site is in one.
    """
    found = []
    waiting = [np.arange(len(load))]
    while waiting:
        part = waiting.pop()
        if len(part) < 2 or load[part].sum() <= most:
            found.append(part)
            continue
        order = _across(sparse.csr_array(distance[part][:, part]))
        before = np.cumsum(load[part][order])
        half = int(np.clip(np.searchsorted(before, before[-1] / 2, side="right"), 1, len(part) - 1))
        waiting += [part[order[half:]], part[order[:half]]]
    return found


def _across(distance: sparse.csr_array) -> Positions:
    """Order of sites from one end to the other; those that no way leads to come last."""
    one = _farthest(_lengths(distance, 0))
    to_one = _lengths(distance, one)
    to_other = _lengths(distance, _farthest(to_one))
    linked = np.isfinite(to_one) & np.isfinite(to_other)
    place = np.full(len(to_one), np.inf)
    place[linked] = to_one[linked] - to_other[linked]
    order: Positions = np.argsort(place, kind="stable")
    return order


def _lengths(distance: sparse.csr_array, site: int) -> Floats:
    lengths: Floats = sparse.csgraph.dijkstra(distance, indices=site)  # type: ignore[call-overload]
    return lengths


def _farthest(lengths: Floats) -> int:
    return int(np.argmax(np.where(np.isfinite(lengths), lengths, -1.0)))
