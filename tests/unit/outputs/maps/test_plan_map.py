import json
import re
from dataclasses import replace
from html.parser import HTMLParser

import geopandas as gpd
import numpy as np
import pytest
from shapely.geometry import LineString, Point

from nhcplanner.domain.place import CRS
from nhcplanner.outputs.maps import geometry
from nhcplanner.outputs.maps import plan_map as maps_plan_map
from nhcplanner.outputs.maps.plan_map import plan_map, save_map


class Page(HTMLParser):
    """What a browser would see: addresses to fetch, and the text outside scripts."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.addresses, self.text, self.scripts, self.inside = [], "", 0, ""
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        if tag in ("script", "style"):
            self.inside = tag
        self.scripts += tag == "script"
        self.addresses += [v for k, v in attrs if k in ("src", "href") and v]

    def handle_endtag(self, tag):
        if tag == self.inside:
            self.inside = ""

    def handle_data(self, data):
        if not self.inside:
            self.text += data


def rendered(outcome):
    return plan_map(outcome).get_root().render()


def layer(html, name):
    pattern = rf"var features_of_{name} = L\.geoJSON\(JSON\.parse\((.*)\), \{{\n"
    return json.loads(json.loads(re.search(pattern, html).group(1)))["features"]


def test_page_fetches_nothing(outcome):
    html = rendered(outcome)
    assert Page(html).addresses == []
    assert "@import" not in html
    assert "tileLayer" not in html.partition("var map_plan")[2]


def test_page_says_what_it_shows(outcome):
    text = Page(rendered(outcome)).text
    for words in (
        "SYNTHETIC Row: Row & column",
        "Open at most 3 centres",
        "Travel times are an estimate",
        "HLE of 4 areas is modelled",
        "gap 9.1%",
        "OGL v3",
        "Existing centre (1)",
        "Committed centre (1)",
        "New centre (1)",
    ):
        assert words in text


def test_user_text_stays_text(outcome):
    plain = replace(outcome, place=replace(outcome.place, sites=_named(outcome, "Plain")))
    html = rendered(outcome)
    assert "<script>alert(1)" not in html
    assert Page(html).scripts == Page(rendered(plain)).scripts
    assert "<script>alert(1)</script>" in Page(html).text
    assert "&lt;script&gt;" in layer(html, "centres")[1]["properties"]["tip"]


def _named(outcome, name):
    sites = outcome.place.sites.copy()
    sites["site_name"] = name
    return sites


def test_centres_are_numbered_and_told_apart(outcome):
    centres = [f["properties"] for f in layer(rendered(outcome), "centres")]
    assert [c["name"][:2] for c in centres] == ["1.", "2.", "3."]
    assert [c["name"].rpartition(", ")[2] for c in centres] == [
        "existing centre",
        "new centre",
        "committed centre",
    ]
    assert len({c["icon"].replace(str(n), "") for n, c in enumerate(centres, 1)}) == 3


def test_shut_sites_are_small_and_apart(outcome):
    features = layer(rendered(outcome), "sites")
    assert ["Library" in f["properties"]["tip"] for f in features] == [True]


def test_areas_are_drawn_one_by_one(outcome):
    features = layer(rendered(outcome), "need")
    assert len(features) == 12
    west = min(x for x, _ in features[0]["geometry"]["coordinates"][0])
    assert west == pytest.approx(-2.0, abs=0.01)
    assert len({f["properties"]["style"]["fillColor"] for f in features}) == 3


def test_many_areas_are_drawn_by_class_and_the_page_says_so(outcome, monkeypatch):
    monkeypatch.setattr(geometry, "MANY", 11)
    html = rendered(outcome)
    assert len(layer(html, "need")) == 3
    assert "drawn as one shape" in Page(html).text


def test_areas_without_a_shape_are_points(outcome):
    areas = outcome.place.areas.copy()
    areas = gpd.GeoDataFrame(areas.drop(columns="geometry"), geometry=areas.centroid, crs=areas.crs)
    html = rendered(replace(outcome, place=replace(outcome.place, areas=areas)))
    assert layer(html, "minutes")[0]["geometry"]["type"] == "Point"


def test_infeasible_plan_has_a_map_with_the_reason(infeasible):
    html = rendered(infeasible)
    assert layer(html, "centres") == []
    assert "No plan keeps the rules: 3 areas have no site near" in Page(html).text


def test_same_plan_is_the_same_page(outcome):
    assert rendered(outcome) == rendered(outcome)


def test_map_is_saved_whole(outcome, tmp_path):
    path = save_map(plan_map(outcome), tmp_path / "map.html")
    assert path.read_text(encoding="utf-8").rstrip().endswith("</html>")
    assert [p.name for p in tmp_path.iterdir()] == ["map.html"]


def test_main_roads_are_drawn_over_the_areas_and_told_in_the_key(outcome):
    across = LineString([(300_000, 300_500), (402_500, 300_500), (402_500, 302_000)])
    roads = gpd.GeoSeries({"motorway": across, "primary": Point(0, 0).buffer(9).boundary}, crs=CRS)
    html = rendered(replace(outcome, place=replace(outcome.place, roads=roads)))
    (road,) = layer(html, "outlines")
    west = min(x for x, _ in road["geometry"]["coordinates"])
    assert road["properties"]["style"]["interactive"] is False
    assert -2.02 < west < -2.0  # what leads far away from the areas is cut off
    assert "Main roads" in Page(html).text
    assert "Main roads" not in Page(rendered(outcome)).text


def test_borders_stay_shared_when_simplified(outcome):
    shapes, rows = geometry.drawn(outcome.place, outcome.assessment.areas["band"].to_numpy())
    assert list(rows) == list(range(12))
    assert shapes[0].touches(shapes[1])
    assert shapes[0].distance(Point(-2.0, 52.6)) < 0.01


def test_areas_joined_by_class_are_worked_out_once(outcome, monkeypatch):
    monkeypatch.setattr(geometry, "MANY", 3)
    place, halves = outcome.place, np.repeat([0, 1], 6)
    shapes, rows = geometry.drawn(place, halves)
    assert rows.tolist() == [0, 6]
    assert geometry.drawn(place, halves.copy())[0] is shapes
    assert geometry.drawn(place, 1 - halves)[1].tolist() == [6, 0]
    for shift in range(9):
        geometry.drawn(place, np.roll(halves, shift))
    assert geometry.drawn(place, halves)[0] is not shapes


def test_many_centres_are_smaller_marks_without_numbers(outcome, monkeypatch):
    monkeypatch.setattr(maps_plan_map, "_MANY_CENTRES", 2)
    centres = [f["properties"] for f in layer(rendered(outcome), "centres")]
    assert [c["size"] for c in centres] == [14, 14, 14]
    assert all(">3</div>" not in c["icon"] for c in centres)
    assert centres[2]["tip"].startswith("3. ")


def test_very_many_points_are_dots(monkeypatch):
    points = gpd.GeoSeries([Point(400_000, 300_000), Point(401_000, 300_000)], crs=CRS)

    def size():
        (features,) = maps_plan_map.point_layer(
            "some", points, ["a", "b"], "#000000"
        )._children.values()
        return features.data["features"][0]["properties"]["size"]

    assert size() == 9
    monkeypatch.setattr(maps_plan_map, "_MANY_SITES", 1)
    assert size() == 3
