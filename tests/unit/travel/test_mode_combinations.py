import numpy as np
import pandas as pd
import pytest

from nhcplanner.base.errors import InputError
from nhcplanner.domain.travel_times import Snap, TravelTimes, as_minutes
from nhcplanner.travel import best_of, split_by_mode

INF = np.inf


def times(mode, minutes, far=(False, False), **given) -> TravelTimes:
    frame = pd.DataFrame({"distance_m": [5.0, 700.0], "far": far, "cut_off": far})
    return TravelTimes(
        as_minutes(minutes), mode, f"{mode} by hand", estimate=mode == "drive", horizon=60,
        parameters={"kmh": 5}, snap=Snap(frame, frame), **given,
    )  # fmt: skip


def dense(found) -> list[list[float]]:
    full = np.full(found.minutes.shape, INF)
    pairs = found.minutes.tocoo()
    full[pairs.coords] = pairs.data
    return full.tolist()


def test_each_pair_takes_its_fastest_mode_and_zero_minutes_stay():
    walk = times("walk", [[0, 30, INF], [INF, 8, INF]])
    drive = times("drive", [[6, 12, INF], [20, 9, INF]])
    best = best_of([walk, drive])
    assert dense(best) == [[0, 12, INF], [20, 8, INF]]
    assert best.minutes.dtype == np.float32
    assert best.pairs == 4
    assert best.nearest([0, 1]).tolist() == [0, 8]


def test_what_shaped_the_minutes_of_each_mode_is_kept():
    transit = times("transit", [[1], [2]], window="Tuesday")
    best = best_of([times("drive", [[1], [2]]), transit])
    assert (best.mode, best.window, best.estimate) == ("drive or transit", "Tuesday", True)
    assert best.engine == "drive by drive by hand; transit by transit by hand"
    assert best.parameters == {"drive: kmh": 5, "transit: kmh": 5}


def test_a_point_is_far_where_it_is_for_every_mode():
    near, far = times("walk", [[1], [2]], (False, True)), times("drive", [[1], [2]], (True, True))
    assert best_of([near, far]).snap.origins["far"].tolist() == [False, True]
    assert best_of([near, far]).snap.sites["cut_off"].tolist() == [False, True]


def test_one_mode_is_left_as_it_is():
    walk = times("walk", [[1], [2]])
    assert best_of([walk]) is walk


@pytest.mark.parametrize("shapes", [[], [[[1.0]], [[1.0, 2.0]]]])
def test_modes_of_different_points_are_refused(shapes):
    with pytest.raises(InputError):
        best_of([times("walk", minutes) for minutes in shapes])


def test_people_without_a_car_come_over_the_rest():
    both = split_by_mode(times("walk", [[1], [INF]]), times("drive", [[1], [4]]))
    assert dense(both) == [[1], [INF], [1], [4]]
    assert both.mode == "walk; with a car drive"
