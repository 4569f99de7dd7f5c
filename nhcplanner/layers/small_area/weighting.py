"""Weighting: people-weighted means over groups of areas, and departures from them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from nhcplanner.base.arrays import Floats


@dataclass(frozen=True, eq=False)
class Groups:
    """Areas in groups (councils), with their people as weights.

    Parameters
    ----------
    names
        Name of each group.
    of
        Group of each area, a row of `names` (int, shape areas).
    weight
        Part of the group's people that live in the area, 0 to 1 (shape areas).
    """

    names: pd.Index
    of: npt.NDArray[np.intp]
    weight: Floats

    @classmethod
    def by(cls, group: pd.Series, people: pd.Series) -> Groups:
        """Group areas by a column, e.g. of council codes.

        Parameters
        ----------
        group, people
            The group's name and the people of each area, in one order.
        """
        of, names = pd.factorize(group, sort=True)
        amount = people.to_numpy(dtype=np.float64)
        whole = total(of, amount, len(names))
        return cls(pd.Index(names), of.astype(np.intp), amount / whole[of])

    def mean(self, values: npt.ArrayLike) -> Floats:
        """People-weighted mean of each group (shape groups, or groups by columns)."""
        array = np.asarray(values, dtype=np.float64)
        if array.ndim == 1:
            return total(self.of, self.weight * array, len(self.names))
        return np.column_stack([self.mean(column) for column in array.T])

    def centred(self, values: npt.ArrayLike) -> Floats:
        """Departure of each area from its group's mean (shape of the values)."""
        array = np.asarray(values, dtype=np.float64)
        return np.asarray(array - self.mean(array)[self.of])

    def own_part(self) -> Floats:
        """Variance of an area's departure from its group's mean where each area varies by 1.

        That is 1 - 2 w + the sum of w^2 over the group, w the area's weight (shape areas).
        """
        together = total(self.of, self.weight**2, len(self.names))
        return np.asarray(1.0 - 2.0 * self.weight + together[self.of])


def total(of: npt.NDArray[np.intp], values: npt.ArrayLike, number: int) -> Floats:
    """Sum of values by group (shape number)."""
    return np.asarray(np.bincount(of, weights=values, minlength=number), dtype=np.float64)
