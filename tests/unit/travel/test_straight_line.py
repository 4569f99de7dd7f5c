import numpy as np
import pytest

from nhcplanner.base.errors import InputError
from nhcplanner.travel import Profile, estimate

HOME = [[0.0, 0.0]]


def test_twenty_minutes_on_foot_are_1200_metres_straight():
    times = estimate(HOME, [[1200, 0], [1210, 0]], horizon=20)
    assert times.minutes.toarray()[0] == pytest.approx([19.95, 0])
    assert times.pairs == 1


def test_speed_and_detour_come_from_the_profile_and_are_recorded():
    times = estimate(HOME, [[600, 800]], profile=Profile(walk_kmh=6, walk_detour=1.5))
    assert times.nearest([0]) == pytest.approx([15])
    assert times.parameters["walk_kmh"] == 6
    assert times.parameters["walk_detour"] == 1.5
    assert "DfT" in times.parameters["source"]


def test_a_ride_is_that_far_at_its_own_speed_and_is_locked():
    times = estimate(HOME, [[1200, 0]], "cycle")
    assert times.nearest([0]) == pytest.approx([5 + 1.2 * 1.33 / 16 * 60])
    assert (times.parameters["cycle_kmh"], times.parameters["lock_minutes"]) == (16, 5)


def test_drives_follow_the_line_of_their_origin():
    times = estimate(HOME * 2, [[10_000, 0]], "drive", rural=[False, True])
    assert times.nearest([0]) == pytest.approx([8.0 + 13.9, 8.6 + 11.4])
    assert times.parameters["rural"] == "by origin"


def test_origins_of_unknown_kind_are_driven_as_urban_and_the_record_says_so():
    times = estimate(HOME, [[10_000, 0]], "drive")
    assert times.nearest([0]) == pytest.approx([21.9])
    assert times.parameters["rural"] == "all origins taken as urban"


def test_a_drive_below_its_start_minutes_reaches_nothing():
    assert estimate(HOME, [[0, 0]], "drive", horizon=7).pairs == 0


def test_it_is_called_an_estimate():
    times = estimate(HOME, HOME)
    assert times.estimate
    assert "estimate" in times.engine
    assert times.snap is None


def test_a_site_at_home_is_stored_as_no_minutes():
    times = estimate(HOME, [[0, 0], [90_000, 0]])
    assert times.pairs == 1
    assert times.nearest([0, 1]).tolist() == [0]


def test_batches_of_origins_make_one_matrix(monkeypatch):
    origins = [[0, 0], [500, 0], [0, 900], [90_000, 0], [20, 20]]
    sites = [[100, 0], [0, 800]]
    whole = estimate(origins, sites, "drive", rural=[0, 1, 0, 1, 0]).minutes.toarray()
    monkeypatch.setattr("nhcplanner.travel.straight_line.BATCH", 2)
    parts = estimate(origins, sites, "drive", rural=[0, 1, 0, 1, 0]).minutes.toarray()
    assert np.array_equal(whole, parts)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"mode": "fly"}, "unknown mode 'fly'"),
        ({"horizon": -1}, "horizon"),
        ({"area_xy": []}, "no points"),
        ({"site_xy": [[np.nan, 0]]}, "no usable position"),
        ({"mode": "drive", "rural": [True, False]}, "2 values for 1 origins"),
    ],
)
def test_bad_input_is_one_clear_fault(change, words):
    with pytest.raises(InputError, match=words):
        estimate(**({"area_xy": HOME, "site_xy": HOME} | change))
