"""tests.unit.outputs.maps.test_shading"""

from dataclasses import replace

import numpy as np
import pandas as pd

from nhcplanner.outputs import style
from nhcplanner.outputs.maps import shading
from nhcplanner.outputs.maps.shading import (
    Scale,
    by_minutes,
    by_value,
    by_word,
    minutes,
    need,
    shadings,
)


def test_classes_hold_about_as_many_areas_each():
    made = by_value("x", "X", pd.Series(np.arange(600.0)), Scale("years"))
    assert len(made.labels) == 6
    counts = np.bincount(made.of_area)
    assert counts.max() - counts.min() <= 2
    assert made.labels[0].startswith("0 to ")
    assert made.labels[-1].endswith(" to 599 years")


def test_an_area_on_an_edge_falls_in_the_class_that_says_so():
    made = by_value("x", "X", pd.Series([1.0, 2.0, 3.0, 10.0]), Scale(edges=(2, 4), whole=True))
    assert made.labels == ("1 to 2", "3 to 4", "5 to 10")
    assert made.of_area.tolist() == [0, 0, 1, 2]


def test_areas_without_a_figure_are_apart_and_not_nought():
    made = by_value("x", "X", pd.Series([np.nan, 0.0, 5.0]), Scale())
    assert made.labels[made.of_area[0]] == shading.NONE
    assert made.colours[made.of_area[0]] == style.NO_DATA
    assert made.labels[made.of_area[1]] != shading.NONE


def test_what_matters_is_dark():
    low = by_value("x", "X", pd.Series([1.0, 2.0, 3.0]), Scale(low_is_dark=True, edges=(1, 2)))
    high = by_value("x", "X", pd.Series([1.0, 2.0, 3.0]), Scale(edges=(1, 2)))
    assert low.colours == high.colours[::-1] == style.need(3)


def test_one_figure_for_all_is_one_class():
    made = by_value("x", "X", pd.Series([0.25, 0.25]), Scale("%", times=100))
    assert made.labels == ("25%",)


def test_no_figure_at_all_is_one_class():
    made = by_value("x", "X", pd.Series([np.nan, np.nan]), Scale())
    assert {made.labels[one] for one in made.of_area} == {"No figure"}


def test_more_words_than_an_eye_tells_apart_are_joined():
    words = pd.Series([f"w{i}" for i in range(12) for _ in range(12 - i)] + [None])
    made = by_word("x", "X", words)
    assert made.labels[-2:] == ("Any other", "No figure")
    assert len(made.labels) == style.CLASSES + 1
    assert made.labels[made.of_area[0]] == "w0"


def banded(outcome, bands):
    areas = outcome.assessment.areas.assign(band=bands)
    return replace(outcome, assessment=replace(outcome.assessment, areas=areas))


def test_bands_are_named_with_their_years(outcome):
    shading = need(outcome)
    assert shading.labels == (
        "Band 1, lowest HLE: 50.0 to 55.5 years",
        "Band 2: 57.3 to 62.7 years",
        "Band 3, highest HLE: 64.5 to 70.0 years",
    )
    assert shading.of_area.tolist() == [0] * 4 + [1] * 4 + [2] * 4
    assert shading.title == "Healthy life expectancy (HLE), modelled"


def test_bands_by_deprivation_say_so(outcome):
    by = replace(outcome.assessment.need, by="imd")
    by_imd = replace(outcome, assessment=replace(outcome.assessment, need=by))
    assert need(by_imd).title == "Deprivation, IMD 2025"
    assert need(by_imd).labels[0] == "Band 1, most deprived"


def test_more_bands_than_colours_are_joined(outcome):
    shading = need(banded(outcome, np.arange(1, 13)))
    assert len(shading.labels) <= 7
    assert shading.labels[0].startswith("Bands 1 to 2, lowest HLE")
    assert shading.of_area.tolist() == [i // 2 for i in range(12)]
    assert len(shading.colours) == len(shading.labels)


def test_areas_in_no_band_have_a_class_of_their_own(outcome):
    shading = need(banded(outcome, [0, *[1] * 11]))
    assert shading.labels[shading.of_area[0]] == "In no band"
    assert shading.of_area[1] == 0


def test_without_bands_areas_are_shaded_by_minutes_alone(outcome):
    assert [one.name for one in shadings(banded(outcome, 0))] == ["minutes"]


def test_minutes_end_with_those_out_of_reach(outcome):
    after = [0, 10, 10.1, 15, 20, 20.5, 30, 30.1, 60, 60.1, np.inf, 5]
    areas = outcome.assessment.areas.assign(minutes_after=after)
    shading = minutes(replace(outcome, assessment=replace(outcome.assessment, areas=areas)))
    assert shading.labels[0] == "0 to 10 minutes"
    assert shading.labels[-1] == "More than 60 minutes"
    assert shading.of_area.tolist() == [0, 0, 1, 1, 2, 3, 3, 4, 4, 5, 5, 0]
    assert shading.title.endswith("on foot (estimate)")


def test_an_unusual_reach_has_an_edge_of_its_own(outcome):
    other = replace(outcome, scenario=outcome.scenario.model_copy(update={"reach": 25.0}))
    assert "20 to 25 minutes" in minutes(other).labels


def test_classes_go_up_to_the_horizon_even_where_everybody_is_near():
    made = by_minutes("M", pd.Series([5.0, 12.0, 29.0]), (10, 20, 30), 60.0, 20.0)
    assert made.labels[2:] == ("20 to 30 minutes", "30 to 60 minutes", "More than 60 minutes")
    assert made.of_area.tolist() == [0, 1, 2]


def test_minutes_have_one_hue_within_reach_another_beyond_it_and_a_hatch_where_none_is_reached():
    made = by_minutes("M", pd.Series([5.0, 20.0, 21.0, np.inf]), (10, 20, 30), 60.0, 20.0)
    assert made.break_at == 2
    assert (made.of_area < made.break_at).tolist() == [True, True, False, False]
    assert made.of_area[3] == made.hatch == len(made.labels) - 1
    weights = ((1, 0.299), (3, 0.587), (5, 0.114))  # of red, green and blue, ITU-R BT.601
    lightness = [sum(int(one[i : i + 2], 16) * w for i, w in weights) for one in made.colours]
    assert lightness[:-1] == sorted(lightness[:-1], reverse=True)  # darker is farther, in grey too
    blue = [int(one[5:7], 16) > int(one[1:3], 16) for one in made.colours[:-1]]
    assert blue == [True, True, False, False]
