"""Codes of councils that changed: carried over where exact, said where not."""

import pandas as pd

from nhcplanner.layers.codes.councils import CHANGES, met, one_year


def table(*codes: str) -> pd.DataFrame:
    return pd.DataFrame({"area_code": codes, "hle": [float(50 + n) for n in range(len(codes))]})


def test_one_code_for_one_is_carried_over_both_ways():
    for theirs, ours in (("E08000039", "E08000019"), ("E08000019", "E08000039")):
        found, notes = met(table(theirs), "area_code", pd.Index([ours]))
        assert found.set_index("area_code")["hle"].to_dict() == {theirs: 50, ours: 50}
        assert "became E08000039 in 2025" in notes[0]


def test_the_figure_of_a_council_since_split_holds_for_its_parts_and_says_so():
    found, notes = met(table("E10000006"), "area_code", pd.Index(["E06000063", "E06000064"]))
    assert found["area_code"].tolist() == ["E10000006", "E06000063", "E06000064"]
    assert "parts of it" in notes[0]


def test_figures_of_councils_that_became_one_are_not_carried_over():
    given = table("E06000028", "E06000029")
    found, notes = met(given, "area_code", pd.Index(["E06000058"]))
    assert found["area_code"].tolist() == ["E06000028", "E06000029"]
    assert "cannot be carried over exactly" in notes[0]


def test_what_is_there_by_the_right_code_is_not_touched():
    found, notes = met(table("E08000019", "E08000039"), "area_code", pd.Index(["E08000039"]))
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
