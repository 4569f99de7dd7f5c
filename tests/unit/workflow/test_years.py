"""People by year in tables and cases, by hand on a place of three areas in two units."""

import geopandas as gpd
import pandas as pd
import pytest
from shapely import Point

from nhcplanner import Scenario, run
from nhcplanner.base.errors import InputError
from nhcplanner.domain.place import CRS, Place
from nhcplanner.domain.projection import Projection
from nhcplanner.workflow.robustness import Sensitivity, cases_of
from nhcplanner.workflow.years import (
    change_in_words,
    growth_errors,
    growth_table,
    origin_table,
    year_tables,
    years_of,
)


def place(**changes) -> Place:
    points = [Point(400_000 + 5_000 * n, 300_000) for n in range(3)]
    areas = gpd.GeoDataFrame(
        {"area_code": ["X00000001", "X00000002", "X00000003"], "people": [100, 200, 300],
         "projection_code": ["U", "U", "V"], "council_code": ["E07000001", "", "E09000001"]},
        geometry=points, crs=CRS,
    )  # fmt: skip
    origins = areas[["area_code", "people", "geometry"]].assign(origin_id=areas["area_code"])
    sites = gpd.GeoDataFrame(
        {"site_id": list("abc"), "site_name": list("ABC"), "kind": "land", "status": "candidate"},
        geometry=points, crs=CRS,
    )  # fmt: skip
    table = pd.DataFrame(
        {"code": ["U", "V"], "name": ["Unit U", "Unit V"], "age": "people", "basis": [300.0, 600.0],
         "areas": [2, 5], "2022": [310.0, 600.0], "2030": [360.0, 1200.0], "2035": [150.0, 900.0]}
    )  # fmt: skip
    given = {"projection": Projection("T", "2022-based", 2022, by_age=False, table=table)}
    return Place("Line", areas, sites, gpd.GeoDataFrame(origins), **(given | changes))


def scenario(**changes) -> Scenario:
    given = {"model": "max_coverage", "engine": "estimate", "count": 1}
    return Scenario(**(given | changes))


def test_people_by_year_of_the_place_its_units_and_its_areas():
    found = year_tables(place(), scenario(), [2030])
    rows = found["years"].set_index(["year", "code"])["people"]
    # U grows by 360 / 300 and is whole; V doubles, and is a part
    assert rows.to_dict() == {
        (2022, "all"): 600, (2022, "U"): 300, (2022, "V"): 300,
        (2030, "all"): 960, (2030, "U"): 360, (2030, "V"): 600,
    }  # fmt: skip
    whole = found["years"].dropna(subset="projection")
    assert whole["code"].unique().tolist() == ["U"]
    assert whole["difference"].tolist() == [-10, 0]
    assert whole["basis"].tolist() == ["the place's own people", "projection, 2022-based"]
    areas = found["area_years"].set_index(["year", "area_code"])["people"]
    assert areas.loc[2030].tolist() == [120, 240, 600]


def test_a_place_without_a_projection_has_no_people_by_year():
    with pytest.raises(InputError, match="has no population projection"):
        year_tables(place(projection=None), scenario())
    assert years_of(place(projection=None), scenario()) == []


def test_the_years_listed_are_those_of_the_projection_the_scenario_and_the_waves():
    assert years_of(place(), scenario()) == [2030, 2035]
    assert years_of(place(), scenario(year=2022), ["by 2030", "2027"]) == [2022, 2030, 2035]


def test_starting_points_by_year():
    table = origin_table(place(), scenario(), [None, 2035])
    assert table["year"].tolist() == [2022] * 3 + [2035] * 3
    assert table["people"].tolist() == [100, 200, 300, 50, 100, 450]


def test_cases_hold_the_people_of_other_years_and_drawn_growth():
    outcome = run(place(), scenario(year=2030))
    cases = cases_of(outcome, Sensitivity(reaches=(), draws=2))
    assert cases["people of 2022"].people.tolist() == [100, 200, 300]
    assert cases["people of 2035"].people.tolist() == [50, 100, 450]
    assert "people of 2030" not in cases
    drawn = growth_table(growth_errors(outcome, 2))
    first = drawn[drawn["case"] == "growth draw 1"].set_index("code")["factor"]
    expected = [120 * first["U"], 240 * first["U"], 600 * first["V"]]
    assert cases["growth draw 1"].people == pytest.approx(expected)


def test_without_a_year_growth_is_not_varied_unless_years_are_named():
    outcome = run(place(), scenario())
    assert growth_errors(outcome, 2) == []
    names = [name for name in cases_of(outcome, Sensitivity()) if "people of" in name]
    assert names == []
    cases = cases_of(outcome, Sensitivity(years=(2022, 2035)))
    assert cases["people of 2035"].people.tolist() == [50, 100, 450]
    assert "people of 2022" not in cases


def test_what_growth_changes_in_the_plan_is_named():
    outcome = run(place(), scenario(year=2030))
    assert outcome.plan.opened == (2,)
    assert change_in_words(outcome, [1]) == (
        "Because of growth since 2022 the plan opens C instead of B"
    )
    assert change_in_words(outcome, [2]) == "The same centres open for the people of 2022"
