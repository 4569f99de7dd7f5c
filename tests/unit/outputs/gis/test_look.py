from xml.etree import ElementTree as ET

import pytest

from nhcplanner.outputs.gis.layers import layers
from nhcplanner.outputs.gis.look import Class, Look, qml

CLASSES = (Class("<&\"'\x01>", "<&>", "#0072B2"), Class(2.5, "b", "#E69F00"))
EVIL = Look("a", "A", "kind", CLASSES, "fill")


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
    root = ET.fromstring(qml(Look("a", "A", "minutes_class", (), "fill"), {"minutes_class": "m"}))
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
    assert ET.fromstring(qml(Look("a", "A", "b", (), drawn))).findtext("layerGeometryType") == kind


def test_labels_are_of_the_column_asked_for():
    root = ET.fromstring(qml(Look("a", "A", "b", (), "point", labelled="name"), {"name": "n"}))
    assert root.get("labelsEnabled") == "1"
    assert next(root.iter("text-style")).get("fieldName") == "n"
