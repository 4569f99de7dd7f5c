"""Water on a straight line, against cells counted by hand and against well-known places."""

import numpy as np
import pytest

from nhcplanner.base.errors import InputError
from nhcplanner.travel import Profile, estimate
from nhcplanner.travel.straight_line import (
    RURAL_DRIVE,
    STREET,
    URBAN_DRIVE,
    Water,
    decode,
    encode,
    water_around,
)

HOME = [[0.0, 0.0]]


def test_twenty_minutes_on_foot_are_1140_metres_straight():
    # 1.186 d + 0.306 d / (d + 0.3) km of street: 1.5943 km at 1.14 km, 1.6066 km at 1.15 km.
    times = estimate(HOME, [[1140, 0], [1150, 0]], horizon=20)
    assert times.minutes.toarray()[0] == pytest.approx([1.59429 / 4.8 * 60, 0], abs=1e-3)
    assert times.pairs == 1


@pytest.mark.parametrize(("km", "detour"), [(0.5, 1.5685), (1.2, 1.39), (2.3, 1.3037), (8, 1.2229)])
def test_the_detour_falls_with_distance(km, detour):
    (minutes,) = estimate(HOME, [[1000 * km, 0]], horizon=200).nearest([0])
    assert minutes == pytest.approx(km * detour / 4.8 * 60, rel=1e-4)


def test_speed_and_detour_come_from_the_profile_and_are_recorded():
    # At 1.2 km the detour is the profile's own.
    times = estimate(HOME, [[720, 960]], profile=Profile(walk_kmh=6, walk_detour=1.5))
    assert times.nearest([0]) == pytest.approx([1.2 * 1.5 / 6 * 60])
    assert times.parameters["walk_kmh"] == 6
    assert times.parameters["walk_detour"] == 1.5
    assert "DfT" in times.parameters["source"]


def test_without_a_detour_the_way_is_the_straight_line():
    times = estimate(HOME, [[300, 400], [4000, 0]], profile=Profile(walk_detour=1))
    assert times.minutes.toarray()[0] == pytest.approx([0.5 / 4.8 * 60, 4 / 4.8 * 60])


def test_a_ride_is_that_far_at_its_own_speed_and_is_locked():
    times = estimate(HOME, [[1200, 0]], "cycle")
    assert times.nearest([0]) == pytest.approx([5 + 1.2 * 1.39 / 16 * 60])
    assert (times.parameters["cycle_kmh"], times.parameters["lock_minutes"]) == (16, 5)


def test_drives_follow_the_curve_of_their_origin():
    times = estimate(HOME * 2, [[10_000, 0]], "drive", rural=[False, True])
    # start + per_km 10 + extra 10 / (10 + 10)
    urban, rural = 6.29 + 7.15 + 15.94 / 2, 6.745 + 8.34 + 9.695 / 2
    assert times.minutes.toarray()[:, 0] == pytest.approx([urban, rural])
    assert times.parameters["rural"] == "by origin"


def test_drives_bend_beyond_15_km():
    sites = [[15_000, 0], [45_000, 0], [75_000, 0]]
    minutes = estimate(HOME, sites, "drive", 200).minutes.toarray()[0]
    # 0.715 + (15.94 / 30) (45/55 - 15/25) and 0.715 + (15.94 / 30) (75/85 - 45/55)
    assert np.diff(minutes) / 30 == pytest.approx([0.8309, 0.7491], abs=1e-3)


def test_origins_of_unknown_kind_are_driven_as_urban_and_the_record_says_so():
    times = estimate(HOME, [[10_000, 0]], "drive")
    assert times.nearest([0]) == pytest.approx([21.41])
    assert times.parameters["rural"] == "all origins taken as urban"


def test_a_drive_below_its_start_minutes_reaches_nothing():
    assert estimate(HOME, [[0, 0]], "drive", horizon=6).pairs == 0


@pytest.mark.parametrize("curve", [STREET, URBAN_DRIVE, RURAL_DRIVE])
def test_a_curve_rises_bends_and_is_never_faster_than_70_mph(curve):
    km = np.linspace(0, 120, 2_000)
    slope = np.diff(curve.minutes(km)) / np.diff(km)
    assert (slope > 60 / 112.7).all()
    assert (np.diff(slope) < 0).all()
    assert [curve.km(float(curve.minutes(d))) for d in (0.4, 7, 90)] == pytest.approx([0.4, 7, 90])


