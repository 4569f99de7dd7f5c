"""Laws that hold for any problem."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from nhcplanner.domain.problem import Problem
from nhcplanner.models import catalogue, solve
from nhcplanner.models.equity import equally_distributed

COVER = ("max_coverage", "lowest_hle_first")


@st.composite
def problems(draw):
    areas, sites = draw(st.integers(1, 10)), draw(st.integers(1, 6))
    minute = st.one_of(st.integers(0, 40).map(float), st.just(np.inf))
    minutes = draw(st.lists(minute, min_size=areas * sites, max_size=areas * sites))
    people = draw(st.lists(st.integers(0, 2000), min_size=areas, max_size=areas))
    bands = draw(st.lists(st.integers(0, 3), min_size=areas, max_size=areas))
    return Problem.from_minutes(
        np.reshape(minutes, (areas, sites)),
        people=people,
        bands=bands,
        reach=draw(st.integers(1, 40)),
        count=draw(st.integers(0, sites)),
    )


def reached(plan):
    return None if plan.status == "infeasible" else [stage.value for stage in plan.stages]


@given(problems(), st.sampled_from(COVER))
@settings(max_examples=60, deadline=None)
def test_a_centre_more_never_covers_fewer(problem, model):
    more = replace(problem, count=problem.count + 1)
    assert reached(solve(more, model)) >= reached(solve(problem, model))


@given(problems(), st.sampled_from(list(catalogue)))
@settings(max_examples=80, deadline=None)
def test_a_bound_is_never_on_the_wrong_side(problem, model):
    for stage in solve(problem, model).stages:
        if stage.sense == "most":
            assert stage.bound >= stage.value
        else:
            assert stage.bound <= stage.value


@given(problems(), st.sampled_from(list(catalogue)), st.randoms(use_true_random=False))
@settings(max_examples=80, deadline=None)
def test_the_order_of_rows_and_sites_changes_no_value(problem, model, random):
    rows, sites = list(range(problem.areas)), list(range(problem.sites))
    random.shuffle(rows)
    random.shuffle(sites)
    shuffled = replace(problem.rows(rows), minutes=problem.minutes[rows][:, sites].sorted_indices())
    assert reached(solve(shuffled, model)) == pytest.approx(reached(solve(problem, model)))


@given(problems(), st.sampled_from(list(catalogue)))
@settings(max_examples=40, deadline=None)
def test_the_same_problem_gives_the_same_plan(problem, model):
    assert solve(problem, model).opened == solve(problem, model).opened


@given(problems(), st.sampled_from(COVER))
@settings(max_examples=40, deadline=None)
def test_no_centre_opens_that_adds_nobody(problem, model):
    plan = solve(problem, model)
    for site in plan.opened:
        others = [j for j in plan.opened if j != site]
        fewer = replace(problem, keep=tuple(others), count=len(others))
        assert reached(solve(fewer, model)) < reached(plan)


@given(problems())
@settings(max_examples=60, deadline=None)
def test_the_longest_journey_is_the_least_reach_that_the_count_can_cover(problem):
    plan = solve(problem, "p_centre")
    if plan.status == "infeasible":
        return
    worst = plan.stages[0].value
    assert solve(replace(problem, reach=worst), "set_cover").status == "optimal"
    if worst > 0:
        nearer = replace(problem, reach=float(np.nextafter(np.float32(worst), np.float32(0))))
        assert solve(nearer, "set_cover").status == "infeasible"


@given(
    st.lists(st.tuples(st.floats(0, 1e4), st.floats(1e-3, 1e6)), min_size=1, max_size=20),
    st.floats(0, 50),
    st.floats(0, 50),
)
@settings(max_examples=200, deadline=None)
@example([(0.0, 1.0), (0.0, 1.0), (0.0, 1.0), (7.0, 2.0)], 0.0, 5e-324)
def test_the_equally_distributed_journey_lies_between_mean_and_longest(rows, one, other):
    minutes, people = np.array(rows).T
    low, high = (equally_distributed(minutes, people, kappa) for kappa in sorted((one, other)))
    room = 1e-9 * (1 + minutes.max())
    mean = float(people @ minutes / people.sum())
    assert mean - room <= low <= high + room <= minutes.max() + 2 * room
    later = equally_distributed(minutes + 7, people, one)
    assert later == pytest.approx(equally_distributed(minutes, people, one) + 7, rel=1e-9)
