"""Worked by hand: four equal fifths-like groups, ties, and the ends of each scale."""

import math

import numpy as np
import pytest
from numpy.testing import assert_allclose

from nhcplanner.access.inequality import concentration_index, gaps, ridits, slope_index


def test_people_stand_at_the_middle_of_those_who_share_their_rank():
    # 50 people, then two rows of 25 that tie: 0 to 0.5 and 0.5 to 1
    assert_allclose(ridits([1, 2, 2], [50, 25, 25]), [0.25, 0.75, 0.75])
    assert_allclose(ridits([9, 1], [10, 30]), [0.875, 0.375])


def test_slope_of_values_that_lie_on_a_line_is_that_line():
    # ridits 1/8, 3/8, 5/8, 7/8; value = 0.1 + 0.4 * ridit
    people, rank = [10, 10, 10, 10], [1, 2, 3, 4]
    value = 0.1 + 0.4 * ridits(rank, people)
    found = slope_index(value, rank, people)
    assert found.sii == pytest.approx(0.4)
    assert found.rii == pytest.approx(0.5 / 0.1)


def test_slope_is_drawn_by_people_not_by_rows():
    # ridits 0.375 (75 people, value 0) and 0.875 (25 people, value 1): slope 1 / 0.5
    assert slope_index([0, 1], [1, 2], [75, 25]).sii == pytest.approx(2.0)
    split = slope_index([0, 0, 0, 1], [1, 1, 1, 2], [25, 25, 25, 25])
    assert split.sii == pytest.approx(2.0)


def test_relative_index_is_not_told_where_the_line_falls_below_nothing():
    assert math.isnan(slope_index([0, 1], [1, 2], [75, 25]).rii)


def test_nobody_and_one_rank_have_no_slope():
    assert math.isnan(slope_index([1.0, 2.0], [3, 3], [5, 5]).sii)
    assert math.isnan(slope_index([1.0], [1], [0]).sii)


def test_concentration_by_hand():
    # all of it with the better-off half: 2/0.5 * cov((0, 1), (1/4, 3/4)) = 4 * 1/8
    assert concentration_index([0, 1], [1, 2], [100, 100]) == pytest.approx(0.5)
    assert concentration_index([1, 0], [1, 2], [100, 100]) == pytest.approx(-0.5)
    assert concentration_index([3, 3], [1, 2], [100, 300]) == pytest.approx(0.0)
    assert math.isnan(concentration_index([0, 0], [1, 2], [1, 1]))


def test_gaps_are_of_means_over_people_and_leave_out_the_ungrouped():
    # fifth 1: (0.2 * 30 + 0.5 * 10) / 40 = 0.275; fifth 5: 0.55; group 0 does not count
    absolute, relative = gaps([0.2, 0.5, 0.55, 0.9], [1, 1, 5, 0], [30, 10, 20, 1000])
    assert absolute == pytest.approx(0.275)
    assert relative == pytest.approx(2.0)
    assert np.isnan(gaps([0.2, 0.3], [1, 1], [1, 1])).all()
    assert gaps([0.0, 0.3], [1, 2], [1, 1])[0] == pytest.approx(0.3)
    assert math.isnan(gaps([0.0, 0.3], [1, 2], [1, 1])[1])
