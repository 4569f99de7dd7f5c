"""tests.unit.outputs.test_report"""

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from nhcplanner.domain.plan import BY_HAND
from nhcplanner.outputs.report import as_json, headline, summary


def test_people_are_told_against_today_with_the_exact_figure_a_hover_away(outcome):
    people, first, centres, proof = headline(outcome)
    assert people.label == "People within 20 minutes"
    assert people.change == "+6,000 against today"
    assert people.exact == f"9,000 of {outcome.place.people:,} people"
    assert (first.label, first.value) == ("Of band 1 (lowest HLE)", "40.0%")
    assert (centres.value, centres.change) == ("3", "1 new")
    assert proof.value == "At most 9.1%"


def test_against_another_plan_changes_are_told_from_it(outcome):
    people, first, *_ = headline(outcome, outcome)
    assert (people.change, first.change) == ("as before", "as before")


@pytest.mark.parametrize(
    ("solver", "seconds", "said"),
    [("HiGHS", 0.04, "in under a second"), ("HiGHS", 12.4, "in 12 s"), (BY_HAND, 0.0, "by hand")],
)
def test_how_it_was_made_is_said_roundly(outcome, solver, seconds, said):
    plan = replace(outcome.plan, solver=solver, seconds=seconds)
    assert headline(replace(outcome, plan=plan))[-1].change == said


def test_a_place_without_bands_has_no_figure_of_the_first(outcome):
    bare = replace(outcome, assessment=replace(outcome.assessment, by_band=None))
    assert [one.label for one in headline(bare)] == [
        "People within 20 minutes",
        "Centres open",
        "Distance from the best",
    ]


def test_json_has_exactly_the_keys_promised(outcome):
    found = as_json(outcome, [Path("plan") / "map.html"])
    assert set(found) == {
        "place", "scenario", "times", "plan", "assessment", "files", "sources",
    }  # fmt: skip
    assert found["place"] == {"name": "SYNTHETIC Row", "areas": 12, "sites": 4, "people": 18_600}
    assert set(found["times"]) == {"mode", "engine", "estimate", "pairs"}
    assert set(found["plan"]) == {"status", "model", "opened", "stages", "seconds", "solver"}
    stage = {"goal", "value", "bound", "gap", "given_up", "seconds"}
    assert set(found["plan"]["stages"][0]) == stage
    assert found["files"] == [str(Path("plan") / "map.html")]


def test_json_is_strict(outcome):
    found = as_json(outcome)
    text = json.dumps(found, allow_nan=False)
    assert json.loads(text) == found
    assert found["assessment"]["catchments"][1]["capacity"] is None


def test_json_gives_before_and_after_by_minutes(outcome):
    found = as_json(outcome)["assessment"]
    assert found["people_within"]["20"] == {"before": 3000, "after": 9000}
    assert found["share_within"]["30"]["after"] == 12_000 / 18_600
    assert found["by_band"][0]["band"] == 1
    assert found["by_band"][0]["share_after"]["20"] == 0.4
    assert found["by_rural_urban"] is None


def test_json_of_an_infeasible_plan_gives_the_reason(infeasible):
    found = as_json(infeasible)["plan"]
    assert found["status"] == "infeasible"
    assert found["opened"] == []
    assert found["reason"] == "3 areas have no site near"


def test_summary_answers_the_planner(outcome):
    text = summary(outcome)
    for words in (
        "SYNTHETIC Row: 18,600 people in 12 areas, 4 sites",
        "Open at most 3 centres",
        "cover band 2: 4,000 people, at most 4,400 people possible, gap 9.1%",
        "  1. Old Centre (S0, existing centre): serves 6,000 people",
        "3. S3 (S3, committed centre)",
        "20 minutes          3,000         9,000   (16.1% -> 48.4%)",
        "1: 20.0% -> 40.0%",
        "Travel times are an estimate",
    ):
        assert words in text
    assert len(text.splitlines()) <= 40


def test_summary_of_many_centres_is_cut(outcome):
    count = 60
    rows = np.repeat([0, 1, 2, 3], count // 4)
    sites = outcome.place.sites.loc[rows].reset_index(drop=True)
    sites["site_id"] = [f"S{i}" for i in range(count)]
    place = replace(outcome.place, sites=sites)
    plan = replace(outcome.plan, opened=tuple(range(count)))
    text = summary(replace(outcome, place=place, plan=plan))
    assert "60 centres open in the plan:" in text
    assert "... and 48 more" in text
    assert len(text.splitlines()) <= 40


def test_summary_of_an_infeasible_plan_claims_nothing_after(infeasible):
    text = summary(infeasible)
    assert "No plan keeps the rules: 3 areas have no site near" in text
    assert "->" not in text


def test_without_a_plan_no_figure_after_it_is_nought(infeasible):
    found = as_json(infeasible)["assessment"]
    assert {one["after"] for one in found["people_within"].values()} == {None}
    assert {one["after"] for one in found["share_within"].values()} == {None}
    assert set(found["by_band"][0]["share_after"].values()) == {None}
    assert found["people_within"]["20"]["before"] == 3000
    assert "no plan" in repr(infeasible)
