"""tests.unit.access.test_groups"""

from dataclasses import replace

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest

from nhcplanner.access import imd_quintile
from nhcplanner.access.groups import area_labels, car_note, part_by_car, site_labels
from nhcplanner.domain.place import CRS, Place


@pytest.fixture
def place() -> Place:
    points = gpd.points_from_xy([0, 1], [0, 0], crs=CRS)
    codes = ["E01000001", "E01000002"]
    areas = gpd.GeoDataFrame({"area_code": codes, "people": [100, 200]}, geometry=points)
    areas["no_car_share"] = [0.3, np.nan]
    origins = gpd.GeoDataFrame(
        {
            "origin_id": ["a", "b", "c"],
            "area_code": [codes[1], codes[0], codes[0]],
            "people": [200.0, 60.0, 40.0],
        },
        geometry=gpd.points_from_xy([0, 1, 2], [0, 0, 0], crs=CRS),
    )
    return Place("Somewhere", areas, areas.iloc[:0], origins)


def test_people_without_a_car_come_first_and_both_sum_to_all(place):
    origins = part_by_car(place).origins
    assert origins["people"].tolist() == pytest.approx([0, 18, 12, 200, 42, 28])
    assert origins["household"].tolist() == ["without a car"] * 3 + ["with a car"] * 3
    assert origins["area_code"].tolist() == place.origins["area_code"].tolist() * 2
    assert origins["origin_id"].is_unique
    assert origins.crs == CRS
    assert "missing in 1 areas, taken as 0" in car_note(place)


@pytest.mark.parametrize("blank", [True, False])
def test_without_any_share_all_are_alike_and_the_note_says_so(place, blank):
    areas = place.areas.assign(no_car_share=np.nan)
    areas = areas if blank else areas.drop(columns="no_car_share")
    alike = replace(place, areas=areas)
    assert not alike.knows_cars
    assert part_by_car(alike) is alike
    assert "treated alike" in car_note(alike)


def test_two_deciles_make_a_quintile():
    areas = pd.DataFrame({"imd_decile": [1, 2, 3, 10]})
    assert imd_quintile(areas).tolist() == [1, 1, 2, 5]


def test_ranks_of_a_known_index_make_quintiles():
    areas = pd.DataFrame({"imd_rank": [1, 381, 382, 1909]})
    assert imd_quintile(areas, "WIMD 2019").tolist() == [1, 1, 2, 5]


def test_ranks_of_an_unknown_index_make_none():
    assert imd_quintile(pd.DataFrame({"imd_rank": [1, 2]}), "my own") is None


def test_an_area_without_a_figure_is_in_group_nought():
    assert imd_quintile(pd.DataFrame({"imd_decile": [None, 5.0]})).tolist() == [0, 3]


def test_levels_of_neighbourhoods_are_groups_of_areas_and_of_their_sites(place):
    areas = place.areas.assign(multi_neighbourhood=["North", "South"], place_area=["All", None])
    points = gpd.points_from_xy([0.9, 0.1], [0, 0], crs=CRS)
    sites = gpd.GeoDataFrame({"site_id": ["s", "t"], "kind": ["land", "land"]}, geometry=points)
    labels = area_labels(areas)
    assert labels["multi"].tolist() == ["North", "South"]
    assert labels["place"].tolist() == ["All", ""]
    assert "system" not in labels
    assert site_labels(sites, areas)["multi"].tolist() == ["South", "North"]
