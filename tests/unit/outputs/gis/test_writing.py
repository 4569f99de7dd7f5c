"""Every format read back, by GDAL's own programs where they are installed."""

import json
import shutil
import signal
import sqlite3
import subprocess
from xml.etree import ElementTree as ET

import geopandas as gpd
import pandas as pd
import pyarrow.parquet as pq
import pyogrio
import pytest
import shapely

from nhcplanner.base.errors import InputError
from nhcplanner.outputs.export_formats import write_handin
from nhcplanner.outputs.gis import writing
from nhcplanner.outputs.gis.dictionary import write_csv
from nhcplanner.outputs.gis.layers import NAMES, layers
from nhcplanner.outputs.gis.writing import arrived, short_names

ROWS = {"areas": 12, "catchments": 3, "isochrones": 2, "sites": 4, "centres": 3}
FOLDERS = {"geojson": "geojson", "shp": "shapefile", "kml": "kml", "parquet": "parquet"}
KML = "{http://www.opengis.net/kml/2.2}"


@pytest.fixture
def handed(evidence, tmp_path):
    """A hand-in of all GIS formats."""
    write_handin(evidence, tmp_path, ["gpkg", *FOLDERS])
    return tmp_path


def path_of(folder, form, layer):
    return folder / FOLDERS[form] / f"{layer}.{form}" if form in FOLDERS else folder / "plan.gpkg"


def ogrinfo(path, layer):
    """Rows, EPSG code and values of a layer as GDAL's own program reads it."""
    if shutil.which("ogrinfo") is None:
        pytest.skip("ogrinfo is not installed (Debian: gdal-bin)")
    done = subprocess.run(
        ["ogr2ogr", "-f", "GeoJSONSeq", "/vsistdout/", str(path), layer],
        capture_output=True, check=True, encoding="utf-8",
    )  # fmt: skip
    rows = [json.loads(line)["properties"] for line in done.stdout.splitlines()]
    info = subprocess.run(
        ["ogrinfo", "-ro", "-so", str(path), layer],
        capture_output=True, check=True, encoding="utf-8",
    ).stdout  # fmt: skip
    return rows, info


def test_gdal_reads_every_row_back_with_its_coordinates(handed):
    for form in ("gpkg", "geojson", "shp", "kml"):
        for layer in NAMES:
            rows, info = ogrinfo(path_of(handed, form, layer), layer)
            assert len(rows) == ROWS[layer], (form, layer)
            assert {row["place"] for row in rows} == {"SYNTHETIC Row"}
            assert ("National Grid" in info) == (form in {"gpkg", "shp"})
            assert ("WGS 84" in info) == (form in {"geojson", "kml"})


@pytest.mark.parametrize("form", ["gpkg", "geojson", "shp", "parquet"])
def test_names_and_values_survive(handed, evidence, form):
    read = gpd.read_parquet if form == "parquet" else gpd.read_file
    found = {
        name: read(path_of(handed, form, name), **({"layer": name} if form == "gpkg" else {}))
        for name in ("areas", "sites")
    }
    names = writing.short_names(["minutes_after", "site_name"]) if form == "shp" else {}
    after, called = (names.get(one, one) for one in ("minutes_after", "site_name"))
    wanted = {layer.name: layer.frame for layer in layers(evidence)}
    pd.testing.assert_series_equal(
        found["areas"][after], wanted["areas"]["minutes_after"],
        check_names=False, check_dtype=False, rtol=1e-6,
    )  # fmt: skip
    long = "é" * (127 if form == "shp" else 300)
    assert found["sites"][called].tolist()[0] == "CON/../<b>"
    assert found["sites"][called].tolist()[1].startswith("=1+1 😀 & Ünïcode")
    assert found["sites"][called].tolist()[2] == long
    assert pd.isna(found["sites"][called].tolist()[3])


def test_shapes_survive_in_national_grid(handed, evidence):
    for form in ("gpkg", "shp", "parquet"):
        read = gpd.read_parquet if form == "parquet" else gpd.read_file
        for layer in layers(evidence):
            more = {"layer": layer.name} if form == "gpkg" else {}
            back = read(path_of(handed, form, layer.name), **more)
            assert back.crs.to_epsg() == 27700
            assert shapely.equals(back.geometry.to_numpy(), layer.frame.geometry.to_numpy()).all()


