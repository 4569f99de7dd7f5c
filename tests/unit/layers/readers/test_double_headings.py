"""Headings of two rows are read as one, so that no unit and no year is lost."""

import openpyxl
import pytest

from nhcplanner.layers.readers.double_headings import join_headings
from nhcplanner.layers.readers.grids import Grid
from nhcplanner.layers.readers.vocabulary import is_known_heading
from nhcplanner.layers.sites.own_list import read_estates

TOP = ["Site id", "Status", "Capital", ""]
DATA = ["S1", "Candidate", "1.2", "2026"]


def joined(below, merged=(), top=TOP):
    grid, head, names = join_headings(Grid([top, below, DATA], merged=merged), 0, is_known_heading)
    return grid.rows[head], head, names


def test_a_name_over_two_columns_is_joined_with_the_parts_below():
    merged = ((0, 2, 0, 3), (0, 0, 1, 0), (0, 1, 1, 1))
    names, head, parts = joined(["", "", "(£m)", "(year)"], merged)
    assert names == ["Site id", "Status", "Capital (£m)", "Capital (year)"]
    assert (head, parts) == (1, ("Capital (£m)", "Capital (year)"))


@pytest.mark.parametrize("unit", ["(£m)", "£000", "m2", "%", "Years"])
def test_a_row_of_units_belongs_to_the_headings(unit):
    names, _, _ = joined(["", "", unit, ""])
    assert names[2] == f"Capital {unit}"


def test_a_place_is_named_by_the_lower_row_alone_and_a_figure_by_both():
    """Running costs below "Revenue" must not be read as capital."""
    top = ["Location", "", "Backlog", ""]
    merged = ((0, 0, 0, 1), (0, 2, 0, 3))
    names, _, _ = joined(["Easting", "Northing", "Cost (£m)", "Year"], merged, top)
    assert names == ["Easting", "Northing", "Backlog Cost (£m)", "Backlog Year"]


@pytest.mark.parametrize(
    ("below", "merged"),
    [
        (DATA, ()),
        (DATA, ((0, 2, 0, 3),)),
        (["S0", "Candidate", "tbc", ""], ()),
        (["", "", "", ""], ((0, 2, 0, 3),)),
    ],
)
def test_a_row_of_data_is_no_heading(below, merged):
    names, head, parts = joined(below, merged)
    assert (names, head, parts) == (TOP, 0, ())


def test_a_workbook_with_two_rows_of_headings_is_read_with_its_unit(tmp_path):
    book = openpyxl.Workbook()
    sheet = book.active
    for row in (
        ["Our estate, July 2026"],
        ["Site id", "Site", "Kind", "Status", "Easting", "Northing", "Capital", None],
        [None] * 6 + ["(£m)", "(year)"],
        ["S1", "Oak", "clinic", "Candidate", 430_200, 310_000, 1.2, 2026],
    ):
        sheet.append(row)
    sheet.merge_cells("G2:H2")
    for column in "ABCDEF":
        sheet.merge_cells(f"{column}2:{column}3")
    book.save(tmp_path / "estate.xlsx")
    read = read_estates(tmp_path / "estate.xlsx")
    assert read.sites["cost"].tolist() == [1_200_000]
    said = "\n".join(read.intake.lines())
    assert "headings of rows 2 and 3 read together (Capital (£m); Capital (year))" in said
    assert "columns not used: Capital (year)" in said
