import numpy as np
import pandas as pd
import pytest

from nhcplanner.domain.assessment import Comparison
from nhcplanner.outputs.tables import compare

IN, OUT = "comes within the horizon", "falls beyond it"


@pytest.fixture
def found(outcome):
    """Areas of the place, of which the first eight change in every way there is."""
    codes = outcome.place.areas["area_code"]
    change = [-12.0, -7.0, -2.0, 0.5, 2.0, 7.0, 12.0, np.nan, np.nan, np.nan, 0.0, 0.0]
    verdict = ["nearer"] * 3 + ["farther"] * 4 + [IN, OUT, "same", "same", "same"]
    areas = pd.DataFrame(
        {
            "area_code": codes,
            "area_name": "",
            "people": outcome.place.areas["people"],
            "minutes_a": 15.0,
            "minutes_b": 15.0 + np.array(change),
            "change": change,
            "verdict": verdict,
        }
    ).sample(frac=1, random_state=1)
    groups = pd.DataFrame(
        {
            "grouping": ["everyone", "age", "age", "age", "coastal"],
            "group": ["all", "0 to 15", "16 to 64", "65 to 84", "inland"],
            "people": [100.0, 40.4, 59.6, 0.0, 100.0],
            "within_a": [50.0, 20.2, 29.8, 0.0, 50.0],
            "within_b": [60.0, 10.1, 49.9, 0.0, 60.0],
            "difference": [10.0, -10.1, 20.1, 0.0, 10.0],
            "mean_minutes_a": 12.0,
            "mean_minutes_b": 11.0,
        }
    )
    centres = pd.DataFrame(
        {"site_id": ["A", "B"], "name": "", "in_a": [True, True], "in_b": [True, False]}
    )
    return Comparison(centres, groups, areas, ())


def test_each_area_is_coloured_by_what_it_gains_or_loses(outcome, found):
    shading = compare.shading(outcome.place, found, 60)
    assert shading.of_area.tolist() == [0, 1, 2, 3, 4, 5, 6, 0, 6, 7, 3, 3]
    assert shading.labels[7] == "More than 60 minutes in both plans"
    assert len(shading.colours) == len(shading.labels)


def test_areas_that_gain_most_stand_first_and_those_that_lose_all_last(found):
    told = compare.areas(found, 60)
    assert told["verdict"].iloc[0] == "now within 60 minutes"
    assert told["verdict"].iloc[-1] == "now more than 60 minutes"
    assert told["change"].iloc[1] == -12
    assert told["change"].iloc[-2] == 12
    assert len(told) == len(found.areas)


def test_groups_of_nobody_and_groupings_of_one_are_left_out(found):
    made = compare.groups(found)
    assert list(made) == ["Age"]
    table = made["Age"]
    assert table.index.tolist() == ["0 to 15", "16 to 64"]
    assert table["people"].tolist() == [40, 60]
    assert table.loc["0 to 15", ["a", "b"]].tolist() == [0.5, 0.25]


def test_bars_tell_losers_from_gainers_without_scientific_numbers(found):
    chart = compare.bars(compare.groups(found)["Age"]).to_dict()
    (rows,) = chart["datasets"].values()
    assert [one["who"] for one in rows] == ["lose", "gain"]
    assert chart["encoding"]["x"]["axis"]["format"] == ",.0f"


def test_only_centres_that_differ_are_listed(found):
    assert compare.differing(found)["site_id"].tolist() == ["B"]


def test_a_tip_has_the_minutes_of_both_plans(outcome, found):
    words = compare.tips(outcome.place, found, ("<b>A</b>", "B"), 60)(9)
    assert "<b>A</b>: 15.0 minutes" in words
    assert "B: more than 60 minutes" in words
