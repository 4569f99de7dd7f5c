"""Cases of a plan: minutes of an estimate, and bands by their probability."""

from dataclasses import replace
from itertools import combinations

import numpy as np
import pytest

from nhcplanner import Scenario, workflow
from nhcplanner.workflow.robustness import Sensitivity, cases_of, plan_by_probability

COUNT = 2


@pytest.fixture(scope="module")
def outcome():
    place = workflow.demo_place()
    chance = np.random.default_rng(2).random(len(place.areas))
    place = replace(
        place,
        areas=place.areas.assign(lowest_band_probability=chance),
        sites=place.sites.assign(status="candidate"),
    )
    return workflow.run(place, Scenario(count=COUNT, engine="estimate"))


def test_an_estimate_is_tried_with_its_error(outcome):
    cases = cases_of(outcome, Sensitivity(reaches=(), draws=3))
    assert [name for name in cases if name.startswith("travel draw")] == [
        "travel draw 1", "travel draw 2", "travel draw 3",
    ]  # fmt: skip


def test_measured_minutes_are_not_drawn(outcome):
    measured = replace(outcome, times=replace(outcome.times, estimate=False))
    assert not [name for name in cases_of(measured, Sensitivity(draws=3)) if "travel" in name]


def test_the_plan_by_probability_reaches_the_most_who_are_likely(outcome):
    found = plan_by_probability(outcome)
    place = outcome.place
    likely = place.areas["people"] * place.areas["lowest_band_probability"]
    by_code = likely.to_numpy()[place.area_of_origin]
    near = outcome.times.minutes.toarray()
    stored = np.zeros(near.shape, dtype=bool)
    stored[outcome.times.minutes.tocoo().coords] = True
    within = stored & (near <= np.float32(outcome.scenario.reach))
    best = max(
        by_code[within[:, pair].any(axis=1)].sum()
        for pair in combinations(range(within.shape[1]), COUNT)
    )
    assert found.most == pytest.approx(best, rel=1e-6)
    assert found.most >= found.expected
    assert found.words.startswith("Counting each person")


def test_places_without_probabilities_have_no_such_plan():
    plain = workflow.run(workflow.demo_place(), Scenario(count=COUNT, engine="estimate"))
    assert plan_by_probability(plain) is None
