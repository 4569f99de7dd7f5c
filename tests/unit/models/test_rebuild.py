"""Plans bettered part by part."""

import numpy as np
import pulp
import pytest

from nhcplanner.domain.problem import Problem
from nhcplanner.models import goals, rules, solve
from nhcplanner.models.highs import Effort, Highs
from nhcplanner.models.parts import likeness
from nhcplanner.models.program import Program
from nhcplanner.models.rebuild import Neighbours


def clustered(seed: int, **settings) -> Problem:
    rng = np.random.default_rng(seed)
    here, there = rng.uniform(0, 100, (150, 2)), rng.uniform(0, 100, (40, 2))
    minutes = np.hypot(*(here[:, None] - there).transpose(2, 0, 1))
    people = rng.integers(500, 3000, 150)
    return Problem.from_minutes(minutes, people=people, reach=15, count=18, **settings)


def rebuilt(problem: Problem, opened: range, watch=None) -> np.ndarray:
    program = Program(problem)
    for rule in (rules.open_at_most(), rules.keep_open(), rules.stay_shut()):
        rule(program)
    program.lp.sense = pulp.LpMaximize
    program.lp.setObjective(goals.cover_most()(program))
    neighbours = Neighbours(likeness(problem.covers), program.opens)
    solver = Highs(Effort(20, neighbours=neighbours), program.values(opened), watch)
    solver._search = lambda model: None
    program.lp.solve(solver)
    return program.opened()


@pytest.mark.parametrize("seed", range(3))
def test_ends_at_the_best_plan_where_a_part_may_hold_all(seed):
    problem = clustered(seed, keep=[1], forbid=[30])
    plan = rebuilt(problem, range(18))
    best = solve(problem, "max_coverage").stages[0].value
    assert goals.cover_most().score(problem, plan) == pytest.approx(best)
    assert 1 in plan
    assert 30 not in plan
    assert len(plan) <= 18


def test_gives_the_plan_back_where_it_is_stopped_at_once():
    assert rebuilt(clustered(1), range(18), lambda best, bound: True).tolist() == list(range(18))
