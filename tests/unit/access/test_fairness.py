"""Measures of a place of three areas, worked by hand."""

from dataclasses import replace

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from shapely import Point

from nhcplanner.access.fairness import (
    MEASURES,
    fairness_note,
    measure_fairness,
    measure_inequality,
)
from nhcplanner.domain.journeys import Journeys
from nhcplanner.domain.place import Place

MINUTES = np.array([10.0, 30.0, np.inf])


@pytest.fixture
def place():
    codes = [f"E0100000{n}" for n in range(3)]
    points = [Point(n * 1000, 0) for n in range(3)]
    areas = gpd.GeoDataFrame(
        {
            "area_code": codes,
            "people": [100, 200, 100],
            "imd_rank": [1.0, 20_000.0, np.nan],
            "imd_decile": [1.0, 6.0, np.nan],
        },
        geometry=points,
        crs=27700,
    )
    origins = gpd.GeoDataFrame(
        {"origin_id": codes, "area_code": codes, "people": [100.0, 200.0, 100.0]},
        geometry=points,
        crs=27700,
    )
    sites = gpd.GeoDataFrame(
        {"site_id": ["a"], "kind": ["clinic"], "status": ["existing"]},
        geometry=points[:1],
        crs=27700,
    )
    return Place("three", areas, sites, origins)


def values(table, column="value"):
    return table.set_index(["of", "measure"])[column]


def test_people_beyond_the_horizon_count_with_it_and_are_stated(place):
    found = values(measure_fairness(place, MINUTES, 20, 60))
    assert found["minutes", "beyond the horizon"] == 0.25
    # minutes 10, 30, 30, 60 of 100 people each
    assert found["minutes", "access poverty: share"] == 0.75
    assert found["minutes", "access poverty: depth"] == pytest.approx((0.5 * 2 + 2) / 4)
    assert found["minutes", "Palma"] == pytest.approx(0.4 * 60 / (10 + 0.6 * 30))
    # kappa = epsilon / reach = 1 / 20
    mean = np.exp(np.array([10, 30, 30, 60]) / 20).mean()
    assert found["minutes", "Kolm-Pollak EDE"] == pytest.approx(20 * np.log(mean))
    note = fairness_note(place, MINUTES, 20, 60)
    assert "100 people beyond 60 minutes count as 60" in note
    # alpha of Horton and others: 130 / 5,500, so epsilon is 0.05 / alpha
    assert (
        f"epsilon 1 over 20 minutes, {0.05 * 5500 / 130:.2f} as Horton and others calibrate it"
        in note
    )


def test_areas_without_a_rank_are_left_out_of_measures_by_deprivation(place):
    found = values(measure_fairness(place, MINUTES, 20, 60))
    # ridits 1/6 (100 people, within reach) and 2/3 (200, not): slope -1 / (1/2)
    assert found["share within 20 minutes", "SII"] == pytest.approx(-2.0)
    assert found["share within 20 minutes", "absolute gap"] == -1.0
    assert found["mean minutes", "absolute gap"] == 20.0


def test_before_and_after(place):
    before = np.array([np.inf, np.inf, 20.0])
    table = measure_inequality(place, Journeys(before, MINUTES, 20, 60))
    found = values(table, "before")["minutes", "Kolm-Pollak EDE"]
    assert found == pytest.approx(20 * np.log((300 * np.exp(3) + 100 * np.exp(1)) / 400))
    assert (table["change"] - (table["after"] - table["before"])).abs().max() == 0


def test_a_place_without_ranks_has_measures_of_spread(place):
    bare = replace(place, areas=place.areas.drop(columns=["imd_rank", "imd_decile"]))
    found = measure_fairness(bare, MINUTES, 20, 60)
    assert set(found["of"]) == {"minutes"}
    assert set(found["name"]) == {name for name, one in MEASURES.items() if not one.by}


def test_nobody_has_no_value(place):
    place.origins["people"] = 0.0
    found = measure_fairness(place, MINUTES, 20, 60)
    assert pd.isna(found["value"]).all()
