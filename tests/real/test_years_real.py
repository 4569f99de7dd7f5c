"""People of later years agree to a person with the published file, which pandas reads raw."""

import geopandas as gpd
import pandas as pd
import pytest

from nhcplanner.layers.england.place import Choices, england
from nhcplanner.layers.population.housing import with_housing
from nhcplanner.layers.readers.column_map import ColumnMap

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


def test_housing_sites_lie_in_the_areas_that_their_polygons_say(real):
    """Sites of Leeds by a spatial join of the raw layers; a site counts where its middle lies."""
    raw = gpd.read_parquet(real / "england/actdev_housing_sites_2021.parquet")
    borders = gpd.read_parquet(real / "england/lsoa21_boundaries_bsc.parquet")
    middles = raw.set_geometry(raw.representative_point())
    leeds = england("Leeds", choices=Choices(origins="areas"))
    mine = borders[borders["lsoa21_code"].isin(leeds.areas["area_code"])]
    joined = gpd.sjoin(middles, mine.to_crs(raw.crs), predicate="within")
    answers = ColumnMap(assume={"homes.year": "2032"})
    path = real / "england/actdev_housing_sites_2021.parquet"
    made = with_housing(leeds, path, answers)
    homes = made.projection.homes.set_index("name")
    assert set(homes.index) == set(joined["site_name"])
    assert homes["homes"].sum() == joined["dwellings_when_complete"].sum()
    codes = joined.set_index("site_name")["lsoa21_code"]
    assert homes["area_code"].to_dict() == codes.to_dict()
    within, on_top = made.in_year(2035), made.in_year(2035, "on_top")
    new = 2.41 * homes["homes"].sum()
    assert within.people == leeds.in_year(2035).people
    assert on_top.people == pytest.approx(within.people + new, abs=1)
    assert made.in_year(2031, "on_top").people == leeds.in_year(2031).people
    one = homes["area_code"].iloc[0]
    here = homes[homes["area_code"] == one]
    gain = (
        on_top.areas.set_index("area_code")["people"]
        - leeds.in_year(2035).areas.set_index("area_code")["people"]
    )
    assert gain[one] == pytest.approx(2.41 * here["homes"].sum(), abs=1)