def test_geojson_is_as_rfc_7946_has_it(handed):
    text = (handed / "geojson" / "catchments.geojson").read_text("utf-8")
    found = json.loads(text, parse_constant=pytest.fail)
    assert "crs" not in found
    assert "SYNTHETIC" in found["description"]
    ring = shapely.Polygon(found["features"][0]["geometry"]["coordinates"][0])
    assert ring.exterior.is_ccw
    assert -2.1 < ring.centroid.x < -1.9
    assert 52 < ring.centroid.y < 53


def test_geopackage_holds_styles_that_qgis_finds_and_what_it_is(handed):
    with sqlite3.connect(handed / "plan.gpkg") as file:
        asked = "SELECT f_table_name, f_table_schema, f_geometry_column, useAsDefault, styleQML"
        styles = file.execute(f"{asked} FROM layer_styles").fetchall()
        shapes = dict(file.execute("SELECT table_name, column_name FROM gpkg_geometry_columns"))
        columns = file.execute('SELECT layer, "column" FROM columns').fetchall()
        sources = file.execute("SELECT title, licence FROM sources").fetchall()
        words = [text for (text,) in file.execute("SELECT description FROM gpkg_contents")]
        for layer in NAMES:
            there = {row[1] for row in file.execute(f"PRAGMA table_info({layer})")}
            assert there - {"fid", "geom"} == {name for one, name in columns if one == layer}
            drawn = [ET.fromstring(row[4]) for row in styles if row[0] == layer]
            assert {one.find("renderer-v2").get("attr") for one in drawn} <= there
    file.close()
    assert sorted(row[0] for row in styles if row[3]) == sorted(NAMES)
    assert {row[1] for row in styles} == {""}
    assert all(shapes[row[0]] == row[2] for row in styles)
    assert ("Squares", "OGL v3") in sources
    assert all("SYNTHETIC" in text for text in words)


def test_geopackage_of_the_same_plan_is_the_same_file(evidence, handed, tmp_path):
    write_handin(evidence, tmp_path / "again", ["gpkg"])
    assert (tmp_path / "again" / "plan.gpkg").read_bytes() == (handed / "plan.gpkg").read_bytes()


def test_kml_has_names_descriptions_and_a_style_for_each_placemark(handed):
    tree = ET.parse(handed / "kml" / "sites.kml")
    marks = list(tree.iter(f"{KML}Placemark"))
    names = [mark.findtext(f"{KML}name") for mark in marks]
    assert names == ["CON/../<b>", "=1+1 😀 & Ünïcode", "é" * 300, "S3"]
    assert "Capacity (people): 5,000" in marks[0].findtext(f"{KML}description")
    assert "Capacity" not in marks[1].findtext(f"{KML}description")
    styles = {f"#{style.get('id')}": style for style in tree.iter(f"{KML}Style")}
    used = [styles[mark.findtext(f"{KML}styleUrl")] for mark in marks]
    assert used[0].findtext(f".//{KML}color") == "ff873000"  # #003087, blue first
    assert "SYNTHETIC" in next(tree.iter(f"{KML}Document")).findtext(f"{KML}description")


def test_shapefile_says_its_short_names_its_letters_and_its_grid(handed, evidence):
    folder = handed / "shapefile"
    assert (folder / "sites.cpg").read_text() == "UTF-8"
    assert "British_National_Grid" in (folder / "sites.prj").read_text()
    said = pd.read_csv(folder / "columns.csv")
    for layer in layers(evidence):
        rows = said[said["layer"] == layer.name]
        assert (
            rows["column"].tolist()
            == pyogrio.read_info(folder / f"{layer.name}.shp")["fields"].tolist()
        )
        assert rows["full_name"].tolist() == layer.columns
    style = ET.parse(folder / "areas.qml").getroot()
    assert style.find("renderer-v2").get("attr") in said["column"].tolist()


