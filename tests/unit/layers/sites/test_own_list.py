"""A user's own list of buildings: workbook or CSV, every fault by row, nothing invented."""

import io
import zipfile
from datetime import date

import pandas as pd
import pytest
import xlsxwriter

from nhcplanner.base.errors import InputError
from nhcplanner.layers import read_estates
from nhcplanner.layers.geocoding import postcodes
from nhcplanner.layers.readers.column_map import ColumnMap
from nhcplanner.layers.sites import own_list
from nhcplanner.layers.sites.own_list import read_sites

NAMES = ["Site ID", "Name", "Type", "Status", "Easting", "Northing"]
ROW = ["S1", "Old Hall", "Library", "candidate", 485_700, 308_600]


def xlsx(*rows, sheets=(), hide=False) -> bytes:
    """A workbook whose rows stand as given, None = no cell; further sheets by name."""
    raw = io.BytesIO()
    with xlsxwriter.Workbook(raw, {"strings_to_formulas": False}) as book:
        for name, content in (("List", rows), *sheets):
            sheet = book.add_worksheet(name)
            for number, row in enumerate(content):
                for position, cell in enumerate(row):
                    if isinstance(cell, date):
                        form = book.add_format({"num_format": "yyyy-mm-dd"})
                        sheet.write_datetime(number, position, cell, form)
                    elif cell is not None:
                        sheet.write(number, position, cell)
        if hide:
            book.worksheets()[1].activate()
            book.worksheets()[0].hide()
    return raw.getvalue()


def faults(content: bytes, name: str = "list.xlsx"):
    with pytest.raises(InputError) as caught:
        read_estates(content, name)
    return [(f.row, f.column, f.problem) for f in caught.value.faults]


def told(content: bytes, name: str = "list.xlsx") -> str:
    with pytest.raises(InputError) as caught:
        read_estates(content, name)
    return str(caught.value)


def test_a_list_is_read_with_the_fields_of_the_hand_in():
    names = [*NAMES, "Capital cost (£m)", "Cost date", "GIA (sq ft)", "Capacity", "Size date",
             "Works", "Tenure", "Constraints", "Planning status", "Notes"]  # fmt: skip
    row = [*ROW, 1.2, date(2025, 4, 1), 10_000, "5,000", "April 2025", "Refurb", "Freehold",
           "Flood zone 2", "Pre-application", "x"]  # fmt: skip
    found = read_estates(xlsx(names, row), "list.xlsx")
    site = found.sites.iloc[0]
    assert site["cost"] == 1_200_000
    assert site["cost_date"] == "2025-04-01"
    assert site["floor_area_m2"] == pytest.approx(929.03, abs=0.01)
    assert (site["capacity"], site["size_date"]) == (5_000, "2025-04")
    assert (site["works"], site["tenure"]) == ("refurbishment", "Freehold")
    assert site["constraints"] == "Flood zone 2"
    assert (site.geometry.x, site.geometry.y) == (485_700, 308_600)
    assert "columns not used: Notes" in found.notes
    assert "'Capital cost (£m)' turned into pounds" in found.notes


def test_rows_are_numbered_as_excel_does_whatever_stands_above_and_between():
    title, blank = ["NHS Somewhere ICB: estate", None], []
    good, bad = ROW, ["S2", "X", "Library", "maybe", 485_700, 308_600]
    assert faults(xlsx(title, blank, NAMES, good, blank, blank, bad)) == [
        (7, "Status", "maybe is not one of existing, committed, candidate, forbidden")
    ]


def test_every_fault_is_told_at_once():
    names = [*NAMES, "Cost", "Cost date", "Works"]
    rows = [
        [*ROW, "lots", "soon", "paint"],
        ["S1", "Twin", "Library", "candidate", None, 308_600, -5, None, None],
    ]
    assert faults(xlsx(names, *rows)) == [
        (2, "Works", "paint is not one of none, refurbishment, extension, new build"),
        (2, "Cost date", "soon is not a date"),
        (2, "Cost", "lots is not one sum of money"),
        (2, "Site ID", "S1 appears twice"),
        (3, "Easting", "has only one of Easting and Northing"),
        (3, "Cost", "-5.0 is below 0"),
        (3, "Site ID", "S1 appears twice"),
    ]  # fmt: skip


def test_blanks_stay_blank_and_words_for_blank_are_counted():
    names = [*NAMES, "Cost", "Capacity", "Tenure"]
    found = read_estates(xlsx(names, [*ROW, "TBC", None, None]), "list.xlsx")
    assert found.sites[["cost", "capacity", "tenure"]].isna().all(axis=None)
    assert "1 cell of 'Cost' say TBC or the like: blank" in found.notes


