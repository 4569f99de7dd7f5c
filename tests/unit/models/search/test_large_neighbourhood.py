"""Sites divided into neighbourhoods.

Plans bettered part by part.
"""

import numpy as np
import pulp
import pytest
from scipy import sparse

from nhcplanner.domain.problem import Problem
from nhcplanner.models import goals, rules, solve
from nhcplanner.models.highs import Highs, SolverEffort
from nhcplanner.models.program import Program
from nhcplanner.models.search.large_neighbourhood import Neighbourhoods, divide, measure_distance


def chain(sites: int) -> sparse.csr_array:
    """Row i is reached by sites i and i + 1, so sites lie along a line."""
    matrix = np.eye(sites - 1, sites) + np.eye(sites - 1, sites, 1)
    return sparse.csr_array(matrix)


def test_sites_that_reach_the_same_are_nearest():
    distance = measure_distance(sparse.csr_array([[1.0, 1.0, 0.0], [1.0, 1.0, 1.0]])).toarray()
    assert distance[0, 1] == 1.0
    assert distance[0, 2] == pytest.approx(np.sqrt(2))


def test_parts_of_a_line_are_stretches_of_it():
    parts = divide(measure_distance(chain(12)), np.ones(12), 3)
    assert sorted(np.concatenate(parts).tolist()) == list(range(12))
    assert all(len(part) == 3 and np.ptp(part) == 2 for part in parts)


def test_sites_that_nothing_links_are_divided_too():
    parts = divide(measure_distance(sparse.csr_array(np.eye(5))), np.ones(5), 1)
    assert sorted(len(part) for part in parts) == [1] * 5


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
    neighbours = Neighbourhoods(measure_distance(problem.covers), program.opens)
    solver = Highs(SolverEffort(20, neighbours=neighbours), program.values(opened), watch)
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
