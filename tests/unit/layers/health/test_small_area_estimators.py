"""The smoothed figure against its formulas worked out by hand, and against its own promises."""

import numpy as np
import pytest

from nhcplanner.layers.health.small_area_estimators import regress, smooth


def drawn(councils: int, departure: float, seed: int):
    random = np.random.default_rng(seed)
    design = np.column_stack([np.ones(councils), random.normal(0, 2, councils)])
    variance = random.uniform(1, 5, councils)
    true = design @ np.array([61.0, 1.5]) + random.normal(0, departure, councils)
    return true, true + random.normal(0, np.sqrt(variance)), variance, design


def test_regression_is_weighted_least_squares():
    figure, variance = np.array([1.0, 2.0, 4.0]), np.array([1.0, 2.0, 4.0])
    coefficients, covariance = regress(figure, variance, np.ones((3, 1)))
    weights = np.array([1.0, 0.5, 0.25])
    assert coefficients[0] == pytest.approx((weights * figure).sum() / weights.sum())
    assert covariance[0, 0] == pytest.approx(1 / weights.sum())


def test_a_figure_lies_between_its_own_and_the_regressions():
    _, figure, variance, design = drawn(80, 1.0, 1)
    made = smooth(figure, variance, design)
    fitted = design @ made.coefficients
    shrink = made.departure / (made.departure + variance)
    assert made.figure == pytest.approx(shrink * figure + (1 - shrink) * fitted)
    low, high = np.minimum(figure, fitted), np.maximum(figure, fitted)
    assert ((made.figure >= low - 1e-9) & (made.figure <= high + 1e-9)).all()


def test_departure_is_never_nothing_even_where_the_line_fits():
    random = np.random.default_rng(3)
    design = np.column_stack([np.ones(60), random.normal(size=60)])
    figure = design @ np.array([60.0, 2.0])
    assert smooth(figure, np.full(60, 4.0), design).departure > 0.01


def test_smoothed_figures_are_nearer_to_the_truth_and_know_by_how_much():
    gains, covers, departures = [], [], []
    for seed in range(60):
        true, figure, variance, design = drawn(150, 1.0, seed)
        made = smooth(figure, variance, design)
        off = made.figure - true
        gains.append((off**2).mean() / ((figure - true) ** 2).mean())
        covers.append((np.abs(off) < 1.96 * np.sqrt(made.error)).mean())
        departures.append(made.departure)
    assert np.mean(gains) < 0.5
    assert 0.93 < np.mean(covers) < 0.98
    assert np.mean(departures) == pytest.approx(1.0, abs=0.3)


def test_a_council_without_a_figure_has_the_regressions_and_a_wider_error():
    _, figure, variance, design = drawn(100, 1.0, 4)
    made = smooth(figure, variance, design)
    value, error = made.synthetic(np.array([[1.0, 2.0]]))
    assert value[0] == pytest.approx(made.coefficients @ [1.0, 2.0])
    assert error[0] > made.departure
