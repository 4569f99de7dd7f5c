"""Explain: what only a centre reaches, what a site would add, what letting it in costs.

Losses: the best that can be done without a site.

The price of priority: in all and by band, with its bound.
"""

from dataclasses import replace

import numpy as np
import pytest

from nhcplanner.base.errors import InputError
from nhcplanner.domain.plan import Plan
from nhcplanner.domain.problem import Problem
from nhcplanner.domain.scenario import Scenario
from nhcplanner.explore import (
    Near,
    alternatives,
    better_exchange,
    broken_rules,
    explain,
    losses,
    price_of_priority,
)
from nhcplanner.models import build_model, solve


def shared(**settings) -> Problem:
    """Sites 0 and 1 share the first area; each has one of its own; site 2 has the last."""
    minutes = np.where([[1, 1, 0], [1, 0, 0], [0, 1, 0], [0, 0, 1]], 5.0, np.inf)
    asked = {"people": [10, 40, 30, 20], "bands": [1, 2, 2, 1], "count": 2}
    return Problem.from_minutes(minutes, **(asked | settings))


def test_a_centre_is_told_by_what_only_it_reaches():
    problem = shared()
    told = explain(problem, "max_coverage", solve(problem, "max_coverage"))
    first, second = told.centres
    assert (first.site, first.reaches, first.only) == (0, {1: 10, 2: 40}, {1: 0, 2: 40})
    assert (second.site, second.reaches, second.only) == (1, {1: 10, 2: 30}, {1: 0, 2: 30})
    assert not first.must


def test_a_refused_site_is_told_by_what_it_adds_and_the_exchange():
    problem = shared()
    [refused] = explain(problem, "max_coverage", solve(problem, "max_coverage")).candidates
    assert (refused.site, refused.adds) == (2, {1: 20, 2: 0})
    assert refused.exchange.out == 1
    [change] = refused.exchange.changes
    assert (change.before, change.after, change.gain, change.unit) == (80, 70, -10, "people")


def test_the_exchange_goes_by_the_goals_in_order():
    problem = shared()
    plan = solve(problem, "lowest_hle_first")
    [refused] = explain(problem, "lowest_hle_first", plan).candidates
    assert (plan.opened, refused.site, refused.exchange.out) == ((0, 2), 1, 0)
    assert [change.gain for change in refused.exchange.changes] == [0, -10]


def test_a_site_for_which_there_is_room_shuts_no_centre():
    problem = shared(count=3)
    plan = solve(shared(), "max_coverage")
    [refused] = explain(problem, "max_coverage", plan).candidates
    assert (refused.exchange.out, refused.exchange.changes[0].gain) == (None, 20)


def test_a_centre_that_must_stay_is_not_exchanged():
    problem = shared(keep=[1])
    plan = solve(problem, "max_coverage")
    told = explain(problem, "max_coverage", plan)
    assert [(c.site, c.must) for c in told.centres] == [(0, False), (1, True)]
    assert told.candidates[0].exchange.out == 0


def test_no_exchange_where_the_rules_bar_every_one():
    problem = shared(cost=[1, 1, 9], budget=2, count=None)
    [refused] = explain(problem, "max_coverage", solve(problem, "max_coverage")).candidates
    assert refused.exchange is None


def test_a_forbidden_site_is_left_out_and_only_sites_asked_for_are_told():
    problem = shared(forbid=[2])
    plan = solve(problem, "max_coverage")
    assert explain(problem, "max_coverage", plan).candidates == ()
    assert [c.site for c in explain(problem, "max_coverage", plan, [1]).centres] == [1]


def test_an_unknown_model_is_told():
    problem = shared()
    with pytest.raises(InputError, match="no model is called 'best'"):
        explain(problem, "best", solve(problem, "max_coverage"))


def villages(**settings) -> Problem:
    """A site in each of three villages, out of reach of the others."""
    minutes = np.where(np.eye(3) == 1, 5.0, np.inf)
    return Problem.from_minutes(minutes, people=[100, 60, 30], **({"count": 2} | settings))


