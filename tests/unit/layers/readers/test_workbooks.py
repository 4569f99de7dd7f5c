"""Workbooks: merged, hidden, unsaved and failed cells, several lists, locked files."""

import io
import zipfile

import openpyxl
import pytest
import xlsxwriter
from openpyxl.comments import Comment
from openpyxl.styles import Font

from nhcplanner.base.errors import InputError
from nhcplanner.domain.intake import Answers, questions_of
from nhcplanner.layers.readers import workbooks
from nhcplanner.layers.readers.tables import Reading, read_table
from nhcplanner.layers.readers.workbooks import look_through_ods, read_workbook

HEAD = ["Site id", "Kind", "Status", "Cost"]
ROWS = [[f"S{n}", "clinic", None, 10_000 * n] for n in range(1, 5)]


def book(path, change=None, rows=ROWS, head=HEAD):
    workbook = openpyxl.Workbook()
    sheet = workbook.active
    sheet.title = "List"
    for row in [head, *rows]:
        sheet.append(row)
    if change:
        change(workbook, sheet)
    workbook.save(path)
    return path


def refused(path):
    with pytest.raises(InputError) as caught:
        read_table(path)
    return caught.value


def test_words_merged_down_a_column_are_filled_and_counted(tmp_path):
    def merge(_, sheet):
        sheet["C2"] = "Ruled out"
        sheet.merge_cells("C2:C5")

    table = read_table(book(tmp_path / "a.xlsx", merge))
    assert table.frame["Status"].tolist() == ["Ruled out"] * 4
    assert table.intake.cells_merged == 3
    assert "C2:C5: Ruled out" in table.intake.events[0].examples


@pytest.mark.parametrize("where", ["D2:D5", "B2:C3"])
def test_a_merged_figure_and_cells_merged_across_are_refused(tmp_path, where):
    error = refused(book(tmp_path / "a.xlsx", lambda _, sheet: sheet.merge_cells(where)))
    assert f"merged over {where}" in str(error)


def test_hidden_rows_are_left_out_and_counted_unless_asked_for(tmp_path):
    def hide(_, sheet):
        sheet.row_dimensions[3].hidden = True

    path = book(tmp_path / "a.xlsx", hide)
    table = read_table(path)
    assert table.frame["Site id"].tolist() == ["S1", "S3", "S4"]
    assert table.intake.rows_hidden == 1
    assert table.rows == (2, 4, 5)
    every = read_table(path, reading=Reading(answers=Answers({"hidden": "read"})))
    assert every.frame["Site id"].tolist() == ["S1", "S2", "S3", "S4"]


def test_a_hidden_column_is_read_with_a_doubt(tmp_path):
    def hide(_, sheet):
        sheet.column_dimensions["D"].hidden = True

    events = read_table(book(tmp_path / "a.xlsx", hide)).intake.events
    assert [(event.kind, event.examples) for event in events] == [("doubt", ("Cost",))]


def test_a_formula_without_a_saved_value_is_refused_by_its_cell(tmp_path):
    def formula(_, sheet):
        sheet["D3"] = "=1+1"

    error = refused(book(tmp_path / "a.xlsx", formula))
    assert [(f.row, f.column) for f in error.faults] == [(3, "Cost")]
    assert "cell D3 holds a formula without a saved value" in str(error)


def test_two_sheets_with_lists_are_a_question_by_their_names(tmp_path):
    def second(workbook, _):
        sheet = workbook.create_sheet("More sites")
        sheet.append(HEAD)
        sheet.append(["X1", "library", "candidate", 5])

    path = book(tmp_path / "a.xlsx", second)
    (question,) = questions_of(refused(path))
    assert question.answers == ("List", "More sites")
    table = read_table(path, reading=Reading(answers=Answers({"sheet": "More sites"})))
    assert table.frame["Site id"].tolist() == ["X1"]


def test_a_locked_workbook_says_how_to_unlock_it(tmp_path):
    path = tmp_path / "a.xlsx"
    header = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
    path.write_bytes(header + bytes(600) + "EncryptedPackage".encode("utf-16-le") + bytes(600))
    assert "is protected by a password" in str(refused(path))
    assert "Encrypt with Password" in str(refused(path))


