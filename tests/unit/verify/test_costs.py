"""Present values, against values worked out by hand."""

import numpy as np
import pytest

from nhcplanner.verify.costs import present_value


def test_costs_are_discounted_year_by_year():
    spent, plain, worth = present_value(100.0, 10.0, 2027, (0.25, 3, 2026))
    assert spent == pytest.approx(80)
    assert plain == 100 + 2 * 10  # it opens in year 1 and runs in years 2 and 3
    assert worth == pytest.approx(100 / 1.25 + 10 / 1.25**2 + 10 / 1.25**3)
    assert present_value(100.0, np.nan, 2026, (0.035, 30, 2026)) == (100.0, 100.0, 100.0)
