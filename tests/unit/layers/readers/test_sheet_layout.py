"""Headings of two rows are read as one, so that no unit and no year is lost."""

import zipfile

import openpyxl
import pytest

from nhcplanner.base.errors import InputError
from nhcplanner.domain.intake import Answers, FileIntake, questions_of
from nhcplanner.layers.readers.column_map import ColumnMap
from nhcplanner.layers.readers.sheet_layout import Grid, join_headings, separate
from nhcplanner.layers.readers.tables import Reading, read_table
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


SITES = [
    ["Site id", "Site", "Kind"],
    ["S1", "Oak House", "clinic"],
    ["S2", "Elm Hall", "library"],
    ["S3", "Ash Court", "clinic"],
]
CAPACITY = [["Code", "Capacity"], ["S3", "300"], ["S2", "200"], ["S1", "100"]]
BY_KIND = [["Type", "Capacity"], ["clinic", "9000"], ["library", "7000"], ["", ""]]
GAP = [[""]] * 4


def beside(*tables):
    return Grid([[cell for row in rows for cell in row] for rows in zip(*tables, strict=True)])


def separated(grid, answer=""):
    return separate(grid, 0, is_known_heading, FileIntake("a.xlsx"), answer)


@pytest.mark.parametrize(
    "tables",
    [
        (SITES, GAP, CAPACITY),
        (SITES, CAPACITY),
        (SITES, GAP, BY_KIND),
        (SITES, GAP, SITES),
        (CAPACITY, GAP, SITES),
    ],
)
def test_a_second_table_is_asked_about_and_left_out_on_request(tables):
    grid = beside(*tables)
    assert [question.key for question in separated(grid).questions] == ["beside"]
    alone = separated(grid, "two")
    rows = [[cell for cell in row if cell] for row in alone.grid.rows]
    assert rows == [list(row) for row in SITES]
    assert [event.kind for event in alone.intake.events] == ["left out"]
    assert separated(grid, "one").grid == grid
    assert [event.kind for event in separated(grid, "one").intake.events] == ["assumed"]


@pytest.mark.parametrize(
    "tables",
    [
        (SITES,),
        (SITES, GAP, [["Remarks"], ["old"], [""], ["new"]]),
        (SITES, [["Id again", "Capacity"], *([f"S{n}", "5"] for n in (1, 2, 3))]),
        (SITES, [["Replaces", "Capacity"], ["S2", "5"], ["", "5"], ["", "5"]]),
        ([["Site id"], ["3"], ["1"], ["2"]], [["IMD rank", "Capacity"], ["1", "5"], ["2", "5"],
                                              ["3", "5"]]),
    ],
)  # fmt: skip
def test_one_table_is_read_as_it_is(tables):
    grid = beside(*tables)
    assert separated(grid) == separate(grid, 0, is_known_heading, FileIntake("a.xlsx"), "two")
    assert separated(grid).grid == grid


def test_a_workbook_with_two_tables_is_refused_until_it_is_answered(tmp_path):
    """Each site would have the capacity of another."""
    book = openpyxl.Workbook()
    for row in beside(SITES, GAP, CAPACITY).rows:
        book.active.append([cell or None for cell in row])
    book.save(tmp_path / "a.xlsx")
    with pytest.raises(InputError) as refusal:
        read_table(tmp_path / "a.xlsx")
    assert [question.key for question in questions_of(refusal.value)] == ["beside"]
    answered = Reading(answers=Answers({"beside": "two"}))
    assert list(read_table(tmp_path / "a.xlsx", reading=answered).frame) == SITES[0]


def test_the_question_is_asked_with_the_others_about_the_same_list(tmp_path):
    places = [["Site id", "Kind", "Status", "Easting", "Northing", "Cost"],
              *([f"S{n}", "clinic", "Existing", str(331_000 + n), "436000", "1.2"]
                for n in range(1, 6))]  # fmt: skip
    other = [
        ["Type", "Capacity"],
        ["clinic", "9000"],
        ["library", "7000"],
        ["", ""],
        ["", ""],
        ["", ""],
    ]
    path = tmp_path / "list.csv"
    rows = beside(places, [[""]] * 6, other).rows
    path.write_text("\n".join(map(",".join, rows)), encoding="utf-8")
    with pytest.raises(InputError) as caught:
        read_estates(path)
    assert {question.key for question in questions_of(caught.value)} == {
        "beside", "existing", "cost.unit",
    }  # fmt: skip
    answers = ("beside=two", "existing=building", "cost.unit=millions")
    sites = read_estates(path, column_map=ColumnMap().with_answers(answers)).sites
    assert sites["cost"].tolist() == [1_200_000] * 5
    assert "capacity" not in sites or sites["capacity"].isna().all()