def test_what_each_loss_costs_and_what_opens_instead():
    problem = villages()
    found = losses(problem, "max_coverage", solve(problem, "max_coverage"))
    told = [(loss.site, loss.instead, loss.prices[0].lost) for loss in found]
    assert told == [(0, (2,), 70), (1, (2,), 30)]


def test_a_centre_that_must_stay_can_be_lost_too():
    problem = villages(keep=[2])
    [loss] = losses(problem, "max_coverage", solve(problem, "max_coverage"), sites=[2])
    assert (loss.plan.opened, loss.prices[0].lost) == ((0, 1), -30)


def test_a_loss_that_leaves_no_plan_says_so():
    problem = villages(count=None)
    found = losses(problem, "set_cover", solve(problem, "set_cover"))
    assert [loss.plan.status for loss in found] == ["infeasible"] * 3
    assert all(loss.prices == () for loss in found)


def test_a_caller_that_says_stop_has_what_is_done():
    problem = villages()
    plan = solve(problem, "max_coverage")
    found = losses(problem, "max_coverage", plan, progress=lambda r: "site 0" in r.goal)
    assert found[0].site == 0
    assert losses(problem, "max_coverage", plan, progress=lambda r: False)[1:] == ()


def test_a_site_makes_way_only_where_that_gains():
    # Sites 1 and 2 reach the same people, so without site 0 there is no call to exchange them.
    problem = Problem.from_minutes(
        [[5, 99, 99, 99], [99, 5, 5, 99], [99, 99, 99, 5]], people=[30, 20, 10], count=2
    )
    best = solve(problem, "max_coverage")
    for other in (1, 2):
        plan = replace(best, opened=(0, other))
        [loss] = losses(problem, "max_coverage", plan, sites=[0])
        assert loss.instead == (3,)
        assert loss.plan.opened == (other, 3)


def two_towns(**settings) -> Problem:
    """A poor town of 30 and a rich one of 100; one centre reaches one of them."""
    minutes = [[5, np.inf], [np.inf, 5], [np.inf, 5]]
    return Problem.from_minutes(minutes, people=[30, 90, 10], bands=[1, 2, 0], count=1, **settings)


def test_what_the_poor_town_gains_the_rich_one_loses():
    problem = two_towns()
    price = price_of_priority(problem, "lowest_hle_first", solve(problem, "lowest_hle_first"))
    assert (price.plan_people, price.most_people, price.people, price.at_most) == (30, 100, 70, 70)
    assert price.by_band == {0: (0, 10), 1: (30, 0), 2: (0, 90)}
    assert price.without.opened == (1,)


def test_nothing_is_lost_by_a_plan_that_puts_nobody_first():
    problem = two_towns()
    plan = solve(problem, "max_coverage")
    assert price_of_priority(problem, "lowest_hle_first", plan).people == 0


def test_no_price_without_a_plan():
    problem = two_towns(keep=[0, 1])
    assert (
        price_of_priority(problem, "lowest_hle_first", solve(problem, "lowest_hle_first")) is None
    )


@pytest.mark.parametrize("seed", range(5))
def test_stopped_at_once_the_price_is_bracketed_all_the_same(seed):
    rng = np.random.default_rng(seed)
    minutes = np.where(rng.random((60, 20)) < 0.2, 5.0, np.inf)
    people, bands = rng.integers(1, 900, 60), rng.integers(1, 4, 60)
    problem = Problem.from_minutes(minutes, people=people, bands=bands, count=4)
    plan = solve(problem, "lowest_hle_first")
    exact = price_of_priority(problem, "lowest_hle_first", plan)
    hurried = price_of_priority(problem, "lowest_hle_first", plan, progress=lambda _: False)
    assert exact.people == exact.at_most
    assert 0 <= hurried.people <= exact.people <= hurried.at_most


