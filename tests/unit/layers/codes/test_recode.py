"""Figures by codes of one year brought to another's: nothing lost, nothing invented."""

import pandas as pd
import pytest

from nhcplanner.domain.errors import InputError
from nhcplanner.layers.codes.recode import read_lookup, recoded

LINKS = pd.DataFrame(
    [("same", "same"), ("old", "new1"), ("old", "new2"), ("a", "ab"), ("b", "ab")],
    columns=["old", "new"],
)


def table(**columns) -> pd.DataFrame:
    return pd.DataFrame({"area_code": ["same", "old", "a", "b"], **columns})


def brought(frame, people=None) -> pd.DataFrame:
    return recoded(frame, LINKS, people)[0].set_index("area_code")


def test_counts_are_shared_out_by_people_and_summed():
    people = pd.Series({"same": 10, "new1": 300, "new2": 100, "ab": 50})
    found = brought(table(people=[10.0, 400.0, 20.0, 30.0]), people)["people"]
    assert found.to_dict() == {"same": 10, "new1": 300, "new2": 100, "ab": 50}


def test_counts_are_shared_alike_where_no_people_are_known():
    found = brought(table(people=[10.0, 400.0, 20.0, 30.0]))["people"]
    assert found[["new1", "new2"]].tolist() == [200, 200]


def test_rates_are_taken_where_split_and_weighted_by_people_where_merged():
    frame = table(no_car_share=[0.1, 0.4, 0.2, 0.6], people=[10.0, 400.0, 30.0, 10.0])
    found = brought(frame)["no_car_share"]
    assert found.to_dict() == pytest.approx({"same": 0.1, "new1": 0.4, "new2": 0.4, "ab": 0.3})


def test_ranks_stay_whole_and_words_come_from_the_larger_part():
    frame = table(imd_rank=[1.0, 2.0, 4.0, 7.0], rural_urban=["r", "r", "r", "u"])
    found = brought(frame.assign(people=[1.0, 1.0, 1.0, 9.0]))
    assert found.loc["ab"].to_dict() == {"imd_rank": 7, "rural_urban": "u", "people": 10}


def test_blank_stays_blank_and_is_no_zero():
    found = brought(table(people=[None, 4.0, None, 5.0], hle=[None, 60.0, None, 61.0]))
    assert found.loc["same"].isna().all()
    assert found.loc["ab"].to_dict() == {"people": 5, "hle": 61}


def test_own_columns_are_counts_where_all_are_whole():
    found = brought(table(own_n=[1.0, 2.0, 3.0, 4.0], own_r=[0.5, 2.0, 3.0, 4.0]))
    assert found.loc["ab"].to_dict() == pytest.approx({"own_n": 7, "own_r": 3.5})


def test_it_says_what_was_split_merged_and_left_out():
    frame = pd.concat([table(), pd.DataFrame({"area_code": ["E99"]})]).assign(hle=60.0)
    words = " ".join(recoded(frame, LINKS)[1])
    assert "1 area split" in words
    assert "1 area merged" in words
    assert "no such code: E99" in words


def test_the_ons_lookup_is_known_by_its_columns(tmp_path):
    path = tmp_path / "lookup.csv"
    path.write_text("LSOA11CD,CHGIND,LSOA21CD\nE01000001,U,E01000001\nE01000002,S,E01000003\n")
    lookup = read_lookup(path)
    assert lookup.links("LSOA 2011", "LSOA 2021")["new"].tolist() == ["E01000001", "E01000003"]
    assert lookup.links("MSOA 2011", "MSOA 2021") is None


def test_another_file_is_no_lookup(tmp_path):
    path = tmp_path / "lookup.csv"
    path.write_text("LSOA21CD,LAD22CD\nE01000001,E06000001\n")
    with pytest.raises(InputError, match="LSOA11CD"):
        read_lookup(path)