def test_a_misspelt_name_is_asked_about_and_another_is_left():
    assert faults(xlsx([*NAMES, "Capactiy"], [*ROW, 5])) == [
        (None, "Capactiy", "'Capactiy' is not a known column: did you mean 'Capacity'?")
    ]
    assert (
        "columns not used: Ward" in read_estates(xlsx([*NAMES, "Ward"], [*ROW, 5]), "a.xlsx").notes
    )


def test_names_twice_and_cells_without_a_name_are_told():
    assert faults(xlsx([*NAMES, "Cost", "Cost"], [*ROW, 5, 6])) == [
        (1, "Cost", "appears twice among the headings, in columns G and H")
    ]
    assert faults(xlsx(NAMES, [*ROW, "stray"])) == [
        (2, "", "has cells beyond the last named column: stray")
    ]


def test_text_that_looks_like_a_formula_stays_text():
    row = ["S1", "=cmd|' /C calc'!A0", "Library", "candidate", 485_700, 308_600, "+44 1", "@x"]
    content = xlsx([*NAMES, "Tenure", "Digital"], row)
    site = read_estates(content, "list.xlsx").sites.iloc[0]
    assert site["site_name"] == "=cmd|' /C calc'!A0"
    assert (site["tenure"], site["digital"]) == ("+44 1", "@x")
    text = "Site ID,Name,Easting,Northing\nS1,=1+1,485700,308600\n"
    assert read_estates(text.encode(), "list.csv").sites["site_name"].tolist() == ["=1+1"]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252"])
def test_csv_is_read_as_excel_saves_it(encoding):
    text = 'Site ID,Name,Status,Easting,Northing,Cost\r\nS1,Café,,485700,308600,"£1,200,000"\r\n'
    found = read_estates(text.encode(encoding), "list.csv").sites.iloc[0]
    assert (found["site_name"], found["cost"]) == ("Café", 1_200_000)
    assert found["status"] == "candidate"


def test_places_come_by_longitude_grid_reference_or_postcode_row_by_row(monkeypatch):
    held = pd.DataFrame({"pcd": ["PL1 2AA"], "pcd_abbr": ["PL12AA"], "oseast1m": [247_696.0],
                         "osnrth1m": [54_383.0], "laua": ["E06000026"]})  # fmt: skip
    monkeypatch.setattr(postcodes, "directory", lambda letter: held)
    names = ["Site ID", "Longitude", "Latitude", "Grid ref", "Postcode"]
    rows = [["A", -2, 52, None, None], ["B", None, None, "SK 857 086", None],
            ["C", None, None, None, "pl12aa"]]  # fmt: skip
    found = read_estates(xlsx(names, *rows), "list.xlsx")
    x = found.sites.geometry.x.tolist()
    assert x[0] == pytest.approx(400_000, abs=200)
    assert x[1:] == [485_750, 247_696]
    assert found.sites["postcode"].tolist()[2] == "PL1 2AA"
    assert any("placed by grid reference" in note for note in found.notes)
    assert any("placed at the middle of the postcode" in note for note in found.notes)
    wrong = [["D", None, None, None, "PL9 9ZZ"], ["E", None, None, None, None]]
    assert faults(xlsx(names, *wrong)) == [
        (2, "Postcode", "PL9 9ZZ is not in the ONS Postcode Directory"),
        (3, "geometry", "has no place on the map"),
    ]


def test_the_sheet_with_the_list_is_found_and_hidden_ones_are_not_read():
    notes = [["Read me"], ["Bring figures with their dates"]]
    found = read_estates(xlsx(*notes, sheets=[("Estate", [NAMES, ROW])]), "list.xlsx")
    assert found.sites["site_id"].tolist() == ["S1"]
    assert "read from sheet 'Estate', one of 2; not read: List" in found.notes
    hidden = xlsx(NAMES, ROW, sheets=[("Estate", [NAMES, ["S2", *ROW[1:]]])], hide=True)
    assert read_estates(hidden, "list.xlsx").sites["site_id"].tolist() == ["S2"]


def repacked(content: bytes, member: str, change) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(out, "w", 8) as new:
        for name in old.namelist():
            raw = old.read(name)
            new.writestr(name, change(raw) if name == member else raw)
    return out.getvalue()


SHEET = "xl/worksheets/sheet1.xml"
END = b"</sheetData>"


