"""Rules: in words, in a program, and as a check of a plan."""

import numpy as np
import pulp
import pytest

from nhcplanner.domain.problem import Problem
from nhcplanner.models import rules
from nhcplanner.models.highs import Highs, SolverEffort
from nhcplanner.models.program import Program

RULES = {
    "open_at_most": (rules.open_at_most(), {"count": 2}),
    "within_budget": (rules.within_budget(), {"budget": 7, "cost": [3, 4, 5]}),
    "keep_open": (rules.keep_open(), {"keep": [1]}),
    "stay_shut": (rules.stay_shut(), {"forbid": [1]}),
    "everyone_in_reach": (rules.everyone_in_reach(), {}),
    "everyone_served": (rules.everyone_served(), {}),
    "everyone_has_a_way": (rules.everyone_has_a_way(), {}),
}
MINUTES = [[5, 25, np.inf], [np.inf, 5, 25], [40, np.inf, 5]]


def opened(*sites: int) -> np.ndarray:
    return np.array(sites, dtype=np.intp)


def possible(program: Program, sites: tuple[int, ...]) -> bool:
    """Whether the solver finds values for a program that opens just these sites."""
    for j, variable in program.opens.items():
        program.exactly([(variable, 1.0)], float(j in sites))
    program.lp.setObjective(pulp.LpAffineExpression([(program.opens[0], 1.0)]))
    solver = Highs(SolverEffort(10))
    program.lp.solve(solver)
    return not solver.infeasible


@pytest.mark.parametrize("name", RULES)
def test_the_program_and_the_check_agree_on_every_set_of_sites(name):
    rule, settings = RULES[name]
    answers = set()
    for number in range(8):
        sites = tuple(j for j in range(3) if number >> j & 1)
        problem = Problem.from_minutes(MINUTES, people=[1, 2, 3], **settings)
        program = Program(problem)
        rule(program)
        is_kept = rule.is_kept(problem, opened(*sites))
        assert possible(program, sites) == is_kept, sites
        answers.add(is_kept)
    assert answers == {True, False}


@pytest.mark.parametrize("name", ["open_at_most", "within_budget", "keep_open", "stay_shut"])
def test_a_rule_not_asked_for_has_no_words_and_writes_nothing(name):
    rule, _ = RULES[name]
    problem = Problem.from_minutes(MINUTES)
    program = Program(problem)
    rule(program)
    assert rule.words(problem) == ""
    assert program.size == 0
    assert rule.is_kept(problem, opened(0, 1, 2))


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("open_at_most", "at most 2 centres may open"),
        ("within_budget", "centres may cost at most £7"),
        ("keep_open", "1 site must open"),
        ("stay_shut", "1 site must not open"),
        ("everyone_in_reach", "everyone must have a centre within 20 minutes"),
        ("everyone_served", "everyone must have a centre they can travel to"),
    ],
)
def test_words(name, words):
    rule, settings = RULES[name]
    assert rule.words(Problem.from_minutes(MINUTES, **settings)) == words


def test_pence_are_shown_where_there_are_any():
    assert rules.pounds(1234567) == "£1,234,567"
    assert rules.pounds(0.5) == "£0.50"
