"""tests.unit.outputs.gis.test_layers"""

from xml.etree import ElementTree as ET

import geopandas as gpd
import pandas as pd
import pytest
import shapely
from shapely.geometry import Point, box

from nhcplanner.outputs.gis.layers import NAMES, Class, LayerStyle, layers, plain_layers, qml


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
    assert frame["people_in_areas"].to_dict() == {"S0": 2100, "S1": 5400, "S3": 9000}
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


CLASSES = (Class("<&\"'\x01>", "<&>", "#0072B2"), Class(2.5, "b", "#E69F00"))
EVIL = LayerStyle("a", "A", "kind", CLASSES, "fill")


def test_a_style_names_a_column_of_its_layer_and_a_symbol_for_each_class(evidence):
    for layer in layers(evidence):
        for look in layer.looks:
            renderer = ET.fromstring(qml(look)).find("renderer-v2")
            assert renderer.get("attr") in layer.columns
            categories, symbols = renderer.find("categories"), renderer.find("symbols")
            assert len(categories) == len(look.classes)
            named = [one.get("symbol") for one in categories]
            assert named == [one.get("name") for one in symbols]


def test_a_style_follows_short_names():
    root = ET.fromstring(
        qml(LayerStyle("a", "A", "minutes_class", (), "fill"), {"minutes_class": "m"})
    )
    assert root.find("renderer-v2").get("attr") == "m"


def test_words_are_escaped_and_numbers_stay_numbers():
    first, second = ET.fromstring(qml(EVIL)).iter("category")
    assert first.get("value") == "<&\"'>"
    assert (first.get("type"), second.get("type")) == ("string", "double")
    assert second.get("value") == "2.5"


def test_colours_stand_in_both_ways_that_qgis_reads():
    symbol = next(ET.fromstring(qml(EVIL)).iter("symbol"))
    new = {one.get("name"): one.get("value") for one in symbol.iter("Option") if one.get("name")}
    old = {one.get("k"): one.get("v") for one in symbol.iter("prop")}
    assert new == old
    assert new["color"] == "0,114,178,255"


@pytest.mark.parametrize(("drawn", "kind"), [("fill", "2"), ("line", "2"), ("point", "0")])
def test_geometry_type_is_said(drawn, kind):
    assert (
        ET.fromstring(qml(LayerStyle("a", "A", "b", (), drawn))).findtext("layerGeometryType")
        == kind
    )


def test_labels_are_of_the_column_asked_for():
    root = ET.fromstring(
        qml(LayerStyle("a", "A", "b", (), "point", labelled="name"), {"name": "n"})
    )
    assert root.get("labelsEnabled") == "1"
    assert next(root.iter("text-style")).get("fieldName") == "n"
