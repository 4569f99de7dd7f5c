"""Waves: what opens stays open, each wave priced, contradictions told."""

from dataclasses import replace

import numpy as np
import pytest

from nhcplanner.base.errors import InputError
from nhcplanner.domain.problem import Problem
from nhcplanner.domain.scenario import Scenario
from nhcplanner.explore import Wave, plan_in_waves
from nhcplanner.models import build_model, solve

TWO = [Wave("2030", 1), Wave("2035", 2)]


def triangle(**settings) -> Problem:
    """Site 0 reaches the two middling areas, sites 1 and 2 reach one of them and a large one."""
    reach = [[1, 1, 0], [1, 0, 1], [0, 1, 0], [0, 0, 1]]
    minutes = np.where(np.array(reach) == 1, 5.0, np.inf)
    people = [60, 60, 50, 50]
    return Problem.from_minutes(minutes, **({"people": people} | settings))


def test_forwards_pays_in_the_last_wave():
    phasing = plan_in_waves(triangle(), "max_coverage", TWO)
    first, last = phasing.waves
    assert (first.plan.opened, first.prices[0].lost) == ((0,), 0)
    assert (last.plan.stages[0].value, last.afresh.stages[0].value) == (170, 220)
    assert (last.prices[0].lost, last.prices[0].least, last.prices[0].most) == (50, 50, 50)
    assert phasing.complete


def test_backwards_pays_in_the_first_wave():
    phasing = plan_in_waves(triangle(), "max_coverage", TWO, order="backwards")
    first, last = phasing.waves
    assert (last.plan.opened, last.prices[0].lost) == ((1, 2), 0)
    assert first.prices[0].lost == 10
    assert set(first.new) | set(last.new) == {1, 2}


def test_a_last_wave_that_is_decided_stays_and_earlier_ones_are_parts_of_it():
    problem = triangle()
    decided = solve(replace(problem, count=2, keep=(0,)), "max_coverage")
    waves = [TWO[0], replace(TWO[1], plan=decided)]
    first, last = plan_in_waves(problem, "max_coverage", waves, order="backwards").waves
    assert last.plan is decided is last.afresh
    assert set(first.plan.opened) < set(decided.opened)


def test_earlier_waves_go_by_lowest_hle_first_whatever_the_model():
    phasing = plan_in_waves(triangle(bands=[2, 2, 2, 1]), "max_coverage", TWO)
    first, last = phasing.waves
    assert (first.plan.model, first.plan.opened) == ("lowest_hle_first", (2,))
    assert last.plan.model == "max_coverage"
    assert first.by_band == {1: 50, 2: 60}


def test_a_wave_may_have_a_budget_and_counts_what_it_opens():
    waves = [Wave("first", budget=3), Wave("second", budget=10)]
    phasing = plan_in_waves(triangle(cost=[9, 3, 4], keep=[1]), "max_coverage", waves)
    assert [wave.new for wave in phasing.waves] == [(), (2,)]


def test_a_wave_without_a_plan_ends_it_and_says_why():
    phasing = plan_in_waves(triangle(), "set_cover", [Wave("only", 1)])
    assert phasing.waves == ()
    assert not phasing.complete
    assert phasing.reason.startswith("only: these rules can't all be met")


def test_a_caller_that_says_stop_has_what_is_done():
    def stop_at_the_second(report) -> bool:
        return not report.goal.startswith("2035")

    phasing = plan_in_waves(triangle(), "max_coverage", TWO, progress=stop_at_the_second)
    assert phasing.waves[0].wave.name == "2030"
    assert not phasing.complete
    assert phasing.waves[-1].afresh is None


def test_progress_names_the_wave():
    told = []
    plan_in_waves(triangle(), "max_coverage", TWO, progress=lambda r: told.append(r.goal))
    assert told[0] == "2030: people of band 1 within reach"
    assert "2035 afresh: people within reach" in told


def test_all_faults_at_once():
    waves = [Wave("a", 3), Wave("a", 2), Wave("b"), Wave("c", -1), Wave("d", budget=5)]
    with pytest.raises(InputError) as caught:
        plan_in_waves(triangle(), "max_coverage", waves, order="sideways")
    text = str(caught.value)
    for part in (
        "order must be forwards or backwards",
        "more than one wave is called 'a'",
        "count falls to 2 from 3",
        "'b': it has neither a count nor a budget",
        "'c': count must be a whole number",
        "'d': a budget needs the cost",
    ):
        assert part in text


def test_no_waves_and_an_unknown_model_are_faults():
    with pytest.raises(InputError, match="at least one wave"):
        plan_in_waves(triangle(), "max_coverage", [])
    with pytest.raises(InputError, match="no model is called 'best'"):
        plan_in_waves(triangle(), "best", TWO)


def test_each_wave_has_its_own_people():
    later = np.array([1.0, 60.0, 50.0, 200.0])
    waves = [Wave("2030", 1), Wave("2035", 2, people=later)]
    first, last = plan_in_waves(triangle(), "max_coverage", waves).waves
    assert (first.plan.opened, sum(first.by_band.values())) == ((0,), 120)
    # sites 0 and 2 reach areas 0, 1 and 3: 1 + 60 + 200
    assert (last.plan.opened, sum(last.by_band.values())) == ((0, 2), 261)
    assert not plan_in_waves(triangle(), "max_coverage", waves, afresh=False).waves[1].prices
    with pytest.raises(InputError, match="people must be 4 long, not 2"):
        plan_in_waves(triangle(), "max_coverage", [replace(TWO[0], people=later[:2])])


def test_early_waves_serve_no_more_people_than_their_centres_hold():
    """Each site reaches 100 people and holds 60; only both together hold all 120."""
    problem = Problem.from_minutes(
        [[5, 5], [5, 5], [5, 30]], people=[60, 40, 20], bands=[1, 1, 2], capacity=[60, 60], count=2
    )
    scenario = Scenario(least_people=10, split=True)
    problem, model = build_model(problem, scenario)
    first, last = plan_in_waves(problem, model, TWO, order="backwards").waves
    assert last.plan.opened == (0, 1)
    assert sum(last.by_band.values()) == pytest.approx(120)
    [site] = first.plan.opened
    load = first.plan.allocation.people_at(problem.people, problem.sites)
    assert load[site] == pytest.approx(60)
    assert sum(first.by_band.values()) == pytest.approx(60)  # not the 100 or 120 who have it near
