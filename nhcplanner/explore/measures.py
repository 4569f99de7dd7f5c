"""Measures of plans: people reached by band, and what one plan loses against another."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import sparse

from nhcplanner.base.arrays import Mask
from nhcplanner.domain.plan import Plan, Stage
from nhcplanner.domain.problem import Problem


def reached(problem: Problem, opened: npt.ArrayLike) -> Mask:
    """Flag each row within reach of an opened site that is not forbidden."""
    sites = np.zeros(problem.sites)
    sites[np.asarray(opened, dtype=np.intp)] = 1
    rows: Mask = problem.covers @ sites > 0
    return rows


def people_by_band(problem: Problem, rows: Mask) -> dict[int, float]:
    """Return the people of some rows (flags) by band; band 0 is for rows in no band."""
    return {
        int(band): float(problem.people[rows & (problem.bands == band)].sum())
        for band in np.unique(problem.bands)
    }


def sole(problem: Problem, opened: npt.ArrayLike) -> npt.NDArray[np.int64]:
    """Return the only opened site that reaches each row; -1 where none or several do."""
    sites = np.asarray(opened, dtype=np.int64)
    covers = sparse.csr_array(problem.covers[:, sites])
    once = np.diff(covers.indptr) == 1
    only = np.full(problem.areas, -1, dtype=np.int64)
    only[once] = sites[covers.indices[covers.indptr[:-1][once]]]
    return only


@dataclass(frozen=True)
class Price:
    """What a plan loses on one goal against a freer plan.

    Parameters
    ----------
    here
        The goal in the plan.
    free
        The same goal in the freer plan.

    Notes
    -----
    `lost` compares the two plans. `least` and `most` hold for the best plans of the two kinds,
    whatever they are: proved for the first goal, and for a later one among plans that keep the
    earlier goals as each of the two does.
    """

    here: Stage
    free: Stage

    @property
    def goal(self) -> str:
        """The goal's name."""
        return self.here.goal

    @property
    def lost(self) -> float | None:
        """How much worse the plan is; below 0 where it is better; None where unknown."""
        return self._worse(self.here.value, self.free.value)

    @property
    def least(self) -> float | None:
        """The best plan of this kind is at least so much worse than the best free plan."""
        return self._worse(self.here.bound, self.free.value)

    @property
    def most(self) -> float | None:
        """And at most so much."""
        return self._worse(self.here.value, self.free.bound)

    def _worse(self, here: float | None, free: float | None) -> float | None:
        if here is None or free is None:
            return None
        return free - here if self.free.sense == "most" else here - free


def prices(here: Plan, free: Plan) -> tuple[Price, ...]:
    """Return what a plan loses on each goal against a freer plan of the same model.

    Empty where the two did not reach the same goals.
    """
    if [stage.goal for stage in here.stages] != [stage.goal for stage in free.stages]:
        return ()
    return tuple(Price(a, b) for a, b in zip(here.stages, free.stages, strict=True))
