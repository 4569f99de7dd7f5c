import numpy as np
import pytest

from nhcplanner.base.errors import InputError, PlannerError
from nhcplanner.travel import Network, Profile, Streets
from tests.unit.travel.conftest import CORNER, RING, SQUARE

# Nodes 0 - 1 - 2 in a row, both ways, and 3 - 4 on their own.
X, Y = [0, 1000, 2000, 0, 500], [0, 0, 0, 8000, 8000]
SOURCE, TARGET, MINUTES = [0, 1, 1, 2, 3, 4], [1, 0, 2, 1, 4, 3], [3, 4, 5.5, 6, 1, 1]


@pytest.fixture
def row():
    return Streets.from_edges(X, Y, SOURCE, TARGET, MINUTES)


def test_minutes_go_from_area_to_site(row):
    times = row.times([[0, 0], [2000, 0]], [[2000, 0], [1000, 0], [0, 0]], snap="node")
    assert times.minutes.toarray().tolist() == [[8.5, 3, 0], [0, 6, 10]]
    assert times.pairs == 6
    assert (times.mode, times.estimate, times.horizon) == ("drive", False, 20)


def test_the_record_of_given_minutes_names_only_legs_and_limits(row):
    record = row.times([[0, 0]], [[0, 0]]).parameters
    limits = {"far_snap_m": 500, "cut_off_m": 5000, "least_part_km": 1}
    assert record == limits | {"walk_kmh": 4.8, "ferry_kmh": 5, "snap": "legs"}


def test_pairs_beyond_the_horizon_are_absent_and_those_on_it_are_not(row):
    times = row.times([[0, 0], [2000, 0]], [[2000, 0], [0, 0]], horizon=8.5, snap="node")
    assert times.nearest([0]).tolist() == [8.5, 0]
    assert times.nearest([1]).tolist() == [0, np.inf]


def test_legs_are_walked_at_both_ends(row):
    times = row.times([[0, 80]], [[1000, -40]])
    assert times.minutes.toarray()[0, 0] == pytest.approx(3 + 120 / 80)
    assert times.snap.origins["distance_m"].tolist() == [80]
    assert times.snap.sites["distance_m"].tolist() == [40]


def test_legs_count_towards_the_horizon(row):
    assert row.times([[0, 80]], [[1000, -40]], horizon=4.6).pairs == 1
    assert row.times([[0, 80]], [[1000, -40]], horizon=4.4).pairs == 0


def test_far_points_are_reported_and_those_out_of_the_way_are_absent(row):
    far, gone = [0, -600], [0, -6000]
    times = row.times([[0, 0], far, gone], [[0, 0], gone])
    frame = times.snap.origins
    assert frame["far"].tolist() == [False, True, True]
    assert frame["cut_off"].tolist() == [False, False, True]
    assert times.snap.sites["cut_off"].tolist() == [False, True]
    assert times.nearest([0]) == pytest.approx([0, 7.5, np.inf])
    assert times.minutes.indices.tolist() == [0, 0]


def test_points_by_a_part_too_short_to_be_searched_are_named():
    y = [*Y[:4], 8000]
    row = Streets.from_edges([*X[:4], 90], y, SOURCE, TARGET, MINUTES)
    times = row.times([[0, 100], [0, 4500]], [[0, 0]])
    assert times.snap.origins["fragment"].tolist() == [False, True]
    assert row.report == {"nodes": 3, "edges": 4, "parts": 1, "nodes_cut_off": 2}


def test_each_part_of_some_length_is_searched_and_none_is_left_over_water(row):
    assert row.report == {"nodes": 5, "edges": 6, "parts": 2, "nodes_cut_off": 0}
    points = [[0, 0], [250, 8000], [0, 4500]]  # by the first part, by the second, nearer to that
    times = row.times(points, points, 60)
    assert times.snap.origins["part"].tolist() == [0, 1, 1]
    found = times.minutes.toarray()
    assert found[1, 2] == pytest.approx(0.5 + 3500 / 80)
    assert times.minutes.indices.tolist() == [0, 1, 2, 1, 2]


