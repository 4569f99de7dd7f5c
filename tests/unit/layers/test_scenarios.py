"""Scenarios come from TOML files, or with one clear message."""

import pytest

from nhcplanner.base.errors import InputError
from nhcplanner.layers import read_scenario, receive_case


def test_a_scenario_is_read(tmp_path):
    path = tmp_path / "five.toml"
    path.write_text("count = 5\nreach = 15\n", encoding="utf-8")
    scenario = read_scenario(path)
    assert (scenario.count, scenario.reach) == (5, 15)


@pytest.mark.parametrize(
    ("content", "words"),
    [(b"count = ", "five.toml: not valid TOML"), (b"\xff", "is not text"), (b"x = 1", "unknown")],
)
def test_a_broken_scenario_is_told(tmp_path, content, words):
    path = tmp_path / "five.toml"
    path.write_bytes(content)
    with pytest.raises(InputError, match=words):
        read_scenario(path)


def test_a_scenario_that_is_not_there_is_told(tmp_path):
    with pytest.raises(InputError, match="no such file"):
        read_scenario(tmp_path / "gone.toml")


def test_an_uploaded_case_is_read_under_its_own_name():
    assert receive_case(b'author = "Estates"', "C:\\up\\mine.toml").author == "Estates"
    with pytest.raises(InputError, match=r"mine\.toml, row 1: unknown key 'x'"):
        receive_case(b"x = 1", "mine.toml")
