"""Figures in documents: how they are printed, and which row they belong to."""

import pytest

from nhcplanner.verify.documents import Family, check_documents, figures_of, split, tokens
from nhcplanner.verify.facts import Facts
from nhcplanner.verify.ledger import Ledger
from nhcplanner.verify.reading import Files, Page


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("14,907 (4.3%)", [14907, 0.043]),
        ("£2.35 million", [2.35e6]),
        ("-17,206 fewer", [-17206]),
        ("on 30 November 2026, by 2035", []),
        ("X01000117, S010", []),
        ("36.4 minutes", [36.4]),
    ],
)
def test_figures_are_read_as_they_are_printed(text, values):
    assert [one.value for one in tokens(text)] == pytest.approx(values)


def test_a_figure_is_among_others_as_far_as_it_is_rounded():
    (share,) = tokens("18.3%")
    assert share.is_among([0.18322])
    assert not share.is_among([0.1842, 0.1816])
    (people,) = tokens("64,127")
    assert people.is_among([64126.7])
    assert not people.is_among([64128])
    (cell,) = figures_of(64127.4)
    assert not cell.is_among([64127])  # a workbook holds figures unrounded


def test_a_row_is_found_by_all_texts_that_name_it():
    family = Family("mode and minutes")
    family.add(["On foot", "10"], [1.0])
    family.add(["On foot", "20"], [2.0])
    assert family.figures(["on foot", "20", "7 5"]) == {2.0}
    assert family.figures(["on foot"]) is None


def test_a_sheet_is_parted_into_tables_and_lines():
    rows = [["Title", ""], ["", ""], ["Site", "People"], ["a", 1.0], ["", ""], ["b", 2.0]]
    blocks, prose = split(rows)
    assert blocks == [[["Site", "People"], ["a", 1.0]]]
    assert prose == ["Title"]


def test_without_tables_only_rows_that_a_goal_leads_are_compared_with_the_record():
    first, second = "people of band 1 within reach", "people of band 2 within reach"
    stages = [{"goal": first, "value": 36454, "bound": 36454, "gap": 0.0},
              {"goal": second, "value": 7515, "bound": 7600, "gap": 85.0}]  # fmt: skip
    goals = [["Goal", "Reached", "Best possible"], [first, "36,454", "36,454"],
             [second, "7,516", "7,600"]]  # fmt: skip
    lost = [["Site id", "Goal", "Lost"], ["S010", first, 0], ["S010", second, -2967],
            ["S050", first, 0], ["S050", second, -4316]]  # fmt: skip
    others = [["Goal", "Plan 1", "Plan 2"], [first, "36,454", "36,454"],
              [second, "7,515", "7,490"]]  # fmt: skip
    page = Page(tables=[goals, [[str(cell) for cell in row] for row in lost], others])
    ledger = Ledger()
    files = Files(
        record={"plan": {"stages": stages}}, books={"b.xlsx": {"Losses": lost}},
        pages={"b.html": page},
    )  # fmt: skip
    check_documents(Facts(files), ledger)
    told = [(one.figure, one.published, one.recomputed) for one in ledger.differences]
    assert told == [(f"Reached, {second} / 7,516 / 7,600", "7,516", "7,515")]
    assert "b.html: column 'Plan 2'" in dict(ledger.absent)