ODS = """<?xml version="1.0" encoding="UTF-8"?>
<office:document-content xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"
 xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0"
 xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0">{styles}<office:body><office:spreadsheet>
<table:table table:name="List">{rows}</table:table>
</office:spreadsheet></office:body></office:document-content>"""


MANIFEST = """<?xml version="1.0" encoding="UTF-8"?>
<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"/>"""


def ods(path, rows, styles=""):
    """A small ODS of rows of cells; each row is (attributes, cells), each cell XML."""
    xml = "".join(f"<table:table-row {a}>{''.join(cells)}</table:table-row>" for a, cells in rows)
    raw = io.BytesIO()
    with zipfile.ZipFile(raw, "w") as packed:
        packed.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        packed.writestr("META-INF/manifest.xml", MANIFEST)
        packed.writestr("content.xml", ODS.format(rows=xml, styles=styles))
    path.write_bytes(raw.getvalue())
    return path


def cell(text, more=""):
    value = f'office:value-type="string" {more}'
    return f"<table:table-cell {value}><text:p>{text}</text:p></table:table-cell>"


def test_ods_is_read_with_its_hidden_rows_and_merged_cells(tmp_path):
    head = ("", [cell("Site id"), cell("Kind"), cell("Status")])
    covered = "<table:covered-table-cell/>"
    rows = [
        head,
        ("", [cell("S1"), cell("clinic"), cell("Ruled out", 'table:number-rows-spanned="2"')]),
        ("", [cell("S2"), cell("library"), covered]),
        ('table:visibility="filter"', [cell("S3"), cell("shop"), cell("Candidate")]),
    ]
    table = read_table(ods(tmp_path / "a.ods", rows))
    assert table.frame["Status"].tolist() == ["Ruled out", "Ruled out"]
    assert table.intake.rows_hidden == 1
    assert table.intake.cells_merged == 1


def test_hidden_columns_of_an_ods_are_reported(tmp_path):
    rows = [["Site id", "Kind", "Status"], ["S1", "clinic", "Candidate"]]
    path = ods(tmp_path / "a.ods", [("", list(map(cell, row))) for row in rows])
    columns = (
        "<table:table-column/><table:table-column table:number-columns-repeated='2' "
        "table:visibility='collapse'/>"
    )
    with zipfile.ZipFile(path) as packed:
        members = {name: packed.read(name) for name in packed.namelist()}
    at = b'table:name="List">'
    members["content.xml"] = members["content.xml"].replace(at, at + columns.encode())
    with zipfile.ZipFile(path, "w") as packed:
        for name, content in members.items():
            packed.writestr(name, content)
    events = [str(event) for event in read_table(path).intake.events]
    assert events == ["2 hidden columns read (Kind; Status)"]


def test_codes_that_a_format_fills_up_with_zeros_are_read_as_shown(tmp_path):
    path = tmp_path / "codes.xlsx"
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, ["Site id", "Capacity"])
        sheet.write_number(1, 0, 123, book.add_format({"num_format": "0000000"}))
        sheet.write_number(1, 1, 5000, book.add_format({"num_format": "#,##0"}))
    assert read_workbook(path).grids[0].rows[1] == ["0000123", "5000"]


def test_a_struck_row_is_a_question_and_a_struck_cell_a_doubt(tmp_path):
    def strike(_, sheet):
        for one in sheet[3]:
            one.font = Font(strike=True)
        sheet["D4"].font = Font(strike=True)

    path = book(tmp_path / "a.xlsx", strike)
    (question,) = questions_of(refused(path))
    assert (question.key, question.answers) == ("struck", ("read", "leave"))
    assert "1 row struck through: row 3: S2" in question.problem

    def read(answer):
        return read_table(path, reading=Reading(answers=Answers({"struck": answer})))

    assert read("leave").frame["Site id"].tolist() == ["S1", "S3", "S4"]
    assert read("leave").intake.rows_skipped == 1
    assert read("read").frame["Site id"].tolist() == ["S1", "S2", "S3", "S4"]
    doubts = [event for event in read("read").intake.events if event.kind == "doubt"]
    assert [(event.count, event.examples) for event in doubts] == [(1, ("D4: 30000",))]


