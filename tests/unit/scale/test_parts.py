import numpy as np

from nhcplanner.domain.problem import Problem
from nhcplanner.models import solve
from nhcplanner.scale.parts import parts_of, question_of

FAR = np.inf
HOMES = np.array(["n", "n", "s", "s"])
GROUNDS = np.array(["n", "n", "s", "s", "s"])


def border(**given) -> Problem:
    """Site 2 lies south and is reached from row 1, north of the border; site 4 only from row 3."""
    minutes = [
        [5, 9, FAR, FAR, FAR],
        [25, 30, 8, 8, FAR],
        [FAR, FAR, 5, 30, FAR],
        [FAR, FAR, 30, 5, 7],
    ]
    people = [10, 20, 30, 40]
    return Problem.from_minutes(minutes, people=people, count=2, **given)


def test_a_part_knows_its_own_sites_and_the_centres_around_it():
    problem = border(keep=[2, 4])
    north, south = parts_of(problem, HOMES, GROUNDS)
    assert (north.name, north.own.tolist(), north.around.tolist()) == ("n", [0, 1], [2])
    assert (south.name, south.own.tolist(), south.around.tolist()) == ("s", [2, 3, 4], [])


def test_a_candidate_across_the_border_may_not_open():
    problem = border()
    north, _ = parts_of(problem, HOMES, GROUNDS)
    assert north.sites.tolist() == [0, 1]


def test_the_minutes_of_a_part_are_those_of_the_whole():
    problem = border(keep=[2])
    for part in parts_of(problem, HOMES, GROUNDS):
        asked = question_of(problem, part, 1, None)
        whole = problem.minutes.toarray()[np.ix_(part.rows, part.sites)]
        assert np.array_equal(asked.minutes.toarray(), whole)
        assert np.array_equal(asked.people, problem.people[part.rows])


def test_a_centre_across_the_border_serves_and_takes_nothing_of_count_and_budget():
    problem = border(keep=[2], cost=[1.0, 1, 7, 1, 1], budget=100.0)
    north, south = parts_of(problem, HOMES, GROUNDS)
    asked = question_of(problem, north, 1, 3.0)
    assert (asked.keep, asked.count, asked.budget) == ((2,), 2, 10.0)
    plan = solve(asked, "max_coverage")
    assert len(plan.opened) == 2
    assert plan.stages[0].value == 30
    assert question_of(problem, south, 1, 3.0).count == 1


def test_sites_that_must_stay_shut_do_so_in_their_part():
    problem = border(forbid=[1, 3])
    north, south = parts_of(problem, HOMES, GROUNDS)
    assert question_of(problem, north, 1, None).forbid == (1,)
    assert question_of(problem, south, 1, None).forbid == (1,)


def test_rules_on_alike_sites_speak_of_own_sites_alone():
    problem = border(keep=[2], site_groups={"kind": list("abaab"), "site_id": list("12345")})
    north, _ = parts_of(problem, HOMES, GROUNDS)
    asked = question_of(problem, north, 1, None)
    assert asked.site_groups["kind"].tolist() == ["a", "b", ""]
    assert asked.site_groups["site_id"].tolist() == ["1", "2", "3"]
