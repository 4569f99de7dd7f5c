"""A frontier is just the plans that none other beats, against trying every set of sites."""

from itertools import combinations, pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nhcplanner.domain.problem import Problem
from nhcplanner.explore import Pace, curve, frontier

PAIRS = [
    ("people", "centres"),
    ("centres", "people"),
    ("people", "cost"),
    ("people", "worst_off"),
    ("travel", "longest"),
    ("longest", "travel"),
    ("travel", "centres"),
    ("longest", "cost"),
]


def small_problem(seed: int, fraction: float = 0.0) -> Problem:
    rng = np.random.default_rng(seed)
    areas, sites = rng.integers(1, 10), rng.integers(2, 7)
    return Problem.from_minutes(
        rng.integers(0, 40, (areas, sites)) + fraction,
        people=rng.integers(1, 60, areas) + fraction,
        bands=rng.integers(1, 3, areas),
        reach=float(rng.integers(5, 30)),
        count=int(rng.integers(1, sites + 1)),
        cost=rng.integers(0, 9, sites),
        keep=np.flatnonzero(rng.random(sites) < 0.1)[:1],
    )


def worth(problem: Problem, aim: str, opened) -> float:
    """More is better."""
    near = problem.minutes.toarray()[:, list(opened)].min(axis=1, initial=np.inf)
    people = problem.people
    first = problem.bands == problem.bands.min()
    return float(
        {
            "people": people[near <= problem.reach].sum(),
            "worst_off": people[(near <= problem.reach) & first].sum(),
            "centres": -len(opened),
            "cost": -problem.cost[list(opened)].sum(),
            "travel": -(people @ near),
            "longest": -near.max(),
        }[aim]
    )


def unbeaten(problem: Problem, pair) -> list[tuple[float, float]]:
    every = [
        (worth(problem, pair[0], plan), worth(problem, pair[1], plan))
        for size in range(problem.count + 1)
        for plan in combinations(range(problem.sites), size)
        if set(problem.keep) <= set(plan)
    ]
    best: list[tuple[float, float]] = []
    for point in sorted({p for p in every if np.isfinite(p).all()}, reverse=True):
        if not best or point[1] > best[-1][1]:
            best.append(point)
    return best


@pytest.mark.parametrize("pair", PAIRS, ids="-".join)
@pytest.mark.parametrize("fraction", [0.0, 0.25])
def test_finds_every_plan_that_none_beats_and_no_other(pair, fraction):
    for seed in range(8):
        problem = small_problem(seed, fraction)
        search = frontier(problem, *pair, pace=Pace(points=1000))
        found = curve(search)
        assert search.complete
        expected = unbeaten(problem, pair)
        assert len(found.points) == len(search.found) == len(expected), seed
        for point, values in zip(found.points, expected, strict=True):
            assert point.worth == pytest.approx(values, rel=4e-6), seed
            assert worth(problem, pair[0], point.plan.opened) == pytest.approx(point.worth[0])
            assert worth(problem, pair[1], point.plan.opened) == pytest.approx(point.worth[1])
            assert point.gap == pytest.approx(0, abs=1e-5)


@given(st.integers(0, 10_000), st.sampled_from(PAIRS), st.integers(1, 6))
@settings(max_examples=40, deadline=None)
def test_a_frontier_never_bends_back_however_few_its_points(seed, pair, points):
    found = curve(frontier(small_problem(seed), *pair, pace=Pace(points=points))).points
    for one, other in pairwise(found):
        assert one.worth[0] > other.worth[0]
        assert one.worth[1] < other.worth[1]


@given(st.integers(0, 10_000), st.sampled_from(PAIRS), st.integers(0, 5))
@settings(max_examples=40, deadline=None)
def test_a_search_goes_on_from_what_is_known(seed, pair, stop):
    problem = small_problem(seed)
    whole = frontier(problem, *pair, pace=Pace(points=1000))
    expected = np.array([point.worth for point in curve(whole).points])
    known = whole.found[:stop]
    rest = list(frontier(problem, *pair, known=known, pace=Pace(points=1000)))
    assert not {point.worth for point in rest} & {point.worth for point in known}
    joined = np.array([point.worth for point in curve([*known, *rest]).points])
    assert joined == pytest.approx(expected, rel=4e-6)


@given(st.integers(0, 10_000))
@settings(max_examples=30, deadline=None)
def test_more_centres_never_cover_fewer(seed):
    points = curve(frontier(small_problem(seed), "centres", "people")).points
    centres, people = zip(*(point.values for point in points), strict=True)
    assert sorted(centres) == list(centres)
    assert sorted(people) == list(people)
