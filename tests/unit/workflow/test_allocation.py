"""Plans whose rules decide whom each centre serves publish that, and not the nearest centre."""

import json
from collections import defaultdict
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from nhcplanner import layers, workflow
from nhcplanner.domain.scenario import Scenario
from nhcplanner.explore import Pace
from nhcplanner.outputs import frames
from nhcplanner.workflow.trade_off import trace_trade_off

TRIP = {"engine": "estimate", "mode": "drive"}
RULES = {
    "least and most, split": {"least_people": 8_000, "most_people": 50_000, "split": True},
    "most, whole areas": {"most_people": 45_000},
    "capacity": {"model": "max_coverage_within_capacity", "most_people": 30_000},
}


@pytest.fixture(scope="module")
def place():
    demo = workflow.demo_place()
    return replace(demo, sites=demo.sites.drop(columns="capacity"))


@pytest.fixture(scope="module")
def opened(place):
    """A plan that no footprint limits, whose sites every rule above is tried on."""
    return workflow.run(place, Scenario(model="max_coverage", count=12, **TRIP)).plan


@pytest.fixture(scope="module", params=RULES.values(), ids=RULES)
def planned(request, place, opened):
    return workflow.replan(place, Scenario(**(TRIP | request.param)), opened)


def counted(outcome):
    """People of each centre, summed by hand from the pairs of the allocation."""
    people = outcome.place.origins["people"].tolist()
    found = defaultdict(float)
    given = outcome.plan.allocation
    for row, site, share in zip(given.rows, given.sites, given.shares, strict=True):
        found[outcome.place.sites["site_id"].iloc[site]] += people[row] * share
    return found


def test_each_centre_serves_as_many_as_the_rule_allows(planned):
    served = counted(planned)
    least, most = planned.scenario.least_people, planned.scenario.most_people
    assert len(served) == len(planned.plan.opened)
    assert min(served.values()) >= least * (1 - 1e-6)
    assert max(served.values()) <= most * (1 + 1e-6)


def test_what_is_published_is_the_allocation(planned):
    served = pytest.approx(dict(counted(planned)), abs=0.5)
    table = planned.assessment.catchments.set_index("site_id")
    assert table["people"].to_dict() == served
    assert not table["people"].equals(table["people_nearest"])
    centres = frames.centres(planned).set_index("site_id")
    assert centres["people_served"].to_dict() == served


def test_a_plan_opened_again_has_the_same_allocation(planned, tmp_path):
    folder = tmp_path / "plan"
    workflow.write_results(planned, folder)
    record = json.loads((folder / "plan.json").read_text(encoding="utf-8"))
    assert len(record["plan"]["allocation"]) == len(planned.plan.allocation.rows)
    again = layers.read_record(folder).plan.to_plan(planned.place).allocation
    for part in ("rows", "sites", "shares"):
        assert np.array_equal(getattr(again, part), getattr(planned.plan.allocation, part))
    sites = pd.read_csv(folder / "sites.csv").set_index("site_id")
    written = sites["people_served"].dropna().to_dict()
    assert written == pytest.approx(dict(counted(planned)), abs=0.5)


@pytest.fixture
def two(two_centres, times_of_two_centres):
    """The least travel within capacity: 50 people of area two go to p, 150 to q."""
    scenario = Scenario(
        model="p_median_within_capacity", split=True, count=2, reach=10, bands=1, time_limit=5
    )
    return workflow.run(two_centres, scenario, times=times_of_two_centres)


def test_the_plan_of_two_centres_publishes_its_own_assignment(two):
    """Worked out by hand: 100 x 5 + 50 x 8 + 150 x 14 + 300 x 9 = 5,700 person-minutes."""
    assert two.plan.stages[0].value == pytest.approx(5_700)
    within = two.assessment.people_within["people_after"]
    assert within.loc[10.0] == pytest.approx(450)
    assert within.loc[15.0] == pytest.approx(600)
    assert two.assessment.areas["minutes_after"].tolist() == [5, 14, 9]
    points = two.origins
    assert points["minutes_after"].tolist() == [5, 14, 9]
    assert points["centre"].tolist() == ["p", "q", "q"]


def test_evidence_of_two_centres_follows_the_assignment(two):
    effort = workflow.Effort.with_options(seconds=5, without=("modes", "waves", "roles"))
    found = workflow.gather_evidence(two, effort)
    everyone = found.groups[found.groups["grouping"] == "everyone"].iloc[0]
    assert everyone["mean_minutes_after"] == pytest.approx(9.5)
    assert everyone[["nearer", "farther", "lost"]].tolist() == pytest.approx([300, 150, 150])
    options = found.options.set_index("option")
    assert options.loc["The plan", "people_within"] == pytest.approx(450)
    assert options.loc["Business as usual", "people_within"] == 300  # to the nearest centre
    words = options.loc["Business as usual", "words"]
    assert "everyone goes to the nearest centre" in words
    assert "does not keep: everyone must be sent to a centre that has room for them" in words
    lost = found.losers[found.losers["against"] == "today"]
    assert lost[["area_code", "worse"]].to_numpy().tolist() == [["E01000002", 6.0]]
    curve = found.curve.set_index("minutes")["people_after"]
    assert [curve.loc[minute] for minute in (8, 9, 14)] == pytest.approx([150, 450, 600])


def test_a_trade_off_keeps_the_room_of_centres(two):
    """Site p alone would reach 300 people with one centre, but holds 150 of 600."""
    pace = Pace(points=4, seconds=5, point_seconds=2)
    found = trace_trade_off(two, "people", "centres", pace, lambda _: True)
    assert [point.plan.opened for point in found.curve.points] == [(0, 1)]


def test_a_comparison_follows_the_assignment_of_both_plans(two):
    free = workflow.run(
        two.place, two.scenario.model_copy(update={"model": "p_median"}), times=two.times
    )
    found = workflow.compare_plans(two, free)
    everyone = found.groups[found.groups["grouping"] == "everyone"].iloc[0]
    assert (everyone["within_a"], everyone["within_b"]) == (pytest.approx(450), 600)
    assert everyone["mean_minutes_b"] == pytest.approx(8)  # all to the nearest: 4,800 / 600
    assert found.areas["minutes_a"].tolist() == [5, 14, 9]
    assert found.areas["minutes_b"].tolist() == [5, 8, 9]


def test_centres_without_room_are_measured_to_the_nearest_and_a_note_says_so(two):
    """Site p alone holds 150 of 600 people, so that nobody can be sent as the rules ask."""
    alone = workflow.edit_plan(two, two.place, ["p"], "q shuts")
    assert alone.plan.allocation is None
    assert any(note.startswith("No assignment of people to these centres") for note in alone.notes)
    assert not any(note.startswith("No assignment") for note in two.notes)
