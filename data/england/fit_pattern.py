"""The pattern within councils: covariates chosen by regions held out, one set for both sexes."""

from __future__ import annotations

import numpy as np
from fit_data import Truth

RIDGE = 1e-6
"""Of the mean diagonal: keeps nearly equal covariates from breaking the sums."""


class Sums:
    """Sums of squares and products within councils, by region, so that folds are cheap."""

    def __init__(self, truth: Truth) -> None:
        spread = truth.covariates.std().to_numpy()
        self.matrix = truth.groups.centred(truth.covariates.to_numpy() / spread)
        self.spread = spread
        self.target = {sex: truth.groups.centred(truth.hle[sex]) for sex in truth.sexes}
        self.regions = np.unique(truth.region)
        self.people = truth.people
        self.scale = {
            sex: float(np.average(values**2, weights=truth.people))
            for sex, values in self.target.items()
        }
        self.gram, self.product, self.square = {}, {}, {}
        for region in self.regions:
            rows = truth.region == region
            weighted = self.matrix[rows].T * truth.people[rows]
            self.gram[region] = weighted @ self.matrix[rows]
            for sex, values in self.target.items():
                self.product[region, sex] = weighted @ values[rows]
                self.square[region, sex] = float((truth.people[rows] * values[rows] ** 2).sum())


def solve(gram: np.ndarray, product: np.ndarray) -> np.ndarray:
    """Coefficients of least squares, a trace of ridge added."""
    return np.linalg.solve(gram + RIDGE * np.trace(gram) / len(gram) * np.eye(len(gram)), product)


def choose(truth: Truth, rows: np.ndarray, number: int, sums: Sums | None = None) -> list[str]:
    """Covariates, one after another, each the one that most lowers the error on regions held out.

    Parameters
    ----------
    truth
        The data.
    rows
        MSOAs to choose on; whole regions.
    number
        How many.
    sums
        Of the data, where they are made already.
    """
    sums = sums or Sums(truth)
    regions = [region for region in sums.regions if rows[truth.region == region].all()]
    chosen: list[int] = []
    for _ in range(number):
        scores = {
            column: _score(sums, regions, [*chosen, column], truth.sexes)
            for column in range(truth.covariates.shape[1])
            if column not in chosen
        }
        chosen.append(min(scores, key=lambda column: (scores[column], column)))
    return [truth.covariates.columns[column] for column in chosen]


def _score(sums: Sums, regions: list, columns: list[int], sexes: tuple[str, ...]) -> float:
    """Squared error on regions held out, as a part of the variance, both sexes together."""
    grid = np.ix_(columns, columns)
    gram = sum(sums.gram[region][grid] for region in regions)
    total = 0.0
    for sex in sexes:
        product = sum(sums.product[region, sex][columns] for region in regions)
        for region in regions:
            own, mine = sums.gram[region][grid], sums.product[region, sex][columns]
            beta = solve(gram - own, product - mine)
            left = sums.square[region, sex] - 2 * beta @ mine + beta @ own @ beta
            total += left / sums.scale[sex]
    return float(total)


def held_out(truth: Truth, most: int) -> tuple[dict, dict]:
    """Error by number of covariates, chosen and fitted anew without each region in turn.

    Returns
    -------
    errors, predictions
        Sex -> root mean square errors, years (shape most); sex -> departures predicted, years
        (shape most by MSOAs).
    """
    sums = Sums(truth)
    made = {sex: np.zeros((most, len(truth.region))) for sex in truth.sexes}
    names = list(truth.covariates.columns)
    for region in sums.regions:
        out = truth.region == region
        columns = [names.index(name) for name in choose(truth, ~out, most, sums)]
        rest = [other for other in sums.regions if other != region]
        for k in range(1, most + 1):
            grid = np.ix_(columns[:k], columns[:k])
            gram = sum(sums.gram[other][grid] for other in rest)
            for sex in truth.sexes:
                product = sum(sums.product[other, sex][columns[:k]] for other in rest)
                made[sex][k - 1, out] = sums.matrix[np.ix_(out, columns[:k])] @ solve(gram, product)
    errors = {
        sex: np.array([_rmse(sums, sex, made[sex][k]) for k in range(most)]) for sex in truth.sexes
    }
    return errors, made


def _rmse(sums: Sums, sex: str, predicted: np.ndarray) -> float:
    return float(np.sqrt(np.average((sums.target[sex] - predicted) ** 2, weights=sums.people)))


def coefficients(truth: Truth, sex: str, names: list[str]) -> tuple[np.ndarray, np.ndarray]:
    """Coefficients, years a unit, and their covariance with councils as clusters."""
    matrix = truth.groups.centred(truth.covariates[names].to_numpy())
    target = truth.groups.centred(truth.hle[sex])
    weight = truth.people / truth.people.mean()
    bread = np.linalg.inv((matrix.T * weight) @ matrix)
    beta = bread @ ((matrix.T * weight) @ target)
    scores = matrix * (weight * (target - matrix @ beta))[:, None]
    councils = np.zeros((len(truth.groups.names), len(names)))
    np.add.at(councils, truth.groups.of, scores)
    return beta, bread @ (councils.T @ councils) @ bread
