"""Small files that want far more than they are get one sentence, and the next file is read."""

from __future__ import annotations

import sqlite3
import zipfile
from contextlib import closing
from importlib import import_module
from pathlib import Path

import geopandas as gpd
import osmium
import pandas as pd
import pyarrow as pa
import pytest
from pyarrow import parquet
from shapely import Point

from nhcplanner import layers, travel
from nhcplanner.base import limited_reader
from nhcplanner.base.errors import InputError
from nhcplanner.base.limited_reader import call_apart
from nhcplanner.layers.readers.tables import read_table
from nhcplanner.layers.sites.own_list import read_sites

pytestmark = pytest.mark.integration


def _import(name: str) -> None:
    import_module(name)


PLAIN = "site_id,site_name,kind,status,easting,northing\ns1,One,library,candidate,485700,308600\n"
SHEET = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
TYPES = "application/vnd.openxmlformats-officedocument.spreadsheetml"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


@pytest.fixture(autouse=True)
def _ready():
    """A reading process that has imported what it needs, so that its memory is the file's."""
    for module in ("nhcplanner.layers.sites.own_list", "nhcplanner.travel.streets.osm_file"):
        call_apart(_import, module, limits=limited_reader.limits_of(0))
    yield
    limited_reader.close()


def workbook(path: Path, text: str, rows: int, columns: int) -> Path:
    """A workbook whose cells all show one shared text."""
    cell = '<c t="s"><v>0</v></c>'
    grid = "".join(f"<row>{cell * columns}</row>" for _ in range(rows))
    parts = {
        "[Content_Types].xml": '<Types xmlns="http://schemas.openxmlformats.org/package/2006/'
        'content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-'
        'package.relationships+xml"/><Override PartName="/xl/workbook.xml" ContentType="'
        f'{TYPES}.sheet.main+xml"/><Override PartName="/xl/worksheets/sheet1.xml" ContentType="'
        f'{TYPES}.worksheet+xml"/><Override PartName="/xl/sharedStrings.xml" ContentType="'
        f'{TYPES}.sharedStrings+xml"/></Types>',
        "_rels/.rels": f'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/'
        f'relationships"><Relationship Id="a" Type="{OFFICE}/officeDocument" '
        'Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook xmlns="{SHEET}" xmlns:r="{OFFICE}"><sheets>'
        '<sheet name="Sites" sheetId="1" r:id="b"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="http://schemas.openxmlformats.org/'
        f'package/2006/relationships"><Relationship Id="b" Type="{OFFICE}/worksheet" '
        f'Target="worksheets/sheet1.xml"/><Relationship Id="c" Type="{OFFICE}/sharedStrings" '
        'Target="sharedStrings.xml"/></Relationships>',
        "xl/sharedStrings.xml": f'<sst xmlns="{SHEET}"><si><t>{text}</t></si></sst>',
        "xl/worksheets/sheet1.xml": f'<worksheet xmlns="{SHEET}"><sheetData>{grid}'
        "</sheetData></worksheet>",
    }
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, content in parts.items():
            packed.writestr(name, content)
    return path


def wide_csv(path: Path) -> Path:
    """A CSV of a million columns."""
    names = ",".join(f"c{number}" for number in range(1_000_000))
    path.write_text(f"{names}\n{',' * 999_999}\n", encoding="utf-8")
    return path


def endless_geopackage(path: Path) -> Path:
    """A GeoPackage with a layer that is a view without end."""
    points = gpd.GeoDataFrame({"name": ["one"]}, geometry=[Point(0, 0)], crs="EPSG:27700")
    points.to_file(path, driver="GPKG")
    with closing(sqlite3.connect(path)) as database, database:
        database.execute(
            "CREATE VIEW evil AS WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) "
            "SELECT i AS fid FROM n"
        )
        database.execute(
            "INSERT INTO gpkg_contents (table_name, data_type) VALUES ('evil', 'attributes')"
        )
    return path