def test_geoparquet_says_its_grid_where_every_reader_looks(handed):
    meta = pq.read_schema(handed / "parquet" / "areas.parquet").metadata
    geo = json.loads(meta[b"geo"])
    assert geo["columns"]["geometry"]["crs"]["id"] == {"authority": "EPSG", "code": 27700}
    assert b"SYNTHETIC" not in meta[b"geo"]
    assert pq.read_table(handed / "parquet" / "areas.parquet")["people"].to_pylist()[0] == 1000


def test_every_folder_says_its_columns_units_sources_and_labels(handed):
    for folder in FOLDERS.values():
        said = pd.read_csv(handed / folder / "columns.csv")
        assert said["meaning"].notna().all(), folder
        minutes = said[said.get("full_name", said["column"]) == "minutes_after"]
        assert minutes["unit"].tolist() == ["minutes"]
        words = (handed / folder / "sources.txt").read_text("utf-8")
        for part in ("SYNTHETIC", "EPSG:", "OGL v3", "price: Not requested", "modelled"):
            assert part in words, folder


def test_wide_tables_have_a_row_a_thing_and_long_ones_a_row_a_figure(evidence, tmp_path):
    write_csv(evidence, tmp_path)
    folder = tmp_path / "tables"
    sites = pd.read_csv(folder / "sites_wide.csv")
    assert sites["site_name"].tolist()[1].startswith("'=1+1")
    assert sites["easting"].tolist() == [400_500, 403_500, 406_500, 409_500]
    long = pd.read_csv(folder / "areas_long.csv")
    after = long[long["figure"] == "minutes_after"].set_index("area_code")
    assert len(after) == 12
    assert set(after["unit"]) == {"minutes"}
    wide = pd.read_csv(folder / "areas_wide.csv").set_index("area_code")
    pd.testing.assert_series_equal(after["value"], wide["minutes_after"], check_names=False)
    assert set(long["place"]) == set(wide["place"]) == {"SYNTHETIC Row"}
    said = pd.read_csv(folder / "columns.csv")
    for name in ("sites_wide", "areas_wide", "centres_wide", "areas_long"):
        there = pd.read_csv(folder / f"{name}.csv").columns
        assert set(there) == set(said.loc[said["table"] == name, "column"])


resource = pytest.importorskip("resource", reason="no limits on the size of a file here")


@pytest.fixture
def room():
    """Lets no file grow beyond some bytes, as a disk that fills does."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    handler = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    yield lambda most: resource.setrlimit(resource.RLIMIT_FSIZE, (most, before[1]))
    resource.setrlimit(resource.RLIMIT_FSIZE, before)
    signal.signal(signal.SIGXFSZ, handler)


def test_short_names_differ_whatever_their_case():
    names = ["Minutes_before", "minutes_before", "minutes_after", "x"]
    found = short_names(names)
    assert list(found) == names
    assert len({one.lower() for one in found.values()}) == 4
    assert max(map(len, found.values())) == 10


def test_a_file_with_too_few_rows_is_found_out(evidence, tmp_path):
    write_handin(evidence, tmp_path, ["geojson"])
    path = tmp_path / "geojson" / "areas.geojson"
    arrived(path, 12)
    with pytest.raises(OSError, match="12 of 13 rows"):
        arrived(path, 13)
    path.write_bytes(path.read_bytes()[:-200])
    with pytest.raises(OSError, match="0 of 12 rows"):
        arrived(path, 12)


@pytest.mark.parametrize("form", ["gpkg", "geojson", "shp", "kml", "parquet", "csv"])
def test_a_disk_that_fills_leaves_the_earlier_hand_in_whole(evidence, tmp_path, room, form):
    files = write_handin(evidence, tmp_path, [form])
    before = {path: path.read_bytes() for path in files}
    largest = max(len(held) for path, held in before.items() if path.name != "plan.json")
    for most in (largest - 20, largest // 2):
        room(most)
        with pytest.raises(InputError, match="cannot be written"):
            write_handin(evidence, tmp_path, [form])
        assert {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()} == before
