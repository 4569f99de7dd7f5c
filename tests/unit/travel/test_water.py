"""Water on a straight line, against cells counted by hand and against well-known places."""

import numpy as np
import pytest

from nhcplanner.travel.water import Water, decode, encode, water_around

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
