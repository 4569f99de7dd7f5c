"""Isochrones against the minutes themselves, measured anywhere."""

from itertools import pairwise

import networkx
import numpy as np
import pytest
import shapely

from nhcplanner.travel import Streets, estimate, isochrones

STEP = 100.0  # metres between streets; 80 metres a minute on foot
SITE = np.array([[401_010.0, 301_020.0]])


@pytest.fixture(scope="module")
def grid() -> Streets:
    """Streets every 100 m over 4 km, with a river that one bridge crosses in the east."""
    size = 41
    number = np.arange(size * size).reshape(size, size)
    y, x = np.divmod(number.ravel(), size)
    across = np.column_stack([number[:, :-1].ravel(), number[:, 1:].ravel()])
    along = np.column_stack([number[:-1].ravel(), number[1:].ravel()])
    wet = (y[along[:, 0]] == 15) & (x[along[:, 0]] != 20)
    one, other = np.concatenate([across, along[~wet]]).T
    minutes = np.full(2 * len(one), STEP / 80)
    return Streets.from_edges(
        400_000 + STEP * x, 300_000 + STEP * y,
        np.concatenate([one, other]), np.concatenate([other, one]), minutes, "walk",
    )  # fmt: skip


@pytest.fixture(scope="module")
def drawn(grid):
    return isochrones(lambda a, b: grid.times(a, b, 30), SITE, 2_400)


def test_each_limit_has_a_sound_polygon_within_the_next(drawn):
    assert drawn["minutes"].tolist() == [10, 15, 20, 30]
    assert drawn.crs.to_epsg() == 27700
    assert drawn.geometry.is_valid.all()
    for inner, outer in zip(drawn.geometry[:-1], drawn.geometry[1:], strict=True):
        assert outer.buffer(5).covers(inner)


def test_ground_is_inside_where_its_minutes_are_and_nowhere_else(grid, drawn):
    chance = np.random.default_rng(5)
    points = SITE + chance.uniform(-900, 2_400, (3_000, 2))
    points = points[(points > [400_000, 300_000]).all(axis=1)]
    minutes = grid.times(points, SITE, 30).nearest([0])
    for limit, shape in zip(drawn["minutes"], drawn.geometry, strict=True):
        inside = shapely.contains_xy(shape, points)
        sure = shapely.distance(shape.boundary, shapely.points(points)) > 40
        wrong = (inside != (minutes <= limit)) & sure
        assert wrong.mean() < 0.002
        assert inside.any()


def test_ground_of_each_limit_is_that_of_shortest_paths_of_the_street_grid(drawn):
    """networkx, from the site's corner: every corner of streets lies on its side of the limit."""
    corners = networkx.grid_2d_graph(41, 41)
    corners.remove_edges_from([((x, 15), (x, 16)) for x in range(41) if x != 20])
    minutes = networkx.single_source_dijkstra_path_length(corners, (10, 10), weight=None)
    areas = []
    for limit, shape in zip(drawn["minutes"], drawn.geometry, strict=True):
        for slack, reached in ((-0.7, True), (0.7, False)):  # the site lies 22 m from the corner
            some = [
                (400_000 + STEP * x, 300_000 + STEP * y)
                for (x, y), steps in minutes.items()
                if (steps * STEP / 80 <= limit + slack) is reached
            ]
            inside = shapely.contains_xy(shape, np.array(some))
            assert (inside == reached).mean() == pytest.approx(1, abs=0.002)
        areas.append(shape.area)
    assert areas == sorted(areas)
    assert all(later > 1.3 * former for former, later in pairwise(areas))


def test_streets_make_it_smaller_than_a_circle_and_a_river_cuts_it(drawn):
    ten = drawn.geometry[0]
    assert ten.area < 0.75 * np.pi * 800**2
    assert not ten.covers(shapely.Point(401_010, 301_700))  # 680 m straight, far by the bridge


def test_ground_far_from_streets_is_left_out(grid):
    edge = np.array([[400_000.0, 300_000.0]])
    [shape] = isochrones(lambda a, b: grid.times(a, b, 30), edge, 1_000, [10]).geometry
    assert shape.bounds[0] > 400_000 - 250 - 50


def test_a_site_reached_from_nowhere_has_no_polygon(grid):
    both = np.concatenate([SITE, [[450_000.0, 350_000.0]]])
    found = isochrones(lambda a, b: grid.times(a, b, 30), both, 500, [10, 15])
    assert found["site"].tolist() == [0, 0]


def test_the_grid_grows_coarser_with_the_ground_and_stays_true():
    def times(points, sites):
        assert len(points) <= 2_000
        return estimate(points, sites, "walk", 30)

    found = isochrones(times, SITE, 2_400, most_points=2_000)
    assert found["cell_m"].unique().tolist() == [100]
    radius = 1144.7  # where 1.186 d + 0.306 d / (d + 0.3) is 1.6 km
    assert found.geometry[2].area == pytest.approx(np.pi * radius**2, rel=0.02)
