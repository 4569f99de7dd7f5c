"""data/england: what layers.toml says of each layer holds, and the layers fit together."""

import hashlib
import os
import subprocess
import sys
import tomllib
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow.parquet as pq
import pytest
import shapely

ENGLAND = Path(__file__).parents[2] / "data/england"
SAID = tomllib.loads((ENGLAND / "layers.toml").read_text(encoding="utf-8"))
MOST_BYTES = 15_000_000
CENSUS_2021 = 56_489_608
"""Residents of England on the file of ages of Census 2021."""


@pytest.fixture(scope="module")
def areas() -> pd.DataFrame:
    return pd.read_parquet(ENGLAND / "areas.parquet")


@pytest.mark.parametrize("name", SAID["layers"])
def test_a_layer_is_the_file_that_it_is_said_to_be(name):
    said = SAID["layers"][name]
    content = (ENGLAND / said["file"]).read_bytes()
    assert hashlib.sha256(content).hexdigest() == said["sha256"]
    assert len(content) == said["bytes"]
    assert pq.read_metadata(ENGLAND / said["file"]).num_rows == said["rows"]
    assert set(said["sources"]) <= set(SAID["sources"])


def test_every_source_says_what_a_record_needs():
    for source in SAID["sources"].values():
        assert all(source[key] for key in ("title", "publisher", "licence", "attribution"))
        assert source["vintage"]
        assert len(source["sha256"]) == 64
        assert source["rows"] > 0


def test_no_file_is_left_out_of_the_record_and_all_stay_small():
    files = {said["file"] for said in SAID["layers"].values()}
    assert {path.name for path in ENGLAND.glob("*.parquet")} == files
    assert sum(said["bytes"] for said in SAID["layers"].values()) < MOST_BYTES


def test_areas_are_all_of_england_once(areas):
    assert len(areas) == 33_755
    assert areas["area_code"].is_monotonic_increasing
    assert areas["area_code"].is_unique
    assert (areas["people"] > 0).all()
    assert sorted(areas["imd_rank"]) == list(range(1, 33_756))
    counts = {"council_code": 153, "district_code": 296, "icb24_code": 42, "icb_name": 36}
    assert {name: areas[name].nunique() for name in counts} == counts
    assert areas["region_name"].nunique() == 9
    for part, whole in (("msoa_code", "council_code"), ("district_code", "council_code")):
        assert (areas.groupby(part)[whole].nunique() == 1).all()
    assert (areas.groupby("council_code")["region_code"].nunique() == 1).all()


def test_parts_of_the_census_sum_to_their_wholes(areas):
    ages = areas.filter(regex="^age_").sum(axis=1)
    assert ages.sum() == pytest.approx(CENSUS_2021, rel=1e-4)
    groups = areas[["asian", "black", "mixed", "other_ethnic", "white"]].sum(axis=1)
    assert (groups - areas["census_people"]).abs().max() < 60
    dimensions = areas[["not_deprived", *(f"deprived_{n}" for n in range(1, 5))]].sum(axis=1)
    assert (dimensions - areas["households"]).abs().max() < 30
    assert areas["share_85_of_65_plus"].between(0, 1).all()


def test_shapes_are_sound_and_their_borders_are_shared(areas):
    table = pd.read_parquet(ENGLAND / "shapes.parquet")
    shapes = shapely.from_wkb(table["geometry"].to_numpy())
    assert table["area_code"].tolist() == areas["area_code"].tolist()
    assert shapely.is_valid(shapes).all()
    broken = shapely.coverage_invalid_edges(shapes)
    assert (~shapely.is_empty(broken)).sum() <= 11  # overlaps of the published shapes themselves
    near = shapely.dwithin(shapes, shapely.points(areas["centroid_x"], areas["centroid_y"]), 500.0)
    assert near.mean() > 0.999


def test_councils_have_hle_with_its_interval_and_two_have_none(areas):
    hle = pd.read_parquet(ENGLAND / "hle.parquet")
    newest = hle[(hle["period"] == "2022-24") & hle["area_code"].isin(areas["council_code"])]
    assert set(areas["council_code"]) - set(newest["area_code"]) == {"E06000053", "E09000001"}
    assert len(newest) == 2 * 151
    assert newest["hle"].between(newest["lci_95"], newest["uci_95"]).all()
    blackpool = newest[(newest["area_code"] == "E06000009") & (newest["sex"] == "Male")]
    assert blackpool["hle"].item() == 50.9


def test_sites_have_an_id_a_place_and_a_list():
    sites = pd.read_parquet(ENGLAND / "sites.parquet")
    assert sites["site_id"].is_unique
    assert sites["easting"].between(80_000, 660_000).all()
    assert sites[["site_name", "kind", "listed_by"]].notna().all(axis=None)
    assert sites["postcode"].dropna().str.fullmatch(r"[A-Z]{1,2}\d[A-Z\d]? \d[A-Z]{2}").all()
    kinds = sites["kind"].value_counts()
    assert kinds["gp_practice"] == 6_203
    assert sites.loc[sites["kind"] == "gp_practice", "registered_patients"].sum() > 63e6
    assert sites.loc[sites["kind"] == "branch_surgery", "listed_by"].str.contains("old").all()


def test_no_layer_knows_who_has_a_car(areas):
    indicators = pq.read_schema(ENGLAND / "indicators.parquet").names
    assert not [name for name in (*areas, *indicators) if "car" in name.split("_")]


def test_the_model_of_hle_is_the_one_that_its_script_fits(tmp_path):
    command = [sys.executable, str(ENGLAND / "fit_hle.py"), str(tmp_path)]
    environment = {**os.environ, "PYTHONPATH": str(ENGLAND.parents[1])}
    subprocess.run(command, check=True, capture_output=True, env=environment)
    made, committed = (
        tomllib.loads((folder / "hle_model.toml").read_text(encoding="utf-8"))
        for folder in (tmp_path, ENGLAND)
    )
    assert made["covariates"] == committed["covariates"]
    for sex in ("Male", "Female"):
        for part in ("coefficients", "components"):
            one, other = (np.array(pd.Series(model[part][sex])) for model in (made, committed))
            assert one == pytest.approx(other, rel=1e-3)
