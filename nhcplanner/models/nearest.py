"""A plan to start from where all people together should travel least."""

from __future__ import annotations

import numpy as np
from scipy import sparse

from nhcplanner.domain.problem import Problem
from nhcplanner.models.cover import Floats, Mask, Positions, open_mask, within
from nhcplanner.models.start import Hunt, Purse


class Journeys:
    """Journeys to the nearest open site, and what one more site would save.

    A row without any open site counts as if its centre were very far, so that serving everyone
    comes first.
    """

    def __init__(self, problem: Problem) -> None:
        self.table = sparse.csc_array(within(problem))
        self.column = np.repeat(np.arange(problem.sites), np.diff(self.table.indptr))
        self.people = problem.people
        farthest = float(self.table.data.max(initial=0.0))
        self.far = 1000.0 * (1.0 + farthest)

    def nearest(self, opened: Mask) -> Floats:
        """Minutes from each row to the nearest open site."""
        near = np.full(self.table.shape[0], self.far)
        entries = opened[self.column]
        np.minimum.at(near, self.table.indices[entries], self.table.data[entries])
        return near

    def savings(self, near: Floats) -> Floats:
        """Person-minutes that each site would save if it opened."""
        rows = self.table.indices
        saved: Floats = np.maximum(near[rows] - self.table.data, 0.0) * self.people[rows]
        return np.bincount(self.column, saved, self.table.shape[1]).astype(np.float64)


def least_travel(problem: Problem, hunt: Hunt) -> Positions | None:
    """Open the site that saves most while one may open, then exchange sites while that saves."""
    journeys, purse = Journeys(problem), Purse(problem)
    kept = open_mask(problem, problem.keep)
    opened = kept if hunt.opened is None else open_mask(problem, hunt.opened)
    end = hunt.clock.seconds + hunt.seconds
    opened = _filled(journeys, purse, opened)
    total = problem.people @ journeys.nearest(opened)
    better = True
    while better:
        better = False
        for site in np.flatnonzero(opened & ~kept):
            if hunt.clock.seconds > end or not hunt.clock.left:
                return np.flatnonzero(opened)
            without = opened.copy()
            without[site] = False
            other = _filled(journeys, purse, without)
            travel = problem.people @ journeys.nearest(other)
            if travel < total * (1 - 1e-12):
                opened, total, better = other, travel, True
                hunt.clock.tell(float(total), None)
    return np.flatnonzero(opened)


def _filled(journeys: Journeys, purse: Purse, opened: Mask) -> Mask:
    opened = opened.copy()
    while True:
        allowed = purse.allows(opened)
        if not allowed.any():
            return opened
        savings = np.where(allowed, journeys.savings(journeys.nearest(opened)), 0.0)
        best = int(np.argmax(savings))
        if savings[best] <= 0:
            return opened
        opened[best] = True
