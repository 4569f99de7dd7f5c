"""Need by columns of the areas: which there are, what they come to, and what is blank."""

from dataclasses import replace

import numpy as np
import pytest

from nhcplanner.access.weights import need, need_note, per_person
from nhcplanner.domain.errors import InputError
from nhcplanner.domain.scenario import Scenario


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
