import geopandas as gpd
import pandas as pd
import pytest
import shapely
from shapely.geometry import Point, box

from nhcplanner.outputs.gis.layers import NAMES, layers, plain_layers


def by_name(evidence):
    return {layer.name: layer for layer in layers(evidence)}


def test_all_layers_are_there_from_the_bottom_up_and_say_synthetic(evidence):
    found = layers(evidence)
    assert tuple(layer.name for layer in found) == NAMES
    for layer in found:
        assert layer.frame.crs.to_epsg() == 27700
        assert (layer.frame["place"] == "SYNTHETIC Row").all()
        assert layer.frame.columns[-1] == "geometry"
        assert layer.columns == layer.frame.columns[:-1].tolist()


def test_catchments_are_the_areas_of_one_centre_and_their_people(evidence):
    frame = by_name(evidence)["catchments"].frame.set_index("site_id")
    assert frame["areas"].to_dict() == {"S0": 2, "S1": 4, "S3": 5}
    assert frame.geometry.area.to_dict() == {"S0": 2e6, "S1": 4e6, "S3": 5e6}
    assert frame["people"].to_dict() == {"S0": 2100, "S1": 5400, "S3": 9000}
    assert frame["people_served"].to_dict() == {"S0": 6000, "S1": 2000, "S3": 1000}
    assert frame["people_q1"].to_dict() == {"S0": 10, "S1": 20, "S3": 30}


def test_neighbouring_catchments_have_different_colours(evidence):
    colour = by_name(evidence)["catchments"].frame.set_index("site_id")["colour"]
    assert colour["S1"] not in {colour["S0"], colour["S3"]}


def test_centres_are_numbered_and_named_and_carry_the_fifths(evidence):
    frame = by_name(evidence)["centres"].frame
    assert frame["number"].tolist() == [1, 2, 3]
    assert frame["site_id"].tolist() == ["S0", "S1", "S3"]
    assert frame["name"].tolist()[2] == "S3"
    assert frame["people_q1"].tolist() == [10, 20, 30]


def test_each_look_has_a_class_for_every_row(evidence):
    for layer in layers(evidence):
        for look in layer.looks:
            values = {one.value for one in look.classes}
            assert set(layer.frame[look.column].fillna("")) <= values, (layer.name, look.name)


def test_a_class_holds_the_words_that_the_map_shows(evidence):
    frame = by_name(evidence)["areas"].frame
    assert frame["minutes_class"].iloc[0] == "0 to 10 minutes"
    assert frame["need_class"].str.startswith("Band 1").tolist() == [True] * 4 + [False] * 8


def test_without_a_plan_there_are_neither_centres_nor_catchments(infeasible, evidence):
    plain = type(evidence)(infeasible)
    assert [layer.name for layer in layers(plain)] == ["areas", "sites"]


def test_polygons_among_many_become_of_one_kind(outcome):
    areas = outcome.place.areas
    two = shapely.MultiPolygon([box(0, 0, 1, 1), box(2, 2, 3, 3)])
    areas.loc[0, "geometry"] = two
    frame = plain_layers(outcome, None)[0].frame
    assert set(frame.geom_type) == {"MultiPolygon"}
    assert frame.geometry[0].equals(two)
    assert frame.geometry[1].equals(areas.geometry[1])


@pytest.mark.parametrize("points", [True, False])
def test_areas_that_are_points_are_drawn_as_points(outcome, points):
    if points:
        outcome.place.areas.geometry = gpd.GeoSeries(
            [Point(4e5 + n, 3e5) for n in range(12)], crs=27700
        )
    looks = plain_layers(outcome, None)[0].looks
    assert {look.drawn for look in looks} == {"point" if points else "fill"}


def test_nothing_is_infinite(evidence):
    for layer in layers(evidence):
        numbers = pd.DataFrame(layer.frame.drop(columns="geometry")).select_dtypes("number")
        assert not numbers.isin([float("inf"), float("-inf")]).any().any()
