"""Indices of inequality, against values worked out by hand."""

import numpy as np
import pytest

from nhcplanner.verify.inequality import concentration, line, ridits


def test_indices_of_inequality():
    people = np.array([100.0, 100.0])
    rank = np.array([1.0, 2.0])
    assert ridits(rank, people).tolist() == [0.25, 0.75]
    assert line(np.array([0.2, 0.6]), rank, people)[0] == pytest.approx(0.8)
    assert np.isnan(line(np.array([0.2, 0.6]), np.array([1.0, 1.0]), people)[0])
    assert concentration(np.array([0.0, 1.0]), rank, people) == pytest.approx(0.5)
