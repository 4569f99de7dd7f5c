import base64
import json
from dataclasses import replace

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from shapely.geometry import LineString, box

from nhcplanner.domain.place import CRS
from nhcplanner.outputs import frames
from nhcplanner.outputs.maps import plan_map, screen
from nhcplanner.outputs.maps.leaflet import Tiles
from nhcplanner.outputs.maps.screen import Drawing, Surroundings
from nhcplanner.outputs.sanitise import isolated
from nhcplanner.outputs.tables import need
from tests.canaries import ALL
from tests.unit.outputs.maps.test_packed import read

EVIL = "".join(ALL.values())


@pytest.fixture
def drawing(outcome):
    measure = need.measures(outcome.place)["people"]
    return Drawing(measure.shading(outcome.place), need.tips(outcome.place, measure))


def content(folder, name):
    return json.loads((folder / name).read_text("utf-8"))


def test_files_are_named_by_content_and_written_once(outcome, drawing, tmp_path):
    first = screen.data(outcome.place, drawing, Surroundings(), tmp_path)
    times = {one: one.stat().st_mtime_ns for one in tmp_path.iterdir()}
    again = screen.data(replace(outcome.place), drawing, Surroundings(), tmp_path)
    assert again == first
    assert {one: one.stat().st_mtime_ns for one in tmp_path.iterdir()} == times
    assert len(read((tmp_path / first["shapes"]).read_bytes())) == len(outcome.place.areas)
    facts = content(tmp_path, first["facts"])
    assert facts == [drawing.tip(row) for row in range(len(outcome.place.areas))]
    classes = base64.b64decode(first["classes"])
    assert list(classes) == drawing.shading.of_area.tolist()


def test_old_files_go(outcome, drawing, tmp_path, monkeypatch):
    monkeypatch.setattr(screen, "MOST_FILES", 4)
    for number in range(9):
        tip = str(number).__add__
        screen.data(outcome.place, drawing._replace(tip=lambda _, t=tip: t("")), Surroundings(),
                    tmp_path)  # fmt: skip
    assert len(list(tmp_path.iterdir())) == 4


def test_names_stay_the_text_that_they_are(outcome, tmp_path):
    place = outcome.place
    evil = replace(
        place,
        areas=place.areas.assign(area_name=EVIL, ward_name=EVIL),
        sites=place.sites.assign(site_name=EVIL),
    )
    of_evil = replace(outcome, place=evil)
    layers = [plan_map.site_layer(of_evil), plan_map.centre_layer(of_evil)]
    measure = need.measures(evil)["people"]
    drawing = Drawing(measure.shading(evil), need.tips(evil, measure), layers)
    made = screen.data(evil, drawing, Surroundings(), tmp_path)
    assert content(tmp_path, made["facts"])[0].startswith(isolated(EVIL))
    points = [one for layer in content(tmp_path, made["layers"]) for one in layer["points"]]
    assert all(EVIL in point["tip"] for point in points)
    assert {point.get("symbol") for point in points} >= {"new", None}
    assert all("icon" not in point for point in points)
    roles = {role or "closed" for role in frames.role(of_evil)}
    assert {one["symbol"] for one in made["marks"]} == roles
    names = content(tmp_path, made["ground"])["names"]
    assert [one[:2] for one in names] == [[EVIL, "ward"]]


def test_areas_that_a_filter_leaves_out_are_faint_and_the_map_shows_the_others(
    outcome, drawing, tmp_path
):
    in_part = np.arange(len(outcome.place.areas)) < 2
    made = screen.data(outcome.place, drawing._replace(in_part=in_part), Surroundings(), tmp_path)
    faint = [one >= screen.FAINT for one in base64.b64decode(made["classes"])]
    assert faint == (~in_part).tolist()
    whole = screen.data(outcome.place, drawing, Surroundings(), tmp_path)["bounds"]
    assert made["bounds"][1][1] < whole[1][1]  # two squares in the west


def test_neighbouring_land_and_its_councils_follow_the_places_own(outcome, drawing, tmp_path):
    areas = outcome.place.areas.assign(
        council_code=["A", "A", *["B"] * (len(outcome.place.areas) - 2)]
    )
    place = replace(outcome.place, areas=areas)
    near = gpd.GeoDataFrame(
        {"council_code": ["B", "C"], "icb_code": ["X", "X"]},
        geometry=[box(0, 0, 1000, 1000), box(1000, 0, 2000, 1000)],
        crs=CRS,
    )
    towns = pd.DataFrame({"name": ["Town"], "lat": [52.5], "lon": [-1.5], "population": [9000]})
    around = Surroundings(near, towns, "Credit", has_sea=True)
    found = screen.groups(place, around)
    assert list(found) == ["council"]
    assert found["council"].tolist() == [0, 0, *[1] * (len(areas) - 2), 1, 2]
    made = screen.data(place, drawing, around, tmp_path)
    assert len(read((tmp_path / made["shapes"]).read_bytes())) == len(areas) + 2
    assert made["sea"]
    assert made["credit"].endswith("Credit")
    assert content(tmp_path, made["ground"])["names"] == [["Town", "town", 9000, -1.5, 52.5]]


def test_roads_and_isochrones_are_lines_and_polygons(outcome, drawing, tmp_path):
    road = LineString([(400_000, 300_500), (403_000, 300_500)])
    place = replace(outcome.place, roads=gpd.GeoSeries({"trunk": road}, crs=CRS))
    ground = gpd.GeoDataFrame(
        {"mode": ["walk"], "minutes": [10.0]},
        geometry=[box(400_000, 300_000, 401_000, 301_000)],
        crs=CRS,
    )
    layer = plan_map.isochrone_layer(ground, show=True)
    made = screen.data(place, drawing._replace(above=[layer]), Surroundings(), tmp_path)
    rest = content(tmp_path, made["ground"])
    assert rest["kinds"] == ["trunk"]
    assert len(read((tmp_path / rest["roads"]).read_bytes())) == 1
    (shape,) = content(tmp_path, made["layers"])[0]["shapes"]
    assert not shape["line"]
    assert len(shape["rings"][0][0]) == 5


def test_tiles_are_plain_data():
    tiles = Tiles("https://tiles.example.org/{z}/{x}/{y}.png", "Tiles <of> Example")
    assert screen.tile_data(tiles) == {"address": tiles.address, "credit": "Tiles <of> Example"}
    assert screen.tile_data(None) is None
