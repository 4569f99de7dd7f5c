"""Codes of one vintage are not taken for another's."""

import pandas as pd
import pytest

from nhcplanner.layers.codes import vintage

CODES = pd.Series(["E01000001", "E01000155", "E01035000", "X01000001"])


def test_1106_lsoas_and_121_msoas_of_2011_are_no_more():
    kinds = pd.Series(sorted(vintage.retired())).str[:3].value_counts()
    assert kinds[["E01", "W01"]].tolist() == [1_034, 72]
    assert kinds[["E02", "W02"]].sum() == 121


@pytest.mark.parametrize(
    ("year", "flags"),
    [
        (vintage.LSOA21, [False, True, False, False]),
        (vintage.LSOA11, [False, False, True, False]),
        (vintage.OWN, [False, False, False, False]),
    ],
)
def test_only_codes_of_the_other_vintage_are_foreign(year, flags):
    assert vintage.foreign(CODES, year).tolist() == flags


def test_middle_layer_areas_have_vintages_too():
    codes = pd.Series(["E02000001", "E02000053", "E02006999"])
    assert vintage.of_codes(codes) == vintage.MSOA21
    assert vintage.foreign(codes, vintage.MSOA21).tolist() == [False, True, False]
    assert vintage.foreign(codes, vintage.MSOA11).tolist() == [False, False, True]


def test_own_codes_have_no_vintage_of_lsoas():
    assert vintage.of_codes(pd.Series(["X01000001"])) == vintage.OWN
    assert vintage.of_codes(CODES) == vintage.LSOA21


def test_a_table_on_other_codes_is_one_fault_with_the_count():
    faults = vintage.table_faults(CODES, vintage.LSOA21, "imd.csv", 2)
    assert len(faults) == 1
    assert (faults[0].file, faults[0].row) == ("imd.csv", 3)
    assert "1 of its 4 codes" in faults[0].problem
    assert "lookup" in faults[0].mend
