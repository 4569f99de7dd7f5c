"""Codes of councils that changed: carried over where exact, said where not.

Figures by codes of one year brought to another's: nothing lost, nothing invented.

Codes of one vintage are not taken for another's.
"""

import pandas as pd
import pytest

from nhcplanner.base.errors import InputError
from nhcplanner.layers.codes import vintages
from nhcplanner.layers.codes.vintages import CHANGES, align_councils, one_year, read_lookup, recode
from nhcplanner.layers.readers.column_map import ColumnMap


def table(*codes: str) -> pd.DataFrame:
    return pd.DataFrame({"area_code": codes, "hle": [float(50 + n) for n in range(len(codes))]})


def test_one_code_for_one_is_carried_over_both_ways():
    for theirs, ours in (("E08000039", "E08000019"), ("E08000019", "E08000039")):
        found, notes = align_councils(table(theirs), "area_code", pd.Index([ours]))
        assert found.set_index("area_code")["hle"].to_dict() == {theirs: 50, ours: 50}
        assert "became E08000039 in 2025" in notes[0]


def test_the_figure_of_a_council_since_split_holds_for_its_parts_and_says_so():
    found, notes = align_councils(
        table("E10000006"), "area_code", pd.Index(["E06000063", "E06000064"])
    )
    assert found["area_code"].tolist() == ["E10000006", "E06000063", "E06000064"]
    assert "parts of it" in notes[0]


def test_figures_of_councils_that_became_one_are_not_carried_over():
    given = table("E06000028", "E06000029")
    found, notes = align_councils(given, "area_code", pd.Index(["E06000058"]))
    assert found["area_code"].tolist() == ["E06000028", "E06000029"]
    assert "cannot be carried over exactly" in notes[0]


def test_what_is_there_by_the_right_code_is_not_touched():
    found, notes = align_councils(
        table("E08000019", "E08000039"), "area_code", pd.Index(["E08000039"])
    )
    assert len(found) == 2
    assert notes == ()


def test_two_codes_of_one_council_become_the_newer():
    codes, notes = one_year(pd.Series(["E54000052", "E54000063", None], name="icb_code"))
    assert codes.tolist()[:2] == ["E54000063"] * 2
    assert notes == ("icb_code E54000052 is E54000063 since: the newer is taken",)
    assert one_year(pd.Series(["E54000052"], name="icb_code"))[1] == ()


def test_no_code_is_old_twice():
    old = [code for change in CHANGES for code in change.old]
    assert len(old) == len(set(old))


LINKS = pd.DataFrame(
    [("same", "same"), ("old", "new1"), ("old", "new2"), ("a", "ab"), ("b", "ab")],
    columns=["old", "new"],
)


def table_recode(**columns) -> pd.DataFrame:
    return pd.DataFrame({"area_code": ["same", "old", "a", "b"], **columns})


def brought(frame, people=None) -> pd.DataFrame:
    return recode(frame, LINKS, people)[0].set_index("area_code")


def test_counts_are_shared_out_by_people_and_summed():
    people = pd.Series({"same": 10, "new1": 300, "new2": 100, "ab": 50})
    found = brought(table_recode(people=[10.0, 400.0, 20.0, 30.0]), people)["people"]
    assert found.to_dict() == {"same": 10, "new1": 300, "new2": 100, "ab": 50}


def test_counts_are_shared_alike_where_no_people_are_known():
    found = brought(table_recode(people=[10.0, 400.0, 20.0, 30.0]))["people"]
    assert found[["new1", "new2"]].tolist() == [200, 200]


def test_rates_are_taken_where_split_and_weighted_by_people_where_merged():
    frame = table_recode(no_car_share=[0.1, 0.4, 0.2, 0.6], people=[10.0, 400.0, 30.0, 10.0])
    found = brought(frame)["no_car_share"]
    assert found.to_dict() == pytest.approx({"same": 0.1, "new1": 0.4, "new2": 0.4, "ab": 0.3})


def test_ranks_stay_whole_and_words_come_from_the_larger_part():
    frame = table_recode(imd_rank=[1.0, 2.0, 4.0, 7.0], rural_urban=["r", "r", "r", "u"])
    found = brought(frame.assign(people=[1.0, 1.0, 1.0, 9.0]))
    assert found.loc["ab"].to_dict() == {"imd_rank": 7, "rural_urban": "u", "people": 10}


def test_blank_stays_blank_and_is_no_zero():
    found = brought(table_recode(people=[None, 4.0, None, 5.0], hle=[None, 60.0, None, 61.0]))
    assert found.loc["same"].isna().all()
    assert found.loc["ab"].to_dict() == {"people": 5, "hle": 61}


def test_own_columns_are_counts_where_all_are_whole():
    found = brought(table_recode(own_n=[1.0, 2.0, 3.0, 4.0], own_r=[0.5, 2.0, 3.0, 4.0]))
    assert found.loc["ab"].to_dict() == pytest.approx({"own_n": 7, "own_r": 3.5})


def test_it_says_what_was_split_merged_and_left_out():
    frame = pd.concat([table_recode(), pd.DataFrame({"area_code": ["E99"]})]).assign(hle=60.0)
    words = " ".join(recode(frame, LINKS)[1])
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


CODES = pd.Series(["E01000001", "E01000155", "E01035000", "X01000001"])


def test_1106_lsoas_and_121_msoas_of_2011_are_no_more():
    kinds = pd.Series(sorted(vintages.retired())).str[:3].value_counts()
    assert kinds[["E01", "W01"]].tolist() == [1_034, 72]
    assert kinds[["E02", "W02"]].sum() == 121


@pytest.mark.parametrize(
    ("year", "flags"),
    [
        (vintages.LSOA21, [False, True, False, False]),
        (vintages.LSOA11, [False, False, True, False]),
        (vintages.OWN, [False, False, False, False]),
    ],
)
def test_only_codes_of_the_other_vintage_are_foreign(year, flags):
    assert vintages.foreign(CODES, year).tolist() == flags


def test_middle_layer_areas_have_vintages_too():
    codes = pd.Series(["E02000001", "E02000053", "E02006999"])
    assert vintages.of_codes(codes) == vintages.MSOA21
    assert vintages.foreign(codes, vintages.MSOA21).tolist() == [False, True, False]
    assert vintages.foreign(codes, vintages.MSOA11).tolist() == [False, False, True]


def test_own_codes_have_no_vintage_of_lsoas():
    assert vintages.of_codes(pd.Series(["X01000001"])) == vintages.OWN
    assert vintages.of_codes(CODES) == vintages.LSOA21


def test_a_table_on_other_codes_is_one_fault_with_the_count():
    faults = vintages.table_faults(CODES, vintages.LSOA21, "imd.csv", 2)
    assert len(faults) == 1
    assert (faults[0].file, faults[0].row) == ("imd.csv", 3)
    assert "1 of its 4 codes" in faults[0].problem
    assert "lookup" in faults[0].hint


def test_the_column_map_names_the_columns_of_a_lookup_of_codes(tmp_path):
    path = tmp_path / "links.csv"
    path.write_text("Before,After\ne01000001,E01000002\n,E01000003\n", encoding="utf-8")
    said = ColumnMap(tables={"links.csv": {"lsoa_2011": "Before", "lsoa_2021": "After"}})
    links = read_lookup(path, said).links("LSOA 2011", "LSOA 2021")
    assert links.to_numpy().tolist() == [["E01000001", "E01000002"]]
