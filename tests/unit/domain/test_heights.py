"""Heights of points, against bilinear interpolation by hand and scipy."""

import numpy as np
import pytest
from scipy.interpolate import RegularGridInterpolator

from nhcplanner.domain.heights import HeightGrid, Heights, grid_of


def test_heights_between_four_others_are_bilinear():
    random = np.random.default_rng(3)
    metres = random.uniform(0, 300, (6, 9))
    grid = HeightGrid(1_000.0, 2_000.0, 50.0, metres)
    north, east = 2_000 + 50 * np.arange(6), 1_000 + 50 * np.arange(9)
    inside = random.uniform((1_000, 2_000), (1_400, 2_250), (200, 2))
    expected = RegularGridInterpolator((north, east), metres)(inside[:, ::-1])
    np.testing.assert_allclose(grid.at(inside), expected)
    assert grid.at(np.array([(1_400.0, 2_250.0)]))[0] == metres[-1, -1]


def test_an_unknown_neighbour_leaves_the_nearest_and_outside_is_unknown():
    grid = HeightGrid(0.0, 0.0, 10.0, np.array([[1.0, 2.0], [np.nan, 4.0]]))
    found = grid.at(np.array([(8.0, 1.0), (1.0, 8.0), (-4.0, 0.0), (-6.0, 0.0), (9.0, 14.0)]))
    np.testing.assert_array_equal(found, [2.0, np.nan, 1.0, np.nan, 4.0])


def test_the_first_tile_that_knows_a_point_counts_then_single_points():
    tiles = [HeightGrid(0.0, 0.0, 10.0, np.full((2, 2), value)) for value in (np.nan, 5.0)]
    points = np.array([(200.0, 0.0, 9.0)])
    heights = Heights(tuple(tiles), points)
    found = heights.at(np.array([(5.0, 5.0), (150.0, 0.0), (500.0, 0.0)]))
    np.testing.assert_array_equal(found, [5.0, 9.0, np.nan])


def test_points_on_a_grid_become_one_and_others_do_not():
    east, north = np.meshgrid([0.0, 50.0, 100.0], [10.0, 60.0])
    points = np.column_stack([east.ravel(), north.ravel(), np.arange(6.0)])
    grid = grid_of(points[[3, 1, 0, 5, 4, 2]])
    assert (grid.west, grid.south, grid.cell) == (0.0, 10.0, 50.0)
    assert grid.metres.tolist() == [[0, 1, 2], [3, 4, 5]]
    assert grid_of(points[:3]) is None
    assert grid_of(points * [1, 2, 1]) is None


def test_a_grid_of_one_height_is_flat():
    assert HeightGrid(0.0, 0.0, 50.0, np.array([[7.0]])).at(np.zeros((1, 2)))[0] == pytest.approx(7)
