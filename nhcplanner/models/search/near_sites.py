"""The sites of each row, nearest first, as compiled searches read them; it needs numba."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from nhcplanner.base.arrays import Floats, IntArray, Mask
from nhcplanner.base.compiled import compile_function
from nhcplanner.domain.problem import Problem
from nhcplanner.models.coverage import open_mask
from nhcplanner.models.goal_types import PLAIN, JourneyCost

MOST_PAIRS = 6_000_000  # pairs of row and site held; of more, the nearest of each row
FAR = 1000.0  # minutes of a row without a centre, in times of the longest journey


class NearSites(NamedTuple):
    """The sites of each row with people, nearest first.

    Parameters
    ----------
    starts
        First entry of each row, and the end of the last (length rows + 1).
    sites, travel
        Site of each entry, and the cost of all journeys of the row to it: person-minutes, if a
        journey costs its minutes.
    limit
        Cost of the journeys of each row to the nearest site that has no entry; far if there is
        none.
    ends, rows, entries
        For each site: start of its part of `rows` and `entries` (length sites + 1); the rows that
        have it, and its entry in each.
    """

    starts: IntArray
    sites: IntArray
    travel: Floats
    limit: Floats
    ends: IntArray
    rows: IntArray
    entries: IntArray


def find_near_sites(
    problem: Problem, most_pairs: int = MOST_PAIRS, cost: JourneyCost = PLAIN
) -> NearSites:
    """Return the allowed sites of each row with people, nearest first.

    Parameters
    ----------
    problem
        People, minutes, and sites in `forbid`, which are left out.
    most_pairs
        Pairs to hold. Of more pairs, those of the nearest sites of each row are held.
    cost
        Cost of a journey by its minutes.
    """
    minutes = problem.minutes
    some = np.flatnonzero(problem.people > 0)
    most = max(most_pairs // max(len(some), 1), 1)
    far = FAR * (1.0 + float(minutes.data.max(initial=0.0)))
    table = minutes.indptr.astype(np.int64), minutes.indices.astype(np.int32), minutes.data
    is_allowed = ~open_mask(problem, problem.forbid)
    if cost == PLAIN:
        rows = _sort_rows(table, some, problem.people, is_allowed, (most, far))
        return with_columns(*rows, problem.sites)
    alike = np.ones(problem.areas)
    starts, sites, lengths, limits = _sort_rows(table, some, alike, is_allowed, (most, far))
    people = problem.people[some]
    travel = cost(lengths) * np.repeat(people, np.diff(starts))
    longest = np.minimum(limits, float(minutes.data.max(initial=0.0)))
    beyond = FAR * (1.0 + float(cost(longest).max(initial=0.0)))
    limit = np.where(limits >= far, beyond, cost(longest)) * people
    return with_columns(starts, sites, travel, limit, problem.sites)


def with_columns(
    starts: IntArray, sites: IntArray, travel: Floats, limit: Floats, number: int
) -> NearSites:
    """Return the entries of rows together with the entries of each of a number of sites."""
    return NearSites(starts, sites, travel, limit, *_columns(starts, sites, number))


@compile_function
def _sort_rows(
    table: tuple[IntArray, IntArray, Floats],
    some: IntArray,
    people: Floats,
    is_allowed: Mask,
    limits: tuple[int, float],
) -> tuple[IntArray, IntArray, Floats, Floats]:
    indptr, indices, minutes = table
    most, far = limits
    starts = np.zeros(len(some) + 1, np.int64)
    for row in range(len(some)):
        inside = 0
        for entry in range(indptr[some[row]], indptr[some[row] + 1]):
            inside += is_allowed[indices[entry]]
        starts[row + 1] = starts[row] + min(inside, most)
    sites = np.empty(starts[-1], np.int32)
    travel = np.empty(starts[-1], np.float64)
    limit = np.empty(len(some))
    for row in range(len(some)):
        first, last = indptr[some[row]], indptr[some[row] + 1]
        weight = people[some[row]]
        to, end = starts[row], starts[row + 1]
        limit[row] = weight * far
        for place in np.argsort(minutes[first:last], kind="mergesort"):
            site, length = indices[first + place], weight * minutes[first + place]
            if is_allowed[site]:
                if to == end:
                    limit[row] = length
                    break
                sites[to], travel[to] = site, length
                to += 1
    return starts, sites, travel, limit


@compile_function
def _columns(starts: IntArray, sites: IntArray, number: int) -> tuple[IntArray, IntArray, IntArray]:
    ends = np.zeros(number + 1, np.int64)
    for site in sites:
        ends[site + 1] += 1
    ends = np.cumsum(ends)
    rows = np.empty(len(sites), np.int32)
    entries = np.empty(len(sites), np.int32)
    to = ends[:-1].copy()
    for row in range(len(starts) - 1):
        for entry in range(starts[row], starts[row + 1]):
            site = sites[entry]
            rows[to[site]] = row
            entries[to[site]] = entry
            to[site] += 1
    return ends, rows, entries
