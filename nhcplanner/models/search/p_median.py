"""A search for the least total travel (p-median): greedy, then exchanges while they save.

References
----------
Kuehn AA, Hamburger MJ (1963), A heuristic program for locating warehouses, Management Science
9(4): the greedy start.
Teitz MB, Bart P (1968), Heuristic methods for estimating the generalized vertex median of a
weighted graph, Operations Research 16(5): exchanges.
Whitaker RA (1983), A fast algorithm for the greedy interchange for large-scale clustering and
median location problems, INFOR 21(2): the savings of all exchanges at once.
"""

from __future__ import annotations

import numpy as np
from scipy import sparse

from nhcplanner.base.arrays import Floats, Mask, Positions
from nhcplanner.domain.problem import Problem
from nhcplanner.models.coverage import open_mask, within
from nhcplanner.models.goal_types import PLAIN, Goal, JourneyCost
from nhcplanner.models.search.coverage import SearchLimits, SearchState

NEAREST = 200  # sites considered for each row, more where rows are few
PAIRS = 1_000_000  # pairs of row and site considered, if there are as many
MOST_PAIRS = 20_000_000  # pairs of an open and another site held in memory


class TravelCosts:
    """Travel to the nearest open site, and the savings of opening or exchanging a site.

    A row without an open site counts as very far from its centre, so that the search serves
    everyone first.
    """

    def __init__(self, problem: Problem, cost: JourneyCost = PLAIN) -> None:
        number = number_of_nearest(NEAREST, problem.areas)
        self.table = sparse.csc_array(nearest_part(within(problem), number))
        self.table.data = cost(self.table.data)
        self.column = np.repeat(np.arange(problem.sites), np.diff(self.table.indptr))
        self.people = problem.people
        farthest = float(self.table.data.max(initial=0.0))
        self.far = 1000.0 * (1.0 + farthest)

    def nearest(self, opened: Mask) -> Floats:
        """Return the minutes from each row to the nearest open site."""
        near = np.full(self.table.shape[0], self.far)
        entries = opened[self.column]
        np.minimum.at(near, self.table.indices[entries], self.table.data[entries])
        return near

    def savings(self, near: Floats) -> Floats:
        """Return the person-minutes that opening each site saves."""
        rows = self.table.indices
        savings: Floats = np.maximum(near[rows] - self.table.data, 0.0) * self.people[rows]
        return np.bincount(self.column, savings, self.table.shape[1]).astype(np.float64)

    def two_nearest(self, opened: Mask) -> tuple[Positions, Floats, Floats]:
        """Return each row's nearest open site (-1: none), and minutes to it and to the second."""
        entries = np.flatnonzero(opened[self.column])
        rows, minutes = self.table.indices[entries], self.table.data[entries]
        order = np.lexsort((minutes, rows))
        rows, minutes, sites = rows[order], minutes[order], self.column[entries][order]
        first = np.diff(rows, prepend=-1) > 0
        second = np.concatenate([[False], first[:-1]]) & ~first
        site = np.full(len(self.people), -1, dtype=np.intp)
        near, next_near = np.full(len(site), self.far), np.full(len(site), self.far)
        site[rows[first]], near[rows[first]] = sites[first], minutes[first]
        next_near[rows[second]] = minutes[second]
        return site, near, next_near

    def exchanges(self, opened: Mask) -> tuple[Positions, Floats]:
        """Return sites to open, and person-minutes saved: site to open x open site to shut.

        All exchanges are valued together, as Whitaker (1983) does.
        """
        site, near, second = self.two_nearest(opened)
        place = np.cumsum(opened) - 1
        out = int(opened.sum())
        has_centre = site >= 0
        lost = np.bincount(
            place[site[has_centre]], (self.people * (second - near))[has_centre], minlength=out
        )
        rows, minutes = self.table.indices, self.table.data
        some = (
            (minutes < second[rows])
            & has_centre[rows]
            & self._worth_entering(near, out)[self.column]
        )
        rows, minutes, into = rows[some], minutes[some], self.column[some]
        second_saving = self.people[rows] * (second[rows] - np.maximum(minutes, near[rows]))
        sites, into = np.unique(into, return_inverse=True)
        pair = into * out + place[site[rows]]
        both = np.bincount(pair, second_saving, minlength=len(sites) * out).reshape(-1, out)
        return sites, self.savings(near)[sites, None] - lost + both

    def _worth_entering(self, near: Floats, out: int) -> Mask:
        """Flag the sites that save most, as many as fit in memory."""
        most = max(MOST_PAIRS // max(out, 1), 1)
        flags = np.ones(self.table.shape[1], dtype=bool)
        if len(flags) > most:
            flags[np.argsort(-self.savings(near), kind="stable")[most:]] = False
        return flags


def least_travel(problem: Problem, state: SearchState) -> Positions | None:
    """Return sites with little total travel: greedy, then the best exchange while it saves."""
    first = state.goals[0] if state.goals else None
    cost = first.journeys if isinstance(first, Goal) and first.journeys else PLAIN
    journeys, limits = TravelCosts(problem, cost), SearchLimits(problem)
    must_open = open_mask(problem, problem.keep)
    opened = must_open if state.opened is None else open_mask(problem, state.opened)
    end = state.clock.seconds + state.seconds
    opened = _fill_greedily(journeys, limits, opened)
    total = float(problem.people @ journeys.nearest(opened))
    while state.clock.seconds <= end and state.clock.left and (opened & ~must_open).any():
        inside = np.flatnonzero(opened)
        sites, savings = journeys.exchanges(opened)
        savings[opened[sites]] = savings[:, must_open[inside]] = -np.inf
        if not len(sites):
            break
        if limits.budget is not None:
            spare = limits.budget - limits.cost[opened].sum()
            savings[limits.cost[sites][:, None] - limits.cost[inside] > spare] = -np.inf
        into, out = np.unravel_index(int(np.argmax(savings)), savings.shape)
        other = opened.copy()
        other[inside[out]], other[sites[into]] = False, True
        travel = float(problem.people @ journeys.nearest(other))
        if not travel < total * (1 - 1e-12):
            break
        opened, total = other, travel
        state.clock.tell(cost.value(total, float(problem.people.sum())), None)
    return np.flatnonzero(_fill_greedily(journeys, limits, opened))


def number_of_nearest(least: int, rows: int, pairs: int = PAIRS) -> int:
    """Return how many of the nearest sites to consider for each row.

    Parameters
    ----------
    least
        Smallest number.
    rows
        Number of rows; more sites are considered for each if there are few.
    pairs
        Number of pairs of row and site to consider.
    """
    return max(least, pairs // max(rows, 1))


def nearest_part(table: sparse.csr_array, number: int) -> sparse.csr_array:
    """Return the `number` nearest entries of each row, nearest first."""
    ends = table.indptr
    is_near = np.ones(table.nnz, dtype=bool)
    for i in np.flatnonzero(np.diff(ends) > number).tolist():
        minutes = table.data[ends[i] : ends[i + 1]]
        is_near[ends[i] : ends[i + 1]] = minutes <= np.partition(minutes, number - 1)[number - 1]
    entry = np.flatnonzero(is_near)
    row = np.searchsorted(ends, entry, side="right") - 1
    order = np.lexsort((table.data[entry], row))
    entry, row = entry[order], row[order]
    first = np.searchsorted(row, np.arange(table.shape[0]))
    near = entry[np.arange(len(row)) - first[row] < number]
    ends = np.concatenate([[0], np.cumsum(np.minimum(np.diff(ends), number))])
    return sparse.csr_array((table.data[near], table.indices[near], ends), shape=table.shape)


def _fill_greedily(journeys: TravelCosts, limits: SearchLimits, opened: Mask) -> Mask:
    opened = opened.copy()
    while True:
        allowed = limits.allows(opened)
        if not allowed.any():
            return opened
        savings = np.where(allowed, journeys.savings(journeys.nearest(opened)), 0.0)
        best = int(np.argmax(savings))
        if savings[best] <= 0:
            return opened
        opened[best] = True
