import geopandas as gpd
import numpy as np
import pytest
from shapely.geometry import Point, box

from nhcplanner.districting.contact import (
    crosses_no_area,
    find_contacts,
    link_pieces,
)


def squares(*corners, size=1000.0):
    shapes = [box(x, y, x + size, y + size) for x, y in corners]
    return gpd.GeoDataFrame(geometry=shapes, crs="EPSG:27700")


def pairs(contact):
    return list(zip(contact.first.tolist(), contact.second.tolist(), strict=True))


def test_a_shared_border_is_contact_and_a_corner_is_not():
    areas = squares((0, 0), (1000, 0), (0, 1000), (1000, 1000))
    contact = find_contacts(areas)
    assert pairs(contact) == [(0, 1), (0, 2), (1, 3), (2, 3)]
    assert contact.metres.tolist() == [1000.0] * 4


@pytest.mark.parametrize(("gap", "touch"), [(3, True), (8, False)])
def test_a_sliver_between_polygons_is_contact_and_water_is_not(gap, touch):
    assert bool(pairs(find_contacts(squares((0, 0), (1000 + gap, 0))))) is touch


def test_a_corner_with_a_sliver_is_no_contact():
    assert pairs(find_contacts(squares((0, 0), (1002, 1002)))) == []


def test_contact_as_a_matrix_is_symmetric():
    matrix = find_contacts(squares((0, 0), (1000, 0), (5000, 0))).matrix(3).toarray()
    assert matrix.tolist() == [[0, 1, 0], [1, 0, 0], [0, 0, 0]]


def test_islands_are_linked_to_the_nearest_area_of_their_part():
    areas = squares((0, 0), (1000, 0), (4000, 0), (2500, 0))
    links = link_pieces(find_contacts(areas), areas, np.array([0, 0, 0, 1]))
    assert pairs(links) == [(1, 2)]
    assert links.metres.tolist() == [0.0]


def test_a_line_over_another_area_is_no_bridge():
    areas = squares((0, 0), (1000, 0), (2000, 0), (2000, 2000))
    near = link_pieces(
        find_contacts(squares((0, 0), (2000, 0))), squares((0, 0), (2000, 0)), np.zeros(2)
    )
    assert pairs(near) == [(0, 1)]
    shapes = areas.geometry.to_numpy()
    both = type(near)(np.array([0, 2]), np.array([2, 3]), np.zeros(2))
    assert crosses_no_area(both, shapes).tolist() == [False, True]


def test_points_touch_as_their_triangulation_says():
    points = gpd.GeoDataFrame(geometry=[Point(0, 0), Point(10, 0), Point(0, 10), Point(10, 11)])
    assert len(find_contacts(points).first) == 5
