"""tests.unit.domain.test_verdict"""

import pytest

from nhcplanner.domain.plan import BY_HAND, Plan, Stage
from nhcplanner.domain.verdict import GoalVerdict, Search, Verdict


def plan(status, *stages, solver="HiGHS"):
    return Plan((0,), status, stages, "max_coverage", solver, 1.0, "why")


@pytest.mark.parametrize(
    ("one", "words"),
    [
        (Stage("cover_band_1", 10.0, 10.0, 1), "cover band 1: 10 people, proved best"),
        (
            Stage("travel", 12.0, 9.0, 1, "least", "minutes"),
            "travel: 12.0 minutes, at least 9.0 minutes possible, gap 25%",
        ),
        (
            Stage("cover", 10.0, None, 1),
            "cover: 10 people, how far from the best possible is not known",
        ),
        (Stage("cover", None, None, 1), "cover: no value found"),
    ],
)
def test_a_goal_claims_no_more_than_its_bound_proves(one, words):
    assert GoalVerdict.of(one, "feasible").words == words


def test_what_a_proved_plan_is_short_of_was_given_up_and_is_no_gap():
    found = Verdict.of(plan("optimal", Stage("a", 91.8, 100.0), Stage("b", 5.0, 5.0)))
    assert (found.distance, found.gap) == ("Proved best", 0.0)
    assert found.goals[0].sureness == "proved; 8.2% given up on purpose for later goals"
    assert "gave up on purpose" in found.words
    assert found.goals[1].words == "b: 5 people, proved best"


def test_the_whole_gap_is_a_hundred_per_cent_and_never_a_power_of_ten():
    found = Verdict.of(plan("feasible", Stage("a", 0.0, 4000.0)))
    assert found.distance == "At most 100%"
    assert "e+" not in found.goals[0].words


@pytest.mark.parametrize("status", ["infeasible", "stopped"])
def test_without_a_plan_nothing_is_near_the_best_or_proved(status):
    found = Verdict.of(plan(status, Stage("a", 5.0, 5.0)))
    assert (found.has_plan, found.gap, found.distance) == (False, None, "No plan")
    assert "rove" not in found.words


def test_a_plan_by_hand_is_not_proved_whatever_it_reaches():
    found = Verdict.of(plan("optimal", Stage("a", 5.0, 5.0), solver=BY_HAND))
    assert not found.is_proved
    assert found.words == "Made by hand, so nothing is proved of it: why"


def test_a_search_is_found_by_its_name():
    one = Search("alternatives", False, "2 plans were found")
    found = Verdict.of(plan("optimal"), [one])
    assert found.search("alternatives") is one
    assert found.search("roles") is None


def test_a_search_that_found_no_plan_says_so_once():
    plan = Plan((), "stopped", (), "set_cover", "HiGHS", 1.0, "stopped before a plan was found")
    assert Verdict.of(plan).words == "Stopped before a plan was found: time ran out"


@pytest.mark.parametrize("solver", ["HiGHS", BY_HAND])
def test_a_better_plan_that_is_known_is_stated(solver):
    better = Search("exchanges", False, "opening A in place of B betters people by 5 people")
    found = Verdict.of(plan("feasible", Stage("a", 5.0, 9.0), solver=solver), [better])
    assert found.words.endswith(f". A better plan is known: {better.words}")
    assert "better plan" not in Verdict.of(plan("feasible", Stage("a", 5.0, 9.0))).words
