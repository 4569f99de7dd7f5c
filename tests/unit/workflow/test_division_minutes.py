"""Minutes of divisions: stored zeros, and areas that streets do not join to the others."""

from types import SimpleNamespace

import numpy as np
import pytest
from scipy import sparse

from nhcplanner import travel
from nhcplanner.workflow.division_minutes import dense_minutes, joined_minutes, with_cut_off

MEASURE = SimpleNamespace(mode="walk", profile=travel.Profile())


def test_a_stored_zero_is_no_minutes_and_what_is_not_stored_is_beyond_reach():
    pairs = sparse.coo_array(([0.0, 5.0], ([0, 1], [0, 0])), shape=(3, 3))
    assert dense_minutes(pairs, np.array([0, 1, 2]), np.array([0])).tolist() == [[0], [5], [np.inf]]
    assert joined_minutes([pairs], 3).nnz == 2


def test_an_area_on_a_fragment_gets_estimates_in_both_directions():
    size = 12
    xy = np.column_stack([500.0 * np.arange(size), np.zeros(size)])
    row, column = (one.ravel() for one in np.mgrid[:size, :size])
    joined = (row != size - 1) & (column != size - 1)
    known = sparse.coo_array(
        (np.full(joined.sum(), 7.0), (row[joined], column[joined])), (size,) * 2
    )
    inside = np.arange(size)
    whole, cut = with_cut_off(MEASURE, xy, known, inside, inside)
    assert cut.tolist() == [size - 1]
    dense = dense_minutes(whole, inside, inside)
    assert np.isfinite(dense).all()
    assert (dense[:-1, :-1] == 7).all()
    expected = travel.estimate(xy[-1:], xy[-2:-1], "walk", 120).minutes.toarray()[0, 0]
    assert dense[-1, -2] == dense[-2, -1] == pytest.approx(expected)


def test_nothing_is_estimated_where_all_areas_or_none_are_cut_off():
    none = sparse.coo_array((3, 3))
    inside = np.arange(3)
    assert with_cut_off(MEASURE, np.zeros((3, 2)), none, inside, inside)[1].size == 0
    every = sparse.coo_array(np.ones((3, 3)))
    assert with_cut_off(MEASURE, np.zeros((3, 2)), every, inside, inside)[0] is every
