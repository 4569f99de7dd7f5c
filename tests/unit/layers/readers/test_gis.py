"""Layers are read by the one driver that their ending and first bytes name."""

from __future__ import annotations

import json
import os
import re
import sqlite3
from contextlib import closing
from pathlib import Path

import geopandas as gpd
import pandas as pd
import pyogrio
import pytest
from pyarrow import parquet
from shapely import Point, Polygon

from nhcplanner.base.errors import InputError
from nhcplanner.base.file_checks import VECTOR_DRIVERS, WRITE_DRIVERS
from nhcplanner.base.limited_reader import in_process
from nhcplanner.layers.geocoding.coordinates import to_shapes
from nhcplanner.layers.readers import gis, tables
from nhcplanner.layers.readers.gis import check_geopackage, read_layer
from nhcplanner.layers.readers.tables import read_table
from tests.unit.layers.readers.hostile import SECRET, canary_server, documents, linked

pytestmark = pytest.mark.unit
ENDINGS = (".geojson", ".json", ".gpkg", ".shp", ".fgb")
KINDS = tuple(documents(Path("secret.csv"), ""))


@pytest.fixture
def points() -> gpd.GeoDataFrame:
    shapes = [Point(485_700, 308_600), Point(486_000, 309_000)]
    return gpd.GeoDataFrame({"name": ["one", "two"]}, geometry=shapes, crs="EPSG:27700")


@pytest.mark.parametrize("ending", ENDINGS)
@pytest.mark.parametrize("kind", KINDS)
def test_documents_that_name_other_files_or_addresses_open_nothing(tmp_path, kind, ending):
    secret = tmp_path / "secret.csv"
    secret.write_text(f"name,easting,northing\n{SECRET},485700,308600\n", encoding="utf-8")
    path = tmp_path / f"sites{ending}"
    with canary_server() as (address, calls):
        path.write_text(documents(secret, address)[kind], encoding="utf-8")
        if kind == "vrt within json" and ending in (".geojson", ".json"):
            assert read_layer(path)[0].empty
        else:
            with pytest.raises(InputError, match=re.escape(path.name)) as caught:
                read_layer(path)
            assert SECRET not in str(caught.value)
    assert calls == []


@pytest.mark.parametrize(
    ("driver", "ending"),
    [
        ("GPKG", ".gpkg"),
        ("GeoJSON", ".geojson"),
        ("ESRI Shapefile", ".shp"),
        ("FlatGeobuf", ".fgb"),
    ],
)
def test_each_format_is_read_as_geopandas_wrote_it(tmp_path, points, driver, ending):
    path = tmp_path / f"sites{ending}"
    points.to_file(path, driver=driver)
    frame, _ = read_layer(path)
    assert sorted(frame["name"]) == ["one", "two"]
    assert frame.crs == points.crs
    frame, _ = read_layer(path, most=1)
    assert len(frame) == 1


@pytest.mark.parametrize("said", [".geojson", ".shp", ".fgb"])
def test_a_layer_of_another_format_than_its_name_says_is_refused(tmp_path, points, said):
    written = tmp_path / "sites.gpkg"
    points.to_file(written, driver="GPKG")
    path = written.rename(tmp_path / f"sites{said}")
    with pytest.raises(InputError, match=f"it is not a {said[1:]} file"):
        read_layer(path)


@pytest.mark.parametrize("kind", ["link", "url", "Link"])
@pytest.mark.parametrize(
    "key", ['"crs"', "'crs'", '"\\u0063rs"', '"c\\u0072\\u0073"', '"crs" /* x */']
)
def test_a_coordinate_system_is_never_fetched(tmp_path, kind, key):
    path = tmp_path / "sites.geojson"
    with canary_server() as (address, calls):
        link = f'{{"href": "{address}/a", "url": "{address}/b", "type": "ogcwkt"}}'
        text = linked(f'{key}: {{"type": "{kind}", "properties": {link}}}')
        path.write_text(text, encoding="utf-8")
        with pytest.raises(InputError, match="coordinate system"):
            read_layer(path)
    assert calls == []


