"""Who can reach what: rows that share the same sites in reach, taken as one."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import sparse

from nhcplanner.domain.problem import Problem

Floats = npt.NDArray[np.float64]
Positions = npt.NDArray[np.intp]
Mask = npt.NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class Groups:
    """Rows merged where the same sites reach them: one is covered where all are.

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
        """How many groups there are."""
        return int(self.sites.shape[0])

    def total(self, weights: Floats) -> Floats:
        """Sum of the rows' weights in each group (shape groups)."""
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
    """CSR of minutes, row x site, of the allowed sites no farther than some minutes."""
    allowed = np.ones(problem.sites, dtype=bool)
    allowed[list(problem.forbid)] = False
    table = problem.minutes
    stored = (table.data <= np.float32(minutes)) & allowed[table.indices]
    ends = np.concatenate([[0], np.cumsum(stored)])[table.indptr]
    return sparse.csr_array(
        (table.data[stored].astype(np.float64), table.indices[stored], ends), shape=table.shape
    )


def open_mask(problem: Problem, opened: npt.ArrayLike) -> Mask:
    """Flag of each site, from positions."""
    mask = np.zeros(problem.sites, dtype=bool)
    mask[np.asarray(opened, dtype=np.intp)] = True
    return mask
