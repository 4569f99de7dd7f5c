"""Names that people use for places, and what they mean."""

import pandas as pd
import pytest

from nhcplanner.base.errors import InputError
from nhcplanner.layers.codes.naming import areas_named, list_areas

ICB = "NHS Devon Integrated Care Board"
ROWS = [
    ("E01000001", "E06000026", "Plymouth", "E06000026", "Plymouth", "E54000037", ICB, "QJK"),
    ("E01000002", "E10000008", "Devon", "E07000041", "Exeter", "E54000037", ICB, "QJK"),
    ("E01000003", "E06000023", "Bristol, City of", "E06000023", "Bristol, City of", "E54000039",
     "NHS Bristol, North Somerset and South Gloucestershire Integrated Care Board", "QUY"),
    ("E01000004", "E06000047", "County Durham", "E06000047", "County Durham", "E54000050",
     "NHS North East and North Cumbria Integrated Care Board", "QHM"),
]  # fmt: skip
COLUMNS = ["area_code", "council_code", "council_name", "district_code", "district_name",
           "icb_code", "icb_name", "icb_ods"]  # fmt: skip


@pytest.fixture
def lookup():
    return pd.DataFrame(ROWS, columns=COLUMNS)


@pytest.mark.parametrize(("name", "numbers", "title"), [
    ("Plymouth", [1], "Plymouth"),
    (" plymouth city council", [1], "Plymouth"),
    ("E06000026", [1], "Plymouth"),
    ("Exeter", [2], "Exeter"),
    ("Devon", [2], "Devon"),
    ("Devon ICB", [1, 2], ICB),
    ("NHS Devon", [1, 2], ICB),
    ("qjk", [1, 2], ICB),
    ("e54000037", [1, 2], ICB),
    ("Bristol", [3], "Bristol, City of"),
    ("City of Bristol", [3], "Bristol, City of"),
    ("Durham", [4], "County Durham"),
    ("E01000003", [3], "1 area"),
])  # fmt: skip
def test_a_name_means(lookup, name, numbers, title):
    named = areas_named([name], lookup)
    assert named.areas == tuple(f"E0100000{number}" for number in numbers)
    assert named.title == title


def test_several_names_make_one_place(lookup):
    named = areas_named(["Exeter", "Plymouth", "E01000001"], lookup)
    assert named.areas == ("E01000001", "E01000002")
    assert named.title == "Exeter and Plymouth"


def test_what_else_a_name_could_mean_is_told(lookup):
    assert (
        "not as NHS Devon Integrated Care Board (E54000037)"
        in areas_named(["Devon"], lookup).notes[0]
    )
    assert areas_named(["Plymouth"], lookup).notes == ()


def test_all_unknown_names_are_told_at_once(lookup):
    with pytest.raises(InputError) as caught:
        areas_named(["Exter", "Plymouth", "Mordor"], lookup)
    first, second = caught.value.faults
    assert first.hint == "Did you mean Exeter?"
    assert "E01..." in second.hint


def test_no_name_is_no_place(lookup):
    with pytest.raises(InputError, match="no place is named"):
        areas_named([], lookup)


def test_a_file_of_codes_stands_for_its_codes(tmp_path):
    path = tmp_path / "codes.txt"
    path.write_text("E01000001\nE01000002, E01000003\n")
    assert list_areas(["Plymouth", str(path)]) == [
        "Plymouth",
        "E01000001",
        "E01000002",
        "E01000003",
    ]
    path.write_text("nothing here")
    with pytest.raises(InputError, match="lists no code"):
        list_areas([str(path)])


def test_a_list_of_codes_that_is_not_there_is_said_to_be_none():
    with pytest.raises(InputError, match=r"codes\.txt: no such file"):
        list_areas(["Plymouth", "codes.txt"])


def test_a_code_of_2026_finds_its_board_in_a_lookup_of_2026(lookup):
    board = "NHS Central East Integrated Care Board"
    newer = lookup.assign(icb_name=lookup["icb_name"].mask(lookup["icb_ods"] == "QHM", board))
    assert areas_named(["E54000065"], newer).areas == ("E01000004",)


@pytest.mark.parametrize("name", ["E54000070", "Thames Valley ICB"])
def test_a_board_of_2026_in_a_lookup_of_2024_says_which_lookup_to_give(name, lookup):
    with pytest.raises(InputError, match=r"of April 2026: give the lookup of 2026"):
        areas_named([name], lookup)