@pytest.mark.parametrize(
    "crs",
    [
        '"crs": {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::27700"}}',
        '"crs": {"type":"name","properties":{"name":"EPSG:4326"}}',
        '"crs": null',
        '"note": "crs"',
        '"crs_note": {"type": "link"}',
    ],
)
def test_a_coordinate_system_by_name_is_read(tmp_path, crs):
    path = tmp_path / "sites.geojson"
    path.write_text(linked(crs), encoding="utf-8")
    frame, _ = read_layer(path)
    assert list(frame["name"]) == ["a"]


def named(name: str) -> str:
    return json.dumps({"type": "name", "properties": {"name": name}})


FEATURE = (
    '{"type": "Feature", "properties": {"name": "one"}, '
    '"geometry": {"type": "Point", "coordinates": [-1.2, 54.5]}}'
)


def geojson(path: Path, crs: str, where: str = "before") -> Path:
    first = f'"crs": {crs}, ' if where == "before" else ""
    last = f', "crs": {crs}' if where == "after" else ""
    feature = FEATURE.replace("{", f'{{"crs": {crs}, ', 1) if where == "feature" else FEATURE
    path.write_text(
        f'{{"type": "FeatureCollection", {first}"features": [{feature}]{last}}}', encoding="utf-8"
    )
    return path


UNKNOWN = [
    named("EPSG:99999"),
    named("urn:ogc:def:crs:EPSG::99999"),
    named("British National Grid"),
    named("OSGB36"),
    named("nonsense"),
    named(""),
    '{"type": "EPSG", "properties": {"code": 99999}}',
    '{"type": "name", "properties": {"code": "EPSG:27700"}}',
    '"EPSG:27700"',
    "27700",
]


@pytest.mark.parametrize("where", ["before", "after"])
@pytest.mark.parametrize("crs", UNKNOWN)
def test_a_coordinate_system_that_gdal_does_not_know_is_refused(tmp_path, crs, where):
    with pytest.raises(InputError, match=r"one\.geojson: .*crs.* Save it in longitude"):
        read_layer(geojson(tmp_path / "one.geojson", crs, where))


def test_a_coordinate_system_of_one_feature_is_refused(tmp_path):
    """GDAL ignores it, and would read metres as degrees."""
    with pytest.raises(InputError, match="not supported: EPSG:27700"):
        read_layer(geojson(tmp_path / "one.geojson", named("EPSG:27700"), "feature"))


@pytest.mark.parametrize(
    ("crs", "code"),
    [
        ("null", 4326),
        (named("CRS84"), 4326),
        (named("urn:ogc:def:crs:OGC:1.3:CRS84"), 4326),
        (named("EPSG:3857"), 3857),
        (named("urn:ogc:def:crs:EPSG::27700"), 27700),
        ('{"type": "EPSG", "properties": {"code": 27700}}', 27700),
    ],
)
def test_a_known_coordinate_system_is_read_in_any_place_of_the_file(tmp_path, crs, code):
    for where in ("before", "after"):
        frame, _ = read_layer(geojson(tmp_path / "one.geojson", crs, where))
        assert frame.crs.to_epsg() == code


@pytest.mark.parametrize("srs_id", [0, -1, 99_998])
def test_an_undefined_coordinate_system_of_a_geopackage_is_refused(tmp_path, points, srs_id):
    path = tmp_path / "sites.gpkg"
    points.to_file(path, driver="GPKG")
    with closing(sqlite3.connect(path)) as base, base:
        base.execute("UPDATE gpkg_geometry_columns SET srs_id = ?", (srs_id,))
        base.execute("UPDATE gpkg_contents SET srs_id = ?", (srs_id,))
    with pytest.raises(InputError, match="has no coordinate reference system"):
        to_shapes(read_table(path))


@pytest.mark.parametrize("prj", ["", "garbage", 'PROJCS["Unknown"]', None])
def test_an_unknown_projection_of_a_shapefile_is_refused(tmp_path, points, prj):
    path = tmp_path / "sites.shp"
    points.to_file(path)
    if prj is None:
        path.with_suffix(".prj").unlink()
    else:
        path.with_suffix(".prj").write_text(prj, encoding="utf-8")
    with pytest.raises(InputError, match=r"coordinate (reference )?system"):
        to_shapes(read_table(path))


