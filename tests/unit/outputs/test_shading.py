from dataclasses import replace

import numpy as np
import pandas as pd

from nhcplanner.outputs.shading import by_minutes, minutes, need, shadings


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
    assert shading.labels[-1] == "No centre within 60 minutes"
    assert shading.of_area.tolist() == [0, 0, 1, 1, 2, 3, 3, 4, 4, 5, 5, 0]
    assert shading.title.endswith("walk, estimate")


def test_an_unusual_reach_has_an_edge_of_its_own(outcome):
    other = replace(outcome, scenario=outcome.scenario.model_copy(update={"reach": 25.0}))
    assert "20 to 25 minutes" in minutes(other).labels


def test_classes_go_up_to_the_horizon_even_where_everybody_is_near():
    made = by_minutes("M", pd.Series([5.0, 12.0, 29.0]), (10, 20, 30), 60.0, "None in time")
    assert made.labels[2:] == ("20 to 30 minutes", "30 to 60 minutes", "None in time")
    assert made.of_area.tolist() == [0, 1, 2]
