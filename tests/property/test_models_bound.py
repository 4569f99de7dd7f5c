"""The safe bound, against an evaluator that knows only the problem."""

import numpy as np
import pulp
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import sparse

from nhcplanner.domain.problem import Problem
from nhcplanner.models import solve
from nhcplanner.models.bounds.relaxation import safe_bound
from nhcplanner.models.goals import cover_most
from nhcplanner.models.highs import Highs, SolverEffort
from nhcplanner.models.linear_program import LinearProgram
from nhcplanner.models.program import Program
from nhcplanner.models.rules import open_at_most


def coverage(seed: int, areas: int = 40, sites: int = 12, count: int = 4) -> Problem:
    rng = np.random.default_rng(seed)
    minutes = np.where(rng.random((areas, sites)) < 0.25, 10.0, np.inf)
    return Problem.from_minutes(minutes, people=rng.integers(1, 500, areas), count=count)


def coverage_box(problem: Problem) -> LinearProgram:
    """Least -people @ covered, covered <= sum of opens in reach, opens <= count."""
    areas, sites = problem.areas, problem.sites
    links = sparse.hstack([problem.covers, -sparse.eye_array(areas)])
    total = sparse.csr_array(np.r_[np.ones(sites), np.zeros(areas)][None, :])
    return LinearProgram(
        cost=np.r_[np.zeros(sites), -problem.people],
        low=np.zeros(sites + areas),
        high=np.ones(sites + areas),
        rows=sparse.csc_array(sparse.vstack([links, total])),
        row_low=np.r_[np.zeros(areas), -np.inf],
        row_high=np.r_[np.full(areas, np.inf), problem.count],
    )


@given(st.integers(0, 10_000), st.floats(0, 300), st.floats(-3000, 3000))
@settings(max_examples=100, deadline=None)
def test_any_duals_give_a_true_bound(seed, spread, price):
    problem = coverage(seed % 20)
    duals = np.random.default_rng(seed).normal(0, spread, problem.areas + 1)
    duals[-1] = price
    best = solve(problem, "max_coverage").stages[0].value
    assert -safe_bound(coverage_box(problem), duals) >= best


@given(st.integers(0, 10_000))
@settings(max_examples=50, deadline=None)
def test_matches_the_formula_worked_by_hand(seed):
    problem = coverage(seed % 20)
    share = np.random.default_rng(seed).random(problem.areas)
    duals = share * problem.people
    worth = problem.covers.T @ duals
    price = np.sort(worth)[-problem.count]
    by_hand = (problem.people - duals).sum() + np.sort(worth)[-problem.count :].sum()
    bound = -safe_bound(coverage_box(problem), np.r_[duals, -price])
    assert bound == pytest.approx(by_hand)
    assert bound >= by_hand


@pytest.mark.parametrize("seed", range(5))
def test_interior_point_bounds_closely_and_truly(seed):
    problem = coverage(seed, areas=120, sites=40, count=6)
    best = solve(problem, "max_coverage").stages[0].value
    program = Program(problem)
    open_at_most()(program)
    program.lp.sense = pulp.LpMaximize
    program.lp.setObjective(cover_most()(program))
    solver = Highs(SolverEffort(30, gap_rel=0.9, relax=True))
    program.lp.solve(solver)
    assert best <= solver.bound <= 1.2 * best