def test_of_parallel_edges_the_quickest_counts_and_no_time_is_a_time():
    streets = Streets.from_edges(
        [0, 1000, 2000], [0, 0, 0], [0, 0, 1, 1, 2, 2], [1, 1, 0, 2, 1, 2], [5, 2, 2, 0, 0, 9]
    )
    times = streets.times([[0, 0]], [[1000, 0], [2000, 0]], snap="node")
    assert times.minutes.toarray()[0] == pytest.approx([2, 2])


def test_sites_are_searched_in_batches_with_progress(row, monkeypatch):
    whole = row.times([[0, 0]], [[2000, 0], [1000, 0], [0, 0]], snap="node")
    monkeypatch.setattr("nhcplanner.travel.search.kernel.BATCH", 1)
    seen = []
    parts = row.times(
        [[0, 0]], [[2000, 0], [1000, 0], [0, 0]], 20, lambda *at: seen.append(at), snap="node"
    )
    assert seen == [(0, 3), (1, 3), (2, 3), (3, 3)]
    assert (parts.minutes != whole.minutes).nnz == 0


def test_progress_can_stop_the_search(row):
    with pytest.raises(PlannerError, match="stopped while measuring"):
        row.times([[0, 0]], [[0, 0]], progress=lambda _done, _total: False)


def test_parking_is_added_to_a_drive_and_never_to_a_walk(town):
    network = Network.from_pbf(town([RING]))
    corner, next_corner = [CORNER], [CORNER + SQUARE[2]]
    profile = Profile(park_minutes=5)
    drive = network.streets("drive", profile).times(corner, next_corner)
    walk = network.streets("walk", profile).times(corner, next_corner)
    assert drive.nearest([0]) == pytest.approx([2 + 5], abs=0.02)
    assert walk.nearest([0]) == pytest.approx([12.5], abs=0.02)
    assert drive.parameters["park_minutes"] == 5
    assert network.streets("drive", profile).times(corner, next_corner, horizon=4).pairs == 0


def test_what_limits_the_snap_is_the_profile(town):
    profile = Profile(far_snap_m=50, cut_off_m=150)
    streets = Network.from_pbf(town([RING])).streets("walk", profile)
    points = [CORNER, CORNER - (100, 0), CORNER - (200, 0)]
    snap = streets.times(points, [CORNER]).snap
    assert snap.origins["far"].tolist() == [False, True, True]
    assert snap.origins["cut_off"].tolist() == [False, False, True]


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"source": [], "target": [], "minutes": []}, "no nodes or no edges"),
        ({"minutes": [1.0]}, "equally long"),
        ({"source": [0, 1, 1, 2, 3, 9]}, "source names nodes outside 0 to 4"),
        ({"target": [0.5] * 6}, "target must be whole numbers"),
        ({"minutes": [1, 1, 1, 1, 1, -1]}, "minutes hold"),
        ({"minutes": [1, 1, 1, 1, 1, np.nan]}, "minutes hold"),
        ({"x": [0, 1, 2, 3, np.inf]}, "no position in metres"),
    ],
)
def test_edges_that_do_not_fit_together_are_refused(change, words):
    given = {"x": X, "y": Y, "source": SOURCE, "target": TARGET, "minutes": MINUTES}
    with pytest.raises(InputError, match=words):
        Streets.from_edges(**(given | change))


def test_positions_that_do_not_pair_up_are_refused():
    with pytest.raises(InputError, match="x and y"):
        Streets.from_edges(X, Y[:-1], SOURCE, TARGET, MINUTES)


def test_unknown_settings_are_refused(row):
    with pytest.raises(InputError, match="unknown snap 'door'"):
        row.times([[0, 0]], [[0, 0]], snap="door")
    with pytest.raises(InputError, match="horizon"):
        row.times([[0, 0]], [[0, 0]], horizon=0)
