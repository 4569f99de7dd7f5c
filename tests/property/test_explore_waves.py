"""Laws of waves, against trying every set of sites."""

from dataclasses import replace
from itertools import combinations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from nhcplanner.domain.problem import Problem
from nhcplanner.explore import Wave, plan_in_waves
from nhcplanner.models import solve


@st.composite
def programmes(draw):
    rng = np.random.default_rng(draw(st.integers(0, 10_000)))
    areas, sites = draw(st.integers(1, 12)), draw(st.integers(3, 7))
    minutes = np.where(rng.random((areas, sites)) < 0.4, 10.0, np.inf)
    problem = Problem.from_minutes(
        minutes,
        people=rng.integers(0, 500, areas),
        bands=rng.integers(0, 3, areas),
        keep=np.flatnonzero(rng.random(sites) < 0.1),
    )
    first = max(len(problem.keep), 1)
    counts = sorted(draw(st.lists(st.integers(first, sites), min_size=1, max_size=3)))
    return problem, [Wave(str(2027 + i), count) for i, count in enumerate(counts)]


def by_band(problem: Problem, opened) -> tuple[float, ...]:
    near = problem.minutes.toarray()[:, list(opened)]
    there = (near > 0).any(axis=1)
    bands = np.unique(problem.bands[problem.bands > 0])
    return tuple(float(problem.people[there & (problem.bands == b)].sum()) for b in bands)


def best(problem: Problem, inside, must, count: int) -> tuple[float, ...]:
    free = [j for j in inside if j not in must]
    return max(
        by_band(problem, (*must, *more))
        for size in range(min(count - len(must), len(free)) + 1)
        for more in combinations(free, size)
    )


orders = st.sampled_from(["forwards", "backwards"])


@given(programmes(), orders)
@settings(max_examples=60, deadline=None)
def test_waves_are_nested_and_keep_their_limits(programme, order):
    problem, waves = programme
    done = plan_in_waves(problem, "lowest_hle_first", waves, order=order).waves
    assert len(done) == len(waves)
    before = set(problem.keep)
    for wave in done:
        assert before <= set(wave.plan.opened)
        assert set(wave.new) == set(wave.plan.opened) - before
        assert len(wave.plan.opened) <= wave.wave.count
        before = set(wave.plan.opened)


@given(programmes())
@settings(max_examples=40, deadline=None)
def test_forwards_each_wave_is_the_best_that_can_be_added(programme):
    problem, waves = programme
    opened = problem.keep
    for wave in plan_in_waves(problem, "lowest_hle_first", waves).waves:
        expected = best(problem, range(problem.sites), opened, wave.wave.count)
        assert by_band(problem, wave.plan.opened) == expected
        opened = wave.plan.opened


@given(programmes())
@settings(max_examples=40, deadline=None)
def test_backwards_the_last_wave_is_the_plan_made_at_once(programme):
    problem, waves = programme
    done = plan_in_waves(problem, "lowest_hle_first", waves, order="backwards").waves
    at_once = solve(replace(problem, count=waves[-1].count), "lowest_hle_first")
    assert done[-1].plan.opened == at_once.opened
    inside = at_once.opened
    for wave in done[-2::-1]:
        expected = best(problem, inside, problem.keep, wave.wave.count)
        assert by_band(problem, wave.plan.opened) == expected
        inside = wave.plan.opened


@given(programmes(), orders)
@settings(max_examples=40, deadline=None)
def test_the_price_is_what_planning_afresh_would_reach_more(programme, order):
    problem, waves = programme
    for wave in plan_in_waves(problem, "lowest_hle_first", waves, order=order).waves:
        afresh = best(problem, range(problem.sites), problem.keep, wave.wave.count)
        lost = [a - b for a, b in zip(afresh, by_band(problem, wave.plan.opened), strict=True)]
        assert [price.lost for price in wave.prices] == lost
        assert next((some for some in lost if some), 0) >= 0
