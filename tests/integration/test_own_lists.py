"""A user's own list from template to place, and public buildings of OpenStreetMap beside it."""

import zipfile
from pathlib import Path

import openpyxl
import pandas as pd
import pytest
import xlsxwriter

from nhcplanner.base.errors import InputError
from nhcplanner.cli.commands import app
from nhcplanner.domain.columns import SITES, STATUSES
from nhcplanner.layers import build_place, read_amenities, read_estates, with_amenities
from nhcplanner.layers.sites.merge import own_list
from nhcplanner.outputs import write_template
from nhcplanner.outputs.tables.sites import LEFT_OUT, columns, heading

OSM = """<?xml version="1.0"?><osm version="0.6">
<node id="1" lat="54.572" lon="-1.215"><tag k="amenity" v="library"/><tag k="name" v="West"/></node>
<node id="2" lat="54.572" lon="-1.215"><tag k="amenity" v="pub"/></node>
<node id="3" lat="54.5730" lon="-1.2000"/><node id="4" lat="54.5734" lon="-1.2000"/>
<node id="5" lat="54.5734" lon="-1.1992"/><node id="6" lat="54.5730" lon="-1.1992"/>
<node id="7" lat="51.5" lon="-0.1"><tag k="amenity" v="clinic"/></node>
<way id="9"><nd ref="3"/><nd ref="4"/><nd ref="5"/><nd ref="6"/><nd ref="3"/>
<tag k="amenity" v="community_centre"/><tag k="building" v="yes"/></way></osm>
"""


@pytest.fixture
def osm(tmp_path):
    path = tmp_path / "area.osm"
    path.write_text(OSM, encoding="utf-8")
    return path


def filled(path: Path, rows: list[dict[str, object]]) -> Path:
    """A template with rows typed in, as a user would."""
    book = openpyxl.load_workbook(write_template(path))
    sheet = book["Sites"]
    names = [cell.value for cell in sheet[1]]
    for number, row in enumerate(rows, start=2):
        for name, value in row.items():
            sheet.cell(number, names.index(name) + 1, value)
    book.save(path)
    return path


def test_every_column_of_the_template_is_read_again_by_its_own_heading(tmp_path):
    sample = {"number": 5, "text": "words"}
    words = {"status": "committed", "works": "extension", "kind": "clinic", "postcode": "PL1 2AA",
             "cost_date": "2025", "size_date": "2025", "easting": 485_700, "northing": 308_600,
             "lon": None, "lat": None, "grid_reference": None}  # fmt: skip
    words |= {"cost": 900_000, "running_cost": 90_000, "capacity": 500, "floor_area_m2": 800}
    row = {heading(c): words.get(c.name, sample[c.kind]) for c in columns()}
    found = read_estates(filled(tmp_path / "sites.xlsx", [row]))
    expected = {column.name for column in SITES} - set(LEFT_OUT) | {"geometry"}
    assert set(found.sites.columns) == expected
    assert found.sites.notna().all(axis=None)
    assert not any("not used" in note for note in found.notes)


def test_the_template_holds_no_figures_and_offers_the_schemas_words(tmp_path):
    path = write_template(tmp_path / "sites.xlsx")
    book = openpyxl.load_workbook(path)
    assert book["Sites"].max_row == 1
    lists = {rule.formula1 for rule in book["Sites"].data_validations.dataValidation}
    assert f'"{",".join(STATUSES)}"' in lists
    said = {row[0]: row[1] for row in book["Notes"].iter_rows(values_only=True)}
    for column in columns():
        assert said[heading(column)] == column.meaning
    with zipfile.ZipFile(path) as packed:
        assert b"<f>" not in packed.read("xl/worksheets/sheet1.xml")
    with pytest.raises(InputError, match="has no rows"):
        read_estates(path)


def test_the_template_as_csv_has_the_same_names(tmp_path):
    path = write_template(tmp_path / "sites.csv")
    assert list(pd.read_csv(path, encoding="utf-8-sig").columns) == [heading(c) for c in columns()]


@pytest.mark.parametrize(
    ("name", "words"), [("there.xlsx", "is there already"), ("sites.docx", "neither .xlsx nor")]
)
def test_a_list_is_never_written_over(tmp_path, name, words):
    (tmp_path / "there.xlsx").write_bytes(b"mine")
    with pytest.raises(InputError, match=words):
        write_template(tmp_path / name)
    assert (tmp_path / "there.xlsx").read_bytes() == b"mine"
    assert [entry.name for entry in tmp_path.iterdir()] == ["there.xlsx"]


HALL = {"Site id": "H1", "Site": "Hall", "Kind": "Village hall", "Status": "committed",
        "Easting (metres)": 451_500, "Northing (metres)": 520_500,
        "Works": "new build"}  # fmt: skip


def test_a_place_is_built_from_a_workbook(files):
    path = filled(files.folder / "list.xlsx", [HALL])
    files.areas.to_file(files.folder / "areas.gpkg")
    out = files.folder / "place"
    app(
        ["build", "--areas", str(files.folder / "areas.gpkg"), "--sites", str(path),
         "--out", str(out)], standalone_mode=False,
    )  # fmt: skip
    site = pd.read_parquet(out / "sites.parquet").iloc[0]
    assert (site["kind"], site["works"]) == ("community_centre", "new build")


