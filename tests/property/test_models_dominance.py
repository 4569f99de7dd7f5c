"""Sites that another stands in for, rows implied by others: dropped where that is exact."""

from dataclasses import replace
from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import sparse

from nhcplanner.base.clock import Clock
from nhcplanner.domain.problem import Problem
from nhcplanner.models import catalogue, rules, solve
from nhcplanner.models.catalogue import Model
from nhcplanner.models.coverage import find_dominating_sites, flag_implied_rows
from nhcplanner.models.program import Program
from nhcplanner.models.solve import LexicographicSolve
from nhcplanner.models.stages.level import Hold

MANY = st.integers(0, 10_000)


def drawn(seed: int, priced: bool = False) -> Problem:
    rng = np.random.default_rng(seed)
    minutes = np.where(rng.random((6, 9)) < 0.35, rng.integers(1, 30, (6, 9)), np.inf)
    return Problem.from_minutes(
        minutes,
        people=rng.integers(0, 4, 6),
        cost=rng.integers(1, 4, 9) if priced else None,
        keep=np.flatnonzero(rng.random(9) < 0.15),
        forbid=np.flatnonzero(rng.random(9) < 0.15),
    )


@given(MANY, st.booleans())
@settings(max_examples=200, deadline=None)
def test_an_heir_reaches_as_much_for_no_more_and_has_no_heir_itself(seed, priced):
    problem = drawn(seed, priced)
    reached = problem.covers.toarray()[problem.people > 0] > 0
    found = find_dominating_sites(problem)
    for site, heir in enumerate(found):
        if site == heir:
            continue
        assert site not in problem.keep
        assert heir not in problem.forbid
        assert found[heir] == heir
        assert (reached[:, heir] >= reached[:, site]).all()
        if priced:
            assert problem.cost[heir] <= problem.cost[site]


@given(MANY, st.booleans())
@settings(max_examples=200, deadline=None)
def test_nothing_dominated_is_left(seed, priced):
    problem = drawn(seed, priced)
    reached = problem.covers.toarray()[problem.people > 0] > 0
    cost = problem.cost if priced else np.zeros(9)
    left = np.unique(find_dominating_sites(problem))
    left = [site for site in left if reached[:, site].any() and site not in problem.keep]
    for one, other in combinations(left, 2):
        for a, b in ((one, other), (other, one)):
            assert (reached[:, a] & ~reached[:, b]).any() or cost[b] > cost[a]


@given(MANY)
@settings(max_examples=200, deadline=None)
def test_a_plan_that_reaches_the_rows_left_reaches_all(seed):
    rng = np.random.default_rng(seed)
    sets = sparse.csr_array((rng.random((8, 5)) < 0.4).astype(float))
    sets = sparse.csr_array(sets[np.diff(sets.indptr) > 0])
    left = sets[~flag_implied_rows(sets)]
    for number in range(6):
        for chosen in combinations(range(5), number):
            plan = np.isin(np.arange(5), chosen)
            assert ((left @ plan) > 0).all() == ((sets @ plan) > 0).all()


def three_sites(**limits_) -> Problem:
    """Site 0 reaches the first area, site 1 the first two, site 2 the third."""
    minutes = [[5, 8, np.inf], [np.inf, 5, np.inf], [np.inf, np.inf, 5]]
    return Problem.from_minutes(minutes, people=[50, 1, 30], count=2, **limits_)


@pytest.mark.parametrize(
    ("rule", "opened"),
    [
        (rules.at_most_one([1, 2]), (0, 2)),
        (rules.at_most_of("kind", "hub", 0), (0, 2)),
        (rules.open_exactly(), (1, 2)),
    ],
)
def test_nothing_is_dropped_where_a_rule_tells_sites_apart(rule, opened):
    problem = three_sites(site_groups={"kind": ["", "hub", ""]})
    base = catalogue["max_coverage"]
    model = Model("own", "", base.goals, (*base.rules, rule), base.start)
    assert Hold(problem, model).problem.forbid == ()
    assert solve(problem, model).opened == opened


@pytest.mark.parametrize("name", ["p_median", "p_centre", "max_coverage_within_capacity"])
def test_nothing_is_dropped_where_minutes_or_room_count(name):
    problem = three_sites(capacity=[60, 60, 60])
    assert Hold(problem, catalogue[name]).problem.forbid == ()


@pytest.mark.parametrize("name", ["max_coverage", "lowest_hle_first", "set_cover"])
def test_sites_are_replaced_where_reach_alone_counts_and_others_cost_no_more(name):
    alike = Hold(three_sites(budget=9, cost=[1, 1, 1]), catalogue[name])
    assert alike.problem.forbid == (0,)
    assert alike.take(np.array([0, 2]))
    assert alike.sites.tolist() == [1, 2]
    dearer = Hold(three_sites(budget=9, cost=[1, 2, 1]), catalogue[name])
    assert dearer.problem.forbid == ()


def test_a_start_that_opens_a_replaceable_site_opens_the_other_instead():
    base = catalogue["max_coverage"]
    model = Model("own", "", base.goals, base.rules, lambda problem, state: np.array([0]))
    run = LexicographicSolve(replace(three_sites(), count=1), model, Clock(9), 0.0)
    run.start()
    assert run.hold.opened.tolist() == [1]
    assert 0 not in run.search.program.opens


def test_rows_implied_by_others_are_not_written():
    program = Program(three_sites())
    rules.everyone_in_reach()(program)
    written = [[v.name for v in row] for row in program.lp.constraints()]
    assert written == [["open_1"], ["open_2"]]
