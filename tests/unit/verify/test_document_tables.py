"""Columns of documents are matched with columns of tables."""

import pandas as pd
import pytest

from nhcplanner.verify.document_tables import PrintedTables
from nhcplanner.verify.documents import check_documents
from nhcplanner.verify.facts import Facts
from nhcplanner.verify.files import Files, Page
from nhcplanner.verify.ledger import Ledger


def groups_and(people: list[str]) -> Files:
    """A table of groups, and a page that prints it with other people."""
    names = [f"group {n}" for n in range(1, len(people) + 1)]
    table = pd.DataFrame(
        {
            "grouping": "own", "group": names,
            "people": [str(10 * n) for n in range(1, len(people) + 1)],
            "within_before": "0", "within_after": "7", "share_before": "0", "share_after": "0",
        }
    )  # fmt: skip
    rows = [["Group", "People"], *([a, b] for a, b in zip(names, people, strict=True))]
    return Files(
        tables={"groups": table}, record={"plan": {}}, pages={"brief.html": Page(tables=[rows])}
    )


def test_a_figure_of_another_column_of_its_row_is_a_difference():
    people = ["10", "20", "30", "40", "50", "60", "7", "80"]  # 7 are within reach, not all
    ledger = Ledger()
    check_documents(Facts(groups_and(people)), ledger)
    assert [(one.published, one.recomputed) for one in ledger.differences] == [("7", "70")]


WITHIN = {
    "mode": ["walk", "walk", "cycle", "cycle"], "minutes": ["10", "20", "10", "20"],
    "people_before": ["0", "5", "0", "9"], "people_after": ["7", "8", "9", "9"],
    "share_after": ["0.7", "0.8", "1.0", "1.0"],
}  # fmt: skip
HEADS = {
    "mode": "Mode", "minutes": "Minutes", "people_before": "People before",
    "people_after": "People after", "share_after": "Share after",
}  # fmt: skip
SHEET = [list(HEADS.values()), *([row[0], *map(float, row[1:])]
         for row in zip(*WITHIN.values(), strict=True))]  # fmt: skip
SITES = {
    "site_id": ["s", "t"], "site_name": ["Old Hall", "New Hall"], "status": ["candidate"] * 2,
    "cost": ["1250000", "2400000"], "capacity": ["", "9000"], "people_served": ["8", "0"],
    "easting": ["100.5", "2019.2"],
}  # fmt: skip
FORM = [
    ["Question", "Answer"], ["Council", "East"], ["Easting", "2019"], ["Population served", "0"],
    ["Capacity (people)", "9,000"], ["Indicative capital", "£2,400,000"],
]  # fmt: skip


def compared(sheet=SHEET, form=FORM, caption="Table 1. New Hall (t)"):
    """Differences of a workbook's sheet and a form of a site."""
    columns = [{"table": "within", "column": name, "label": HEADS[name]} for name in HEADS]
    tables = {
        "within": pd.DataFrame(WITHIN), "columns": pd.DataFrame(columns),
        "sites_wide": pd.DataFrame(SITES),
    }  # fmt: skip
    page = Page([form], ["Site 1: New Hall", caption], [2])
    files = Files(tables=tables, record={"plan": {}}, books={"plan.xlsx": {"Access": sheet}})
    files.pages["return.docx"] = page
    ledger = Ledger()
    check_documents(Facts(files), ledger)
    return [(one.figure, one.published, one.recomputed) for one in ledger.differences]


def test_equal_rows_agree_in_any_order():
    assert compared() == []
    assert compared([SHEET[0], *SHEET[:0:-1]]) == []
    assert compared(SHEET[:3]) == []  # a document may print some of the rows


@pytest.mark.parametrize(
    ("row", "column", "value", "figure", "recomputed"),
    [
        (3, 4, 0.0, "Share after, cycle / 10.0 / 0.0", "1 (within.csv)"),  # 1 to 0
        (1, 2, 7.0, "People before, walk / 10.0 / 7.0", "0 (within.csv)"),  # of another column
        (2, 3, 9.0, "People after, walk / 20.0 / 5.0", "8 (within.csv)"),  # of another row
    ],
)
def test_a_figure_that_another_row_or_column_has_is_a_difference(
    row, column, value, figure, recomputed
):
    sheet = [list(cells) for cells in SHEET]
    sheet[row][column] = value
    found = compared(sheet)
    assert [(one, right) for one, _, right in found] == [(figure, recomputed)]


