"""Losses: the best that can be done without a site."""

from dataclasses import replace

import numpy as np

from nhcplanner.domain.problem import Problem
from nhcplanner.explore import losses
from nhcplanner.models import solve


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
