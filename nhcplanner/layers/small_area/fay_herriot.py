"""Fay-Herriot: figures of councils smoothed by a regression and their known sampling errors.

The published figure y of a council is its true figure plus a sampling error of known variance D;
the true figure is x'b plus a departure of variance A. The empirical best linear unbiased predictor
(EBLUP) is x'b + g (y - x'b), g = A / (A + D): the surer the figure, the more it counts. A is
estimated by adjusted restricted likelihood, which never gives 0.

References
----------
Fay, R. E. and Herriot, R. A. (1979), Journal of the American Statistical Association 74, 269-277.
Prasad, N. G. N. and Rao, J. N. K. (1990), JASA 85, 163-171: the mean squared error.
Li, H. and Lahiri, P. (2010), Journal of Multivariate Analysis 101, 882-892: the adjustment.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.optimize import minimize_scalar

from nhcplanner.base.arrays import Floats

LEAST, MOST = -8.0, 5.0
"""Logarithms of A, years squared, between which it is sought."""


@dataclass(frozen=True, eq=False)
class Smoothed:
    """What the regression makes of each council.

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
        """Figure and mean squared error of councils without a figure of their own.

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
    found = minimize_scalar(
        lambda log: -_likelihood(float(np.exp(log)), figure, variance, design),
        bounds=(LEAST, MOST),
        method="bounded",
    )
    departure = float(np.exp(found.x))
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
    """Weighted least squares: coefficients and their covariance."""
    weighted = design / variance[:, None]
    covariance = np.linalg.inv(weighted.T @ design)
    return covariance @ (weighted.T @ figure), np.asarray(covariance, dtype=np.float64)


def _likelihood(departure: float, figure: Floats, variance: Floats, design: Floats) -> float:
    """Logarithm of A times the restricted likelihood of A."""
    total = departure + variance
    coefficients, covariance = regress(figure, total, design)
    left = figure - design @ coefficients
    restricted = np.log(total).sum() - np.linalg.slogdet(covariance)[1] + (left**2 / total).sum()
    return float(np.log(departure) - restricted / 2.0)