@pytest.mark.parametrize("struck", [{"strike": False}, {"u": "single"}])
def test_fonts_that_are_not_struck_are_no_question(tmp_path, struck):
    def draw(_, sheet):
        for one in sheet[3]:
            one.font = Font(**struck)

    assert not read_table(book(tmp_path / "a.xlsx", draw)).intake.events


@pytest.mark.parametrize("ending", [False, True])
def test_text_is_struck_where_all_of_its_runs_are(tmp_path, ending):
    path = tmp_path / "a.xlsx"
    with xlsxwriter.Workbook(path) as workbook:
        sheet, struck = workbook.add_worksheet(), workbook.add_format({"font_strikeout": True})
        for n, row in enumerate([HEAD[:3], ["S1", "clinic", "x"], ["S2", "clinic", "y"]]):
            sheet.write_row(n, 0, row)
        runs = [struck, "Ruled ", struck, "out"] if ending else [struck, "Ruled out", " candidate"]
        sheet.write_rich_string(1, 2, *runs)
    events = read_table(path).intake.events
    assert [event.examples for event in events] == ([("C2: Ruled out",)] if ending else [])


def test_comments_are_reported_with_their_cells(tmp_path):
    def comment(_, sheet):
        sheet["C5"].comment = Comment("Only if the roof\nis mended", "A. Person")

    (event,) = read_table(book(tmp_path / "a.xlsx", comment)).intake.events
    assert str(event) == "1 cell comment not read (C5: Only if the roof is mended)"


STYLES = """<office:automatic-styles xmlns:style="urn:oasis:names:tc:opendocument:xmlns:style:1.0"
><style:style style:name="ce1" style:family="table-cell"><style:text-properties
 style:text-line-through-style="solid"/></style:style></office:automatic-styles>"""


def test_ods_struck_rows_and_comments(tmp_path):
    struck = 'table:style-name="ce1"'
    note = (
        '<office:annotation xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:date>2025</dc:date>'
        "<text:p>From 2027</text:p></office:annotation>"
    )
    rows = [
        ("", [cell("Site id"), cell("Kind")]),
        ("", [cell("S1", struck), cell("clinic", struck)]),
        ("", [cell("S2"), cell("shop").replace("<text:p>", f"{note}<text:p>")]),
    ]
    path = ods(tmp_path / "a.ods", rows, STYLES)
    assert "row 2: S1" in questions_of(refused(path))[0].problem
    table = read_table(path, reading=Reading(answers=Answers({"struck": "leave"})))
    assert table.frame.to_numpy().tolist() == [["S2", "shop"]]
    assert str(table.intake.events[-1]) == "1 cell comment not read (B3: From 2027)"


def test_a_format_that_hides_its_marks_is_a_doubt(monkeypatch, tmp_path):
    monkeypatch.setattr(workbooks, "_marks", lambda raw, file: ({}, (workbooks._UNSEEN,)))
    (event,) = read_table(book(tmp_path / "a.xlsx")).intake.events
    assert event.kind == "doubt"
    assert "formulas without a saved value" in event.words


REPEATED = '<t:table table:name="x"><t:table-row table:number-rows-repeated="x"/></t:table>'


def packed(content: str) -> bytes:
    raw = io.BytesIO()
    with zipfile.ZipFile(raw, "w") as archive:
        archive.writestr("content.xml", content)
    return raw.getvalue()


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("<a", "is damaged"),
        ('<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>', "a.ods"),
        (
            '<t:table table:name="x"><t:table-row table:number-rows-repeated="x"/></t:table>',
            "is damaged",
        ),
    ],
)
def test_damaged_documents_are_refused(content, words):
    with pytest.raises(InputError, match=words):
        look_through_ods(packed(content), "a.ods")


def test_what_is_no_archive_is_refused():
    with pytest.raises(InputError, match="is no workbook"):
        look_through_ods(b"none", "a.ods")
