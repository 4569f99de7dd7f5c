"""Requests and results of a search over a graph."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from nhcplanner.base.arrays import FloatArray, IntArray


class Links(NamedTuple):
    """Links from each row to others, with minutes.

    Parameters
    ----------
    start
        Position of each row's first link, int64, one more entry than rows.
    to
        Target of each link, int32.
    minutes
        Minutes of each link, float64.
    """

    start: IntArray
    to: IntArray
    minutes: FloatArray


class SearchRequest(NamedTuple):
    """A request for all pairs of origins and sites within a horizon.

    Parameters
    ----------
    graph
        Reversed edges: from each node to the nodes from which an edge leads to it.
    seeds
        From each site to the nodes from which it is reached, with the minutes after the node.
    demand
        From each node to the origins that join the network there, with the minutes before it.
    direct
        From each site to the origins that reach it without passing a node.
    horizon
        Minutes beyond which a pair is left out.
    origins
        Number of origins.
    """

    graph: Links
    seeds: Links
    demand: Links
    direct: Links
    horizon: float
    origins: int


class SearchResult(NamedTuple):
    """Pairs within the horizon, site after site.

    Parameters
    ----------
    pairs
        Number of pairs of each requested site.
    origin
        The origin of each pair, in no order within a site; int32.
    minutes
        Minutes of each pair, float32.
    """

    pairs: IntArray
    origin: IntArray
    minutes: FloatArray


class Searcher(NamedTuple):
    """A search engine that is prepared for one request.

    Parameters
    ----------
    run
        Returns the result for some sites.
    batch
        Number of sites for one call.
    threads
        Number of calls that may run at once.
    """

    run: Callable[[IntArray], SearchResult]
    batch: int
    threads: int


def link(row: IntArray, to: IntArray, minutes: FloatArray, rows: int) -> Links:
    """Sort links by row; of several links between the same two, keep the quickest."""
    key = row.astype(np.int64) * (int(to.max(initial=0)) + 1) + to
    order = np.argsort(key, kind="stable")
    key = key[order]
    first = np.flatnonzero(np.append(True, key[1:] != key[:-1])[: len(key)])
    quickest = np.minimum.reduceat(minutes[order], first) if len(first) else minutes
    start = np.zeros(rows + 1, dtype=np.int64)
    np.cumsum(np.bincount(row[order[first]], minlength=rows), out=start[1:])
    return Links(start, to[order[first]].astype(np.int32), quickest.astype(np.float64))
