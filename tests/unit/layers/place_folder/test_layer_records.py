"""Layers of a place folder that were changed or made by hand leave a record."""

import tomllib

import geopandas as gpd
import pandas as pd
import pytest
from shapely.geometry import Point

from nhcplanner import Place, layers

CODES = ["X01000001", "X01000002"]


@pytest.fixture
def folder(tmp_path):
    areas = pd.DataFrame({"area_code": CODES, "people": [1500, 1700], "hle": [58.0, 63.5],
                          "easting": [430000, 432000], "northing": 310000})  # fmt: skip
    sites = pd.DataFrame({"site_id": ["S1", "S2"], "site_name": ["Oak", "Elm"],
                          "capacity": [9000, 8000], "easting": [430200, 432100],
                          "northing": 310000})  # fmt: skip
    Place.from_frames(areas, sites, name="Two", folder=tmp_path / "place")
    return tmp_path / "place"


def records(folder):
    """The records that reading adds to those in place.toml, by file."""
    kept = tomllib.loads((folder / "place.toml").read_text())["intake"]
    added = layers.read_place(folder).intake[len(kept) :]
    return {one.file: "\n".join(one.lines()) for one in added}


def test_a_folder_as_it_was_written_has_no_record_of_its_layers(folder):
    assert records(folder) == {}


def test_a_layer_that_was_changed_is_named_with_blank_cells(folder):
    path = folder / "sites.parquet"
    gpd.read_parquet(path).assign(capacity=[9000, None], extra=1).to_parquet(path)
    said = records(folder)["sites.parquet"]
    assert "sites.parquet was changed after the place was written" in said
    assert "'capacity' blank in 1 row (row 2)" in said
    assert "columns not used: extra" in said


def test_a_layer_made_by_hand_is_checked_as_a_list_is(folder):
    """A building twice, under another id."""
    frame = gpd.read_parquet(folder / "sites.parquet")
    frame = pd.concat([frame, frame.iloc[[1]].assign(site_id="S3")], ignore_index=True)
    (folder / "sites.parquet").unlink()
    point = frame.geometry
    frame.drop(columns="geometry").assign(easting=point.x, northing=point.y).to_csv(
        folder / "sites.csv", index=False
    )
    said = records(folder)["sites.csv"]
    assert "1 pair of rows look like one building" in said
    assert len(layers.read_place(folder).sites) == 3


def test_a_changed_layer_of_areas_reports_figures_that_disagree(folder):
    path = folder / "areas.parquet"
    frame = gpd.read_parquet(path).assign(council_code=["E06000001"] * 2, council_name=["A", "B"])
    frame.to_parquet(path)
    assert "1 council_code with more than one council_name" in records(folder)["areas.parquet"]
    assert frame.geometry.iloc[0] == Point(430000, 310000)
