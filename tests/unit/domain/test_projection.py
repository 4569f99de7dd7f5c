"""People of other years: every figure here is worked out by hand from the table below."""

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from shapely import Point

from nhcplanner.base.errors import InputError
from nhcplanner.domain.place import CRS, Place
from nhcplanner.domain.projection import AGES, Projection, whole

PEOPLE = {"2022": (60, 180, 45, 15, 300), "2030": (54, 180, 60, 24, 318)}


def areas(**changes) -> gpd.GeoDataFrame:
    columns = {
        "area_code": ["E1", "E2"], "people": [100, 200], "projection_code": ["U", "U"],
        "people_0_15": [20.0, 40.0], "people_16_64": [60.0, 120.0], "people_65_84": [15.0, 30.0],
        "people_85_plus": [5.0, 10.0],
    }  # fmt: skip
    points = [Point(0, 0), Point(0, 0)]
    return gpd.GeoDataFrame({**columns, **changes}, geometry=points, crs=CRS)


def projection(number=2, by_age=True, homes=(), basis="2022", **changes) -> Projection:
    ages = [*AGES, "people"]
    table = pd.DataFrame({"code": "U", "name": "Unit", "age": ages, "areas": number, **PEOPLE})
    table["basis"] = table[basis].astype(float)
    names = ["name", "area_code", "homes", "year", "people_per_home", "easting", "northing"]
    made = pd.DataFrame(list(homes), columns=names)
    return Projection("Title", "2022-based", 2022, by_age, table, made, **changes)


HOME = ("Mill", "E2", 10, 2025, 2.0, 900.0, 0.0)


def place(**changes) -> Place:
    points = [Point(0, 0), Point(0, 0), Point(1000, 0)]
    origins = gpd.GeoDataFrame(
        {"origin_id": ["a", "b", "c"], "area_code": ["E1", "E2", "E2"], "people": [100.0, 150, 50]},
        geometry=points, crs=CRS,
    )  # fmt: skip
    given = {"areas": areas(), "origins": origins, "sites": origins, "projection": projection()}
    return Place(name="Ely", **(given | changes))


def test_each_age_grows_with_its_unit_and_the_total_is_the_projections():
    found = projection().people_in(areas(), 2030)
    # factors 0.9, 1, 4/3 and 1.6: 18 + 60 + 20 + 8, and 36 + 120 + 40 + 16
    assert found["people"].tolist() == [106, 212]
    assert found["people_85_plus"].tolist() == pytest.approx([8, 16])
    assert found["people_0_15"].tolist() == pytest.approx([18, 36])
    assert found["people"].sum() == PEOPLE["2030"][-1]


def test_a_part_of_a_unit_grows_at_its_rate_and_is_not_scaled_to_its_total():
    found = projection(number=5).people_in(areas().iloc[:1], 2030)
    assert found["people"].tolist() == [106]


def test_people_that_ages_do_not_sum_to_grow_by_the_mean_of_their_ages():
    found = projection(number=5).people_in(areas(people=[200, 200]), 2030)
    assert found["people"].tolist() == [212, 212]
    rest = projection().people_in(areas(people=[200, 200]), 2030)  # the whole unit has 318
    assert rest["people"].tolist() == [159, 159]


def test_without_ages_all_grow_at_the_rate_of_their_unit():
    bare = areas().drop(columns=list(AGES))
    found = projection(by_age=False).people_in(bare, 2030)
    assert found["people"].tolist() == [106, 212]
    assert list(found) == ["people", "of_homes"]


def test_areas_without_a_projection_keep_their_people_and_are_listed():
    some = areas(projection_code=["U", ""])
    made = projection(number=1)
    found = made.people_in(some, 2030)
    assert found["people"].tolist() == [318, 200]
    assert found["people_85_plus"].tolist() == pytest.approx([8, 10])
    words = made.words(some, some.assign(people=found["people"]), 2030)
    assert "1 area without a projection: their people stay those of 2022: E2" in words


def test_homes_within_the_total_take_people_from_all_areas_of_the_unit():
    found = projection(homes=[HOME]).people_in(areas(), 2030)
    # 20 of 318 people live in new homes: 106 * 298 / 318 = 99.33, 212 * 298 / 318 + 20 = 218.67
    assert found["people"].tolist() == [99, 219]
    assert found["of_homes"].tolist() == [0, 20]
    for age, total in zip(AGES, PEOPLE["2030"], strict=False):
        assert found[age].sum() == pytest.approx(total)
    assert found["people_85_plus"].iloc[0] == pytest.approx(8 * 298 / 318)


