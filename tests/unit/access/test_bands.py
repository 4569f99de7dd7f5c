import pandas as pd
import pytest

from nhcplanner.access import bands


def areas(**columns: list) -> pd.DataFrame:
    frame = pd.DataFrame(columns)
    return frame.assign(area_code=[f"E0100000{i}" for i in range(len(frame))])


def test_bands_hold_equal_people_and_start_with_the_lowest_hle():
    frame = areas(people=[10, 10, 10, 10], hle=[60.0, 50.0, 70.0, 55.0])
    assert bands(frame, 2, "hle").tolist() == [2, 1, 2, 1]


def test_ties_go_by_imd_rank_then_by_code():
    frame = areas(people=[10] * 4, hle=[60.0] * 4, imd_rank=[9, 1, 9, 5])
    assert bands(frame, 4, "hle").tolist() == [3, 1, 4, 2]


def test_an_area_without_hle_is_in_no_band():
    frame = areas(people=[10, 10, 10], hle=[60.0, None, 50.0])
    assert bands(frame, 2, "hle").tolist() == [2, 0, 1]


def test_bands_may_begin_at_chosen_years():
    frame = areas(people=[90, 5, 5, 1], hle=[54.9, 55.0, 70.0, None])
    assert bands(frame, (55.0, 60.0), "hle").tolist() == [1, 2, 3, 0]


def test_most_deprived_first_where_bands_go_by_imd():
    frame = areas(people=[10, 10], imd_rank=[2, 1])
    assert bands(frame, 2, "imd").tolist() == [2, 1]


@pytest.mark.parametrize("count", [1, 3, 5, 10])
def test_people_per_band_differ_by_less_than_one_area(count):
    people = [100 + 37 * (i % 7) for i in range(200)]
    frame = pd.DataFrame(
        {
            "area_code": [f"E01{i:06d}" for i in range(200)],
            "people": people,
            "hle": [50 + (i * 7919 % 200) / 10 for i in range(200)],
        }
    )
    held = frame["people"].groupby(bands(frame, count, "hle")).sum()
    assert len(held) == count
    assert held.max() - held.min() <= 2 * max(people)


def test_areas_where_nobody_lives_still_get_a_band():
    assert bands(areas(people=[0, 0], hle=[60.0, 50.0]), 2, "hle").tolist() == [2, 1]


def test_shuffled_rows_get_the_same_bands():
    frame = areas(people=[5, 10, 15, 20, 5], hle=[60.0, 60.0, 50.0, 70.0, 60.0])
    expected = bands(frame, 3, "hle")
    shuffled = frame.sample(frac=1, random_state=3)
    assert bands(shuffled, 3, "hle").sort_index().equals(expected)