def folded_parquet(path: Path, rows: int = 100_000, length: int = 100_000) -> Path:
    """Parquet that keeps one long text once and names it in every row."""
    number = pa.array([0] * rows, pa.int32())
    names = pa.DictionaryArray.from_arrays(number, pa.array(["x" * length]))
    plain = pa.array(["s"] * rows)
    table = pa.table({"area_code": plain, "area_name": names})
    parquet.write_table(table, path, store_schema=False, compression="zstd")
    return path


def long_ways(path: Path, ways: int = 120, nodes: int = 60_000) -> Path:
    """OpenStreetMap streets that pass one node over and over."""
    writer = osmium.SimpleWriter(str(path))
    for number in (1, 2):
        writer.add_node(osmium.osm.mutable.Node(id=number, location=(-0.7, 52.6 + number / 100)))
    refs = [1, 2] * (nodes // 2)
    for number in range(ways):
        tags = {"highway": "residential"}
        writer.add_way(osmium.osm.mutable.Way(id=number + 1, nodes=refs, tags=tags))
    writer.close()
    return path


def _sites(path: Path) -> object:
    return read_sites(path)


GREEDY = {
    "workbook": (
        "sites.xlsx",
        lambda path: workbook(path, "".join(map(chr, range(0x4E00, 0x8000))), 500, 20),
        _sites,
        "holds more than 50,000,000 characters",
    ),
    "wide list": ("sites.csv", wide_csv, _sites, "has 1,000,000 columns"),
    "wide table": ("areas.csv", wide_csv, read_table, "has 1,000,000 columns"),
    "wide matrix": (
        "minutes.csv",
        wide_csv,
        lambda path: travel.read_pairs(path, "minutes"),
        "has 1,000,000 columns",
    ),
    "endless view": ("areas.gpkg", endless_geopackage, read_table, "views"),
    "folded text": ("areas.parquet", folded_parquet, read_table, "GB of memory to read"),
    "long ways": ("streets.osm.pbf", long_ways, travel.Network.read, "GB of memory to read"),
}


@pytest.mark.parametrize("kind", GREEDY)
def test_a_greedy_file_gets_one_sentence_and_the_next_is_read(tmp_path, kind, monkeypatch):
    name, make, read, words = GREEDY[kind]
    path = make(tmp_path / name)
    assert path.stat().st_size < 14_000_000
    monkeypatch.setattr(limited_reader, "MEMORY", 60_000_000)
    with pytest.raises(InputError) as caught:
        read(path)
    monkeypatch.undo()
    assert len(caught.value.faults) == 1
    assert caught.value.faults[0].file == name
    assert words in caught.value.faults[0].problem
    assert len(layers.read_estates(PLAIN.encode(), "sites.csv").sites) == 1


def test_a_workbook_that_repeats_short_texts_is_read(tmp_path):
    path = workbook(tmp_path / "sites.xlsx", "site_name", 3, 1)
    with pytest.raises(InputError) as caught:
        read_sites(path)
    assert "characters" not in str(caught.value)


def test_what_is_read_apart_is_what_is_read_here(tmp_path):
    path = tmp_path / "areas.csv"
    pd.DataFrame({"a": ["1", "2"], "b": ["x", None]}).to_csv(path, index=False)
    apart = read_table(path)
    with limited_reader.in_process():
        here = read_table(path)
    pd.testing.assert_frame_equal(apart.frame, here.frame)
    assert (apart.path, apart.first_row, apart.notes) == (path, here.first_row, here.notes)


def test_streets_that_repeat_a_point_are_refused_early_under_the_real_limits(tmp_path):
    path = long_ways(tmp_path / "streets.osm.pbf", ways=1_000)
    assert path.stat().st_size < 1_000_000
    with pytest.raises(InputError, match=r"pass more than .* points, far beyond its size"):
        travel.Network.read(path)


def test_long_ways_within_the_limit_are_read(tmp_path):
    path = long_ways(tmp_path / "streets.osm.pbf", ways=10, nodes=2_000)
    assert len(travel.Network.read(path).length) >= 1
