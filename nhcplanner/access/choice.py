"""Choice of practice: a logit model on minutes and list size, fitted to registered patients.

References
----------
McFadden D (1974), Conditional logit analysis of qualitative choice behavior, in Frontiers in
Econometrics, Academic Press: the model, with ln(minutes), minutes and ln(list size).
Huff DL (1963), A probabilistic analysis of shopping center trade areas, Land Economics 39(1): the
model that it generalises.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.optimize import minimize

from nhcplanner.base.arrays import Floats

TERMS = ("ln(minutes + 1)", "minutes", "ln(list size)")


@dataclass(frozen=True, eq=False)
class Fit:
    """A choice model and how well it predicts the practices that people use.

    Parameters
    ----------
    weights
        Of `TERMS`.
    nearest, second, third
        Shares of patients registered at their nearest, second and third nearest practice.
    overlap, overlap_nearest
        Share of patients that the model, and the nearest practice alone, place at the right
        practice, in groups of areas left out of the fit.
    patients
        Number of patients.
    """

    weights: Floats
    nearest: float
    second: float
    third: float
    overlap: float
    overlap_nearest: float
    patients: float


def shares(minutes: Floats, size: Floats, weights: Floats) -> Floats:
    """Return the share of each area's people that chooses each practice.

    Parameters
    ----------
    minutes
        Area x practice; inf = out of reach.
    size
        List size of each practice, above 0.
    weights
        Of `TERMS`.

    Returns
    -------
    array of float
        Area x practice; rows sum to 1, or to 0 where no practice is in reach.

    Examples
    --------
    >>> size, weights = np.array([10.0, 30.0]), np.array([0.0, 0.0, 1.0])
    >>> shares(np.array([[1.0, 1.0]]), size, weights).round(9).tolist()
    [[0.25, 0.75]]
    """
    in_reach = np.isfinite(minutes)
    utility = np.where(in_reach, _terms(minutes, size) @ weights, -np.inf)
    highest = utility.max(axis=1, keepdims=True)
    odds = np.exp(utility - np.where(np.isfinite(highest), highest, 0.0))
    total = odds.sum(axis=1, keepdims=True)
    fractions: Floats = np.divide(odds, total, out=np.zeros_like(odds), where=total > 0)
    return fractions


def nearest_shares(minutes: Floats) -> Floats:
    """Return 1 for each area's nearest practice and 0 elsewhere."""
    nearest = np.zeros_like(minutes)
    some = np.isfinite(minutes).any(axis=1)
    nearest[some, np.argmin(minutes[some], axis=1)] = 1.0
    return nearest


def overlap(patients: Floats, fractions: Floats) -> float:
    """Return the share of patients whom predicted shares place at the right practice."""
    predictions = patients.sum(axis=1, keepdims=True) * fractions
    return float(np.minimum(patients, predictions).sum() / max(patients.sum(), 1.0))


def estimate_weights(patients: Floats, minutes: Floats, size: Floats) -> Floats:
    """Return the weights with the highest likelihood, by L-BFGS-B."""
    terms = _terms(minutes, size)
    total = max(patients.sum(), 1.0)
    patients_in_reach = np.where(np.isfinite(minutes), patients, 0.0)

    def loss(weights: Floats) -> tuple[float, Floats]:
        chance = shares(minutes, size, weights)
        likelihood = (patients_in_reach * np.log(np.maximum(chance, 1e-300))).sum() / total
        rest = patients_in_reach - patients_in_reach.sum(axis=1, keepdims=True) * chance
        gradient = np.einsum("ap,apt->t", rest, terms) / total
        return -float(likelihood), -gradient

    return np.asarray(minimize(loss, np.zeros(len(TERMS)), jac=True, method="L-BFGS-B").x)


def fit(patients: Floats, minutes: Floats, size: Floats, groups: np.ndarray) -> Fit:
    """Fit the model, and cross-validate it: each group of areas by a fit to the others.

    Parameters
    ----------
    patients, minutes
        Area x practice.
    size
        List size of each practice.
    groups
        Group of each area, such as its council.
    """
    order = np.argsort(minutes, axis=1, kind="stable")
    total = max(patients.sum(), 1.0)
    by_rank = np.take_along_axis(patients, order[:, :3], axis=1).sum(axis=0) / total
    right = near = 0.0
    for group in np.unique(groups):
        in_group = groups == group
        heads = patients[in_group].sum()
        if in_group.all():
            weights = estimate_weights(patients, minutes, size)
        else:
            weights = estimate_weights(patients[~in_group], minutes[~in_group], size)
        right += heads * overlap(patients[in_group], shares(minutes[in_group], size, weights))
        near += heads * overlap(patients[in_group], nearest_shares(minutes[in_group]))
    first, second, third = [*by_rank.tolist(), 0.0, 0.0][:3]
    weights = estimate_weights(patients, minutes, size)
    return Fit(weights, first, second, third, right / total, near / total, float(total))


def _terms(minutes: Floats, size: Floats) -> Floats:
    near = np.where(np.isfinite(minutes), minutes, 0.0)
    return np.stack([np.log1p(near), near, np.broadcast_to(np.log(size), near.shape)], axis=-1)