@pytest.mark.parametrize(
    ("opened", "has_slack", "site"),
    [((1, 2), False, 0),  # 0 for 1: 10 people of band 2 more, none of band 1 fewer
     ((1, 2), True, 0),
     ((0, 1), False, 2),  # 2 for 1: 20 people of band 1 more, 30 of band 2 fewer
     ((0, 1), True, None), ((0, 2), False, None)],
)  # fmt: skip
def test_a_better_exchange_goes_by_the_goals_in_order(opened, has_slack, site):
    plan = Plan(opened, "feasible", (), "lowest_hle_first", "", 0.0)
    found = better_exchange(explain(shared(), "lowest_hle_first", plan), has_slack=has_slack)
    assert (None if found is None else found.site) == site


def rooms() -> Problem:
    """Four towns of 160 people in all, each at a site; sites hold 60, 60, 100 and 60 people.

    Site 3 reaches towns 2 and 3, the others only their own town. Everyone can travel everywhere.
    """
    minutes = [[5, 30, 40, 30], [30, 5, 40, 30], [30, 30, 5, 15], [30, 30, 30, 5]]
    return Problem.from_minutes(
        minutes, people=[50, 40, 60, 10], bands=[1, 2, 2, 2], count=2, reach=20,
        capacity=[60, 60, 100, 60],
    )  # fmt: skip


def keeps_limits(problem, plan, least, most):
    """Check an assignment with plain loops: everyone is sent, and each centre keeps its limits."""
    sent, load = np.zeros(problem.areas), np.zeros(problem.sites)
    given = plan.allocation
    for row, site, share in zip(given.rows, given.sites, given.shares, strict=True):
        sent[row] += share
        load[site] += share * problem.people[row]
    assert sent == pytest.approx(np.ones(problem.areas))
    assert set(given.sites.tolist()) <= set(plan.opened)
    for site in plan.opened:
        assert least - 1e-6 <= load[site] <= min(most, problem.capacity[site]) + 1e-6


def with_limits(least, most, model="lowest_hle_first"):
    scenario = Scenario(model=model, least_people=least, most_people=most, split=True)
    return build_model(rooms(), scenario)


def test_the_plan_without_priority_keeps_the_rules_on_whom_centres_serve():
    """Sites 0 and 3 reach 120 people but hold 120 of 160; of pairs with room, 0 and 2 reach most.

    Ten people of town 1 fill site 0, the other 30 are sent to site 2 with towns 2 and 3.
    """
    problem, model = with_limits(20, 100)
    plan = solve(problem, model)
    price = price_of_priority(problem, model, plan)
    assert plan.opened == price.without.opened == (0, 2)
    assert (price.plan_people, price.most_people, price.at_most) == (110, 110, 0)
    keeps_limits(problem, price.without, 20, 100)
    free = solve(problem, "max_coverage")
    assert (free.opened, free.stages[0].value) == ((0, 3), 120)  # what the rules rule out


def test_sites_break_the_rules_that_they_do_not_keep():
    problem, model = with_limits(20, 100)
    assert broken_rules(problem, model, (0, 2)) == ()
    [words] = broken_rules(problem, model, (0,))
    assert "each centre serves at least 20 people" in words
    assert len(broken_rules(problem, model, (0, 1, 2))) == 1  # more than two centres
    assert "at most 2 centres" in broken_rules(problem, model, (0, 1, 2))[0]


def test_losses_and_alternatives_keep_the_rules_on_whom_centres_serve():
    problem, model = with_limits(20, 100)
    plan = solve(problem, model)
    for loss in losses(problem, model, plan):
        if loss.plan.opened:
            keeps_limits(problem, loss.plan, 20, 100)
    problem, model = with_limits(20, 100, "max_coverage")
    plan = solve(problem, model)
    found = alternatives(problem, model, Near(0.9, 1, 4), best=plan)
    assert len(found.plans) > 1
    for other in found.plans:
        keeps_limits(problem, other, 20, 100)
