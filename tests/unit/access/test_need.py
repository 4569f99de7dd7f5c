"""Need by columns of the areas: which there are, what they come to, and what is blank."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from nhcplanner.access import band_certainty, bands, rank
from nhcplanner.access.need import need, need_note, per_person
from nhcplanner.base.errors import InputError
from nhcplanner.domain.place import Place
from nhcplanner.domain.scenario import Scenario


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


@pytest.fixture
def place(one_area_each) -> Place:
    return one_area_each


def without(place: Place, *columns: str) -> Place:
    return replace(place, areas=place.areas.drop(columns=list(columns)))


def test_hle_goes_before_deprivation(place):
    need = rank(place, Scenario(bands=3))
    assert need.by == "hle"
    assert need.band.tolist() == [1, 2, 3]
    assert "lowest HLE first, ties by IMD 2025 rank" in need.basis


def test_without_hle_it_goes_by_deprivation_and_says_why(place):
    need = rank(without(place, "hle"), Scenario(bands=3))
    assert need.by == "imd"
    assert need.band.tolist() == [3, 2, 1]
    assert "because the place has no HLE" in need.basis


def test_deprivation_may_be_asked_for(place):
    need = rank(place, Scenario(bands=3, band_by="imd"))
    assert need.by == "imd"
    assert "because" not in need.basis


def test_a_model_that_needs_no_bands_goes_without(place):
    need = rank(without(place, "hle", "imd_rank"), Scenario(model="max_coverage"))
    assert need.by == "none"
    assert need.band.eq(0).all()


@pytest.mark.parametrize("by", ["auto", "hle", "imd"])
def test_bands_of_figures_that_are_not_there_are_refused(place, by):
    with pytest.raises(InputError, match="to order areas by"):
        rank(without(place, "hle", "imd_rank"), Scenario(band_by=by))


def test_areas_without_a_figure_are_counted(place):
    areas = place.areas.assign(hle=[50.0, None, 70.0])
    need = rank(replace(place, areas=areas), Scenario(bands=2))
    assert need.band.tolist() == [1, 0, 2]
    assert "1 areas in no band" in need.basis


def test_bands_by_chosen_years_are_named(place):
    need = rank(place, Scenario(band_edges=(55, 60)))
    years = place.areas["hle"]
    assert need.band.tolist() == [1 + (y >= 55) + (y >= 60) for y in years]
    assert "3 bands by years of HLE: under 55, 55 to under 60, 60 and over" in need.basis


def test_years_of_hle_need_hle(place):
    with pytest.raises(InputError, match="HLE"):
        rank(without(place, "hle"), Scenario(model="max_coverage", band_edges=(55, 60)))


@pytest.fixture
def aged(one_area_each):
    place = one_area_each
    areas = place.areas.copy()
    people = areas["people"].to_numpy(dtype=float)
    areas["people_85_plus"] = people / 10
    areas["disabled_share"] = 0.25
    areas["own_carers"] = np.arange(len(areas), dtype=float)
    areas.loc[areas.index[0], "people_85_plus"] = np.nan
    return replace(place, areas=areas)


def wanting(*lines: str) -> Scenario:
    return Scenario(need=lines, goals=("cover_need",))


def test_without_a_measure_people_count_alike(aged):
    assert per_person(aged, Scenario()) is None
    assert per_person(aged, wanting("imd_quintile:1=3")) is None


def test_a_product_is_need_a_head(aged):
    assert np.allclose(per_person(aged, wanting("disabled_share*people")), 0.25)
    assert np.allclose(per_person(aged, wanting("people")), 1)


def test_several_measures_add_up(aged):
    both = need(aged, wanting("own_carers", "disabled_share * people"))
    people = aged.areas["people"]
    assert both.tolist() == pytest.approx((people / 4 + np.arange(len(people))).tolist())


def test_blank_need_counts_nothing_and_is_said(aged):
    scenario = wanting("people_85_plus")
    assert need(aged, scenario).isna().tolist()[0]
    assert per_person(aged, scenario)[0] == 0
    assert "blank in 1 areas, which count nothing" in need_note(aged, scenario)


def test_need_that_no_goal_counts_is_said(aged):
    assert "no goal counts it" in need_note(aged, Scenario(need=("people",)))
    assert "no goal" not in need_note(aged, wanting("people"))


def test_unknown_columns_are_told_with_those_that_come_near(aged):
    with pytest.raises(InputError) as caught:
        need(aged, wanting("people_85", "hle*people"))
    told = [str(fault) for fault in caught.value.faults]
    assert "Did you mean people or people_85_plus?" in told[0]
    assert "need names 'hle'" in told[1]


def test_a_share_of_nobody_is_refused(aged):
    with pytest.raises(InputError, match="disabled_share\\*people"):
        need(aged, wanting("disabled_share"))


AREAS = pd.DataFrame(
    {"people": [100, 200, 300, 400], "lowest_band_probability": [0.9, 0.5, 0.2, 0]}
)
BAND = pd.Series([1, 1, 2, 5])


def test_people_are_counted_by_hand():
    found = band_certainty(AREAS, BAND, "hle", 5)
    assert found.people == 300
    assert found.sure == 100
    assert found.expected == pytest.approx(90 + 100)
    assert found.elsewhere == pytest.approx(60)
    assert "of the 300 people in band 1, 100 live" in found.words
    assert found.table()["people"].tolist() == pytest.approx([300, 100, 190, 60])


@pytest.mark.parametrize(("by", "cut"), [("imd", 5), ("hle", 4), ("hle", (55.0, 60.0))])
def test_other_bands_have_no_such_probability(by, cut):
    assert band_certainty(AREAS, BAND, by, cut) is None


def test_a_place_without_probabilities_has_none():
    assert band_certainty(AREAS[["people"]], BAND, "hle", 5) is None
    assert band_certainty(AREAS.assign(lowest_band_probability=None), BAND, "hle", 5) is None