def test_a_row_printed_twice_is_a_difference():
    assert ("Row 1 of within.csv", "twice", "once") in compared([*SHEET, SHEET[1]])


@pytest.mark.parametrize(
    ("row", "answer", "right"),
    [(5, "£2,525,976", "2,400,000"), (3, "1", "0"), (2, "2021", "2,019.2"), (4, "", "9,000")],
)
def test_a_changed_answer_of_a_site_is_a_difference(row, answer, right):
    form = [list(cells) for cells in FORM]
    form[row][1] = answer
    (found,) = compared(form=form)
    assert found[0] == f"{form[row][0]}, t"
    assert found[2] == right


def test_a_blank_that_the_list_does_not_have_is_a_difference():
    form = [["Question", "Answer"], ["Capacity (people)", "to be filled in"]]
    assert compared(form=form, caption="Table 1. Old Hall (s)") == []
    form[1][1] = "9,000"
    assert compared(form=form, caption="Table 1. Old Hall (s)") == [
        ("Capacity (people), s", "9,000", "blank")
    ]


@pytest.mark.parametrize(
    ("least", "today", "differ"),
    [((1.0, ""), ("", ""), []), ((0.0, ""), ("", ""), [("0", "1 (costs.csv)")]),
     ((1.0, 1.0), ("", ""), [("1", "blank (costs.csv)")]),
     ((1.0, ""), ("", 1.0), [("1", "blank (costs.csv)")])],
)  # fmt: skip
def test_the_costs_mark_the_sites_of_each_option_and_leave_others_blank(least, today, differ):
    columns = [{"table": "costs", "column": name, "label": label}
               for name, label in (("site_id", "Site id"), ("capital", "Capital"))]  # fmt: skip
    tables = {
        "costs": pd.DataFrame({"site_id": ["s", "t", "u"], "capital": ["5", "7", "9"]}),
        "option_sites": pd.DataFrame({"option": ["Do minimum"], "site_id": ["s"]}),
        "options": pd.DataFrame({"option": ["Business as usual", "Do minimum"]}),
        "columns": pd.DataFrame(columns),
    }  # fmt: skip
    sheet = [["Site id", "Capital", "Business as usual", "Do minimum"],
             ["s", 5.0, today[0], least[0]], ["t", 7.0, today[1], least[1]],
             ["u", 9.0, "", ""]]  # fmt: skip
    ledger = Ledger()
    assert PrintedTables(Facts(Files(tables=tables, record={}))).check(sheet, "Costs", ledger)
    assert [(one.published, one.recomputed) for one in ledger.differences] == differ


def test_a_changed_figure_in_the_caption_of_a_form_is_a_difference():
    assert compared(caption="Table 1. New Hall 4 (t)") == [
        ("Figures in the name of t", "4", "blank")
    ]


def test_a_changed_figure_of_a_table_of_one_row_is_a_difference():
    sheet = [SHEET[0], [*SHEET[2][:2], 6.0, *SHEET[2][3:]]]
    assert compared(sheet) == [("People before, walk / 20.0 / 6.0", "6", "5 (within.csv)")]


@pytest.mark.parametrize(("easting", "differ"), [(101.0, []), (102.0, ["102"])])
def test_a_grid_reference_in_metres_agrees_with_one_in_tenths(easting, differ):
    table = {"site_id": ["s"], "easting": ["100.5"], "northing": ["7.4"], "people": ["5"],
             "people_q1": ["3"]}  # fmt: skip
    columns = [{"table": "catchments", "column": name, "label": name} for name in table]
    tables = {"catchments": pd.DataFrame(table), "columns": pd.DataFrame(columns)}
    sheet = [list(table), ["s", easting, 7.0, 5.0, 3.0]]
    ledger = Ledger()
    PrintedTables(Facts(Files(tables=tables, record={}))).check(sheet, "Pipeline", ledger)
    assert [one.published for one in ledger.differences] == differ
