"""What a solve holds in memory grows with pairs in reach, not with sites times sites."""

import numpy as np
import pytest

from nhcplanner.base.clock import Clock
from nhcplanner.domain.problem import Problem
from nhcplanner.models import solve
from nhcplanner.models.catalogue import catalogue
from nhcplanner.models.coverage import merge_equivalent_sites
from nhcplanner.models.search import large_neighbourhood
from nhcplanner.models.search.p_median import TravelCosts
from nhcplanner.models.solve import LexicographicSolve

AREAS = 6


def many_sites(sites: int, **more: object) -> Problem:
    rng = np.random.default_rng(1)
    return Problem.from_minutes(
        rng.uniform(0, 40, (AREAS, sites)), people=rng.integers(1, 900, AREAS), **more
    )


@pytest.mark.parametrize("sites", [1_000, 20_000])
def test_sites_that_reach_the_same_are_merged_before_any_pair_is_written(sites):
    problem, found = merge_equivalent_sites(many_sites(sites))
    left = sites - len(problem.forbid)
    assert left <= 2**AREAS
    assert len(np.unique(found)) == left
    run = LexicographicSolve(many_sites(sites), catalogue["set_cover"], Clock(10), 0.0)
    assert len(run.search.program.opens) <= 2**AREAS
    assert run.search.program.size <= 2**AREAS * (AREAS + 1)


def test_no_model_compares_every_site_with_every_other(monkeypatch):
    def refused(covers):
        assert large_neighbourhood.measure_distance_work(covers) < 1e7
        return large_neighbourhood.measure_distance(covers)

    monkeypatch.setattr("nhcplanner.models.stages.search.measure_distance", refused)
    problem = many_sites(4_000, count=2, capacity=np.full(4_000, 4_000.0))
    for model in catalogue:
        plan = solve(problem, model, time_limit=3)
        assert plan.status in ("optimal", "feasible"), model
        assert plan.opened, model


def test_exchanges_are_held_for_so_many_pairs_and_no_more(monkeypatch):
    monkeypatch.setattr("nhcplanner.models.search.p_median.MOST_PAIRS", 300)
    problem = many_sites(500)
    opened = np.zeros(500, dtype=bool)
    opened[[1, 2, 3]] = True
    sites, saved = TravelCosts(problem).exchanges(opened)
    assert len(sites) <= 100
    assert saved.shape == (len(sites), 3)


def test_a_plan_at_hand_is_given_however_short_the_time():
    problem = many_sites(300, count=2, capacity=np.full(300, 4_000.0))
    for model in catalogue:
        asked = problem if model != "set_cover" else many_sites(300)
        plan = solve(asked, model, time_limit=1e-6)
        assert plan.status in ("optimal", "feasible"), (model, plan.reason)


def test_full_centres_do_not_keep_others_from_opening():
    problem = Problem.from_minutes(
        np.full((60, 30), 7.0), people=np.full(60, 10.0), capacity=np.full(30, 35.0), count=20
    )
    plan = solve(problem, "max_coverage_within_capacity")
    assert plan.stages[0].value == 20 * 30  # three rows of ten people to each
