"""Solves of total travel by the compiled search and tree, against the solver's."""

from dataclasses import replace

import numpy as np
import pytest

from nhcplanner.base.clock import Clock
from nhcplanner.domain.problem import Problem
from nhcplanner.models import catalogue, solve
from nhcplanner.models.stages import travel
from nhcplanner.models.stages.level import Hold

pytest.importorskip("numba")


def problem_of(seed: int, **more) -> Problem:
    rng = np.random.default_rng(seed)
    here, there = rng.uniform(0, 60, (60, 2)), rng.uniform(0, 60, (20, 2))
    minutes = np.hypot(*(here[:, None] - there).transpose(2, 0, 1))
    if seed % 2:
        minutes = np.where(minutes > 45, np.inf, np.ceil(minutes))
    people = rng.integers(0, 90, 60)
    return Problem.from_minutes(minutes, people=people, **{"count": 4, "keep": [2]} | more)


@pytest.mark.parametrize("model", ["p_median", "fairest_journeys"])
@pytest.mark.parametrize("seed", range(6))
def test_the_tree_finds_what_the_solver_finds(monkeypatch, seed, model):
    by_solver = solve(problem_of(seed), model)
    monkeypatch.setattr(travel, "LEAST_PAIRS", 0)
    by_tree = solve(problem_of(seed), model)
    assert by_tree.status == by_solver.status
    for one, other in zip(by_tree.stages, by_solver.stages, strict=True):
        assert one.value == pytest.approx(other.value, rel=2e-6)
        assert one.bound == pytest.approx(other.bound, rel=4e-6)


def test_the_tree_is_for_travel_alone_under_a_count(monkeypatch):
    monkeypatch.setattr(travel, "LEAST_PAIRS", 0)

    def suits(model: str, **more) -> bool:
        return travel.suits_tree(Hold(problem_of(0, **more), catalogue[model]))

    assert suits("p_median")
    assert suits("fairest_journeys")
    assert not suits("fairest_journeys", reach=1)  # a journey of 40 minutes costs e^40
    assert not travel.suits_tree(Hold(problem_of(0), replace(catalogue["p_median"], solver="cbc")))
    assert not suits("p_median", count=None)
    assert not suits("p_median", budget=5, cost=np.ones(20))
    assert not suits("max_coverage")
    assert not suits("p_median_within_capacity")


def test_without_numba_the_solver_is_used(monkeypatch):
    monkeypatch.setattr(travel, "LEAST_PAIRS", 0)
    monkeypatch.setattr(travel, "find_spec", lambda name: None)
    assert not travel.suits_tree(Hold(problem_of(0), catalogue["p_median"]))


def test_a_stopped_solve_has_a_plan_and_a_true_bound(monkeypatch):
    monkeypatch.setattr(travel, "LEAST_PAIRS", 0)
    problem = problem_of(2)
    best = solve(problem, "p_median").stages[0].value
    plan = solve(problem, "p_median", progress=lambda report: False)
    assert plan.stages[0].bound <= best * (1 + 1e-9) <= plan.stages[0].value * (1 + 2e-9)


def test_a_gap_that_is_allowed_ends_the_tree():
    clock = Clock(60)
    clock.enter(1, 1, "travel")
    run = travel.TravelSolve(Hold(problem_of(4), catalogue["p_median"]), clock, 0.5)
    run.start()
    bound = run.prove()
    assert run.tree is not None
    assert run.tree.explored <= 3
    assert bound >= 0.5 * run.tree.value
