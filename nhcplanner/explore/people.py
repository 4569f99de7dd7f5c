"""People: who a plan reaches, and how many of each band they are."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from scipy import sparse

from nhcplanner.domain.problem import Problem

Mask = npt.NDArray[np.bool_]


def reached(problem: Problem, opened: npt.ArrayLike) -> Mask:
    """Flag of each row within reach of an opened site that is not forbidden."""
    sites = np.zeros(problem.sites)
    sites[np.asarray(opened, dtype=np.intp)] = 1
    rows: Mask = problem.covers @ sites > 0
    return rows


def people_by_band(problem: Problem, rows: Mask) -> dict[int, float]:
    """People of some rows (flags), by band, the first band first; 0 is for rows in no band."""
    return {
        int(band): float(problem.people[rows & (problem.bands == band)].sum())
        for band in np.unique(problem.bands)
    }


def sole(problem: Problem, opened: npt.ArrayLike) -> npt.NDArray[np.int64]:
    """The one opened site that reaches each row; -1 where none or more than one does."""
    sites = np.asarray(opened, dtype=np.int64)
    covers = sparse.csr_array(problem.covers[:, sites])
    once = np.diff(covers.indptr) == 1
    only = np.full(problem.areas, -1, dtype=np.int64)
    only[once] = sites[covers.indices[covers.indptr[:-1][once]]]
    return only
