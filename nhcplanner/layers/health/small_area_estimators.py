"""Covariates and estimators of the small-area model: Fay-Herriot smoothing, weighted regression.

A covariate is a column of the national layers, its logarithm, or a share of two columns, and is
named accordingly: "acute_morbidity_indicator", "log1p:burglary_rate", "asian/census_people".
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from nhcplanner.base.arrays import Floats

LEAST, MOST = -8.0, 5.0
"""Limits of the logarithm of A (years squared) in the search."""


@dataclass(frozen=True, eq=False)
class Smoothed:
    """Result of the regression for each council.

    Parameters
    ----------
    figure, error
        EBLUP and its mean squared error, years and years squared (shape councils).
    coefficients, covariance
        Of the regression.
    departure
        A, years squared.
    """

    figure: Floats
    error: Floats
    coefficients: Floats
    covariance: Floats
    departure: float

    def synthetic(self, design: Floats) -> tuple[Floats, Floats]:
        """Return the figure and mean squared error of councils without their own figure.

        Parameters
        ----------
        design
            Their rows of the design (shape councils by covariates).
        """
        spread = np.einsum("ij,jk,ik->i", design, self.covariance, design)
        return design @ self.coefficients, self.departure + spread


def smooth(figure: Floats, variance: Floats, design: Floats) -> Smoothed:
    """Fit the model and predict every council.

    Parameters
    ----------
    figure, variance
        y and D, years and years squared (shape councils).
    design
        x, with its column of ones (shape councils by covariates).
    """
    from scipy.optimize import minimize_scalar  # noqa: PLC0415 - slow to import, and rarely needed

    optimum = minimize_scalar(
        lambda log: -_likelihood(float(np.exp(log)), figure, variance, design),
        bounds=(LEAST, MOST),
        method="bounded",
    )
    departure = float(np.exp(optimum.x))
    total = departure + variance
    coefficients, covariance = regress(figure, total, design)
    fitted = design @ coefficients
    shrink = departure / total
    spread = np.einsum("ij,jk,ik->i", design, covariance, design)
    of_departure = 2.0 / np.sum(total**-2.0)
    error = (
        shrink * variance
        + (1.0 - shrink) ** 2 * spread
        + 2.0 * variance**2 / total**3 * of_departure
    )
    best = fitted + shrink * (figure - fitted)
    return Smoothed(best, error, coefficients, covariance, departure)


def regress(figure: Floats, variance: Floats, design: Floats) -> tuple[Floats, Floats]:
    """Return the coefficients of weighted least squares, and their covariance."""
    weighted = design / variance[:, None]
    covariance = np.linalg.inv(weighted.T @ design)
    return covariance @ (weighted.T @ figure), np.asarray(covariance, dtype=np.float64)


def _likelihood(departure: float, figure: Floats, variance: Floats, design: Floats) -> float:
    """Return the logarithm of A times the restricted likelihood of A."""
    total = departure + variance
    coefficients, covariance = regress(figure, total, design)
    left = figure - design @ coefficients
    restricted = np.log(total).sum() - np.linalg.slogdet(covariance)[1] + (left**2 / total).sum()
    return float(np.log(departure) - restricted / 2.0)


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
        Share of the group's people who live in the area, 0 to 1 (shape areas).
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
        """Return the people-weighted mean of each group (shape groups, or groups by columns)."""
        array = np.asarray(values, dtype=np.float64)
        if array.ndim == 1:
            return total(self.of, self.weight * array, len(self.names))
        return np.column_stack([self.mean(column) for column in array.T])

    def centred(self, values: npt.ArrayLike) -> Floats:
        """Return the departure of each area from its group's mean (shape of the values)."""
        array = np.asarray(values, dtype=np.float64)
        return np.asarray(array - self.mean(array)[self.of])

    def own_part(self) -> Floats:
        """Return the variance of a departure from the group's mean if each area varies by 1.

        That is 1 - 2 w + the sum of w^2 over the group, w the area's weight (shape areas).
        """
        together = total(self.of, self.weight**2, len(self.names))
        return np.asarray(1.0 - 2.0 * self.weight + together[self.of])


def total(of: npt.NDArray[np.intp], values: npt.ArrayLike, number: int) -> Floats:
    """Sum of values by group (shape number)."""
    return np.asarray(np.bincount(of, weights=values, minlength=number), dtype=np.float64)


LOG = "log1p:"
SHARE = "/"


def columns_of(names: Iterable[str]) -> list[str]:
    """Return the columns of the national layers that some covariates need.

    Examples
    --------
    >>> columns_of(["log1p:crime", "asian/census_people"])
    ['crime', 'asian', 'census_people']
    """
    parts = (part for name in names for part in name.removeprefix(LOG).split(SHARE))
    return list(dict.fromkeys(parts))


def covariates(table: pd.DataFrame, names: Iterable[str]) -> pd.DataFrame:
    """Make covariates.

    Parameters
    ----------
    table
        One row for each area, with `columns_of(names)`.
    names
        Names of covariates.

    Returns
    -------
    DataFrame
        Same index, one column for each covariate, float.

    Examples
    --------
    >>> table = pd.DataFrame({"asian": [5], "census_people": [20]})
    >>> float(covariates(table, ["asian/census_people"]).iloc[0, 0])
    0.25
    """
    return pd.DataFrame({name: _covariate(table, name) for name in names}, index=table.index)


def within(frame: pd.DataFrame, limits: Mapping[str, Sequence[float]]) -> pd.DataFrame:
    """Limit covariates to the range in which the model was fitted, to avoid extrapolation.

    Parameters
    ----------
    frame
        One row for each area, one column for each covariate.
    limits
        Covariate -> least and greatest value in the middle layer areas that it was fitted on.
    """
    limited = {name: frame[name].clip(*limits[str(name)]) for name in frame}
    return pd.DataFrame(limited, index=frame.index)


def _covariate(table: pd.DataFrame, name: str) -> pd.Series:
    if name.startswith(LOG):
        values = table[name.removeprefix(LOG)].astype("float64").clip(lower=0.0)
        return pd.Series(np.log1p(values.to_numpy()), index=table.index)
    if SHARE in name:
        part, whole = name.split(SHARE)
        return table[part].astype("float64") / table[whole]
    return table[name].astype("float64")
