"""People of later years agree to a person with the published file, which pandas reads raw."""

import pandas as pd
import pytest

from nhcplanner.layers.england.place import Choices, england

FILE = "england/snpp_2022based_subicb_age5_2022-2047.csv.gz"
OLDEST = ["85-89", "90+"]
OLD = ["65-69", "70-74", "75-79", "80-84"]
WHOLE = {
    "Blackpool": ["E38000015"],
    "NHS Dorset ICB": ["E38000045"],
    "NHS Gloucestershire ICB": ["E38000062"],
    "NHS Cornwall and the Isles of Scilly ICB": ["E38000089"],
}
"""Places of whole sub-ICB locations."""


@pytest.fixture(scope="module")
def published(real) -> pd.DataFrame:
    return pd.read_csv(real / FILE)


@pytest.mark.parametrize("name", WHOLE)
def test_whole_sub_icbs_agree_to_a_person(published, name):
    place = england(name, choices=Choices(origins="areas"))
    unit = published[published["code"].isin(WHOLE[name])]
    for year in range(2022, 2048):
        later = place.in_year(year)
        assert later.people == unit[str(year)].sum()
        for column, bands in (("people_85_plus", OLDEST), ("people_65_84", OLD)):
            expected = unit.loc[unit["age_group"].isin(bands), str(year)].sum()
            assert later.areas[column].sum() == pytest.approx(expected, abs=1e-6)
        assert later.origins["people"].sum() == pytest.approx(later.people)


def test_all_of_england_agrees_in_every_sub_icb(published):
    later = england("England", choices=Choices(origins="areas")).in_year(2035)
    assert later.people == published["2035"].sum() == 61_552_269
    ours = later.areas.groupby("projection_code")["people"].sum()
    theirs = published.groupby("code")["2035"].sum()
    pd.testing.assert_series_equal(ours, theirs, check_names=False, check_dtype=False)