def test_people_drive_round_water_and_do_not_walk_across_it():
    wet = np.zeros((4, 40), dtype=bool)
    wet[:, 12:20] = True  # 2 km of water from easting 3,000
    home, over, here = [[1_000.0, 400.0]], [6_000.0, 400.0], [2_000.0, 400.0]
    water = Water(wet)
    walk = estimate(home, [over, here], "walk", 200, water=water).minutes
    assert walk.indices.tolist() == [1]
    drive = estimate(home, [over], "drive", 200, water=water).nearest([0])
    dry = estimate(home, [[1_000 + 5_000 + 1_200 * 2, 400]], "drive", 200).nearest([0])
    assert drive == pytest.approx(dry)


def test_half_of_official_figures_lie_within_a_share_of_the_estimate():
    times = estimate(HOME, [[1200, 0]])
    assert times.half_within(20) == pytest.approx(20 * times.parameters["half_within_share"])


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
    monkeypatch.setattr("nhcplanner.travel.straight_line.ORIGINS_AT_ONCE", 2)
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


PIER_HEAD, BIRKENHEAD = [333_900.0, 390_300.0], [332_600.0, 389_000.0]
LEEDS, BRADFORD = [430_000.0, 433_700.0], [416_300.0, 433_000.0]
HULL, BARTON = [509_600.0, 428_600.0], [503_000.0, 422_300.0]
CHEPSTOW_SIDE, AVONMOUTH = [352_000.0, 200_000.0], [352_500.0, 178_500.0]


def crossed(one: list[float], other: list[float]) -> float:
    points = np.array([one, other])
    water = water_around(points, 1_000)
    return 0.0 if water is None else float(water.crossed_km(points[:1], points[1:])[0])


def test_a_line_over_four_wet_cells_crosses_a_kilometre():
    wet = np.zeros((3, 30), dtype=bool)
    wet[:, 10:14] = True
    water = Water(wet)
    ends = np.array([[100.0, 300.0], [100.0, 300.0], [100.0, 300.0]])
    to = np.array([[7_000.0, 300.0], [2_400.0, 300.0], [2_600.0, 300.0]])
    # Whole way across; short of the water; and an end in the water, of which nothing is known.
    assert water.crossed_km(ends, to) == pytest.approx([1.0, 0.0, 0.0])


def test_it_is_the_same_both_ways():
    random = np.random.default_rng(3)
    wet = random.random((60, 60)) < 0.2
    one, other = random.uniform(0, 15_000, (2, 300, 2))
    water = Water(wet)
    there, back = water.crossed_km(one, other), water.crossed_km(other, one)
    assert np.abs(there - back).mean() < 0.25


def test_lines_agree_with_fine_steps():
    random = np.random.default_rng(4)
    wet = np.zeros((80, 80), dtype=bool)
    wet[30:42, :] = True
    wet[:, 60:64] = True
    one, other = random.uniform(500, 19_500, (2, 200, 2))
    water = Water(wet)
    steps = np.linspace(0, 1, 4_000)
    line = one[:, None] + (other - one)[:, None] * steps[None, :, None]
    cell = (line // 250).astype(int)
    share = wet[cell[..., 1], cell[..., 0]].mean(axis=1)
    ends = wet[cell[:, [0, -1], 1], cell[:, [0, -1], 0]].any(axis=1)
    truth = np.where(ends, 0, share * np.hypot(*(one - other).T) / 1000)
    assert np.abs(water.crossed_km(one, other) - truth).max() < 0.76


@pytest.mark.parametrize(
    ("one", "other", "low", "high"),
    [
        (PIER_HEAD, BIRKENHEAD, 0.7, 1.6),  # the Mersey is about 1 km wide there
        (HULL, BARTON, 1.5, 6.0),
        (LEEDS, BRADFORD, 0.0, 0.0),
        (CHEPSTOW_SIDE, AVONMOUTH, 2.0, 9.0),
    ],
)
def test_estuaries_are_crossed_and_land_is_not(one, other, low, high):
    assert low <= crossed(one, other) <= high


def test_a_place_at_sea_or_far_away_has_no_barrier():
    at_sea = [[640_000.0, 390_000.0], [650_000.0, 400_000.0]]
    assert crossed(*at_sea) == 0
    assert water_around(np.array([[5e6, 5e6]]), 1_000) is None


def test_runs_hold_the_cells():
    random = np.random.default_rng(5)
    wet = np.zeros((2_640, 2_640), dtype=bool)
    wet[100:140, 200:260] = random.random((40, 60)) < 0.5
    wet[2_639, 2_600:] = True
    assert np.array_equal(decode(encode(wet)), wet)
