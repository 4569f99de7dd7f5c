"""Stored SQL in a GeoPackage is refused before GDAL opens it."""

from __future__ import annotations

import sqlite3
from contextlib import closing

import geopandas as gpd
import pytest
from shapely import Point

from nhcplanner.base.errors import InputError
from nhcplanner.layers.readers import formats
from nhcplanner.layers.readers.formats import check_geopackage
from nhcplanner.layers.readers.gis import read_layer

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
    monkeypatch.setattr(formats, "MOST_TABLES", 3)
    with pytest.raises(InputError, match="more than 3 tables"):
        check_geopackage(path)


def test_a_damaged_database_is_refused_in_words(path):
    content = bytearray(path.read_bytes())
    content[100:4_000] = b"\xff" * 3_900
    path.write_bytes(content)
    with pytest.raises(InputError, match=r"sites\.gpkg: cannot be read: its database is damaged"):
        read_layer(path)