def test_a_property_called_crs_is_a_property(tmp_path):
    path = tmp_path / "sites.geojson"
    text = linked('"note": 1').replace('"name": "a"', '"name": "a", "crs": "EPSG:27700"')
    path.write_text(text, encoding="utf-8")
    assert list(read_layer(path)[0]["crs"]) == ["EPSG:27700"]


def test_too_many_columns_or_features_are_refused_before_they_are_read(
    tmp_path, points, monkeypatch
):
    path = tmp_path / "sites.gpkg"
    points.to_file(path, driver="GPKG")
    monkeypatch.setattr(gis, "MOST_FEATURES", 1)
    monkeypatch.setattr(gis, "MOST_COLUMNS", 0)
    with pytest.raises(InputError) as caught:
        read_layer(path)
    assert len(caught.value.faults) == 2


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="there are no named pipes on Windows")
def test_a_pipe_is_not_waited_for(tmp_path):
    path = tmp_path / "sites.gpkg"
    os.mkfifo(path)
    with pytest.raises(InputError, match="no such file"):
        read_table(path)


def test_a_shapefile_whose_table_is_a_link_elsewhere_is_refused(tmp_path, points):
    home, other = tmp_path / "home", tmp_path / "other"
    home.mkdir()
    other.mkdir()
    points.to_file(home / "sites.shp")
    (home / "sites.dbf").rename(other / "secret.dbf")
    try:
        (home / "sites.dbf").symlink_to(other / "secret.dbf")
    except OSError:
        pytest.skip("this account may not make links")
    with pytest.raises(InputError, match=r"sites\.dbf"):
        read_layer(home / "sites.shp")


def test_only_wanted_drivers_are_left_after_reading(tmp_path, points):
    path = tmp_path / "sites.gpkg"
    points.to_file(path, driver="GPKG")
    read_layer(path)
    assert set(pyogrio.list_drivers()) <= VECTOR_DRIVERS | WRITE_DRIVERS


@pytest.mark.parametrize(("driver", "ending"), [("GPKG", ".gpkg"), ("GeoJSON", ".geojson")])
def test_shapes_of_too_many_points_are_refused(tmp_path, points, monkeypatch, driver, ending):
    path = tmp_path / f"sites{ending}"
    corners = [(485_700, 308_600), (486_000, 308_600), (486_000, 309_000), (485_700, 308_600)]
    points.loc[1, "geometry"] = Polygon(corners)  # 4 points, and 5 with the other shape
    points.to_file(path, driver=driver)
    with in_process():
        assert len(read_table(path).frame) == 2
        monkeypatch.setattr(tables, "MOST_VERTICES", 4)
        with pytest.raises(InputError, match=r"has shapes of 5 points in all, more than 4"):
            read_table(path)
        monkeypatch.setattr(tables, "MOST_VERTICES_EACH", 3)
        with pytest.raises(InputError, match=r"row 2: has a shape of 4 points, more than 3"):
            read_table(path)


METADATA = ["[" * 50_000, '{"version": "1.0.0"', "null", "\x00", '{"columns": {"geometry": 1}}']


@pytest.mark.parametrize("key", ["geo", "pandas", "ARROW:schema"])
@pytest.mark.parametrize("metadata", METADATA)
def test_damaged_metadata_of_a_parquet_file_is_one_sentence(tmp_path, points, metadata, key):
    path = tmp_path / "sites.parquet"
    points.to_parquet(path)
    table = parquet.read_table(path)
    whole = {**table.schema.metadata, key.encode(): metadata.encode()}
    parquet.write_table(table.replace_schema_metadata(whole), path)
    words = refusal(path)
    assert re.fullmatch(r"(sites\.parquet: cannot be read as Parquet: [^\n]{1,200})?", words)
    assert "recursion" not in words


def refusal(path: Path) -> str:
    """Why a table is refused; empty if it is read."""
    try:
        read_table(path)
    except InputError as error:
        return str(error)
    return ""


def test_columns_of_bytes_and_lists_are_left_out_with_a_line(tmp_path, points):
    path = tmp_path / "sites.parquet"
    points.assign(raw=[b"\xff", None], tags=[["a"], []], about=[{"a": 1}, None]).to_parquet(path)
    table = read_table(path)
    assert list(table.frame) == ["name", "geometry"]
    assert table.notes == ("3 columns of bytes or lists left out: raw, tags, about",)


