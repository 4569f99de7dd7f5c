"""The price of priority: in all and by band, with its bound."""

import numpy as np
import pytest

from nhcplanner.domain.problem import Problem
from nhcplanner.explore import price_of_priority
from nhcplanner.models import solve


def two_towns(**settings) -> Problem:
    """A poor town of 30 and a rich one of 100; one centre reaches one of them."""
    minutes = [[5, np.inf], [np.inf, 5], [np.inf, 5]]
    return Problem.from_minutes(minutes, people=[30, 90, 10], bands=[1, 2, 0], count=1, **settings)


def test_what_the_poor_town_gains_the_rich_one_loses():
    problem = two_towns()
    price = price_of_priority(problem, solve(problem, "lowest_hle_first"))
    assert (price.plan_people, price.most_people, price.people, price.at_most) == (30, 100, 70, 70)
    assert price.by_band == {0: (0, 10), 1: (30, 0), 2: (0, 90)}
    assert price.without.opened == (1,)


def test_nothing_is_lost_by_a_plan_that_puts_nobody_first():
    problem = two_towns()
    plan = solve(problem, "max_coverage")
    assert price_of_priority(problem, plan).people == 0


def test_no_price_without_a_plan():
    problem = two_towns(keep=[0, 1])
    assert price_of_priority(problem, solve(problem, "lowest_hle_first")) is None


@pytest.mark.parametrize("seed", range(5))
def test_stopped_at_once_the_price_is_bracketed_all_the_same(seed):
    rng = np.random.default_rng(seed)
    minutes = np.where(rng.random((60, 20)) < 0.2, 5.0, np.inf)
    people, bands = rng.integers(1, 900, 60), rng.integers(1, 4, 60)
    problem = Problem.from_minutes(minutes, people=people, bands=bands, count=4)
    plan = solve(problem, "lowest_hle_first")
    exact = price_of_priority(problem, plan)
    hurried = price_of_priority(problem, plan, progress=lambda _: False)
    assert exact.people == exact.at_most
    assert 0 <= hurried.people <= exact.people <= hurried.at_most
