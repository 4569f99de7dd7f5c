"""Fit the small-area model of HLE, check it by held-out regions, and write hle_model.toml.

    python data/england/fit_hle.py [TARGET]

Reads the layers beside it and nothing else. TARGET is this folder unless another is given.
"""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import tomli_w
from fit_data import Truth, load
from fit_pattern import choose, coefficients, held_out
from fit_variance import components
from reading import HERE

MOST = 8
"""Covariates at most."""


def main(target: Path = HERE) -> None:
    """Choose covariates, fit them, estimate every component of error, write the file."""
    truth = load()
    errors, predictions = held_out(truth, MOST)
    total = np.array([sum(errors[sex][k] for sex in truth.sexes) for k in range(MOST)])
    number = int(total.argmin()) + 1
    names = choose(truth, np.ones(len(truth.region), dtype=bool), number)
    for k in range(MOST):
        print(k + 1, {sex: round(float(errors[sex][k]), 3) for sex in truth.sexes})
    print("chosen", names)
    pattern = {sex: predictions[sex][number - 1] for sex in truth.sexes}
    fitted = {sex: coefficients(truth, sex, names) for sex in truth.sexes}
    parts = components(truth, pattern, fitted, names)
    model = {
        "covariates": names,
        "limits": {name: _limits(truth, name) for name in names},
        "coefficients": {sex: _rounded(fitted[sex][0]) for sex in truth.sexes},
        "covariance": {sex: _rounded(fitted[sex][1]) for sex in truth.sexes},
        **parts,
    }
    head = "# Made by fit_hle.py; docs/method/small_area.md explains it.\n\n"
    (target / "hle_model.toml").write_text(head + tomli_w.dumps(model), "utf-8", newline="\n")


def _limits(truth: Truth, name: str) -> list[float]:
    column = truth.covariates[name]
    return _rounded(np.array([column.min(), column.max()]))


def _rounded(values: np.ndarray) -> list:
    """Seven significant digits: the same on every machine."""
    if values.ndim > 1:
        return [_rounded(row) for row in values]
    return [float(f"{value:.7g}") for value in values]


if __name__ == "__main__":
    main(*(Path(given) for given in sys.argv[1:2]))
