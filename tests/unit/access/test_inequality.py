"""Worked by hand: four equal fifths-like groups, ties, and the ends of each scale."""

import math

import numpy as np
import pytest
from numpy.testing import assert_allclose

from nhcplanner.access.inequality import (
    concentration_index,
    erreygers_index,
    gaps,
    ridits,
    slope_index,
    slope_intervals,
    wagstaff_index,
)


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


SHARE = np.array([0.2, 0.5, 0.35, 0.8, 0.4, 0.9, 0.7, 0.6, 0.95, 0.3])
RANK = np.array([1, 2, 2, 3, 4, 5, 6, 7, 8, 9])
PEOPLE = np.array([100, 50, 150, 80, 120, 60, 90, 200, 30, 70])
AREA = np.array([0, 1, 1, 2, 3, 4, 5, 6, 7, 8])


def test_intervals_agree_with_statsmodels():
    # statsmodels 0.14:
    #   X = add_constant(ridits); m = WLS(SHARE, X, weights=PEOPLE).fit(
    #       cov_type="cluster", cov_kwds={"groups": AREA, "use_correction": False})
    #   V = m.cov_params() * 9 / 8; SII = b1 +- 1.959964 sqrt(V11)
    #   RII = (b0 + b1) / b0, its logarithm by the delta method
    sii, rii = slope_intervals(SHARE, RANK, PEOPLE, AREA)
    assert slope_index(SHARE, RANK, PEOPLE).sii == pytest.approx(0.332162830716283, rel=1e-9)
    assert slope_index(SHARE, RANK, PEOPLE).rii == pytest.approx(1.932979160719338, rel=1e-9)
    assert sii == pytest.approx((-0.08971650491514982, 0.7540421663477158), rel=1e-9)
    assert rii == pytest.approx((0.798888964863029, 4.677005942140973), rel=1e-9)


def test_intervals_do_not_depend_on_how_an_area_is_split():
    whole = slope_intervals(SHARE, RANK, PEOPLE, AREA)
    again = np.repeat(np.arange(10), 2)
    people = np.where(np.arange(20) % 2, 0.25, 0.75) * PEOPLE[again]
    split = slope_intervals(SHARE[again], RANK[again], people, AREA[again])
    assert np.allclose(whole, split, rtol=1e-12)


def test_intervals_need_three_areas_with_people():
    none = slope_intervals([0.1, 0.2, 0.9], [1, 2, 3], [10, 10, 0], [0, 1, 2])
    assert np.isnan(none).all()
    exact, _ = slope_intervals([0.1, 0.2, 0.3], [1, 2, 3], [10, 10, 10], [0, 1, 2])
    assert exact == pytest.approx((0.3, 0.3))


def test_concentration_of_deaths_in_india_as_published():
    # World Bank, Analyzing Health Equity Using Household Survey Data (2008), table 8.1: births and
    # under-five deaths per 1,000 by fifth of wealth, India 1982-92; concentration index -0.1694
    births, deaths = [29939, 28776, 26528, 24689, 19739], [154.7, 152.9, 119.5, 86.9, 54.3]
    found = concentration_index(deaths, [1, 2, 3, 4, 5], births)
    assert found == pytest.approx(-0.1694, abs=5e-5)


def test_corrections_for_a_share_against_single_people():
    # everyone alone, their rank the middle of those who tie; covariance by its definition
    alone = np.repeat(np.arange(10), PEOPLE)
    inside = np.concatenate(
        [np.arange(n) < round(n * s) for n, s in zip(PEOPLE, SHARE, strict=True)]
    )
    rank = RANK[alone]
    place = np.array([(rank < r).mean() + (rank == r).mean() / 2 for r in rank])
    mean = inside.mean()
    plain = 2 * np.mean((inside - mean) * (place - place.mean())) / mean
    shares = np.bincount(alone, inside) / PEOPLE
    assert concentration_index(shares, RANK, PEOPLE) == pytest.approx(plain, rel=1e-9)
    assert wagstaff_index(shares, RANK, PEOPLE) == pytest.approx(plain / (1 - mean), rel=1e-9)
    assert erreygers_index(shares, RANK, PEOPLE) == pytest.approx(4 * mean * plain, rel=1e-9)
    # the mirror law: who is beyond reach has the same index with its sign changed
    beyond = 1 - shares
    for index in (wagstaff_index, erreygers_index):
        assert index(beyond, RANK, PEOPLE) == pytest.approx(-index(shares, RANK, PEOPLE))


def test_corrections_at_the_ends_of_the_scale():
    assert math.isnan(wagstaff_index([1, 1], [1, 2], [1, 1]))
    assert math.isnan(wagstaff_index([0, 0], [1, 2], [1, 1]))
    assert erreygers_index([0, 0], [1, 2], [1, 1]) == 0
    assert erreygers_index([1, 1], [1, 2], [1, 1]) == 0
    assert math.isnan(erreygers_index([1.0], [1], [0]))
