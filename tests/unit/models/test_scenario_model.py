"""The model that a scenario asks for."""

import numpy as np
import pytest

from nhcplanner.base.errors import InputError
from nhcplanner.domain.problem import Problem
from nhcplanner.domain.scenario import Scenario
from nhcplanner.models import build_model, check_names, has_notes, rule_words, scenario_notes, solve


def road(**settings) -> Problem:
    """Five areas along a road, a site in each, 10 minutes and 1 km from one to the next."""
    places = np.arange(5) * 10.0
    given = {
        "people": [100, 10, 300, 20, 50],
        "reach": 5,
        "row_groups": {"imd_quintile": [1, 1, 2, 5, 5]},
        "site_groups": {
            "site_id": list("abcde"),
            "kind": ["gp", "gp", "gp", "library", "library"],
        },
        "site_xy": np.column_stack([places * 100, places * 0]),
    }
    return Problem.from_minutes(np.abs(places[:, None] - places), **(given | settings))


def plan(problem: Problem, **choices):
    return solve(*build_model(problem, Scenario(**choices)))


@pytest.mark.parametrize(
    ("choices", "opened"),
    [
        ({}, (0, 2)),
        ({"at_most": ["kind:gp=1"]}, (2, 4)),
        ({"at_least": ["kind:*=1"]}, (2, 4)),
        ({"at_most_one_of": ["a|c"]}, (2, 4)),
        ({"exactly_one_of": ["b|d"]}, (2, 3)),
        ({"min_distance_m": 2500}, (2,)),
        ({"floors": ["imd_quintile:5=70"]}, (2, 4)),
        ({"goals": ["cover_need"], "need": ["imd_quintile:5=9"]}, (2, 4)),
        ({"goals": ["least_travel"]}, (0, 2)),
    ],
)
def test_each_choice_changes_the_plan(choices, opened):
    choices = {"model": "max_coverage"} | choices
    assert plan(road(count=2), **choices).opened == opened


def test_exactly_opens_centres_that_nobody_needs():
    problem = road(count=3, people=[1, 0, 0, 0, 0])
    assert len(plan(problem, model="max_coverage", exactly=True).opened) == 3
    assert len(plan(problem, model="max_coverage").opened) == 1


def test_slack_is_given_up_for_the_next_goal_and_no_more():
    problem = road()
    strict = plan(problem, goals=["cover_most", "fewest_centres"])
    loose = plan(problem, goals=["cover_most=20", "fewest_centres"])
    assert [stage.value for stage in strict.stages] == [480, 5]
    assert [stage.value for stage in loose.stages] == [400, 2]
    assert loose.stages[0].held == 384
    assert loose.stages[0].bound == 480
    assert loose.status == "optimal"


def test_the_scenarios_slack_loosens_the_models_own_goals():
    _, model = build_model(road(), Scenario(model="max_coverage", slack=5))
    assert [goal.slack for goal in model.goals(road())] == [0.05]


def test_footprints_send_everyone_to_centres_of_a_fair_size():
    found = plan(road(), model="set_cover", least_people=100, most_people=300)
    assert found.status == "infeasible"
    assert plan(road(reach=40), model="set_cover", most_people=300).stages[0].value == 2


def test_everything_that_is_not_there_is_told_at_once():
    choices = Scenario(
        at_most=["shape:round=1", "kind:pub=1"], at_most_one_of=["a|z"], exactly=True
    )
    with pytest.raises(InputError) as caught:
        build_model(road(), choices)
    assert [fault.problem for fault in caught.value.faults] == [
        "nothing is grouped by 'shape'",
        "no kind is called 'pub'",
        "no site is called 'z'",
        "exactly needs a count",
    ]


def test_the_fewest_rules_that_clash_are_named():
    found = plan(
        road(count=1, keep=[2]),
        at_least=["kind:library=1"],
        min_distance_m=100,
        floors=["everyone=5"],
    )
    assert found.status == "infeasible"
    assert found.reason == (
        "these rules can't all be met: at most 1 centre may open; 1 site must open; "
        "at least 1 centre must open in kind library"
    )


def test_one_rule_that_nothing_keeps_is_named_alone():
    found = plan(road(count=3, forbid=[3, 4]), at_least=["kind:library=3"])
    assert found.reason == ("this rule can't be met: at least 3 centres must open in kind library")


@pytest.mark.parametrize(
    ("choices", "words"),
    [
        ({"model": "best"}, "there is no model 'best'"),
        ({"goals": ["cheapest"]}, "'cheapest' names no goal"),
        ({"goals": ["least_percentile:0"]}, "should be like least_percentile:90"),
        ({"rules": ["near=5"]}, "'near=5' names no rule"),
        ({"rules": ["within_minutes:far"]}, "should be like within_minutes:30=95"),
        ({"rules": ["floors:1=5"]}, "names no rule"),
        ({"over_capacity_price": 3}, "needs a model that sends people"),
    ],
)
def test_names_are_refused_before_there_is_a_problem(choices, words):
    with pytest.raises(InputError, match=words):
        check_names(Scenario(**choices))


def test_all_unknown_names_are_reported_together():
    scenario = Scenario(model="best", goals=("cheapest", "cover_most"), rules=("near=5",))
    with pytest.raises(InputError) as caught:
        check_names(scenario)
    assert len(caught.value.faults) == 3


def test_each_rule_of_a_scenario_has_words_of_its_own():
    scenario = Scenario(
        count=5,
        exactly=True,
        min_distance_m=800,
        at_most=("kind:library=3", "council:*=2"),
        at_most_one_of=("a|b",),
        floors=("everyone=60", "imd_quintile:1=50"),
        backup=80,
        rules=("within_minutes:30=95",),
    )
    assert rule_words(scenario) == (
        "exactly 5 centres must open",
        "centres must be at least 800 m apart in a straight line",
        "at most 3 centres may open in kind library",
        "at most 2 centres may open in each council",
        "at most one may open of a or b",
        "at least 60% of everyone must have a centre within 20 minutes",
        "at least 50% of the people of IMD quintile 1 must have a centre within 20 minutes",
        "at least 80% of everyone must have two centres within 20 minutes",
        "at least 95% of everyone must have a centre within 30 minutes",
    )


def test_people_within_other_minutes_than_the_reach_are_a_rule():
    # a and c have most people, but e is farther than 10 minutes from both. Everyone is within 10
    # minutes of a and d (120 people in reach), b and d (30), or b and e (60).
    assert plan(road(count=2), model="max_coverage").opened == (0, 2)
    ruled = plan(road(count=2), model="max_coverage", rules=["within_minutes:10"])
    assert ruled.opened == (0, 3)


def test_notes_of_a_scenario_name_those_who_cannot_have_two_centres():
    problem = Problem.from_minutes([[5, 9], [9, 99]], people=[30, 12])
    assert not has_notes(Scenario(backup=50))
    scenario = Scenario(goals=("cover_twice",), rules=("backup_where_possible=80",))
    assert has_notes(scenario)
    (note,) = scenario_notes(problem, scenario)
    assert note.startswith("12 people can't have two centres within 20 minutes")