def test_a_cell_far_out_is_refused_before_the_reader_takes_room_for_the_rectangle():
    cell = b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'
    far = repacked(xlsx(NAMES, ROW), SHEET, lambda raw: raw.replace(END, cell + END))
    assert "has a filled cell beyond row 50,000 or column 300" in told(far)


def renamed(content: bytes, old: str, new: str) -> bytes:
    """The sheet put under another name, which its workbook is told."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as packed, zipfile.ZipFile(out, "w", 8) as fresh:
        for name in packed.namelist():
            raw = packed.read(name).replace(old.encode(), new.encode())
            fresh.writestr(name.replace(old, new), raw)
    return out.getvalue()


def test_a_sheet_under_another_name_is_looked_into_as_well():
    cell = b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'
    far = repacked(xlsx(NAMES, ROW), SHEET, lambda raw: raw.replace(END, cell + END))
    assert "has a filled cell beyond" in told(renamed(far, "worksheets/sheet1.xml", "a.xml"))
    assert "hides a sheet" in told(renamed(far, "worksheets/sheet1.xml", "a.png"))


def test_a_size_that_is_claimed_falsely_is_found_out():
    bomb = repacked(xlsx(NAMES, ROW), SHEET, lambda raw: raw + b" " * 5_000_000)
    with zipfile.ZipFile(io.BytesIO(bomb)) as packed:
        true = packed.getinfo(SHEET).file_size
    lying = bomb.replace(true.to_bytes(4, "little"), (2_000).to_bytes(4, "little"))
    assert lying != bomb
    assert "list.xlsx: is " in told(lying)


def test_formats_far_out_are_no_cells():
    cell = b'<row r="1048576"><c r="XFD1048576" s="0"/></row>'
    styled = repacked(xlsx(NAMES, ROW), SHEET, lambda raw: raw.replace(END, cell + END))
    assert len(read_estates(styled, "list.xlsx").sites) == 1


def test_entities_are_refused_unread():
    laughs = (
        b'<?xml version="1.0"?><!DOCTYPE w [<!ENTITY a "ha"><!ENTITY b "&a;&a;">'
        b'<!ENTITY f SYSTEM "file:///etc/passwd">]><worksheet>&b;&f;</worksheet>'
    )
    assert "document type declaration" in told(repacked(xlsx(NAMES, ROW), SHEET, lambda _: laughs))


def test_a_zip_bomb_is_refused():
    bomb = repacked(xlsx(NAMES, ROW), SHEET, lambda raw: raw + b" " * 5_000_000)
    assert "may be a zip bomb" in told(bomb)


def test_a_file_too_large_is_refused(monkeypatch):
    monkeypatch.setattr(own_list, "MOST_BYTES", 1_000)
    assert "is larger than" in told(xlsx(NAMES, ROW))


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("list.xlsx", b"not a zip", "is not an Excel workbook"),
        ("list.xls", b"\xd0\xcf\x11\xe0", "is not an Excel workbook"),
        ("list.csv", b"", "is empty"),
        ("list.csv", b"Site ID,Easting,Northing\n", "has no rows"),
        ("list.csv", b"a;b\n1;2\n", "has no shapes and no coordinates"),
        ("list.csv", b"Site ID,Kind\nS1,library\n", "has no shapes and no coordinates"),
        ("list.pdf", b"%PDF", "is of a format not read here"),
    ],
)
def test_what_is_no_list_is_told_by_the_name_it_was_given(name, content, words):
    text = told(content, name)
    assert words in text
    assert text.startswith(name)


@pytest.mark.parametrize("name", ["list.\0csv", "list." + "x" * 400, "", "."])
def test_odd_names_of_uploads_are_told(name):
    assert "is of a format not read here" in told(b"x", name)


def test_floor_area_needs_a_unit_that_a_column_map_may_give(tmp_path):
    (tmp_path / "list.csv").write_text("Site ID,Easting,Northing,Area\nS1,1,2,500\n", "utf-8")
    column_map = ColumnMap("map.toml", sites={"floor_area_m2": "Area"})
    table, _ = read_sites(tmp_path / "list.csv", column_map)
    assert table.frame["floor_area_m2"].tolist() == [500]
    bare = b"Site ID,Easting,Northing,Floor area\nS1,485700,308600,500\n"
    assert faults(bare, "list.csv") == [(2, "Floor area", "500 has no unit: m2 or sq ft?")]


def test_a_path_in_an_uploads_name_is_left_out():
    assert told(b"x", "../../etc/list.csv").startswith("list.csv")
