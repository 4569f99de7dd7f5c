"""Faults of an uploaded list: rows to correct, and problems of whole columns."""

import pytest

from nhcplanner.workflow import intake
from nhcplanner.workflow.intake import NOT_USED, Decisions
from tests.unit.workflow.intake.lists import HEADINGS, ROW, facts_of, receive, settle


def test_faulty_rows_are_corrected_or_left_out_and_the_rest_is_added(place):
    bad = "N2,Hall,library,Candidate,651000,400000,dear\nN3,Barn,library,Candidate,,,5000000\n"
    upload = receive(HEADINGS + ROW + bad)
    review, preview = settle(place, upload)
    assert review.open_rows == (3, 4)
    assert preview.waiting == ("Correct or leave out 2 rows with problems.",)
    _, preview = settle(place, upload, Decisions(no_faulty=True))
    assert preview.added == ("N1",)
    assert set(preview.left_out) == {3, 4}
    cells = (((3, "Capital cost"), "£1.5m"),)
    review, preview = settle(place, upload, Decisions(cells=cells, left_out=frozenset({4})))
    assert preview.added == ("N1", "N2")
    assert facts_of(preview, "N2")["cost"] == 1_500_000
    words = [str(event) for event in preview.record.events]
    assert "1 cell corrected on screen (row 3, Capital cost: £1.5m)" in words
    assert "1 row left out on screen (row 4)" in words


def test_faults_of_every_stage_are_shown_at_once(place):
    text = HEADINGS + ROW
    text += "N2,Hall,library,Candidate,651000,400000,dear\n"
    text += "N3,Barn,library,Candidate,100000,100000,500000\n"
    review, _ = settle(place, receive(text))
    assert review.open_rows == (3,)
    assert [fault.row for fault in review.far] == [4]


def test_a_column_of_faults_is_one_problem_of_the_column(place):
    rows = "".join(f"N{n},Mill {n},library,Candidate,6.5E+05,4.0E+05,\n" for n in range(9))
    review, preview = settle(place, receive(HEADINGS + rows))
    assert [fault.column for fault in review.blocking] == ["Easting", "Northing"]
    assert "9 cells like this" in review.blocking[0].problem
    assert not review.faults
    assert preview.waiting


def test_a_formula_without_a_value_is_a_row_to_correct(place, tmp_path):
    openpyxl = pytest.importorskip("openpyxl")
    book = openpyxl.Workbook()
    for row in (HEADINGS + ROW).strip().split("\n"):
        book.active.append(row.split(","))
    book.active["G2"] = "=1+1"
    book.save(tmp_path / "list.xlsx")
    upload = intake.receive((tmp_path / "list.xlsx").read_bytes(), "list.xlsx")
    review, _ = settle(place, upload)
    assert review.open_rows == (2,)
    assert "formula without a saved value" in review.faults[0].problem
    _, preview = settle(place, upload, Decisions(cells=(((2, "Capital cost"), "750000"),)))
    assert facts_of(preview, "N1")["cost"] == 750_000
    _, preview = settle(place, upload, Decisions(columns=(("Capital cost", NOT_USED),)))
    assert preview.added == ("N1",)
