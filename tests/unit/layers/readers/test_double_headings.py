"""Headings of two rows are read as one, so that no unit and no year is lost."""

import zipfile

import openpyxl
import pytest

from nhcplanner.layers.readers.double_headings import join_headings
from nhcplanner.layers.readers.grids import Grid
from nhcplanner.layers.readers.vocabulary import is_known_heading
from nhcplanner.layers.sites.own_list import read_estates

TOP = ["Site id", "Status", "Capital", ""]
DATA = ["S1", "Candidate", "1.2", "2026"]


def joined(below, merged=(), top=TOP):
    grid, head, names = join_headings(Grid([top, below, DATA], merged=merged), 0, is_known_heading)
    return grid.rows[head], head, names


def test_a_name_over_two_columns_is_joined_with_the_parts_below():
    merged = ((0, 2, 0, 3), (0, 0, 1, 0), (0, 1, 1, 1))
    names, head, parts = joined(["", "", "(£m)", "(year)"], merged)
    assert names == ["Site id", "Status", "Capital (£m)", "Capital (year)"]
    assert (head, parts) == (1, ("Capital (£m)", "Capital (year)"))


@pytest.mark.parametrize("unit", ["(£m)", "£000", "m2", "%", "Years"])
def test_a_row_of_units_belongs_to_the_headings(unit):
    names, _, _ = joined(["", "", unit, ""])
    assert names[2] == f"Capital {unit}"


def test_a_place_is_named_by_the_lower_row_alone_and_a_figure_by_both():
    """Running costs below "Revenue" must not be read as capital."""
    top = ["Location", "", "Backlog", ""]
    merged = ((0, 0, 0, 1), (0, 2, 0, 3))
    names, _, _ = joined(["Easting", "Northing", "Cost (£m)", "Year"], merged, top)
    assert names == ["Easting", "Northing", "Backlog Cost (£m)", "Backlog Year"]


@pytest.mark.parametrize(
    ("below", "merged"),
    [
        (DATA, ()),
        (DATA, ((0, 2, 0, 3),)),
        (["S0", "Candidate", "tbc", ""], ()),
        (["", "", "", ""], ((0, 2, 0, 3),)),
    ],
)
def test_a_row_of_data_is_no_heading(below, merged):
    names, head, parts = joined(below, merged)
    assert (names, head, parts) == (TOP, 0, ())


def test_a_workbook_with_two_rows_of_headings_is_read_with_its_unit(tmp_path):
    book = openpyxl.Workbook()
    sheet = book.active
    for row in (
        ["Our estate, July 2026"],
        ["Site id", "Site", "Kind", "Status", "Easting", "Northing", "Capital", None],
        [None] * 6 + ["(£m)", "(year)"],
        ["S1", "Oak", "clinic", "Candidate", 430_200, 310_000, 1.2, 2026],
    ):
        sheet.append(row)
    sheet.merge_cells("G2:H2")
    for column in "ABCDEF":
        sheet.merge_cells(f"{column}2:{column}3")
    book.save(tmp_path / "estate.xlsx")
    read = read_estates(tmp_path / "estate.xlsx")
    assert read.sites["cost"].tolist() == [1_200_000]
    said = "\n".join(read.intake.lines())
    assert "headings of rows 2 and 3 read together (Capital (£m); Capital (year))" in said
    assert "columns not used: Capital (year)" in said


def test_a_row_of_types_and_units_gives_the_units_only():
    top = ["Site id", "Floor area (m2)", "Capital", "Capacity"]
    below = ["text", "sqm", "£ thousands", "no."]
    data = ["S1", "1200", "850", "9000"]
    grid, head, names = join_headings(Grid([top, below, data]), 0, is_known_heading)
    assert grid.rows[head] == ["Site id", "Floor area (m2)", "Capital £ thousands", "Capacity"]
    assert (head, names) == (1, ("Floor area (m2)", "Capital £ thousands"))


def test_a_row_of_years_and_people_leaves_known_names_as_they_are():
    """Life expectancy is in years in any case; "HLE male years" would be no known column."""
    rows = [["lsoa21cd", "HLE male", "Population"], ["", "(years)", "people"], ["E1", "60", "900"]]
    grid, head, _ = join_headings(Grid(rows), 0, is_known_heading)
    assert grid.rows[head] == rows[0]


def test_two_rows_of_headings_in_an_ods_are_read_with_their_unit(tmp_path):
    """ODS says by spans, not by a list of ranges, which cells are merged."""
    rows = [
        [cell("Site id"), cell("Status"), cell("Easting"), cell("Northing"),
         cell("Capital", 'table:number-columns-spanned="2"'), COVERED],
        [cell()] * 4 + [cell("(£m)"), cell("(year)")],
        [cell("S1"), cell("candidate"), number(431200), number(287300), number(1.2), number(2026)],
    ]  # fmt: skip
    lines = "".join(f"<table:table-row>{''.join(row)}</table:table-row>" for row in rows)
    sheet = f'<table:table table:name="Estate">{lines}</table:table>'
    with zipfile.ZipFile(tmp_path / "estate.ods", "w") as packed:
        packed.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        packed.writestr("META-INF/manifest.xml", "<manifest/>")
        packed.writestr("content.xml", DOCUMENT.format(sheet))
    sites = read_estates(tmp_path / "estate.ods").sites
    assert sites["cost"].tolist() == [1_200_000]


COVERED = "<table:covered-table-cell/>"
DOCUMENT = (
    '<office:document-content xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
    'xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" '
    'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0">'
    "<office:body><office:spreadsheet>{}</office:spreadsheet></office:body>"
    "</office:document-content>"
)


def cell(text="", attributes=""):
    kind = 'office:value-type="string"' if text else ""
    words = f"<text:p>{text}</text:p>" if text else ""
    return f"<table:table-cell {kind} {attributes}>{words}</table:table-cell>"


def number(value):
    return (
        f'<table:table-cell office:value-type="float" office:value="{value}">'
        f"<text:p>{value}</text:p></table:table-cell>"
    )
