"""Neighbourhoods and larger areas without a centre, on the demo place."""

from dataclasses import replace

import pytest

from nhcplanner import workflow
from nhcplanner.base.errors import InputError
from nhcplanner.domain.scenario import Scenario

ESTIMATE = Scenario(engine="estimate")


@pytest.fixture(scope="module")
def division(place):
    return workflow.build_neighbourhoods(place, scenario=ESTIMATE)


def test_neighbourhoods_without_a_centre_come_in_order_of_need(place, division):
    named = workflow.with_neighbourhoods(place, division)
    table = workflow.neighbourhoods_without_centre(named, ESTIMATE)
    here = named.areas["neighbourhood"].to_numpy()
    open_now = named.sites[named.sites["status"].isin(["existing", "committed"])]
    served = set(named.areas.sjoin(open_now[["geometry"]])["neighbourhood"])
    assert set(table["neighbourhood"]) == set(here) - served
    assert table["band"].is_monotonic_increasing


def test_larger_areas_count_the_centres_of_their_neighbourhoods(place):
    west = place.areas.geometry.centroid.x < place.areas.geometry.centroid.x.median()
    halves = west.map({True: "West", False: "East"})
    areas = place.areas.assign(
        neighbourhood=place.areas["council_name"], multi_neighbourhood=halves
    )
    shut = place.sites.assign(status="candidate")
    inside = shut.sjoin(areas[["multi_neighbourhood", "geometry"]])
    first = inside.index[inside["multi_neighbourhood"] == "West"][0]
    shut.loc[first, "status"] = "existing"
    halved = replace(place, areas=areas, sites=shut)
    assert workflow.levels_of(halved) == ("neighbourhood", "multi")
    table = workflow.neighbourhoods_without_centre(halved, ESTIMATE, level="multi")
    assert table["neighbourhood"].tolist() == ["East"]
    assert table["people"].tolist() == [int(areas.loc[~west, "people"].sum())]


def test_levels_that_the_areas_do_not_name_are_refused(place, division):
    named = workflow.with_neighbourhoods(place, division)
    with pytest.raises(InputError, match="do not name their system"):
        workflow.neighbourhoods_without_centre(named, ESTIMATE, level="system")
    with pytest.raises(InputError, match="no level is called region"):
        workflow.neighbourhoods_without_centre(named, ESTIMATE, level="region")
