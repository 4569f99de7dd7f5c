"""Workbooks: merged, hidden, unsaved and failed cells, several lists, locked files."""

import io
import zipfile

import openpyxl
import pytest
import xlsxwriter

from nhcplanner.base.errors import InputError
from nhcplanner.domain.intake import Answers, questions_of
from nhcplanner.layers.readers.tables import Reading, read_table
from nhcplanner.layers.readers.workbooks import read_workbook

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
 xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"><office:body><office:spreadsheet>
<table:table table:name="List">{rows}</table:table>
</office:spreadsheet></office:body></office:document-content>"""


MANIFEST = """<?xml version="1.0" encoding="UTF-8"?>
<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"/>"""


def ods(path, rows):
    """A small ODS of rows of cells; each row is (attributes, cells), each cell XML."""
    xml = "".join(f"<table:table-row {a}>{''.join(cells)}</table:table-row>" for a, cells in rows)
    raw = io.BytesIO()
    with zipfile.ZipFile(raw, "w") as packed:
        packed.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        packed.writestr("META-INF/manifest.xml", MANIFEST)
        packed.writestr("content.xml", ODS.format(rows=xml))
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


def test_codes_that_a_format_fills_up_with_zeros_are_read_as_shown(tmp_path):
    path = tmp_path / "codes.xlsx"
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, ["Site id", "Capacity"])
        sheet.write_number(1, 0, 123, book.add_format({"num_format": "0000000"}))
        sheet.write_number(1, 1, 5000, book.add_format({"num_format": "#,##0"}))
    assert read_workbook(path).grids[0].rows[1] == ["0000123", "5000"]