def test_a_geometry_of_bytes_without_metadata_asks_for_coordinates(tmp_path, points):
    path = tmp_path / "sites.parquet"
    pd.DataFrame({"name": points["name"], "geometry": points.geometry.to_wkb()}).to_parquet(path)
    table = read_table(path)
    assert list(table.frame) == ["name"]


pytestmark = pytest.mark.unit
ENDLESS = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT i AS fid FROM n"
REGISTER = (
    "INSERT INTO gpkg_contents (table_name, data_type, identifier) "
    "VALUES ('evil', 'attributes', 'evil')"
)
HOSTILE = {
    "endless view as a layer": ([f"CREATE VIEW evil AS {ENDLESS}", REGISTER], "views"),
    "endless view beside": ([f"CREATE VIEW evil AS {ENDLESS}"], "views"),
    "the list of layers is a view": (
        ["ALTER TABLE gpkg_extensions RENAME TO x", f"CREATE VIEW gpkg_extensions AS {ENDLESS}"],
        "views",
    ),
    "virtual table": (["CREATE VIRTUAL TABLE evil USING fts4(text)"], "virtual tables"),
    "virtual table, spaced out": (
        ["CREATE\n VIRTUAL\tTABLE 'e vil' USING fts4(text)"],
        "virtual tables",
    ),
    "computed column": (
        ["CREATE TABLE evil (fid INTEGER PRIMARY KEY, big AS (zeroblob(1000000000)))"],
        "computed columns",
    ),
    "computed column, commented": (
        ["CREATE TABLE evil (fid INTEGER PRIMARY KEY, a TEXT /* ' */ AS/**/(zeroblob(9)) -- '\n)"],
        "computed columns",
    ),
}


@pytest.fixture
def path(tmp_path):
    points = gpd.GeoDataFrame(
        {"name": ["one"]}, geometry=[Point(485_700, 308_600)], crs="EPSG:27700"
    )
    path = tmp_path / "sites.gpkg"
    points.to_file(path, driver="GPKG", layer="sites")
    return path


def _run(path, statements):
    with closing(sqlite3.connect(path)) as database, database:
        for statement in statements:
            database.execute(statement)


@pytest.mark.parametrize("kind", HOSTILE)
def test_stored_sql_is_refused(path, kind):
    statements, words = HOSTILE[kind]
    _run(path, statements)
    with pytest.raises(InputError, match=words) as caught:
        read_layer(path, "sites")
    assert len(caught.value.faults) == 1


def test_a_plain_geopackage_with_its_spatial_index_is_read(path):
    check_geopackage(path)
    assert list(read_layer(path)[0]["name"]) == ["one"]


def test_quoted_text_that_looks_like_sql_is_no_computed_column(path):
    _run(path, ["""CREATE TABLE notes (fid INTEGER PRIMARY KEY, "known as (name)" TEXT)"""])
    check_geopackage(path)


def test_triggers_never_run_and_the_file_stays_as_it_is(path):
    ways = ("INSERT", "UPDATE", "DELETE")
    _run(path, ["CREATE TABLE canary (fid INTEGER PRIMARY KEY)"])
    _run(path, [
        f"CREATE TRIGGER t_{way} AFTER {way} ON sites BEGIN INSERT INTO canary VALUES (1); END"
        for way in ways
    ])  # fmt: skip
    before = path.read_bytes()
    assert list(read_layer(path, "sites")[0]["name"]) == ["one"]
    assert path.read_bytes() == before
    assert [one.name for one in path.parent.iterdir()] == [path.name]


def test_a_schema_without_end_is_not_looked_through(path, monkeypatch):
    monkeypatch.setattr(gis, "MOST_TABLES", 3)
    with pytest.raises(InputError, match="more than 3 tables"):
        check_geopackage(path)


def test_a_damaged_database_is_refused_in_words(path):
    content = bytearray(path.read_bytes())
    content[100:4_000] = b"\xff" * 3_900
    path.write_bytes(content)
    with pytest.raises(InputError, match=r"sites\.gpkg: cannot be read: its database is damaged"):
        read_layer(path)
