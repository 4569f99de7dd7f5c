import geopandas as gpd
import pandas as pd
import shapely

from nhcplanner.layers.england import around, store

BOX = (244_000.0, 50_000.0, 252_000.0, 58_000.0)
"""Plymouth and the land beyond the Tamar."""


def test_areas_that_touch_a_box_with_their_council_and_icb():
    found = around.areas_around(BOX, pd.Series([], dtype=str))
    table = store.layer("shapes")
    shapes = shapely.from_wkb(table["geometry"].to_numpy())
    corners = shapely.bounds(shapes)  # every area, one by one
    touches = [
        not (east < BOX[0] or west > BOX[2] or north < BOX[1] or south > BOX[3])
        for west, south, east, north in corners.tolist()
    ]
    assert set(found["area_code"]) == set(table["area_code"][touches])
    councils = store.layer("areas", ["area_code", "council_code"]).set_index("area_code")
    wanted = councils["council_code"].reindex(found["area_code"]).tolist()
    assert found["council_code"].tolist() == wanted
    assert found["icb_code"].notna().all()


def test_areas_of_the_place_are_left_out():
    every = around.areas_around(BOX, pd.Series([], dtype=str))
    some = around.areas_around(BOX, every["area_code"].iloc[:-3])
    assert sorted(some["area_code"]) == sorted(every["area_code"].iloc[-3:])
    assert around.areas_around(BOX, every["area_code"]).empty


def test_towns_in_a_box_the_largest_first():
    towns = around.towns_in(BOX)
    assert towns["name"].iloc[0] == "Plymouth"
    assert towns["population"].is_monotonic_decreasing
    assert "Plymstock" in set(towns["name"])
    assert "Exeter" not in set(towns["name"])
    points = gpd.GeoSeries.from_xy(towns["lon"], towns["lat"], crs=4326).to_crs(27700)
    assert points.x.between(BOX[0], BOX[2]).all()


def test_the_credit_names_both_licences():
    assert "Open Government Licence" in around.credit()
    assert "GeoNames, CC BY 4.0" in around.credit()
