"""A plan whose sites, areas, place and notes bear every canary, in every format of a hand-in."""

import csv
import html
import json
import re
import sqlite3
import zipfile
from dataclasses import replace
from html.parser import HTMLParser
from xml.etree import ElementTree as ET

import docx
import geopandas as gpd
import openpyxl
import pytest

from nhcplanner import workflow
from nhcplanner.domain.place import Source
from nhcplanner.domain.scenario import Scenario
from nhcplanner.layers import read_scenario
from nhcplanner.outputs.export_formats import WRITERS, write_handin
from nhcplanner.outputs.plan_files import write_files
from tests.canaries import NOWHERE, TEXTS

LITTLE = workflow.Effort(seconds=2, waves=(), modes=("walk",))
NAMES = list(TEXTS.values())


@pytest.fixture(scope="module")
def evidence():
    """Every site is open, so that every name stands in every table of centres."""
    place = workflow.demo_place()
    sites = place.sites.iloc[: len(NAMES)].reset_index(drop=True)
    names = NAMES[: len(sites)]
    assert len(names) == len(NAMES), "the demo place has too few sites for all canaries"
    sites = sites.assign(site_name=names, kind=names, status="existing")
    areas = place.areas.copy()
    areas["area_name"] = (names * (len(areas) // len(names) + 1))[: len(areas)]
    told = tuple(Source("sites", name, publisher=name, licence=name) for name in names)
    evil = replace(place, sites=sites, areas=areas, sources=told, notes=tuple(names))
    asked = Scenario(
        count=len(sites), engine="estimate", bands=2, time_limit=5, title="".join(NAMES[:20])
    )
    return workflow.gather_evidence(workflow.run(evil, asked), LITTLE)


@pytest.fixture(scope="module")
def folder(evidence, tmp_path_factory):
    """All formats, and the files that `plan --out` writes."""
    made = tmp_path_factory.mktemp("out")
    write_handin(evidence, made, list(WRITERS))
    write_files(evidence.outcome, made / "plan")
    return made


class Page(HTMLParser):
    """Attributes that a browser would run, and how many scripts there are."""

    def __init__(self, page):
        super().__init__()
        self.handlers, self.scripts = [], 0
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        self.scripts += tag == "script"
        self.handlers += [name for name, _ in attrs if name.startswith("on")]


def ways_to_say(cells):
    """The cells, and each without the apostrophe that keeps it text."""
    return {*cells, *(cell.removeprefix("'") for cell in cells)}


@pytest.mark.parametrize("ending", ["gpkg", "geojson", "parquet"])
def test_layers_hold_each_name(folder, ending):
    path = {
        "gpkg": folder / "plan.gpkg",
        "geojson": folder / "geojson" / "centres.geojson",
        "parquet": folder / "parquet" / "centres.parquet",
    }[ending]
    frame = (
        gpd.read_parquet(path)
        if ending == "parquet"
        else gpd.read_file(path, **({"layer": "centres"} if ending == "gpkg" else {}))
    )
    assert set(frame["name"]) == set(NAMES)
    assert set(frame["kind"]) == set(NAMES)


def test_shapefiles_hold_each_name_as_far_as_there_is_room(folder):
    found = set(gpd.read_file(folder / "shapefile" / "centres.shp")["name"])
    wanted = {name.encode()[:254].decode(errors="ignore") for name in NAMES}
    assert {one.strip() for one in found} == {one.strip() for one in wanted}


def test_kml_holds_each_name_and_shows_none_as_html(folder):
    tree = ET.parse(folder / "kml" / "centres.kml")
    space = "{http://www.opengis.net/kml/2.2}"
    marks = list(tree.iter(f"{space}Placemark"))
    assert {" ".join(one.findtext(f"{space}name").split()) for one in marks} == {
        " ".join(name.split()) for name in NAMES
    }
    for one in marks:
        shown = one.findtext(f"{space}description")
        assert set(re.findall(r"<[^>]*>", shown)) == {"<br>"}
        assert "$[" not in shown
    balloons = {one.text for one in tree.iter(f"{space}text")}
    assert balloons == {"$[description]"}
    written = "".join(html.unescape(one.findtext(f"{space}description")) for one in marks)
    assert all(name.strip() in written for name in NAMES)


def test_styles_hold_no_expression(folder):
    for path in folder.rglob("*.qml"):
        assert "[%" not in path.read_text("utf-8")
    with sqlite3.connect(folder / "plan.gpkg") as base:
        styles = [row[0] for row in base.execute("SELECT styleQML FROM layer_styles")]
    assert styles
    assert not any("[%" in one for one in styles)


def test_csv_hold_each_name_and_no_cell_is_a_formula(folder):
    cells = set()
    for path in folder.rglob("*.csv"):
        with path.open(encoding="utf-8", newline="") as file:
            cells |= {cell for row in csv.reader(file) for cell in row}
    assert ways_to_say(cells) >= set(NAMES)
    for name in NAMES:
        bare = name.lstrip(" \t\u200b")
        if bare.startswith(("=", "+", "-", "@", "＝")):  # noqa: RUF001
            assert name not in cells
            assert f"'{name}" in cells


def test_workbook_holds_each_name_and_runs_none(folder):
    (path,) = folder.glob("*.xlsx")
    book = openpyxl.load_workbook(path)
    texts = set()
    for sheet in book:
        assert len(sheet._hyperlinks) == 0
        for row in sheet.iter_rows():
            for cell in row:
                if cell.data_type == "f":
                    assert not any(name in str(cell.value) for name in NAMES)
                elif isinstance(cell.value, str):
                    texts.add(cell.value)
    assert ways_to_say(texts) >= {name for name in NAMES if name != "\t=1+1"}
    with zipfile.ZipFile(path) as parts:
        names = parts.namelist()
        assert not [one for one in names if "externalLink" in one or "connections" in one]
        links = "".join(parts.read(one).decode() for one in names if one.endswith(".rels"))
    assert NOWHERE not in links


@pytest.mark.parametrize("kind", ["nhc", "return"])
def test_document_holds_each_name_and_no_field_of_a_name(folder, kind):
    (path,) = folder.glob(f"{kind}-*.docx")
    document = docx.Document(str(path))
    texts = "\n".join(cell.text for table in document.tables for cell in table._cells)
    texts += "\n".join(one.text for one in document.paragraphs)
    assert all(name.strip() in texts for name in NAMES if "\u2028" not in name and "\t" not in name)
    with zipfile.ZipFile(path) as parts:
        fields, links = set(), ""
        for one in parts.namelist():
            text = parts.read(one)
            if one.endswith(".xml"):
                fields |= set(re.findall(rb"<w:instrText[^>]*>([^<]*)<", text))
            if one.endswith(".rels"):
                links += text.decode()
    assert fields == {b"PAGE", b"NUMPAGES"}
    assert NOWHERE not in links


def test_brief_holds_each_name_as_text(folder):
    (path,) = folder.glob("*.html")
    page = path.read_text("utf-8")
    read = Page(page)
    assert (read.handlers, read.scripts) == ([], 0)
    shown = html.unescape(re.sub(r"<[^>]*>", "", page))
    assert all(name in shown for name in NAMES)


def test_map_holds_each_name_as_text(folder):
    page = (folder / "plan" / "map.html").read_text("utf-8")
    listed = html.unescape(page.partition("<h2>Centres</h2>")[2].partition("</ol>")[0])
    assert all(name in listed for name in NAMES)
    read = Page(page)
    assert read.handlers == []
    assert read.scripts == 3  # touch and 3D of folium, Leaflet, the map
    data = re.search(r"features_of_centres = L\.geoJSON\(JSON\.parse\((.*)\), \{", page).group(1)
    tips = "".join(f["properties"]["tip"] for f in json.loads(json.loads(data))["features"])
    assert all(name in html.unescape(tips) for name in NAMES)


def test_record_and_scenario_hold_each_name(folder):
    text = (folder / "plan" / "plan.json").read_text("utf-8")
    record = json.dumps(json.loads(text), ensure_ascii=False)
    assert all(json.dumps(name, ensure_ascii=False)[1:-1] in record for name in NAMES)
    again = read_scenario(folder / "plan" / "scenario.toml")
    assert again.title == "".join(NAMES[:20])
