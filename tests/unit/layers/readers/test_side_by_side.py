"""Tables beside each other on one sheet: a figure of one never goes to a row of the other."""

import openpyxl
import pytest

from nhcplanner.base.errors import InputError
from nhcplanner.domain.intake import Answers, FileIntake, questions_of
from nhcplanner.layers.readers.column_map import ColumnMap
from nhcplanner.layers.readers.grids import Grid
from nhcplanner.layers.readers.side_by_side import separate
from nhcplanner.layers.readers.tables import Reading, read_table
from nhcplanner.layers.readers.vocabulary import is_known_heading
from nhcplanner.layers.sites.own_list import read_estates

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
