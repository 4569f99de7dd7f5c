import numpy as np

from nhcplanner.travel.streets.routable_graph import morton_order


def test_it_is_an_order_of_all_points():
    xy = np.random.default_rng(1).uniform(-1e5, 7e5, (500, 2))
    assert sorted(morton_order(xy)) == list(range(500))


def test_neighbours_in_order_are_neighbours_in_space():
    xy = np.random.default_rng(2).uniform(0, 1e5, (2000, 2))

    def step(points):
        return np.hypot(*np.diff(points, axis=0).T).mean()

    assert step(xy[morton_order(xy)]) < step(xy) / 10


def test_points_in_one_place_keep_their_order():
    assert morton_order(np.ones((3, 2))).tolist() == [0, 1, 2]
