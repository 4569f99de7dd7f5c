"""Coverage of rows by sites: groups of equal rows, and sites that another site dominates.

References
----------
Toregas C, ReVelle C (1973), Binary logic solutions to a class of location problem, Geographical
Analysis 5(2): row and column dominance of covering problems.
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
    """Groups of rows that the same sites reach, so that all or none of a group are covered.

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


def group_rows(covers: sparse.csr_array, is_wanted: Mask) -> Groups:
    """Merge wanted rows with the same columns; rows without any column are left out.

    Parameters
    ----------
    covers
        CSR with sorted columns, row x site.
    is_wanted
        Flag of each row.
    """
    rows = np.flatnonzero(is_wanted & (np.diff(covers.indptr) > 0))
    some = sparse.csr_array(covers[rows])
    some.data = np.ones(some.nnz)
    first, group = _equal_rows(some)
    of_row = np.full(covers.shape[0], -1, dtype=np.intp)
    of_row[rows] = group
    return Groups(sparse.csr_array(some[first]), of_row)


def _equal_rows(sets: sparse.csr_array) -> tuple[Positions, Positions]:
    """Return the first of each group of equal rows, in order, and the group of each row.

    Rows are compared by the sum of a random 64-bit number of each of their columns, and then in
    full; if rows with equal sums differ, other numbers are drawn. No row may be empty.
    """
    lengths = np.diff(sets.indptr)
    seed = 0
    while True:
        number = np.random.default_rng(seed).integers(1, 2**63, sets.shape[1], dtype=np.uint64)
        sums = np.add.reduceat(number[sets.indices], sets.indptr[:-1]) if len(lengths) else number
        _, first, group = np.unique(sums[: len(lengths)], return_index=True, return_inverse=True)
        order = np.argsort(first, kind="stable")
        rank = np.empty(len(order), dtype=np.intp)
        rank[order] = np.arange(len(order))
        first, group = first[order].astype(np.intp), rank[group]
        alike = first[group]
        if (lengths == lengths[alike]).all():
            shift = np.repeat(sets.indptr[alike] - sets.indptr[:-1], lengths)
            same = sets.indices == sets.indices[np.arange(sets.nnz) + shift]
            if same.all():
                return first, group
        seed += 1


def within(problem: Problem, minutes: float = np.inf) -> sparse.csr_array:
    """Return minutes, row x site (CSR), of the allowed sites within some minutes."""
    allowed = np.ones(problem.sites, dtype=bool)
    allowed[list(problem.forbid)] = False
    table = problem.minutes
    is_stored = (table.data <= np.float32(minutes)) & allowed[table.indices]
    ends = np.concatenate([[0], np.cumsum(is_stored)])[table.indptr]
    return sparse.csr_array(
        (table.data[is_stored].astype(np.float64), table.indices[is_stored], ends),
        shape=table.shape,
    )


def open_mask(problem: Problem, opened: npt.ArrayLike) -> Mask:
    """Return a flag for each site, from positions."""
    mask = np.zeros(problem.sites, dtype=bool)
    mask[np.asarray(opened, dtype=np.intp)] = True
    return mask


MOST_WORK = 50_000_000  # pairs of sets that share an element; comparing more takes too long


def find_dominating_sites(problem: Problem) -> Positions:
    """Return the site that can replace each site; the site itself if none can.

    The other site reaches at least the same rows with people and costs no more. Of sites equal in
    both, a site that must stay open comes first, then the lowest position. Sites that must stay
    open, and sites that reach nobody, are not replaced. This is the column dominance of Toregas
    and ReVelle (1973).

    Examples
    --------
    >>> problem = Problem.from_minutes([[5, 5, 99], [99, 5, 9]], reach=20)
    >>> find_dominating_sites(problem)
    array([1, 1, 1])
    """
    sets = sparse.csr_array(problem.covers[problem.people > 0].T)
    cost = np.zeros(problem.sites) if problem.cost is None else problem.cost
    must_open = open_mask(problem, problem.keep)
    place = np.empty(problem.sites, dtype=np.intp)
    place[np.lexsort((~must_open, cost, -np.diff(sets.indptr)))] = np.arange(problem.sites)
    inner, outer = _contained_pairs(sets)
    fits = (cost[outer] <= cost[inner]) & (place[outer] < place[inner]) & ~must_open[inner]
    inner, outer = inner[fits], outer[fits]
    dominating = np.arange(problem.sites)
    last_wins = np.argsort(-place[outer], kind="stable")
    dominating[inner[last_wins]] = outer[last_wins]
    return dominating


