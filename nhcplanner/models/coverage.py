"""Who can reach what: rows and sites that are alike, and those that others dominate.

Row and column dominance of covering problems: Toregas and ReVelle (1973), Binary logic solutions
to a class of location problem, Geographical Analysis 5(2).
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
from scipy import sparse

from nhcplanner.base.arrays import Floats, Mask, Positions
from nhcplanner.domain.problem import Problem


@dataclass(frozen=True, eq=False)
class Groups:
    """Rows merged where the same sites reach them, so that all or none are covered.

    Parameters
    ----------
    sites
        CSR of ones, group x site.
    of_row
        Group of each row; -1 for rows left out.
    """

    sites: sparse.csr_array
    of_row: Positions

    @property
    def number(self) -> int:
        """Number of groups."""
        return int(self.sites.shape[0])

    def total(self, weights: Floats) -> Floats:
        """Return the sum of the rows' weights in each group (shape groups)."""
        inside = self.of_row >= 0
        return np.bincount(
            self.of_row[inside], weights[inside], minlength=self.sites.shape[0]
        ).astype(np.float64)


def group_rows(covers: sparse.csr_array, wanted: Mask) -> Groups:
    """Merge wanted rows with the same columns; rows without any column are left out.

    Parameters
    ----------
    covers
        CSR with sorted columns, row x site.
    wanted
        Flag of each row.
    """
    ends = covers.indptr
    known: dict[bytes, int] = {}
    of_row = np.full(covers.shape[0], -1, dtype=np.intp)
    first: list[int] = []
    for row in np.flatnonzero(wanted & (np.diff(ends) > 0)):
        key = covers.indices[ends[row] : ends[row + 1]].tobytes()
        group = known.setdefault(key, len(known))
        if group == len(first):
            first.append(int(row))
        of_row[row] = group
    chosen = sparse.csr_array(covers[np.array(first, dtype=np.intp)])
    chosen.data = np.ones_like(chosen.data)
    return Groups(chosen, of_row)


def within(problem: Problem, minutes: float = np.inf) -> sparse.csr_array:
    """Return minutes, row x site (CSR), of the allowed sites within some minutes."""
    allowed = np.ones(problem.sites, dtype=bool)
    allowed[list(problem.forbid)] = False
    table = problem.minutes
    stored = (table.data <= np.float32(minutes)) & allowed[table.indices]
    ends = np.concatenate([[0], np.cumsum(stored)])[table.indptr]
    return sparse.csr_array(
        (table.data[stored].astype(np.float64), table.indices[stored], ends), shape=table.shape
    )


def open_mask(problem: Problem, opened: npt.ArrayLike) -> Mask:
    """Return a flag for each site, from positions."""
    mask = np.zeros(problem.sites, dtype=bool)
    mask[np.asarray(opened, dtype=np.intp)] = True
    return mask


MOST_WORK = 50_000_000  # pairs of sets that share an element; comparing more costs too much


def dominated_by(problem: Problem) -> Positions:
    """Return for each site the one that can replace it; itself where there is none.

    The other site reaches at least the same rows with people and costs no more; of sites alike in
    both, a kept one or the first. Kept sites, and sites that reach nobody, are not replaced.

    Examples
    --------
    >>> problem = Problem.from_minutes([[5, 5, 99], [99, 5, 9]], reach=20)
    >>> dominated_by(problem)
    array([1, 1, 1])
    """
    sets = sparse.csr_array(problem.covers[problem.people > 0].T)
    cost = np.zeros(problem.sites) if problem.cost is None else problem.cost
    kept = open_mask(problem, problem.keep)
    place = np.empty(problem.sites, dtype=np.intp)
    place[np.lexsort((~kept, cost, -np.diff(sets.indptr)))] = np.arange(problem.sites)
    inner, outer = _contained(sets)
    fits = (cost[outer] <= cost[inner]) & (place[outer] < place[inner]) & ~kept[inner]
    inner, outer = inner[fits], outer[fits]
    found = np.arange(problem.sites)
    last_wins = np.argsort(-place[outer], kind="stable")
    found[inner[last_wins]] = outer[last_wins]
    return found


def stand_ins(problem: Problem) -> Positions:
    """Return for each site the cheapest one that reaches exactly the same rows with people.

    Of sites alike in both a kept one, or the first. Kept sites are not replaced. Time and memory
    grow with the pairs in reach, not with the square of the sites.

    Examples
    --------
    >>> problem = Problem.from_minutes([[5, 5, 99], [99, 99, 9]], reach=20)
    >>> stand_ins(problem)
    array([0, 0, 2])
    """
    rows = problem.people > 0
    sets = sparse.csr_array(sparse.csr_array(problem.covers[rows]).T)
    sets.sort_indices()
    cost = np.zeros(problem.sites) if problem.cost is None else problem.cost
    kept = open_mask(problem, problem.keep)
    first: dict[bytes, int] = {}
    found = np.arange(problem.sites)
    ends = sets.indptr.tolist()
    for site in np.lexsort((found, ~kept, cost)).tolist():
        key = sets.indices[ends[site] : ends[site + 1]].tobytes()
        cheapest = first.setdefault(key, site)
        if not kept[site]:
            found[site] = cheapest
    return found


def merged(problem: Problem) -> tuple[Problem, Positions]:
    """Return the problem without sites that another replaces, and the site that replaces each."""
    found = stand_ins(problem)
    shut = np.flatnonzero(found != np.arange(problem.sites)).tolist()
    return replace(problem, forbid=tuple(sorted({*problem.forbid, *shut}))), found


def implied(sets: sparse.csr_array) -> Mask:
    """Flag each row that is covered wherever another is (of rows alike, all but one).

    Parameters
    ----------
    sets
        CSR of ones, row x site.

    Examples
    --------
    >>> implied(sparse.csr_array([[1.0, 1, 0], [0, 1, 0], [0, 1, 1]]))
    array([ True, False,  True])
    """
    size = np.diff(sets.indptr)
    inner, outer = _contained(sets)
    flags = np.zeros(sets.shape[0], dtype=bool)
    flags[outer[(size[inner] < size[outer]) | (inner < outer)]] = True
    return flags


def _contained(sets: sparse.csr_array) -> tuple[Positions, Positions]:
    """Pairs of sets, the first not empty and inside the second; none where that takes long."""
    times: Floats = np.bincount(sets.indices, minlength=sets.shape[1]).astype(np.float64)
    if float(times @ times) > MOST_WORK:
        return np.zeros(0, dtype=np.intp), np.zeros(0, dtype=np.intp)
    shared = sparse.coo_array(sets @ sets.T)
    inside = (shared.data == np.diff(sets.indptr)[shared.row]) & (shared.row != shared.col)
    return shared.row[inside].astype(np.intp), shared.col[inside].astype(np.intp)
