"""Problems of places: what their rows are called in messages."""

from dataclasses import replace

import pandas as pd
import pytest

from nhcplanner import Place, Scenario, build_problem, demo_place, rank, run
from nhcplanner.base.errors import InputError
from nhcplanner.layers.england.place import Choices, england


def test_rows_are_areas_or_starting_points():
    areas = pd.DataFrame(
        {
            "area_code": ["X01000001", "X01000002"],
            "people": [1500, 700],
            "easting": [430_000, 450_000],
            "northing": [310_000, 310_000],
        }
    )
    sites = pd.DataFrame({"site_id": ["S1"], "easting": [430_100], "northing": [310_000]})
    starts = pd.DataFrame(
        {
            "area_code": ["X01000001", "X01000002", "X01000002"],
            "people": [1500, 300, 400],
            "easting": [430_000, 450_000, 450_100],
            "northing": [310_000, 310_000, 310_000],
        }
    )
    scenario = Scenario(model="set_cover", engine="estimate")
    reason = run(Place.from_frames(areas, sites), scenario).plan.reason
    assert reason == "1 area (700 people) has no allowed site within 20 minutes"
    reason = run(Place.from_frames(areas, sites, origins=starts), scenario).plan.reason
    assert reason == "2 starting points (700 people) have no allowed site within 20 minutes"


def test_a_scenario_with_a_year_plans_for_the_people_of_that_year():
    place = england("Rutland", choices=Choices(origins="areas"))
    scenario = Scenario(model="max_coverage", engine="estimate", count=2, year=2035)
    now = run(place, scenario.model_copy(update={"year": None}))
    then = run(place, scenario)
    assert now.problem.people.sum() == place.people
    assert then.problem.people.sum() == then.place.people == place.in_year(2035).people
    assert then.assessment.notes[0].startswith("People are those of 2035, a projection")
    assert run(then.place, now.scenario).problem.people.sum() == place.people
    weights = build_problem(
        then.place, then.times, scenario.model_copy(update={"need": ("people_85_plus",)}),
        rank(place, scenario),
    )  # fmt: skip
    old = place.in_year(2035).areas["people_85_plus"].sum()
    assert (weights.need * weights.people).sum() == pytest.approx(old)


def test_a_year_without_a_projection_is_refused():
    with pytest.raises(InputError, match="has no population projection"):
        run(replace(demo_place(), projection=None), Scenario(count=2, year=2035))
