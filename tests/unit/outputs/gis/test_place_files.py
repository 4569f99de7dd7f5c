"""Who is left out, as files."""

import json

import geopandas as gpd
import pandas as pd
import pytest
from shapely import box

from nhcplanner import workflow
from nhcplanner.base.errors import InputError
from nhcplanner.domain.place import CRS
from nhcplanner.domain.scenario import Scenario
from nhcplanner.outputs import write_left_out, write_neighbourhoods


@pytest.fixture
def areas() -> pd.DataFrame:
    return pd.DataFrame({"area_code": ["E01000001"], "area_name": ["=1+1"], "people": [900]})


@pytest.fixture
def ground() -> gpd.GeoDataFrame:
    shape = box(450_000, 520_000, 451_000, 521_000)
    return gpd.GeoDataFrame({"site_id": ["S1"], "minutes": [20]}, geometry=[shape], crs=CRS)


def test_areas_are_safe_to_open_and_isochrones_lie_in_degrees(outcome, areas, ground, tmp_path):
    files = write_left_out(outcome.place, areas, ground, tmp_path / "out")
    assert [path.name for path in files] == ["areas_without.csv", "isochrones.geojson"]
    assert "'=1+1" in files[0].read_text(encoding="utf-8")
    drawn = json.loads(files[1].read_text(encoding="utf-8"))
    assert outcome.place.title in drawn["description"]
    longitude, latitude = drawn["features"][0]["geometry"]["coordinates"][0][0][:2]
    assert -7 < longitude < 2
    assert 49 < latitude < 61


def test_isochrones_of_an_earlier_run_do_not_stay(outcome, areas, ground, tmp_path):
    write_left_out(outcome.place, areas, ground, tmp_path)
    write_left_out(outcome.place, areas, ground.iloc[:0], tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["areas_without.csv"]


def test_a_file_in_the_way_is_told(outcome, areas, ground, tmp_path):
    (tmp_path / "out").write_text("mine")
    with pytest.raises(InputError, match="cannot be written"):
        write_left_out(outcome.place, areas, ground, tmp_path / "out")


def test_files_read_back_equal_the_division(tmp_path):
    place = workflow.demo_place()
    division = workflow.build_neighbourhoods(place, scenario=Scenario(engine="estimate"))
    files = write_neighbourhoods(place, division, tmp_path / "out")
    assert {path.name for path in files} == {
        "neighbourhoods.csv", "footprints.csv", "parts.csv", "notes.txt", "footprints.geojson",
        "footprints.gpkg",
    }  # fmt: skip
    lookup = pd.read_csv(tmp_path / "out" / "neighbourhoods.csv")
    assert lookup["neighbourhood"].tolist() == division.names.tolist()
    layer = gpd.read_file(tmp_path / "out" / "footprints.gpkg", layer="footprints")
    assert layer["people"].tolist() == division.footprints["people"].tolist()
    assert layer.crs.to_epsg() == 27700
    assert "SYNTHETIC" in (tmp_path / "out" / "notes.txt").read_text(encoding="utf-8")