def find_equivalent_sites(problem: Problem) -> Positions:
    """Return the cheapest site that reaches the same rows with people as each site.

    Of sites equal in both, a site that must stay open comes first, then the lowest position. Sites
    that must stay open are not replaced. Time and memory grow with the pairs in reach, not with
    the square of the sites.

    Examples
    --------
    >>> problem = Problem.from_minutes([[5, 5, 99], [99, 99, 9]], reach=20)
    >>> find_equivalent_sites(problem)
    array([0, 0, 2])
    """
    rows = problem.people > 0
    sets = sparse.csr_array(sparse.csr_array(problem.covers[rows]).T)
    sets.sort_indices()
    cost = np.zeros(problem.sites) if problem.cost is None else problem.cost
    must_open = open_mask(problem, problem.keep)
    first: dict[bytes, int] = {}
    cheapest_alike = np.arange(problem.sites)
    ends = sets.indptr.tolist()
    for site in np.lexsort((cheapest_alike, ~must_open, cost)).tolist():
        key = sets.indices[ends[site] : ends[site + 1]].tobytes()
        cheapest = first.setdefault(key, site)
        if not must_open[site]:
            cheapest_alike[site] = cheapest
    return cheapest_alike


def drop_replaceable_sites(problem: Problem) -> tuple[Problem, Positions]:
    """Return the problem without sites that another can replace, and what replaces each site.

    Sites that reach the same are merged first, so that the others can be compared in time.
    """
    fewer, equivalent = merge_equivalent_sites(problem)
    dominating = find_dominating_sites(fewer)
    shut = np.flatnonzero(dominating != np.arange(problem.sites)).tolist()
    if not shut:
        return fewer, equivalent
    return replace(fewer, forbid=tuple(sorted({*fewer.forbid, *shut}))), dominating[equivalent]


def merge_equivalent_sites(problem: Problem) -> tuple[Problem, Positions]:
    """Return the problem without replaceable sites, and the site that replaces each site."""
    equivalent = find_equivalent_sites(problem)
    shut = np.flatnonzero(equivalent != np.arange(problem.sites)).tolist()
    return replace(problem, forbid=tuple(sorted({*problem.forbid, *shut}))), equivalent


def flag_implied_rows(sets: sparse.csr_array) -> Mask:
    """Flag the rows that are covered whenever another row is; of equal rows, all but one.

    This is the row dominance of Toregas and ReVelle (1973).

    Parameters
    ----------
    sets
        CSR of ones, row x site.

    Examples
    --------
    >>> flag_implied_rows(sparse.csr_array([[1.0, 1, 0], [0, 1, 0], [0, 1, 1]]))
    array([ True, False,  True])
    """
    size = np.diff(sets.indptr)
    inner, outer = _contained_pairs(sets)
    flags = np.zeros(sets.shape[0], dtype=bool)
    flags[outer[(size[inner] < size[outer]) | (inner < outer)]] = True
    return flags


def _contained_pairs(sets: sparse.csr_array) -> tuple[Positions, Positions]:
    """Return pairs of sets, the first inside the second; no pairs if that takes too long."""
    times: Floats = np.bincount(sets.indices, minlength=sets.shape[1]).astype(np.float64)
    if float(times @ times) > MOST_WORK:
        return np.zeros(0, dtype=np.intp), np.zeros(0, dtype=np.intp)
    overlaps = sparse.coo_array(sets @ sets.T)
    inside = (overlaps.data == np.diff(sets.indptr)[overlaps.row]) & (overlaps.row != overlaps.col)
    return overlaps.row[inside].astype(np.intp), overlaps.col[inside].astype(np.intp)