def test_homes_on_top_are_added_with_the_units_mix_of_ages():
    found = projection(homes=[HOME]).people_in(areas(), 2030, "on_top")
    assert found["people"].tolist() == [106, 232]
    assert found["people_85_plus"].tolist() == pytest.approx([8, 16 + 20 * 24 / 318])
    left = projection(homes=[HOME]).people_in(areas(), 2030, "left_out")
    assert left["people"].tolist() == [106, 212]


def test_homes_count_from_the_year_after_the_base_to_the_year_asked_for():
    homes = [(*HOME[:3], year, *HOME[4:]) for year in (2022, 2023, 2030, 2031)]
    made = projection(homes=homes)
    assert made.people_in(areas(), 2030, "on_top")["people"].tolist() == [106, 252]
    words = " ".join(made.words(areas(), areas(), 2030, "on_top"))
    assert "2 housing sites completed by 2030: 20 homes with 40 people, added to" in words
    assert "1 housing site completed by 2022 not counted" in words
    assert "1 housing site completed after 2030 not counted" in words


def test_more_people_in_homes_than_the_projection_has_are_refused_within_it():
    made = projection(homes=[(*HOME[:2], 200, *HOME[3:])])
    with pytest.raises(InputError, match="new homes hold 400 people, but the projection has 318"):
        made.people_in(areas(), 2030)
    assert made.people_in(areas(), 2030, "on_top")["people"].tolist() == [106, 612]


def test_homes_in_areas_without_a_projection_need_on_top():
    some, made = areas(projection_code=["U", ""]), projection(number=1, homes=[HOME])
    assert made.people_in(some, 2030)["people"].tolist() == [318, 200]
    assert "in areas without a projection not counted" in " ".join(made.words(some, some, 2030))
    assert made.people_in(some, 2030, "on_top")["people"].tolist() == [318, 220]


def test_starting_points_grow_with_their_area_and_homes_go_to_the_nearest_one():
    found = place(projection=projection(homes=[HOME])).in_year(2030, "on_top")
    assert found.origins["people"].tolist() == pytest.approx([106, 159, 73])
    assert found.people == 338


def test_an_area_without_people_gets_those_of_new_homes():
    empty = areas(people=[300, 0], people_0_15=[60.0, 0], people_16_64=[180.0, 0],
                  people_65_84=[45.0, 0], people_85_plus=[15.0, 0])  # fmt: skip
    origins = place().origins.assign(people=[300.0, 0, 0])
    made = place(areas=empty, origins=origins, projection=projection(homes=[HOME]))
    found = made.in_year(2030, "on_top")
    assert found.origins["people"].tolist() == pytest.approx([318, 0, 20])


def test_a_place_takes_the_people_of_a_year_and_gives_its_own_back():
    own = place()
    later = own.in_year(2030)
    assert (later.people, later.year, own.people) == (318, 2030, 300)
    assert later.in_year(2030) is later
    assert later.in_year(2022).people == 300
    assert later.in_year(None).areas is own.areas
    assert own.in_year(None) is own
    assert own.year_notes == ()
    assert later.year_notes[0] == (
        "People are those of 2030, a projection (2022-based): 318 instead of 300 in 2022 (+6.0%); "
        "aged 0 to 15 -10.0%, aged 16 to 64 +0.0%, aged 65 to 84 +33.3%, aged 85 and over +60.0%"
    )
    assert later.year_notes[1] == "Totals agree with the projection to a person in Unit"


def test_a_part_of_a_unit_says_so():
    later = place(projection=projection(number=5)).in_year(2030)
    assert later.year_notes[1].startswith("2 of the 5 areas of Unit are in the place")
    unknown = place(projection=projection(number=0)).in_year(2030)
    assert unknown.year_notes[1].startswith("An unknown part of Unit is in the place")


def test_years_that_are_not_projected_and_places_without_a_projection_are_refused():
    with pytest.raises(InputError, match="year 2031 is not in the projection, which covers 2022"):
        place().in_year(2031)
    with pytest.raises(InputError, match="Ely has no population projection"):
        place(projection=None).in_year(2030)


def test_the_order_of_areas_changes_nothing():
    forwards = projection(homes=[HOME]).people_in(areas(), 2030)
    backwards = projection(homes=[HOME]).people_in(areas().iloc[::-1], 2030)
    pd.testing.assert_frame_equal(forwards, backwards.iloc[::-1])


def test_whole_people_keep_the_total_and_differ_by_less_than_one():
    random = np.random.default_rng(1)
    people = random.uniform(0, 10, 200)
    found = whole(people)
    assert found.sum() == np.floor(people.sum() + 0.5)
    assert (np.abs(found - people) < 1).all()
    assert whole(np.array([2.0, 3.0])).tolist() == [2, 3]
