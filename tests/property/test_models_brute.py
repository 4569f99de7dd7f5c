"""Every model agrees with trying every set of sites, on hundreds of small problems."""

from itertools import combinations

import numpy as np
import pytest

from nhcplanner.domain.problem import Problem
from nhcplanner.models import solve

MODELS = (
    "lowest_hle_first", "max_coverage", "set_cover", "p_median", "fairest_journeys", "p_centre",
)  # fmt: skip
LEAST = ("set_cover", "p_median", "fairest_journeys", "p_centre")


def small_problem(seed: int) -> Problem:
    """Few areas and sites, with whatever limits the seed brings; whole people where it is even."""
    rng = np.random.default_rng(seed)
    areas, sites = rng.integers(1, 12), rng.integers(1, 8)
    there = rng.random((areas, sites)) < rng.choice([0.4, 0.7, 1.0])
    minutes = np.where(there, rng.integers(0, 40, (areas, sites)), np.inf)
    if rng.random() < 0.4:
        minutes = minutes + rng.random((areas, sites)).round(3)
    people = rng.integers(0, 50, areas) + (rng.random(areas) if seed % 2 else 0.0)
    priced = rng.random() < 0.4
    return Problem.from_minutes(
        minutes,
        people=people,
        bands=rng.integers(0, 4, areas),
        reach=float(rng.integers(5, 36)),
        count=int(rng.integers(0, sites + 1)) if rng.random() < 0.6 else None,
        cost=rng.integers(0, 10, sites).astype(float) if priced else None,
        budget=float(rng.integers(0, 25)) if priced else None,
        keep=np.flatnonzero(rng.random(sites) < 0.1),
        forbid=np.flatnonzero(rng.random(sites) < 0.1),
    )


def allowed_sets(problem: Problem) -> list[list[int]]:
    every = [
        list(s) for r in range(problem.sites + 1) for s in combinations(range(problem.sites), r)
    ]
    return [
        chosen
        for chosen in every
        if set(problem.keep) <= set(chosen)
        and not set(problem.forbid) & set(chosen)
        and (problem.count is None or len(chosen) <= problem.count)
        and (problem.budget is None or problem.cost[chosen].sum() <= problem.budget)
    ]


def values(  # noqa: PLR0911  (one return for each model)
    problem: Problem, model: str, chosen: list[int]
) -> tuple[float, ...] | None:
    """What a set of sites reaches for each goal; None where it leaves somebody out."""
    dense = np.full((problem.areas, problem.sites), np.inf)
    table = problem.minutes.tocoo()
    dense[table.row, table.col] = table.data
    near = dense[:, chosen].min(axis=1, initial=np.inf)
    people, some = problem.people, problem.people > 0
    covered = near <= problem.reach
    if model == "max_coverage":
        return (people[covered].sum(),)
    if model == "lowest_hle_first":
        bands = np.unique(problem.bands[problem.bands > 0])
        return tuple(people[covered & (problem.bands == band)].sum() for band in bands)
    if model == "set_cover":
        return (float(len(chosen)),) if covered[some].all() else None
    if np.isinf(near[some]).any():
        return None
    if model == "fairest_journeys":
        if not some.any():
            return (0.0,)
        weights = people[some] / people[some].sum()
        return (float(problem.reach * np.log(weights @ np.exp(near[some] / problem.reach))),)
    if model == "p_median":
        return (float(people[some] @ near[some]),)
    return (float(near[some].max(initial=0.0)),)


def best_values(problem: Problem, model: str) -> tuple[float, ...] | None:
    reached = [values(problem, model, chosen) for chosen in allowed_sets(problem)]
    there = [v for v in reached if v is not None]
    if not there:
        return None
    return min(there) if model in LEAST else max(there)


@pytest.mark.parametrize("model", MODELS)
@pytest.mark.parametrize("block", range(4))
def test_agrees_with_trying_every_set(model, block):
    for seed in range(block * 100, block * 100 + 100):
        problem = small_problem(seed)
        best = best_values(problem, model)
        plan = solve(problem, model)
        if best is None:
            assert plan.status == "infeasible", seed
            assert plan.reason, seed
            continue
        assert plan.status == "optimal", seed
        reached = tuple(stage.value for stage in plan.stages)
        assert reached == pytest.approx(best, rel=2e-6, abs=1e-6), seed
        assert list(plan.opened) in allowed_sets(problem), seed
        assert values(problem, model, list(plan.opened)) == pytest.approx(reached), seed


@pytest.mark.parametrize("model", MODELS)
def test_the_problems_try_both_answers(model):
    answers = [best_values(small_problem(seed), model) is None for seed in range(100)]
    assert 5 < sum(answers) < 95
