"""Indices of inequality, against values worked out by hand."""

import numpy as np
import pytest

from nhcplanner.verify.inequality import (
    concentration,
    equivalent,
    line,
    line_intervals,
    of_lorenz,
    ridits,
)


def test_indices_of_inequality():
    people = np.array([100.0, 100.0])
    rank = np.array([1.0, 2.0])
    assert ridits(rank, people).tolist() == [0.25, 0.75]
    assert line(np.array([0.2, 0.6]), rank, people)[0] == pytest.approx(0.8)
    assert np.isnan(line(np.array([0.2, 0.6]), np.array([1.0, 1.0]), people)[0])
    assert concentration(np.array([0.0, 1.0]), rank, people) == pytest.approx(0.5)


def test_spread_of_minutes():
    # two people at 1 and 3: Gini 1/4; shares 1/4, 3/4 of minutes, 1/2 of people
    gini, palma, theil = of_lorenz(np.array([1.0, 3.0]), np.array([1.0, 1.0]))
    assert gini == pytest.approx(0.25)
    assert palma == pytest.approx(0.15 / 0.2)
    assert theil == pytest.approx(0.25 * np.log(0.5) + 0.75 * np.log(1.5))
    assert np.isnan(of_lorenz(np.zeros(1), np.ones(1))).all()
    # ln cosh(kappa d) / kappa above the mean
    ede = equivalent(np.array([1.0, 3.0]), np.ones(2), 0.5)
    assert ede == pytest.approx(2 + np.log(np.cosh(0.5)) / 0.5)


def test_interval_of_a_line():
    # ridits 1/6, 1/2, 5/6; values 0, 1, 1: slope 3/2, mean 2/3; residuals -1/6, 1/3, -1/6
    value, rank, people = np.array([0.0, 1, 1]), np.array([1.0, 2, 3]), np.ones(3)
    sii, rii = line_intervals(value, rank, people, np.arange(3))
    # scores of the slope: residual times (ridit - 1/2): 1/18, 0, -1/18; spread 2/9; 3/2 for areas
    error = np.sqrt(2 / 18**2 / (2 / 9) ** 2 * 3 / 2)
    assert sii == pytest.approx((1.5 - 1.959964 * error, 1.5 + 1.959964 * error))
    assert np.isnan(rii).all()
    assert np.isnan(line_intervals(value[:2], rank[:2], people[:2], np.arange(2))).all()
