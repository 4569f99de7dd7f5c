"""Solvers of the user's choice: values, bounds and status read from each, against HiGHS."""

from dataclasses import replace

import numpy as np
import pulp
import pytest

from nhcplanner.base.errors import InputError
from nhcplanner.domain.problem import Problem
from nhcplanner.domain.scenario import Scenario
from nhcplanner.models import build_model, check_names, solve, solvers
from nhcplanner.models.catalogue import catalogue
from nhcplanner.models.highs import Highs, SolverEffort
from nhcplanner.models.program import Program
from nhcplanner.models.solvers import SOLVERS, ChosenSolver, read_cbc_log

PACKAGES = {
    "scip": "pyscipopt", "gurobi": "gurobipy", "cplex": "cplex", "xpress": "xpress",
    "cpsat": "ortools",
}  # fmt: skip


def scattered(people: float = 1.0, **more: object) -> Problem:
    rng = np.random.default_rng(7)
    return Problem.from_minutes(
        rng.uniform(1, 40, (30, 10)), people=rng.integers(1, 500, 30) * people, **more
    )


def written(problem: Problem, least: int = 0) -> Program:
    """The program of most people in reach, where at least some sites must open."""
    program, model = Program(problem), catalogue["max_coverage"]
    for rule in model.rules:
        rule(program)
    (goal,) = model.goals(problem)
    program.lp.sense = pulp.LpMaximize
    program.lp.setObjective(goal(program))
    if least:
        program.at_least([(v, 1.0) for v in program.opens.values()], least)
    return program


@pytest.mark.parametrize("name", SOLVERS)
@pytest.mark.parametrize("people", [1.0, 1.37e-9, 1.37e9])
def test_each_solver_finds_what_highs_finds_and_its_bound_is_safe(name, people):
    if name in PACKAGES:
        pytest.importorskip(PACKAGES[name])
    one, other = (written(scattered(people, count=3)) for _ in range(2))
    highs = Highs(SolverEffort(20))
    one.lp.solve(highs)
    best = pulp.value(one.lp.objective)
    chosen = ChosenSolver(SOLVERS[name], SolverEffort(20))
    other.lp.solve(chosen)
    assert chosen.has_plan
    assert pulp.value(other.lp.objective) == pytest.approx(best, rel=1e-7)
    assert chosen.bound >= best * (1 - 1e-12)
    if name != "cpsat":  # whose bound is unknown, because some variables are not whole
        assert chosen.bound == pytest.approx(best, rel=1e-6)


@pytest.mark.parametrize("name", SOLVERS)
def test_each_solver_says_whether_there_is_no_plan(name):
    if name in PACKAGES:
        pytest.importorskip(PACKAGES[name])
    program = written(scattered(count=3), least=4)
    chosen = ChosenSolver(SOLVERS[name], SolverEffort(20))
    program.lp.solve(chosen)
    assert not chosen.has_plan
    assert chosen.infeasible == (name != "cpsat")
    assert chosen.bound == np.inf


@pytest.mark.parametrize(
    "model", ["lowest_hle_first", "set_cover", "fairest_journeys", "p_centre",
              "p_median_within_capacity"],
)  # fmt: skip
def test_a_plan_of_cbc_is_proved_as_that_of_highs(model):
    rng = np.random.default_rng(3)
    problem = replace(
        scattered(count=4, reach=20, bands=rng.integers(1, 4, 30), capacity=np.full(10, 4e3)),
        need=None,
    )
    plan, other = solve(problem, model), solve(problem, model, solver="cbc")
    assert (plan.status, other.status) == ("optimal", "optimal")
    assert [s.value for s in other.stages] == pytest.approx([s.value for s in plan.stages])
    assert plan.solver.startswith("HiGHS")
    assert other.solver.startswith("CBC through PuLP")


STOPPED = """Result - Stopped on time limit
No feasible solution found
Lower bound:                    -3.250"""
WITHIN_GAP = """Result - Optimal solution found (within gap tolerance)
Objective value:                9.00000000
Lower bound:                    8.500
Gap:                            0.06"""
OPTIMAL = """Result - Optimal solution found

Objective value:                1.5e+07"""


@pytest.mark.parametrize(
    ("words", "bound", "infeasible"),
    [
        ("Pre-processing says infeasible or unbounded", -np.inf, True),
        ("Result - Linear relaxation infeasible", -np.inf, True),
        (STOPPED, -3.25, False),
        (WITHIN_GAP, 8.5, False),
        (OPTIMAL, 1.5e7, False),
        ("Result - Finished\nObjective value: 4", -np.inf, False),
        ("", -np.inf, False),
    ],
)
def test_the_log_of_cbc_tells_bound_and_status_and_nothing_is_guessed(words, bound, infeasible):
    found, none = read_cbc_log(words)
    assert none == infeasible
    assert found == bound or bound - 1e-3 < found < bound


def test_a_solve_that_the_time_ends_is_not_called_proved(monkeypatch):
    # CBC after one second of a program that takes longer: PuLP would call this plan optimal.
    log = "Result - Stopped on time limit\n\nObjective value: -700.0\nLower bound: -905.000\n"
    monkeypatch.setattr(solvers, "read_cbc_log", lambda _: read_cbc_log(log))
    program = written(scattered(count=3))
    chosen = ChosenSolver(SOLVERS["cbc"], SolverEffort(20))
    program.lp.solve(chosen)
    assert 905 < chosen.bound < 906


def test_a_solver_that_is_not_there_is_refused_with_those_that_are(monkeypatch):
    with pytest.raises(InputError, match="there is no solver 'lindo'"):
        solve(scattered(count=1), "max_coverage", solver="lindo")
    row = replace(SOLVERS["xpress"], is_installed=lambda: False)
    monkeypatch.setattr(solvers, "SOLVERS", {**SOLVERS, "xpress": row})
    with pytest.raises(InputError, match="Xpress is not installed") as caught:
        check_names(Scenario(solver="xpress"))
    assert "highs, cbc" in str(caught.value.faults[0].hint)


def test_a_scenario_names_the_solver_of_its_model():
    _, model = build_model(scattered(count=1), Scenario(model="max_coverage", solver="cbc"))
    assert model.solver == "cbc"
