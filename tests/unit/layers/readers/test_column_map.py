"""Column maps: their faults, their answers and their words."""

import pytest

from nhcplanner import InputError
from nhcplanner.layers.readers.column_map import ColumnMap, Corrections, read_corrected, read_map
from nhcplanner.layers.readers.tables import Reading


@pytest.mark.parametrize(
    ("option", "words"),
    [
        ("costs.unit=pounds", "unknown key 'costs.unit'"),
        ("cost.unit=pence", "cost.unit is 'pence'"),
        ("a.csv:existing=maybe", "a.csv:existing is 'maybe'"),
    ],
)
def test_unknown_keys_and_answers_are_refused(option, words):
    with pytest.raises(InputError, match=words):
        ColumnMap().with_answers([option])


def test_answers_are_found_by_key():
    given = ["sheet=List 2", "a.csv:existing=nhc", "status.in_use=candidate", "matrix.unit=hours"]
    assert ColumnMap().with_answers(given).answers.find("existing", "a.csv") == "nhc"


def test_every_fault_of_a_map_is_reported_at_once(tmp_path):
    path = tmp_path / "map.toml"
    path.write_text(
        '[areas]\npeople = 3\npeeple = "x"\n[streets]\na = "b"\n[units]\ncost = "pence"\n'
    )
    with pytest.raises(InputError) as caught:
        read_map(path)
    words = [fault.problem for fault in caught.value.faults]
    assert words == [
        "[areas] people is 3", "[areas] unknown key 'peeple'", "unknown section [streets]",
        "[units] cost is 'pence'",
    ]  # fmt: skip


def test_a_map_translates_words_without_regard_to_case(tmp_path):
    path = tmp_path / "map.toml"
    path.write_text('[values.status]\n"In use" = "existing"\n')
    column_map = read_map(path)
    assert column_map.word("status", "in USE") == "existing"
    assert column_map.word("status", "closed") == ""
    assert read_map(None) == ColumnMap()


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
