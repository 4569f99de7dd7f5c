from dataclasses import replace

import geopandas as gpd
import numpy as np
import pytest

from nhcplanner.access import assess, bands, notes, part_by_car
from nhcplanner.domain.assessment import Need
from nhcplanner.domain.place import CRS, Place
from nhcplanner.domain.plan import Plan
from nhcplanner.domain.scenario import Scenario
from nhcplanner.domain.travel_times import TravelTimes, as_minutes


@pytest.fixture
def place() -> Place:
    points = gpd.points_from_xy([0, 1, 2], [0, 0, 0], crs=CRS)
    areas = gpd.GeoDataFrame(
        {
            "area_code": ["E01000001", "E01000002", "E01000003"],
            "people": [100, 200, 300],
            "hle": [50.0, 60.0, 70.0],
            "imd_decile": [1, 5, 10],
            "rural_urban": ["Urban", "Urban", "Rural"],
        },
        geometry=points,
    )
    origins = gpd.GeoDataFrame(
        {
            "origin_id": ["a", "b", "c", "d"],
            "area_code": ["E01000001", "E01000002", "E01000003", "E01000003"],
            "people": [100.0, 200.0, 100.0, 200.0],
        },
        geometry=gpd.points_from_xy([0, 1, 2, 3], [0, 0, 0, 0], crs=CRS),
    )
    sites = gpd.GeoDataFrame(
        {
            "site_id": ["p", "q"],
            "status": ["existing", "candidate"],
            "capacity": [np.nan, 150.0],
        },
        geometry=gpd.points_from_xy([0, 2], [0, 0], crs=CRS),
    )
    return Place("Somewhere", areas, sites, origins)


@pytest.fixture
def times() -> TravelTimes:
    minutes = as_minutes([[5, 50], [25, 12], [np.inf, 8], [np.inf, 40]])
    return TravelTimes(minutes, "walk", "by hand", estimate=False, horizon=60)


def found(place, times, opened):
    need = Need(bands(place.areas, 3, "hle"), "hle", "three bands")
    return assess(place, times, opened, need, 20)


def test_before_counts_existing_centres_and_after_all_that_open(place, times):
    table = found(place, times, [0, 1]).people_within
    assert table.loc[20.0, "people_before"] == 100
    assert table.loc[20.0, "people_after"] == 100 + 200 + 100
    assert table.loc[10.0, "people_after"] == 200
    assert table.loc[20.0, "share_after"] == pytest.approx(400 / 600)


def test_an_area_of_two_starting_points_is_covered_in_part(place, times):
    areas = found(place, times, [0, 1]).areas
    assert areas["share_after"].tolist() == pytest.approx([1, 1, 100 / 300])
    assert areas["minutes_after"].tolist() == [5, 12, 40]  # half of the people of the third
    assert areas["minutes_before"].tolist() == [5, 25, np.inf]
    assert areas["centre"].tolist() == ["p", "q", "q"]


def test_groups_are_bands_quintiles_and_rural_class(place, times):
    result = found(place, times, [0, 1])
    assert result.by_band["share_after_20"].tolist() == pytest.approx([1, 1, 1 / 3])
    assert result.by_imd_quintile.index.tolist() == [1, 3, 5]
    assert result.by_rural_urban.loc["Urban", "share_before_20"] == pytest.approx(100 / 300)


def test_catchments_know_capacity_only_where_it_is_given(place, times):
    catchments = found(place, times, [0, 1]).catchments
    assert catchments["people"].tolist() == [100, 300]
    assert np.isnan(catchments["over_capacity"][0])
    assert catchments["over_capacity"][1] == 150


def test_nothing_open_reaches_nobody(place, times):
    result = found(place, times, [])
    assert result.people_within["people_after"].eq(0).all()
    assert result.areas["centre"].eq("").all()
    assert result.catchments.empty


def test_an_area_has_the_minutes_and_the_centre_of_most_of_its_people(place, times):
    place.origins["people"] = [100.0, 200.0, 160.0, 140.0]
    areas = found(place, times, [0, 1]).areas
    assert areas["minutes_after"][2] == 8
    place.origins["area_code"] = ["E01000001", "E01000003", "E01000003", "E01000002"]
    minutes = as_minutes([[5, 50], [2, 12], [np.inf, 8], [np.inf, np.inf]])
    areas = found(place, replace(times, minutes=minutes), [0, 1]).areas
    assert areas["centre"].tolist() == ["p", "", "p"]  # 200 people are nearest p, 160 nearest q
    assert areas["minutes_after"].tolist() == [5, np.inf, 2]


def test_an_area_where_nobody_starts_is_reached_by_nobody(place, times):
    place.origins["area_code"] = ["E01000001", "E01000002", "E01000001", "E01000001"]
    areas = found(place, times, [0, 1]).areas
    assert areas.loc[2, ["minutes_after", "share_after", "centre"]].tolist() == [np.inf, 0, ""]


def test_households_with_and_without_a_car_are_told_apart(place, times):
    place.areas["no_car_share"] = [0.5, 0.25, np.nan]
    parted = part_by_car(place)
    walk = times.minutes.toarray()
    walk[walk == 0] = np.inf
    minutes = as_minutes(np.vstack([walk, walk / 10]))
    result = found(parted, replace(times, minutes=minutes), [1])
    assert result.by_car["people"].to_dict() == {"with a car": 500, "without a car": 100}
    assert result.by_car["share_after_20"].tolist() == [1, 0.5]
    assert result.areas["share_after"].tolist() == pytest.approx([0.5, 1, 1])
    assert found(place, times, [1]).by_car is None


@pytest.mark.parametrize(
    ("rows", "words"),
    [((3,), "1 starting point (200 people) is reached by no allowed site"),
     ((2, 3), "2 starting points (300 people) are reached by no allowed site")],
)  # fmt: skip
def test_a_note_states_whom_no_allowed_site_reaches(place, times, rows, words):
    plan = Plan((0,), "optimal", (), "max_coverage", "by hand", 0.0, unreached=rows)
    assert words in notes(place, times, plan, Scenario(), found(place, times, [0]))
