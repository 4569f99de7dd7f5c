"""Counts of who is covered by the open sites, updated as sites open and shut."""

from __future__ import annotations

import numpy as np
from scipy import sparse

from nhcplanner.base.arrays import Floats, Mask, Positions


class CoverageCounter:
    """People covered, and what opening each site would add, for several goals.

    Parameters
    ----------
    covers
        CSR of ones, group x site.
    weights
        Group x goal: what a covered group adds to a goal.

    Attributes
    ----------
    opened
        Flag of each site.
    covered
        Value of each goal now.
    gains
        Site x goal: what opening the site would add.
    """

    def __init__(self, covers: sparse.csr_array, weights: Floats) -> None:
        group, self._goal = np.nonzero(weights)
        self._weight = weights[group, self._goal]
        by_row = sparse.csr_array(covers[group])
        by_site = sparse.csc_array(by_row)
        self._row_ends, self._row_sites = by_row.indptr, by_row.indices
        self._site_ends, self._site_rows = by_site.indptr, by_site.indices.astype(np.intp)
        self._times = np.zeros(len(group), dtype=np.int64)
        self.goals = weights.shape[1]
        self.opened = np.zeros(covers.shape[1], dtype=bool)
        self.covered = np.zeros(self.goals)
        self.gains = np.zeros((covers.shape[1], self.goals))
        self._add(np.arange(len(group)), 1.0)

    def rows_of(self, site: int) -> Positions:
        """Return the rows that a site reaches."""
        rows: Positions = self._site_rows[self._site_ends[site] : self._site_ends[site + 1]]
        return rows

    def sites_near(self, site: int) -> Positions:
        """Return the sites that share a reached row with this site, itself included."""
        return np.unique(self._entries(self.rows_of(site))[0])

    def needless(self, site: int) -> bool:
        """Whether every row that an open site reaches has another open site."""
        return bool((self._times[self.rows_of(site)] > 1).all())

    def open(self, site: int) -> None:
        """Open a shut site."""
        rows = self.rows_of(site)
        new = rows[self._times[rows] == 0]
        self._times[rows] += 1
        self.opened[site] = True
        self.covered += np.bincount(self._goal[new], self._weight[new], self.goals)
        self._add(new, -1.0)

    def shut(self, site: int) -> None:
        """Shut an open site."""
        rows = self.rows_of(site)
        self._times[rows] -= 1
        lost = rows[self._times[rows] == 0]
        self.opened[site] = False
        self.covered -= np.bincount(self._goal[lost], self._weight[lost], self.goals)
        self._add(lost, 1.0)

    def set(self, wanted: Mask) -> None:
        """Open exactly the sites wanted."""
        for site in np.flatnonzero(self.opened & ~wanted):
            self.shut(int(site))
        for site in np.flatnonzero(wanted & ~self.opened):
            self.open(int(site))

    def _add(self, rows: Positions, sign: float) -> None:
        sites, of_entry = self._entries(rows)
        flat = self.gains.reshape(-1)
        np.add.at(flat, sites * self.goals + self._goal[of_entry], sign * self._weight[of_entry])

    def _entries(self, rows: Positions) -> tuple[Positions, Positions]:
        starts = self._row_ends[rows]
        lengths = self._row_ends[rows + 1] - starts
        before = np.cumsum(lengths) - lengths
        index = np.arange(int(lengths.sum())) + np.repeat(starts - before, lengths)
        return self._row_sites[index].astype(np.intp), np.repeat(rows, lengths)
