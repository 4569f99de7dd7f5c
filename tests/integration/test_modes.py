"""Modes through the whole story: best of several, and by the modes that households have."""

from dataclasses import replace

import numpy as np
import pytest

from nhcplanner import Scenario, demo_place, run
from nhcplanner.base.errors import InputError
from nhcplanner.domain.place import Place
from nhcplanner.outputs import as_json, words
from nhcplanner.workflow import measure

BASE = Scenario(model="max_coverage", count=4, everyone="reachable", reach=10, horizon=30)


@pytest.fixture(scope="module")
def place() -> Place:
    return demo_place()


def within(place, **modes) -> float:
    outcome = run(place, BASE.model_copy(update=modes))
    return float(outcome.assessment.people_within.loc[10, "people_after"])


def test_several_modes_reach_no_fewer_than_each_and_cars_lie_between(place):
    walk, drive = within(place, modes=("walk",)), within(place, modes=("drive",))
    assert within(place, modes=("walk", "drive")) >= max(walk, drive)
    some = within(place, modes=("walk", "by_car_availability"))
    assert walk < some < drive


def test_people_are_parted_by_car_from_the_problem_to_the_record(place):
    outcome = run(place, BASE.model_copy(update={"modes": ("walk", "by_car_availability")}))
    origins = len(place.origins)
    assert outcome.place is place
    assert outcome.problem.areas == outcome.times.minutes.shape[0] == 2 * origins
    assert outcome.problem.people.sum() == pytest.approx(place.people)
    shares = place.areas["no_car_share"].to_numpy()[place.area_of_origin]
    without = (place.origins["people"] * shares).sum()
    assert outcome.assessment.by_car.loc["without a car", "people"] == pytest.approx(without)
    assert len(outcome.assessment.areas) == len(place.areas)
    record = as_json(outcome)
    assert record["assessment"]["by_car"][1]["household"] == "without a car"
    assert record["times"]["mode"] == "walk; with a car walk or drive"
    assert any("share of households without a car" in n for n in outcome.assessment.notes)


def test_without_the_column_all_are_alike_and_the_run_says_so(place):
    alike = replace(place, areas=place.areas.drop(columns="no_car_share"))
    outcome = run(alike, BASE.model_copy(update={"modes": ("walk", "by_car_availability")}))
    assert outcome.times.minutes.shape[0] == len(place.origins)
    assert outcome.assessment.by_car is None
    assert any("treated alike" in note for note in outcome.assessment.notes)


def test_public_transport_is_never_slower_than_walking(place):
    near = replace(place, sites=place.sites.iloc[:3].reset_index(drop=True))
    ride = measure(near, BASE.model_copy(update={"modes": ("transit",)}))
    walk = measure(near, BASE)
    pairs = walk.minutes.tocoo()
    assert (ride.minutes.tocsr()[pairs.coords] <= pairs.data + 1 / 60).all()
    assert ride.pairs > walk.pairs
    assert ride.window.startswith("Tuesday")


def test_a_ride_without_a_timetable_is_refused_with_the_mend(place):
    with pytest.raises(InputError, match=r"no timetable.*\n?.*--gtfs"):
        measure(replace(place, timetable=None), Scenario(mode="transit"))


def test_without_streets_walks_to_stops_are_estimated(place):
    bare = replace(place, streets=None, sites=place.sites.iloc[:2].reset_index(drop=True))
    ride = measure(bare, BASE.model_copy(update={"mode": "transit"}))
    assert ride.estimate
    assert np.isfinite(ride.nearest([0, 1])).any()


def test_the_question_names_the_modes():
    said = words(Scenario(count=3, model="max_coverage", modes=("walk", "transit")))
    assert "a 20-minute walk or journey by public transport or on foot." in said
    said = words(Scenario(count=3, model="max_coverage", modes=("walk", "by_car_availability")))
    assert said.endswith("a 20-minute walk (or drive, in households with a car).")


@pytest.mark.parametrize(
    ("key", "value", "rule"),
    [
        ("transit_access_walk", 3.0, "access_walk"),
        ("transit_egress_walk", 3.0, "egress_walk"),
        ("transit_change_walk", 1.0, "change_walk"),
        ("transit_slack", 9.0, "slack"),
        ("transit_rides", 1, "most_rides"),
    ],
)
def test_the_scenario_rules_how_people_ride(place, key, value, rule):
    near = replace(place, sites=place.sites.iloc[:4].reset_index(drop=True), times=None)
    usual = Scenario(mode="transit", horizon=40)
    by_default, by_key = (
        measure(near, scenario) for scenario in (usual, usual.model_copy(update={key: value}))
    )
    assert by_key.parameters[rule] == value != by_default.parameters[rule]
    assert by_key.pairs <= by_default.pairs
