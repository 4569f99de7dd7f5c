import geopandas as gpd
import numpy as np
import pytest

from nhcplanner.base.errors import InputError
from nhcplanner.travel.points import check_horizon, check_points

HERE = [[331_000.0, 187_000.0]]


def test_points_of_any_kind_of_number_come_back_as_float64():
    origins, sites = check_points(np.array([[1, 2]], dtype=np.int32), HERE)
    assert origins.dtype == sites.dtype == np.float64
    assert origins.tolist() == [[1.0, 2.0]]


def test_every_bad_point_of_both_layers_is_named_with_its_row():
    with pytest.raises(InputError) as error:
        check_points([HERE[0], [np.nan, 0]], [[np.inf, 0], HERE[0], [0, 1e12]])
    where = [(fault.file, fault.row) for fault in error.value.faults]
    assert where == [("origins", 2), ("sites", 1), ("sites", 3)]


@pytest.mark.parametrize(
    ("points", "words"),
    [([], "no points"), (np.empty((0, 2)), "no points"), ([1.0, 2.0], "not points x 2")],
)
def test_layers_without_points_are_refused(points, words):
    with pytest.raises(InputError, match=words):
        check_points(points, HERE)


@pytest.mark.parametrize("horizon", [0, -1, np.nan, np.inf])
def test_a_horizon_is_a_number_of_minutes(horizon):
    with pytest.raises(InputError, match="horizon"):
        check_horizon(horizon)


def test_frames_in_degrees_are_the_same_points_as_in_metres():
    metres = gpd.GeoSeries(gpd.points_from_xy([430_000, 432_000], [310_000, 311_000]), crs=27700)
    degrees = gpd.GeoDataFrame(geometry=metres.to_crs(4326))
    origins, sites = check_points(degrees, metres)
    assert np.abs(origins - sites).max() < 0.01
    assert sites.tolist() == [[430_000, 310_000], [432_000, 311_000]]


def test_frames_without_a_reference_system_or_points_are_refused():
    points = gpd.GeoSeries(gpd.points_from_xy([430_000], [310_000]))
    with pytest.raises(InputError) as caught:
        check_points(points, points.set_crs(27700).buffer(10))
    assert [fault.file for fault in caught.value.faults] == ["origins", "sites"]
