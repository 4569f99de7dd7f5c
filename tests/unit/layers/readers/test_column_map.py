"""Column maps: their faults, their answers and their words."""

import pytest

from nhcplanner.base.errors import InputError
from nhcplanner.layers.readers.column_map import ColumnMap, read_map


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
