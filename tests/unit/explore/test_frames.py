"""Explorations as tables: each figure is the exploration's own, with its site's name."""

import math

import pytest

from nhcplanner import explore
from nhcplanner.domain.evidence_tables import TABLES
from nhcplanner.domain.problem import Problem
from nhcplanner.explore.frames import Names
from nhcplanner.models import solve

NAMES = Names(["A", "B", "C"], ["Old Mill", "B", "Clinic"])
MODEL = "max_coverage"


@pytest.fixture
def problem() -> Problem:
    minutes = [[5, 99, 99], [99, 5, 99], [99, 25, 5]]
    return Problem.from_minutes(minutes, people=[30, 20, 10], bands=[2, 1, 1], count=1)


def test_price_has_a_row_a_band_and_one_for_all(problem):
    plan = solve(problem, "lowest_hle_first")
    found = explore.price_frame(explore.price_of_priority(problem, "lowest_hle_first", plan))
    assert found.columns.tolist() == TABLES["price"].names
    assert found["band"].tolist() == ["1", "2", "all"]
    assert found["people_plan"].tolist() == [20, 0, 20]
    assert found["difference"].tolist() == [-20, 30, 10]


def test_waves_name_what_opens_in_each(problem):
    steps = [explore.Wave("2027", 1), explore.Wave("2030", 2)]
    found = explore.plan_in_waves(problem, MODEL, steps)
    waves, sites = explore.wave_frames(found, problem, NAMES)
    assert waves["people"].tolist() == [20, 50]  # early waves go by the first band
    assert waves["centres"].tolist() == [1, 2]
    assert sites["site_id"].tolist() == ["B", "A"]
    assert sites["name"].tolist() == ["B", "Old Mill"]


def test_losses_say_what_opens_instead(problem):
    plan = solve(problem, MODEL)
    found = explore.loss_frame(explore.losses(problem, MODEL, plan), NAMES)
    assert found[["site_id", "instead", "lost"]].to_numpy().tolist() == [["A", "B", 10]]


def test_a_site_that_nothing_can_replace_has_a_row_of_its_own():
    problem = Problem.from_minutes([[5, 99]], people=[1])
    plan = solve(problem, "set_cover")
    found = explore.loss_frame(explore.losses(problem, "set_cover", plan), NAMES)
    assert "no plan" in found["instead"].iloc[0]
    assert found[["goal", "lost"]].isna().all(axis=None)


def test_explanations_are_by_band_and_exchanges_by_goal(problem):
    told = explore.explain(problem, MODEL, solve(problem, MODEL))
    centres, candidates, exchanges = explore.explanation_frames(told, NAMES)
    assert centres.loc[centres["band"] == 2, ["site_id", "only"]].to_numpy().tolist() == [["A", 30]]
    adds = candidates.groupby("site_id")["adds"].sum()
    assert adds.to_dict() == {"B": 20, "C": 10}
    assert exchanges.set_index("site_id").loc["B", "closes"] == "A"
    assert exchanges.set_index("site_id").loc["B", "gain"] == -10


def test_cases_tell_what_stays_and_a_case_without_a_plan_is_blank(problem):
    plan = solve(problem, MODEL)
    cases = explore.other_reach(problem, [10, 30])
    found = explore.robustness(cases, MODEL, plan)
    tried, stays = explore.robustness_frames(found, cases, plan, NAMES)
    assert tried["people"].tolist() == [30, 30]
    assert tried["best_people"].tolist() == [30, 30]
    assert tried["share"].tolist() == [0.5, 0.5]
    assert stays.set_index("site_id").loc["A", "in_the_plan"]
    no_sites = {"none": Problem.from_minutes([[99.0]], people=[1], keep=[0], forbid=[0])}
    barred = explore.robustness(no_sites, MODEL, solve(no_sites["none"], MODEL))
    blank, _ = explore.robustness_frames(barred, no_sites, plan, NAMES)
    assert math.isnan(blank["best_people"].iloc[0])


def test_alternatives_and_roles_name_their_sites():
    problem = Problem.from_minutes([[5, 99], [99, 5]], people=[100, 99], count=1)
    found = explore.alternatives(problem, MODEL, explore.Near(0.01, 1))
    values, sites = explore.alternative_frames(found, NAMES)
    assert values["value"].tolist() == [100, 99]
    assert sites[["plan", "site_id", "in_the_plan"]].to_numpy().tolist() == [
        [1, "A", True], [2, "B", False],
    ]  # fmt: skip
    roles = explore.role_frame(explore.roles(problem, MODEL, found), NAMES)
    assert roles["use"].tolist() == ["often", "often"]
