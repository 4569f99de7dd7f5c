"""Corrected cells and rows left out, applied when a table is read, and recorded."""

import pytest

from nhcplanner import InputError
from nhcplanner.layers.readers.corrections import Corrections, read_corrected
from nhcplanner.layers.readers.tables import Reading


@pytest.fixture
def path(tmp_path):
    """Row 3 has a cell more than the heading."""
    (tmp_path / "a.csv").write_text("lsoa21cd,people\nE1,5\nE2,1,465\nE3,7\n")
    return tmp_path / "a.csv"


def test_without_corrections_a_faulty_row_is_refused(path):
    with pytest.raises(InputError) as caught:
        read_corrected(path, Reading(), None)
    assert caught.value.faults[0].row == 3


def test_a_faulty_row_left_out_is_no_fault_and_the_others_keep_their_numbers(path):
    table = read_corrected(path, Reading(), Corrections(left_out=frozenset({3})))
    assert table.frame["people"].tolist() == ["5", "7"]
    assert [table.row_number(n) for n in range(2)] == [2, 4]
    assert str(table.intake.events[-1]) == "1 row left out on screen (row 3)"


def test_a_cell_is_typed_anew(path):
    given = Corrections((((4, "people"), " 70 "), ((2, "people"), "")), frozenset({3}))
    table = read_corrected(path, Reading(), given)
    assert table.frame["people"].tolist() == [None, "70"]
    assert any("2 cells corrected on screen" in str(one) for one in table.intake.events)
