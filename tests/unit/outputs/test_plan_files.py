"""Tables and records written together, all or nothing."""

import json
import sqlite3
from pathlib import Path

import geopandas as gpd
import pandas as pd
import pytest

from nhcplanner.base.errors import InputError
from nhcplanner.domain.scenario import Scenario
from nhcplanner.outputs import plan_files
from nhcplanner.outputs.plan_files import write_files, write_table_files

NAMES = {
    "map.html", "summary.txt", "plan.json", "scenario.toml", "plan.gpkg",
    "areas.geojson", "areas.csv", "sites.geojson", "sites.csv",
}  # fmt: skip


def test_every_file_is_there_and_nothing_else(outcome, tmp_path):
    written = write_files(outcome, tmp_path / "new" / "plan")
    assert {path.name for path in written} == NAMES
    assert {path.name for path in (tmp_path / "new" / "plan").iterdir()} == NAMES


def test_same_plan_is_the_same_bytes(outcome, tmp_path):
    one, two = write_files(outcome, tmp_path / "a"), write_files(outcome, tmp_path / "b")
    assert [p.name for p, q in zip(one, two, strict=True) if p.read_bytes() != q.read_bytes()] == []


def test_geopackage_holds_both_layers_in_national_grid(outcome, tmp_path):
    write_files(outcome, tmp_path)
    areas = gpd.read_file(tmp_path / "plan.gpkg", layer="areas")
    sites = gpd.read_file(tmp_path / "plan.gpkg", layer="sites")
    assert areas.crs.to_epsg() == sites.crs.to_epsg() == 27700
    assert sites["role"].tolist() == ["existing", "new", "", "committed"]
    assert areas["band"].tolist() == outcome.assessment.areas["band"].tolist()
    assert areas.geometry.iloc[3].equals(outcome.place.areas.geometry[3])


def test_geopackage_carries_sources_and_licences(outcome, tmp_path):
    write_files(outcome, tmp_path)
    with sqlite3.connect(tmp_path / "plan.gpkg") as file:
        words = file.execute("select description from gpkg_contents").fetchall()
    file.close()
    assert all("OGL v3" in text and "SYNTHETIC" in text for (text,) in words)


def test_geojson_is_in_degrees_and_has_no_infinity(outcome, tmp_path):
    write_files(outcome, tmp_path)
    found = json.loads((tmp_path / "areas.geojson").read_text("utf-8"), parse_constant=pytest.fail)
    first, last = found["features"][0], found["features"][-1]
    assert -2.1 < first["geometry"]["coordinates"][0][0][0] < -1.9
    assert first["properties"]["minutes_after"] == 0
    assert last["properties"]["minutes_before"] is None
    assert "SYNTHETIC" in found["description"]


def test_csv_has_eastings_and_harmless_text(outcome, tmp_path):
    outcome.place.sites.loc[2, "site_name"] = "=HYPERLINK(1)"
    outcome.place.sites.loc[0, "site_name"] = "-2+3"
    write_files(outcome, tmp_path)
    sites = pd.read_csv(tmp_path / "sites.csv")
    assert sites["site_name"].tolist()[2] == "'=HYPERLINK(1)"
    assert sites["site_name"].tolist()[0] == "'-2+3"
    assert sites["easting"].tolist() == [400_500, 403_500, 406_500, 409_500]
    assert set(sites["place"]) == {"SYNTHETIC Row"}


def test_scenario_file_reads_back_equal(outcome, tmp_path):
    write_files(outcome, tmp_path)
    text = (tmp_path / "scenario.toml").read_text("utf-8")
    assert Scenario.from_toml(text) == outcome.scenario


