"""Waves for the people of their years, against brute force on a place of six areas."""

from itertools import combinations

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from shapely import Point

from nhcplanner import Scenario, explore, run
from nhcplanner.domain.place import CRS, Place
from nhcplanner.domain.projection import Projection
from nhcplanner.workflow.robustness import problem_of
from nhcplanner.workflow.waves import opening_years, outcome_of_wave, plan_waves, year_of

UNITS = ["U", "U", "V", "V", "W", "W"]
PEOPLE = np.array([500, 300, 400, 350, 200, 150])
FACTORS = {"2022": (1, 1, 1), "2030": (0.5, 1.2, 1.5), "2035": (0.4, 1.0, 3.0)}
"""Growth of the three units: the first shrinks and the last grows."""
WAVES = [explore.Wave("2030", 1), explore.Wave("2035", 2)]


@pytest.fixture(scope="module")
def place() -> Place:
    points = [Point(400_000 + 5_000 * n, 300_000) for n in range(6)]
    areas = gpd.GeoDataFrame(
        {"area_code": [f"X0000000{n}" for n in range(6)], "people": PEOPLE,
         "projection_code": UNITS},
        geometry=points, crs=CRS,
    )  # fmt: skip
    origins = areas[["area_code", "people", "geometry"]].assign(origin_id=areas["area_code"])
    sites = gpd.GeoDataFrame(
        {"site_id": list("abcdef"), "site_name": list("ABCDEF"), "kind": "land",
         "status": "candidate"},
        geometry=points, crs=CRS,
    )  # fmt: skip
    base = pd.Series(PEOPLE).groupby(UNITS).sum()
    table = pd.DataFrame({"code": base.index, "name": base.index, "age": "people",
                          "basis": base.to_numpy(float), "areas": 2})  # fmt: skip
    for year, factors in FACTORS.items():
        table[year] = base.to_numpy() * np.array(factors)
    projection = Projection("T", "2022-based", 2022, by_age=False, table=table)
    return Place("Line", areas, sites, gpd.GeoDataFrame(origins), projection=projection)


def scenario(**changes) -> Scenario:
    given = {"model": "max_coverage", "engine": "estimate", "count": 2, "bands": 1, "reach": 20}
    return Scenario(**(given | changes))


def best(year: str, number: int, must: tuple[int, ...] = ()) -> tuple[float, set[int]]:
    """Most people reached by so many sites, by trying all: each site reaches its own area."""
    factor = np.repeat(FACTORS[year], 2)
    people = [int(one) for one in np.rint(PEOPLE * factor)]
    options = [c for c in combinations(range(6), number) if set(must) <= set(c)]
    score = {c: sum(people[site] for site in c) for c in options}
    most = max(score.values())
    return most, set(next(c for c in options if score[c] == most))


def waves_of(place: Place, order: str, **changes):
    outcome = run(place, scenario(**changes))
    problem, model, rows = problem_of(outcome)
    found = plan_waves(
        place, outcome.scenario, problem, model, WAVES, rows=rows, order=order, time_limit=60
    )
    return outcome, found


def test_each_wave_is_best_for_the_people_of_its_year(place):
    _, found = waves_of(place, "forwards", year=2035)
    first, last = found.waves
    most, sites = best("2030", 1)
    assert (set(first.plan.opened), sum(first.by_band.values())) == (sites, most)
    most, sites = best("2035", 2, must=tuple(sites))
    assert (set(last.plan.opened), sum(last.by_band.values())) == (sites, most)


def test_backwards_the_last_wave_is_best_and_the_first_a_part_of_it(place):
    _, found = waves_of(place, "backwards", year=2035)
    most, sites = best("2035", 2)
    assert (set(found.waves[1].plan.opened), sum(found.waves[1].by_band.values())) == (sites, most)
    assert set(found.waves[0].plan.opened) < sites


def test_the_waves_say_what_growth_changes(place):
    _, found = waves_of(place, "forwards", year=2035)
    assert found.notes[0] == (
        "Each wave is planned for the people of its year (projection, 2022-based): "
        "2030: 1,825, 2035: 2,120"
    )
    # today the largest areas are A (500) and C (400); 2030: C (480); 2035: E (600) beside C
    assert found.notes[1] == (
        "Because of growth since 2022: 2030 has C instead of A; 2035 has E instead of A"
    )


def test_without_a_year_all_waves_have_the_people_of_today_and_a_hint(place):
    _, found = waves_of(place, "forwards")
    assert [sum(one.by_band.values()) for one in found.waves] == [500, 900]
    assert "with a year in the scenario, such as year=2035" in found.notes[0]


def test_a_wave_is_assessed_with_the_people_of_its_year(place):
    outcome, found = waves_of(place, "forwards", year=2035)
    then = outcome_of_wave(outcome, found.waves[0])
    assert (then.place.people, then.scenario.year) == (1825, 2030)
    assert then.assessment.people_within.loc[20.0, "people_after"] == best("2030", 1)[0]
    assert outcome_of_wave(outcome, found.waves[1]).place.people == 2120


def test_years_are_read_from_the_names_of_waves(place):
    assert year_of(place, "by March 2030") == 2030
    assert year_of(place, "2027") is None
    assert year_of(place, "first") is None
    listed = pd.DataFrame({"wave": ["2030", "first"], "site_id": ["a", "b"]})
    assert opening_years(listed) == {"a": 2030}
