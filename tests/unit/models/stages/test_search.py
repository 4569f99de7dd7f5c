import numpy as np
import pytest

from nhcplanner.domain.problem import Problem
from nhcplanner.models import solve
from nhcplanner.models.stages import search
from nhcplanner.models.stages.search import few_plans


def wide(count: int | None = 2, **more: object) -> Problem:
    minutes = np.random.default_rng(0).integers(0, 60, (200, 5)).astype(float)
    return Problem.from_minutes(minutes, count=count, **more)


def test_a_small_program_is_left_to_the_solver():
    assert few_plans(wide()) is None


def test_every_set_that_the_count_allows_and_no_other(monkeypatch):
    monkeypatch.setattr(search, "LEAST_PAIRS", 0)
    plans = [tuple(plan.tolist()) for plan in few_plans(wide(keep=[1], forbid=[4]))]
    assert sorted(plans) == [(0, 1), (1,), (1, 2), (1, 3)]
    assert len(few_plans(wide(count=None))) == 32


def test_many_plans_are_not_listed(monkeypatch):
    monkeypatch.setattr(search, "LEAST_PAIRS", 0)
    monkeypatch.setattr(search, "MOST_PLANS", 31)
    assert few_plans(wide(count=None)) is None


@pytest.mark.parametrize(
    "model", ["lowest_hle_first", "max_coverage", "p_median", "p_centre", "set_cover"]
)
def test_looking_at_every_plan_finds_what_the_solver_finds(monkeypatch, model):
    for seed in range(8):
        rng = np.random.default_rng(seed)
        problem = Problem.from_minutes(
            rng.integers(0, 40, (60, 5)).astype(float),
            people=rng.integers(0, 90, 60),
            bands=rng.integers(1, 4, 60),
            count=None if model == "set_cover" else 2,
            reach=25,
            cost=rng.integers(1, 9, 5),
            budget=9 + 20 * (model == "set_cover"),
        )
        by_solver = solve(problem, model)
        with monkeypatch.context() as patch:
            patch.setattr(search, "LEAST_PAIRS", 0)
            by_list = solve(problem, model)
        assert by_list.status == by_solver.status
        assert [s.value for s in by_list.stages] == [s.value for s in by_solver.stages]
        assert [s.bound for s in by_list.stages] == pytest.approx(
            [s.bound for s in by_solver.stages]
        )