def test_record_holds_what_a_rerun_needs(outcome, tmp_path):
    write_files(outcome, tmp_path)
    record = json.loads((tmp_path / "plan.json").read_text("utf-8"))
    assert record["sources"][0]["sha256"] == "ab" * 32
    assert record["versions"] == {"nhcplanner": "0.1.0"}
    assert record["plan"]["opened"] == ["S0", "S1", "S3"]
    assert [one["role"] for one in record["assessment"]["centres"]] == [
        "existing",
        "new",
        "committed",
    ]
    assert record["plan"]["stages"][1]["bound"] == 4400
    assert record["times"]["horizon"] == 60


def test_earlier_files_are_replaced_and_others_left_alone(outcome, tmp_path):
    (tmp_path / "notes.txt").write_text("mine")
    (tmp_path / "areas.csv").write_text("old")
    write_files(outcome, tmp_path)
    assert (tmp_path / "notes.txt").read_text() == "mine"
    assert "E01000000" in (tmp_path / "areas.csv").read_text()


def test_failure_while_writing_leaves_the_earlier_result(outcome, tmp_path, monkeypatch):
    write_files(outcome, tmp_path)
    before = {path.name: path.read_bytes() for path in tmp_path.iterdir()}

    def broken(frame, path):
        raise RuntimeError("disk gone")

    monkeypatch.setattr(plan_files, "_csv", broken)
    with pytest.raises(RuntimeError):
        write_files(outcome, tmp_path)
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == before


def test_file_that_cannot_be_replaced_puts_all_back(outcome, infeasible, tmp_path, monkeypatch):
    write_files(outcome, tmp_path)
    before = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    replace = Path.replace

    def held(path, target):
        if (
            path.name == "areas.csv"
            and target == tmp_path / "areas.csv"
            and "old" not in path.parts
        ):
            raise PermissionError(13, "Permission denied")
        return replace(path, target)

    monkeypatch.setattr(Path, "replace", held)
    with pytest.raises(InputError, match=r"areas\.csv: cannot be written .*Close it"):
        write_files(infeasible, tmp_path)
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == before


def test_folder_that_is_a_file_is_a_clear_error(outcome, tmp_path):
    path = tmp_path / "taken"
    path.write_text("x")
    with pytest.raises(InputError, match="cannot be written"):
        write_files(outcome, path)
    assert path.read_text() == "x"


def test_isochrones_are_a_layer_and_a_file_while_there_are_any(outcome, tmp_path):
    ground = gpd.GeoDataFrame(
        {"site_id": ["S1", "S1"], "mode": "walk", "minutes": [10.0, 20.0], "cell_m": 50.0},
        geometry=[outcome.place.areas.geometry[0], outcome.place.areas.geometry[:2].union_all()],
        crs=outcome.place.areas.crs,
    )
    written = write_files(outcome, tmp_path, ground)
    assert {path.name for path in written} == NAMES | {"isochrones.geojson"}
    layer = gpd.read_file(tmp_path / "plan.gpkg", layer="isochrones")
    assert layer["minutes"].tolist() == [20, 10]
    assert layer["name"].tolist() == [outcome.place.sites["site_name"][1]] * 2
    write_files(outcome, tmp_path, ground.iloc[:0])
    assert {path.name for path in tmp_path.iterdir()} == NAMES


def test_tables_and_records_stand_side_by_side(tmp_path):
    table = pd.DataFrame({"part": ["Köln"], "people": [3]})
    written = write_table_files(tmp_path, {"parts": table}, {"plans/north": {"status": "optimal"}})
    assert {path.relative_to(tmp_path).as_posix() for path in written} == {
        "parts.csv",
        "plans/north.json",
    }
    assert (tmp_path / "parts.csv").read_text(encoding="utf-8-sig") == "part,people\nKöln,3\n"
    record = json.loads((tmp_path / "plans" / "north.json").read_text(encoding="utf-8"))
    assert record == {"status": "optimal"}


def test_a_folder_that_cannot_be_written_is_a_fault(tmp_path):
    (tmp_path / "file").write_text("here")
    with pytest.raises(InputError):
        write_table_files(tmp_path / "file", {}, {"record": {}})
