"""Grids of cells: where the headings are, and which rows are data."""

from nhcplanner.layers.readers.grids import find_headings, name_rows
from nhcplanner.layers.readers.sheet_layout import Grid
from nhcplanner.layers.readers.vocabulary import is_known_heading

HEAD = ["Site id", "Status", "Cost"]


def test_headings_are_the_row_with_most_known_names():
    rows = [["Status report", "", ""], [], HEAD, ["S1", "candidate", "5"]]
    assert find_headings(rows, is_known_heading) == 2


def test_unknown_headings_are_the_first_row_as_wide_as_most():
    rows = [["Report"], ["a", "b", "c"], ["1", "2", "3"], ["4", "5", "6"]]
    assert find_headings(rows, is_known_heading) == 1


def test_a_row_of_data_whose_words_are_names_of_columns_is_no_heading():
    rows = [["DATE", "WHAT", "MEASURE"], ["2021", "name", "value"], ["2021", "kind", "value"]]
    assert find_headings(rows, is_known_heading) == 0


def test_a_heading_row_with_a_blank_name_is_still_found():
    rows = [["", "b", "c"], ["1", "2", "3"], ["4", "5", "6"]]
    assert find_headings(rows, is_known_heading) == 0


def test_a_column_with_content_but_no_heading_is_reported():
    named = name_rows(Grid([["Site id", "", "Cost"], ["S1", "x", "5"]]), "a.csv", is_known_heading)
    assert list(named.frame) == ["Site id", "Cost"]
    assert [event.words for event in named.intake.events] == ["column B left out: no heading"]


def test_headings_that_repeat_and_totals_of_figures_are_left_out_with_their_rows():
    rows = [["code", "people"], ["E1", "5"], ["code", "people"], ["E2", "6"], ["Total", "11"]]
    named = name_rows(Grid(rows), "a.csv", is_known_heading)
    assert named.frame["people"].tolist() == ["5", "6"]
    assert named.numbers == (2, 4)
    assert [str(event) for event in named.intake.events] == [
        "1 row of totals left out (row 5: Total)",
        "1 row of headings below the first left out (row 3: code)",
    ]
