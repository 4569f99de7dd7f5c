import pytest

from nhcplanner.base.errors import InputError
from nhcplanner.base.toml import read_toml


def test_toml_becomes_names_and_values():
    assert read_toml('a = 1\n[b]\nc = ["x"]', "f.toml") == {"a": 1, "b": {"c": ["x"]}}


@pytest.mark.parametrize("text", ["a = ", "a = 1\na = 2", "[" * 9_000, "a = " + "1" * 5_000])
def test_what_is_not_toml_is_one_fault_with_the_file(text):
    with pytest.raises(InputError, match=r"^f\.toml: not valid TOML") as caught:
        read_toml(text, "f.toml")
    assert len(caught.value.faults) == 1
