"""Each exchange is the best, and each figure true, against scoring every exchange."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nhcplanner.domain.problem import Problem
from nhcplanner.explore import explain
from nhcplanner.models import solve

MODELS = ("max_coverage", "lowest_hle_first", "set_cover", "p_median", "p_centre")


@st.composite
def problems(draw):
    rng = np.random.default_rng(draw(st.integers(0, 10_000)))
    areas, sites = draw(st.integers(1, 10)), draw(st.integers(2, 6))
    return Problem.from_minutes(
        rng.integers(0, 40, (areas, sites)),
        people=rng.integers(0, 500, areas),
        bands=rng.integers(0, 3, areas),
        reach=draw(st.integers(5, 40)),
        count=draw(st.integers(1, sites)),
        keep=np.flatnonzero(rng.random(sites) < 0.1)[:1],
        forbid=[],
    )


def goals(problem: Problem, model: str, opened) -> list[float]:
    """What a plan reaches on each goal, more is better."""
    near = problem.minutes.toarray()[:, sorted(opened)].min(axis=1, initial=np.inf)
    people, covered = problem.people, near <= problem.reach
    if model == "max_coverage":
        return [people[covered].sum()]
    if model == "lowest_hle_first":
        bands = np.unique(problem.bands[problem.bands > 0])
        return [people[covered & (problem.bands == band)].sum() for band in bands]
    if model == "set_cover":
        return [-len(opened)]
    some = people > 0
    return [-(people[some] @ near[some]) if model == "p_median" else -near[some].max(initial=0.0)]


@given(problems(), st.sampled_from(MODELS))
@settings(max_examples=80, deadline=None)
def test_the_exchange_is_the_best_of_all(problem, model):
    plan = solve(problem, model)
    if not plan.opened:
        return
    before, opened = goals(problem, model, plan.opened), set(plan.opened)
    for refused in explain(problem, model, plan).candidates:
        outs = [set()] if len(opened) < problem.count else [{j} for j in opened - {*problem.keep}]
        ways = [(opened - out) | {refused.site} for out in outs]
        if model == "set_cover":
            everyone = problem.people[problem.people > 0]
            ways = [w for w in ways if goals(problem, "max_coverage", w)[0] == everyone.sum()]
        scores = [goals(problem, model, way) for way in ways]
        if not scores:
            assert refused.exchange is None
            continue
        gains = [change.gain for change in refused.exchange.changes]
        assert gains == pytest.approx([a - b for a, b in zip(max(scores), before, strict=True)])


@given(problems())
@settings(max_examples=40, deadline=None)
def test_what_is_told_of_people_is_what_the_minutes_say(problem):
    plan = solve(problem, "max_coverage")
    told = explain(problem, "max_coverage", plan)
    base = goals(problem, "max_coverage", plan.opened)[0]
    for centre in told.centres:
        others = [j for j in plan.opened if j != centre.site]
        assert sum(centre.only.values()) == base - goals(problem, "max_coverage", others)[0]
        assert sum(centre.reaches.values()) == goals(problem, "max_coverage", [centre.site])[0]
    for site in told.candidates:
        more = goals(problem, "max_coverage", [*plan.opened, site.site])[0]
        assert sum(site.adds.values()) == more - base
