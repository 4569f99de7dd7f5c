"""Alternatives and losses, against trying every set of sites."""

from dataclasses import replace
from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nhcplanner.domain.problem import Problem
from nhcplanner.explore import Near, alternatives, losses, roles
from nhcplanner.models import solve


@st.composite
def problems(draw):
    rng = np.random.default_rng(draw(st.integers(0, 10_000)))
    areas, sites = draw(st.integers(1, 12)), draw(st.integers(2, 7))
    return Problem.from_minutes(
        rng.integers(1, 40, (areas, sites)),
        people=rng.integers(1, 500, areas) + draw(st.sampled_from([0.0, 0.25])),
        reach=draw(st.integers(3, 20)),
        count=draw(st.integers(1, sites)),
        keep=np.flatnonzero(rng.random(sites) < 0.1)[:1],
        forbid=[],
    )


def value(problem: Problem, model: str, opened) -> float:
    """More is better."""
    near = problem.minutes.toarray()[:, list(opened)].min(axis=1, initial=np.inf)
    if model == "max_coverage":
        return float(problem.people[near <= problem.reach].sum())
    return -float(problem.people @ near)


def allowed(problem: Problem) -> list[tuple[int, ...]]:
    sizes = range(problem.count + 1)
    every = [s for size in sizes for s in combinations(range(problem.sites), size)]
    return [s for s in every if set(problem.keep) <= set(s) and not set(problem.forbid) & set(s)]


models = st.sampled_from(["max_coverage", "p_median"])


@given(problems(), models, st.sampled_from([0.0, 0.05, 0.3]), st.integers(1, 3))
@settings(max_examples=80, deadline=None)
def test_each_plan_is_as_near_and_as_far_as_promised(problem, model, within, differ):
    found = alternatives(problem, model, Near(within, differ, 4))
    best = max(value(problem, model, plan) for plan in allowed(problem))
    least = best - within * abs(best) - 1e-6 * max(1.0, abs(best))
    assert found.plans
    for number, plan in enumerate(found.plans):
        assert value(problem, model, plan.opened) >= least
        assert plan.opened in allowed(problem)
        for other in found.plans[:number]:
            assert len(set(other.opened) - set(plan.opened)) >= differ


@given(problems(), models, st.sampled_from([0.05, 0.3]), st.integers(1, 3))
@settings(max_examples=60, deadline=None)
def test_each_plan_is_the_best_of_those_left_and_none_is_missed(problem, model, within, differ):
    found = alternatives(problem, model, Near(within, differ, 4))
    best = max(value(problem, model, plan) for plan in allowed(problem))
    for number in range(1, len(found.plans) + 1):
        before = [set(plan.opened) for plan in found.plans[:number]]
        left = [
            value(problem, model, plan)
            for plan in allowed(problem)
            if all(len(other - set(plan)) >= differ for other in before)
            and value(problem, model, plan) >= best - within * abs(best)
        ]
        if number < len(found.plans):
            reached = value(problem, model, found.plans[number].opened)
            assert reached == pytest.approx(max(left), rel=2e-6)
        elif number < 4:
            assert not left
    assert found.complete


@given(problems(), models)
@settings(max_examples=60, deadline=None)
def test_a_loss_costs_what_trying_every_plan_without_the_site_says(problem, model):
    plan = solve(problem, model)
    for loss in losses(problem, model, plan):
        keep = tuple(j for j in problem.keep if j != loss.site)
        bare = replace(problem, keep=keep, forbid=(loss.site,))
        best = max(value(bare, model, chosen) for chosen in allowed(bare))
        if not np.isfinite(best):
            assert loss.plan.status == "infeasible"
            continue
        lost = value(problem, model, plan.opened) - best
        price = loss.prices[0]
        scale = 2e-6 * max(1.0, abs(best))
        assert price.lost == pytest.approx(lost, abs=2 * scale)
        assert price.least - scale <= lost <= price.most + scale


@given(problems(), models, st.sampled_from([0.02, 0.3]))
@settings(max_examples=60, deadline=None)
def test_always_and_never_are_what_all_good_plans_say(problem, model, within):
    found = alternatives(problem, model, Near(within, 1, 3))
    best = max(value(problem, model, plan) for plan in allowed(problem))
    least = best - within * abs(best)
    good = [plan for plan in allowed(problem) if value(problem, model, plan) >= least]
    for role in roles(problem, model, found):
        open_in = sum(role.site in plan for plan in good)
        assert role.proved
        assert (role.use == "always") == (open_in == len(good))
        assert (role.use == "never") == (open_in == 0)
        assert role.share == np.mean([role.site in plan.opened for plan in found.plans])
