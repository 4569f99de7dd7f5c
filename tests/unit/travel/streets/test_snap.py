import numpy as np
import pytest

from nhcplanner.travel import Profile, Streets

# A street of 4 km along the x axis, and one on the other bank of a river, 450 m to the north.
X, Y = [0, 4000, 0, 4000], [0, 0, 450, 450]
BANKS = ([0, 1, 2, 3], [1, 0, 3, 2], [50.0] * 4)


@pytest.mark.parametrize("mode", ["walk", "cycle", "drive"])
def test_two_points_off_the_streets_are_no_farther_apart_than_the_straight_walk(mode):
    streets = Streets.from_edges(X[:2], Y[:2], [0, 1], [1, 0], [50.0] * 2, mode)
    sites = [[1000, -900], [1300, -500], [1700, -600]]
    found = streets.times([[1000, -900]], sites, 60).minutes.toarray()[0]
    straight = np.hypot(*(np.array(sites) - [1000, -900]).T) / 80
    assert found == pytest.approx(straight, abs=1e-3)


def test_nobody_walks_straight_over_the_river():
    """By streets that do not connect, the open ground of one point must hold the other."""
    streets = Streets.from_edges(X, Y, *BANKS, "walk")
    south, north = [1000, 100], [1000, 350]
    times = streets.times([south, [1000, 10]], [north, [1000, 440], south], 60)
    assert times.minutes.toarray().round(3).tolist()[1] == [0, 0, round(90 / 80, 3)]
    assert times.snap.origins["part"].tolist() == [0, 0]
    assert times.snap.sites["part"].tolist() == [1, 1, 0]
    assert times.nearest([0])[0] == np.inf


def test_points_on_the_streets_take_the_streets_way():
    """A bend of 2 km between two points 100 m apart, each 10 m from the street."""
    x, y = [0, 0, 120, 120], [0, 1000, 1000, 0]
    source, target = [0, 1, 1, 2, 2, 3], [1, 0, 2, 1, 3, 2]
    minutes = [12.5, 12.5, 1.5, 1.5, 12.5, 12.5]
    streets = Streets.from_edges(x, y, source, target, minutes, "walk")
    found = streets.times([[10, 0]], [[110, 0]], 60).nearest([0])
    assert found == pytest.approx([26.5 + 20 / 80], abs=1e-3)


def test_a_cut_off_point_has_no_straight_walk_either():
    streets = Streets.from_edges(X[:2], Y[:2], [0, 1], [1, 0], [50.0] * 2, "walk")
    far = [[1000, 1000 * Profile().cut_off_m]]
    assert streets.times(far, far, 60).pairs == 0
