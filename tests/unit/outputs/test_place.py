"""The map of a place: any place and any figure, whole and offline."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from nhcplanner import InputError, demo_place
from nhcplanner.outputs.place import place_map


@pytest.fixture(scope="module")
def place():
    return demo_place()


def test_a_place_is_drawn_by_its_need(place):
    page = place_map(place).get_root().render()
    assert "Healthy life expectancy" in page
    assert "SYNTHETIC" in page
    assert "HLE of 250 areas is modelled" in page
    assert "Candidate (86)" in page
    assert 'src="http' not in page


def test_a_figure_of_ones_own_keeps_its_title_and_unit(place):
    minutes = pd.Series(np.linspace(0, 40, len(place.areas)), place.areas.index)
    minutes.iloc[0] = np.inf
    page = place_map(place, minutes, title="<b>Far</b>", unit="minutes").get_root().render()
    assert "&lt;b&gt;Far" in page
    assert "<b>Far" not in page
    assert "40 minutes" in page
    assert "No figure" in page


def test_what_the_place_does_not_tell_is_said(place):
    with pytest.raises(InputError, match="does not tell 'wealth'"):
        place_map(place, "wealth")


def test_figures_of_other_areas_are_refused(place):
    with pytest.raises(InputError, match="one for each of the 250 areas"):
        place_map(place, pd.Series([1.0]))


def test_a_place_that_tells_only_people_is_drawn_by_them(place):
    columns = ["area_code", "people", "geometry"]
    bare = replace(place, areas=place.areas[columns], sites=place.sites.drop(columns="site_name"))
    page = place_map(bare).get_root().render()
    assert "<p>People</p>" in page
