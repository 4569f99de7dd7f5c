from dataclasses import replace

import pytest

from nhcplanner.access import rank
from nhcplanner.domain.errors import InputError
from nhcplanner.domain.place import Place
from nhcplanner.domain.scenario import Scenario


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
