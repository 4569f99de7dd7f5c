"""Floating catchments of the demo place, checked by sums and by a small place."""

from dataclasses import replace

import numpy as np
import pytest

from nhcplanner.base.errors import InputError
from nhcplanner.domain.scenario import Scenario
from nhcplanner.workflow.catchments import (
    BUILDINGS,
    floating_catchments,
    glossary,
    list_measures,
    list_supplies,
)

SCENARIO = Scenario(engine="estimate")


@pytest.fixture(scope="module")
def found(place):
    return floating_catchments(place, SCENARIO, ["gp_practice"], supply="capacity")


def test_all_access_is_the_known_supply(found):
    supply = found.use["supply"]
    reached = found.use["demand"] > 0
    total = found.measures["mean"] * found.measures["people"] / 1000
    assert total == pytest.approx(supply[reached].sum())
    areas = (found.areas["supply"] * found.areas["people"]).sum() / 1000
    assert areas == pytest.approx(total)
    fifths = (found.by_fifth["supply"] * found.by_fifth["people"]).sum() / 1000
    assert fifths == pytest.approx(total)


def test_who_and_what_is_left_out_is_counted(found):
    assert found.measures["left_out"] == found.sites["capacity"].isna().sum() > 0
    without = (found.areas["share_without"] * found.areas["people"]).sum()
    assert found.measures["without"] == pytest.approx(without)
    assert (found.areas.loc[found.areas["share_without"] == 1, "supply"] == 0).all()


def test_supplies_are_columns_of_numbers_with_figures(place):
    sites = place.sites.assign(own_rooms=2.0, own_none=np.nan)
    names = list_supplies(sites)
    assert names[0] == BUILDINGS
    assert {"capacity", "floor_area_m2", "own_rooms"} <= set(names)
    assert "own_none" not in names
    assert "site_name" not in names


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({"method": "2sfc"}, "no method of floating catchments is called '2sfc'"),
        ({"supply": "beds"}, "no figures above 0 in a column 'beds'"),
        ({"catchment": 90.0}, "a catchment of 90 minutes"),
        ({"catchment": 0.0}, "a catchment of 0 minutes"),
    ],
)
def test_what_is_not_known_is_reported(place, more, words):
    with pytest.raises(InputError, match=words):
        floating_catchments(place, SCENARIO, ["library"], **more)


def test_a_supply_below_zero_is_refused(place):
    sites = place.sites.assign(own_rooms=[-1.0, *[2.0] * (len(place.sites) - 1)])
    other, kinds = replace(place, sites=sites), sorted(set(sites["kind"]))
    with pytest.raises(InputError, match="figures below 0"):
        floating_catchments(other, SCENARIO, kinds, supply="own_rooms")


def test_the_registry_is_listed_once_with_a_sentence_each():
    table = list_measures()
    assert table["name"].is_unique
    assert table["says"].str.endswith(".").all()
    assert {"gini", "2sfca"} <= set(table["name"])
    assert "Kolm-Pollak EDE" in glossary()
