"""Delimited text: separators, encodings, titles, notes, totals and rows that do not fit."""

import pytest

from nhcplanner.base.errors import InputError
from nhcplanner.layers.readers.tables import Reading, read_table

ROWS = [["lsoa21cd", "people", "imd_rank"], ["E01000001", "1465", "5"], ["E01000002", "980", "9"]]


def write(path, rows, separator=",", encoding="utf-8", before="", after=""):
    text = before + "".join(separator.join(row) + "\n" for row in rows) + after
    path.write_bytes(text.encode(encoding))
    return path


def problems(path):
    with pytest.raises(InputError) as caught:
        read_table(path)
    return [(fault.row, fault.problem) for fault in caught.value.faults]


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "cp1252"])
def test_separator_and_encoding_are_found(tmp_path, separator, encoding):
    rows = [*ROWS, ["E01000003", "700", "3"]]
    table = read_table(write(tmp_path / "t.csv", rows, separator, encoding))
    assert table.frame.to_numpy().tolist() == rows[1:]
    assert table.intake.rows_read == 3


def test_line_that_names_the_separator_is_no_row(tmp_path):
    table = read_table(write(tmp_path / "t.csv", ROWS, ";", before="sep=;\n"))
    assert list(table.frame) == ROWS[0]


def test_titles_notes_totals_and_blank_rows_are_left_out_and_counted(tmp_path):
    before = "Table 1: people,,\n,,\n"
    after = "Total,2445,\n\nSource: mid-year estimates,,\n"
    path = write(tmp_path / "t.csv", [ROWS[0], ROWS[1], ["", "", ""], ROWS[2]], ",", "utf-8",
                 before, after)  # fmt: skip
    table = read_table(path)
    assert table.frame["people"].tolist() == ["1465", "980"]
    assert table.rows == (4, 6)
    assert (table.intake.heading_row, table.intake.rows_skipped) == (3, 3)
    assert table.intake.rows_blank == 1
    assert [event.examples for event in table.intake.events] == [
        ("row 9: Source: mid-year estimates",),
        ("row 7: Total",),
        ("Table 1: people",),
    ]


def test_a_thousands_comma_without_quotes_is_refused_in_every_row(tmp_path):
    rows = [ROWS[0][:2], ["E01000001", "1", "465"], ["E01000002", "980"]]
    assert problems(write(tmp_path / "t.csv", rows)) == [
        (2, "has cells beyond the last named column: 465")
    ]


def test_a_row_that_lacks_a_cell_others_have_is_refused(tmp_path):
    rows = [*ROWS, ["E01000003", "700"]]
    assert problems(write(tmp_path / "t.csv", rows)) == [(4, "has 2 cells under 3 headings")]


def test_a_row_without_trailing_blanks_is_read_and_reported(tmp_path):
    rows = [[*ROWS[0], "note"], [*ROWS[1], ""], ROWS[2]]
    table = read_table(write(tmp_path / "t.csv", rows))
    assert table.frame["note"].isna().all()
    assert table.intake.events[0].kind == "became blank"
    assert table.intake.events[0].examples == ("row 3",)


def test_doubled_headings_are_refused(tmp_path):
    rows = [["lsoa21cd", "people", "people"], ["E01000001", "1", "2"]]
    assert problems(write(tmp_path / "t.csv", rows)) == [
        (1, "appears twice among the headings, in columns B and C")
    ]


def test_an_open_quote_is_refused_by_its_row(tmp_path):
    path = tmp_path / "t.csv"
    path.write_text('lsoa21cd,people\nE01000001,5\nE01000002,"6\nE01000003,7\n', "utf-8")
    assert problems(path)[0][0] == 3


def test_headings_of_the_column_map_find_the_row(tmp_path):
    path = tmp_path / "t.csv"
    path.write_text("Report,of,areas\nGebiet,Leute,x\nE01000001,5,1\n", "utf-8")
    table = read_table(path, reading=Reading(names=frozenset({"Gebiet", "Leute"})))
    assert list(table.frame) == ["Gebiet", "Leute", "x"]


def test_columns_of_patients_stop_the_upload(tmp_path):
    path = write(tmp_path / "t.csv", [["Practice", "DOB", "Surname", "Forename"], ["a"] * 4])
    with pytest.raises(InputError) as caught:
        read_table(path)
    assert {fault.column for fault in caught.value.faults} == {"DOB", "Surname", "Forename"}


def test_valid_nhs_numbers_are_found_whatever_the_heading(tmp_path):
    # check digits worked out by hand from the weights 10 to 2, modulus 11
    numbers = ["9434765919", "943 476 5870", "4010232137"]
    path = write(tmp_path / "t.csv", [["ref", "people"], *([n, "1"] for n in numbers)])
    assert problems(path) == [(None, "holds valid NHS numbers")]
    others = ["9434765910", "1000000002", "4010232131"]
    path = write(tmp_path / "u.csv", [["ref", "people"], *([n, "1"] for n in others)])
    assert len(read_table(path).frame) == 3
