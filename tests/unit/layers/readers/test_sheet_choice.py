"""Which sheet of a workbook holds the list."""

import pytest

from nhcplanner.base.errors import InputError
from nhcplanner.domain.intake import Answers, questions_of
from nhcplanner.layers.readers.sheet_choice import choose_sheet, find_lists
from nhcplanner.layers.readers.sheet_layout import Grid
from nhcplanner.layers.readers.vocabulary import is_known_heading

HEAD = ["Site id", "Status", "Cost"]


def test_sheets_of_words_are_no_lists():
    words = Grid([["Status", "Meaning"], ["candidate", "may open"]], "Words")
    sites = Grid([HEAD, ["S1", "candidate", "5"]], "Sites")
    notes = Grid([["Remarks"], ["none"]], "Notes")
    assert [grid.sheet for _, grid in find_lists([words, sites, notes], is_known_heading)] == [
        "Sites"
    ]


def choose(*sheets, answers=None, layer=""):
    grids = [Grid([HEAD, [name, "candidate", "5"]], name) for name in sheets]
    return choose_sheet(
        grids, ["Old"], is_known_heading, "a.xlsx", answers or Answers(), layer=layer
    )


def test_several_lists_are_a_question_until_one_is_named():
    with pytest.raises(InputError) as caught:
        choose("North", "South")
    (question,) = questions_of(caught.value)
    assert (question.key, question.answers) == ("sheet", ("North", "South"))
    assert choose("North", "South", layer="South")[0].sheet == "South"
    grid, notes = choose("North", "South", answers=Answers({"sheet": "North"}), layer="South")
    assert grid.sheet == "North"
    assert notes == (
        "read from sheet 'North', one of 2; not read: South",
        "hidden sheets not read: Old",
    )


def test_a_named_sheet_that_is_missing_is_a_fault():
    with pytest.raises(InputError, match="has no sheet West; it holds North"):
        choose("North", layer="West")