def test_a_site_far_away_is_told_by_its_row_below_blank_ones(files):
    far = HALL | {"Site id": "H2", "Easting (metres)": 251_500}
    path = filled(files.folder / "list.xlsx", [HALL, {}, far])
    files.areas.to_file(files.folder / "areas.gpkg")
    for read in (
        lambda: own_list(path, files.areas),
        lambda: build_place(files.folder / "areas.gpkg", path),
    ):
        with pytest.raises(InputError, match="H2 lies") as caught:
            read()
        assert [(f.row, f.file) for f in caught.value.faults] == [(4, "list.xlsx")]


def test_an_own_list_says_that_it_is_ones_own(files):
    path = filled(files.folder / "list.xlsx", [HALL])
    assert own_list(path, files.areas).frame["listed_by"].tolist() == ["own"]


def test_amenities_are_read_as_points_with_names_and_ids(osm):
    found = read_amenities(osm)
    assert found["site_id"].tolist() == ["osm_n1", "osm_n7", "osm_w9"]
    assert found["kind"].tolist() == ["library", "clinic", "community_centre"]
    assert found["site_name"].fillna("").tolist() == ["West", "", ""]
    assert set(found["status"]) == {"candidate"}
    west, middle = found.geometry[0], found.geometry[2]
    assert west.distance(middle) == pytest.approx(990, abs=60)  # 0.0154 degrees of longitude


def test_amenities_near_the_place_become_marked_candidates(files, osm):
    place = with_amenities(files.build(), osm)
    known = place.sites.set_index("site_id")
    assert known.index.tolist() == ["007", "008", "osm_n1", "osm_w9"]  # a clinic in London is not
    assert known["listed_by"].tolist() == ["own", "own", "OpenStreetMap", "OpenStreetMap"]
    assert place.sources[-1].licence == "ODbL 1.0"
    assert "added from OpenStreetMap" in place.notes[-1]


def test_opening_hours_of_amenities_are_kept_if_any_has_them(osm):
    assert "opening_hours" not in read_amenities(osm)
    tag = '<tag k="name" v="West"/>'
    hours = '<tag k="opening_hours" v="Mo-Fr 09:00-17:00"/>'
    osm.write_text(OSM.replace(tag, tag + hours), encoding="utf-8")
    found = read_amenities(osm).set_index("site_id")["opening_hours"]
    assert found["osm_n1"] == "Mo-Fr 09:00-17:00"
    assert found.drop("osm_n1").isna().all()


def test_car_parks_beside_a_building_give_its_spaces(osm):
    """Two car parks lie within 50 m of the library, a private one too, and one farther off."""
    parks = "".join(
        f'<node id="{20 + n}" lat="{lat}" lon="-1.215"><tag k="amenity" v="parking"/>{tags}</node>'
        for n, (lat, tags) in enumerate((
            ("54.5723", '<tag k="capacity" v="30"/><tag k="capacity:disabled" v="2"/>'),
            ("54.5718", '<tag k="capacity" v="12"/><tag k="capacity:disabled" v="yes"/>'),
            ("54.5721", '<tag k="capacity" v="90"/><tag k="access" v="private"/>'),
            ("54.5740", '<tag k="capacity" v="500"/>'),
        ))
    )  # fmt: skip
    osm.write_text(OSM.replace("<way", f"{parks}<way", 1), encoding="utf-8")
    found = read_amenities(osm).set_index("site_id")
    assert found.index.tolist() == ["osm_n1", "osm_n7", "osm_w9"]
    assert found.loc["osm_n1", ["parking_spaces", "blue_badge_spaces"]].tolist() == [42, 2]
    assert found["parking_spaces"].drop("osm_n1").isna().all()


def test_an_amenity_that_a_list_has_already_is_left_out(files, osm):
    point = read_amenities(osm).geometry[0]
    files.sites["easting"], files.sites["northing"] = str(point.x + 20), str(point.y)
    place = with_amenities(files.build(), osm)
    assert "osm_n1" not in set(place.sites["site_id"])
    assert "1 building left out" in place.sources[-1].notes[1]


@pytest.mark.parametrize("content", [b"", b"not an osm file", b"<osm><node"])
def test_a_broken_extract_is_one_message(tmp_path, content):
    path = tmp_path / "broken.osm"
    path.write_bytes(content)
    with pytest.raises(InputError, match=r"broken.osm: cannot be read"):
        read_amenities(path)
    with pytest.raises(InputError, match="no such file"):
        read_amenities(tmp_path / "gone.osm.pbf")


def test_formulas_that_failed_are_told_by_row_and_column(tmp_path):
    path = tmp_path / "list.xlsx"
    with xlsxwriter.Workbook(path) as book:
        other, sheet = book.add_worksheet("Notes"), book.add_worksheet("Buildings & land")
        other.write_formula(0, 0, "=1/0", None, "#DIV/0!")
        sheet.write_row(0, 0, ["Site", "Easting", "Northing", "Capacity", "Cost date"])
        sheet.write_row(1, 0, ["Hall", 451_500, 520_500])
        sheet.write_formula(1, 3, "=Rates!A1", None, "#REF!")
        sheet.write_formula(3, 0, "=VLOOKUP(1,A:A,1)", None, "#N/A")
        sheet.write_row(3, 1, [451_600, 520_500, 5_000])
    with pytest.raises(InputError) as caught:
        read_estates(path)
    told = [(fault.row, fault.column, fault.problem) for fault in caught.value.faults]
    assert told == [
        (2, "Capacity", "shows #REF!: its formula failed"),
        (4, "Site", "shows #N/A: its formula failed"),
    ]
