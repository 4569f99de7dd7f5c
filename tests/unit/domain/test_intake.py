"""Intake records: summaries, full lines, questions and their answers."""

import pickle

import pytest

from nhcplanner.base.errors import Fault, InputError
from nhcplanner.domain.intake import (
    Answers,
    ColumnIntake,
    FileIntake,
    Question,
    questions_of,
)

RECORD = FileIntake(
    "estates.xlsx",
    sheet="List",
    heading_row=3,
    columns=(
        ColumnIntake("Cost (£m)", "cost", "millions of pounds", ("1.2 -> 1200000",)),
        ColumnIntake("Remarks"),
    ),
    rows_read=17,
    rows_skipped=2,
    rows_hidden=1,
    cells_merged=4,
)


def test_summary_counts_rows_columns_and_events():
    record = RECORD.with_event("default", "status is blank: candidate", 3, ["row 5"])
    record = record.with_event("default", "kind is blank: building", 2)
    assert record.summary() == (
        "estates.xlsx (sheet List): 17 rows read, 2 left out, 1 hidden; 1 of 2 columns used; "
        "4 merged cells filled; 5 defaults filled in"
    )


def test_full_record_names_every_column_and_event():
    record = RECORD.with_event("doubt", "two rows look alike", 1, ["rows 4 and 9"])
    assert record.lines()[1:] == (
        "- headings in row 3",
        "- Cost (£m) -> cost (millions of pounds): 1.2 -> 1200000",
        "- columns not used: Remarks",
        "- doubt: two rows look alike (rows 4 and 9)",
    )


def test_a_file_passed_over_says_why():
    record = FileIntake("notes.docx", passed_over="no table is read from it")
    assert record.lines() == ("notes.docx: not used, no table is read from it",)


def test_only_three_examples_are_kept():
    examples = [f"row {number}" for number in range(2, 9)]
    assert RECORD.with_event("doubt", "x", 7, examples).events[0].examples == (
        "row 2", "row 3", "row 4"
    )  # fmt: skip


def test_a_question_says_how_to_answer_it():
    question = Question("holds two lists", "a.xlsx", key="sheet", answers=("One", "Sheet 2"))
    assert question.hint == 'Say --assume sheet=One or --assume "sheet=Sheet 2"'
    assert questions_of(InputError([Fault("x"), question])) == (question,)
    assert pickle.loads(pickle.dumps(question)) == question


def test_answers_of_one_file_go_before_answers_for_all():
    answers = Answers.from_options(["existing=nhc", "b.csv:existing=building"])
    assert answers.find("existing", "a.csv") == "nhc"
    assert answers.find("existing", "b.csv") == "building"
    assert not answers.find("sheet", "b.csv")


def test_options_without_key_or_value_are_refused_together():
    with pytest.raises(InputError) as caught:
        Answers.from_options(["existing", "=x", "a=b"])
    assert len(caught.value.faults) == 2
