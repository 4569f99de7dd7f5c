from datetime import date

import numpy as np
import pytest

from nhcplanner.base.errors import InputError
from nhcplanner.domain.travel_times import TravelTimes, as_minutes
from nhcplanner.domain.windows import Window
from nhcplanner.travel.transit.rules import DEPARTURES, NOTES
from nhcplanner.travel.windows import (
    WindowTimes,
    closed_counts,
    labels_of,
    mix_windows,
    mix_words,
    without_closed,
)

HORIZON = 60.0


def times(minutes, window="", **parameters) -> TravelTimes:
    return TravelTimes(
        as_minutes(minutes), "transit", "test", estimate=False, horizon=HORIZON, window=window,
        parameters=parameters,
    )  # fmt: skip


def dense(found: TravelTimes) -> np.ndarray:
    minutes = np.full(found.minutes.shape, np.inf)
    pairs = found.minutes.tocoo()
    minutes[pairs.coords] = pairs.data
    return minutes


@pytest.fixture
def three() -> np.ndarray:
    """Minutes in three windows, 40 origins x 7 sites; a third of the pairs have none."""
    rng = np.random.default_rng(5)
    minutes = rng.uniform(0, HORIZON, (3, 40, 7)).astype(np.float32).astype(float)
    minutes[rng.random(minutes.shape) < 1 / 3] = np.inf
    return minutes


def test_minutes_are_mixed_as_numpy_does(three):
    every = [times(one) for one in three]
    np.testing.assert_array_equal(dense(mix_windows(every, "worst")), three.max(axis=0))
    np.testing.assert_array_equal(dense(mix_windows(every, "best")), three.min(axis=0))
    weights = np.array([1.0, 2.0, 5.0])
    mean = np.average(np.where(np.isinf(three), HORIZON, three), axis=0, weights=weights)
    mean[np.isinf(three).all(axis=0)] = np.inf
    np.testing.assert_allclose(dense(mix_windows(every, "mean", weights.tolist())), mean, rtol=1e-6)


@pytest.mark.parametrize("mix", ["worst", "best", "mean"])
def test_a_repeated_window_and_the_order_change_nothing(three, mix):
    one = times(three[0])
    np.testing.assert_array_equal(dense(mix_windows([one, one], mix)), three[0])
    every = [times(minutes) for minutes in three]
    forth, back = (dense(mix_windows(some, mix)) for some in (every, every[::-1]))
    np.testing.assert_allclose(forth, back, rtol=1e-6)


def test_windows_without_a_weight_reach_nobody():
    near, none = times([[10.0]]), times([[np.inf]])
    assert dense(mix_windows([near, none], "mean", [0, 1])) == [[np.inf]]
    assert dense(mix_windows([near, none], "mean", [1, 0])) == [[10]]
    assert dense(mix_windows([near, none], "mean")) == [[(10 + HORIZON) / 2]]


def test_windows_of_other_points_do_not_mix():
    with pytest.raises(InputError, match="same origins and sites"):
        mix_windows([times([[1.0]]), times([[1.0, 2.0]])])
    with pytest.raises(InputError):
        mix_windows([])


def test_the_record_names_every_window_and_adds_up_departures():
    one = times([[1.0]], "Tuesday", **{NOTES: "a\nb", DEPARTURES: 3.0, "trips": 8.0, "slack": 2.0})
    two = times([[1.0]], "Sunday", **{NOTES: "a\nc", DEPARTURES: 1.0, "trips": 5.0, "slack": 2.0})
    found = mix_windows([one, two], "mean", [3, 1])
    assert found.window == "Tuesday; Sunday"
    assert found.parameters == {
        NOTES: "a\nb\nc", DEPARTURES: 4.0, "trips": "8; 5", "slack": 2.0, "transit_mix": "mean",
        "windows": 2.0, "transit_weights": "3, 1",
    }  # fmt: skip
    [words] = mix_words(found)
    assert "mean of those in each window (weights 3, 1)" in words
    assert "counts as 60 minutes" in words
    assert mix_words(one) == ()


def test_closed_sites_lose_their_minutes_and_unknown_ones_keep_them():
    given = times([[1.0, 2.0, np.inf], [4.0, np.inf, 0.0]])
    is_open = np.array([0.0, 1.0, np.nan])
    left = without_closed(given, is_open)
    np.testing.assert_array_equal(dense(left), [[np.inf, 2, np.inf], [np.inf, np.inf, 0]])
    assert without_closed(given, np.array([1.0, np.nan, 1.0])) is given
    assert closed_counts(is_open) == {"sites_closed": 1.0, "sites_without_hours": 1.0}
    mixed = mix_windows([times([[1.0]], **closed_counts(is_open))] * 2)
    assert "closed in each window are 1" in mix_words(mixed)[1]


def test_repeated_windows_have_labels_of_their_own():
    part = WindowTimes(
        Window("saturday", "18:00", "21:00"), date(2026, 3, 21), times([[1.0]]), np.ones(1)
    )
    first = "Saturday 21 March 2026, 18:00 to 21:00"
    assert labels_of([part, part]) == [first, f"{first} (2)"]
