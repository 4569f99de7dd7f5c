"""Cases: reach, people, sites and HLE as they might be.

Robustness: a plan tried in other cases.
"""

import numpy as np
import pytest

from nhcplanner.base.errors import InputError
from nhcplanner.domain.problem import Problem
from nhcplanner.explore import (
    HleInterval,
    hle_draws,
    minutes_draws,
    other_people,
    other_reach,
    robustness,
    site_failures,
)
from nhcplanner.models import solve

NAN = np.nan


def four(**settings) -> Problem:
    return Problem.from_minutes(np.ones((4, 2)), **({"people": [10, 10, 10, 10]} | settings))


def interval(**changes) -> HleInterval:
    given = {
        "years": [50.0, 50, 60, 60],
        "low": [50.0, 50, 60, 60],
        "high": [50.0, 50, 60, 60],
        "council": ["a", "a", "b", "b"],
    }
    return HleInterval(**(given | changes))


def test_reach_and_sites():
    problem = four(keep=[0])
    assert [case.reach for case in other_reach(problem, [5, 12.5]).values()] == [5, 12.5]
    assert list(other_reach(problem, [12.5])) == ["12.5 minutes"]
    failed = site_failures(problem, solve(problem, "max_coverage"))
    assert [(name, case.keep, case.forbid) for name, case in failed.items()] == [
        ("without site 0", (), (0,))
    ]


class TestHle:
    def test_a_sure_figure_gives_the_same_bands_each_time_ties_by_rank(self):
        cases = hle_draws(four(), interval(rank=[2, 1, 1, 2]), bands=4, draws=3)
        assert [case.bands.tolist() for case in cases.values()] == [[2, 1, 3, 4]] * 3
        assert list(cases) == ["HLE draw 1", "HLE draw 2", "HLE draw 3"]

    def test_the_rows_of_a_council_move_together(self):
        unsure = interval(low=[40, 40, 50, 50], high=[60, 60, 70, 70])
        drawn = [case.bands for case in hle_draws(four(), unsure, bands=2, draws=60).values()]
        assert {tuple(bands) for bands in drawn} == {(1, 1, 2, 2), (2, 2, 1, 1)}

    def test_areas_move_by_themselves_as_far_as_the_interval_is_their_own(self):
        unsure = interval(
            years=[50] * 4, low=[40] * 4, high=[60] * 4, area=["p", "p", "q", "r"],
            council=["a"] * 4, own=99.0,
        )  # fmt: skip
        drawn = np.array([case.bands for case in hle_draws(four(), unsure, 4, draws=60).values()])
        assert (drawn[:, 1] == drawn[:, 0] + 1).all()  # two rows of one area stay beside
        assert {tuple(row) for row in drawn} > {(1, 2, 3, 4), (3, 4, 2, 1)}

    def test_own_departure_counts_within_the_interval_and_does_not_widen_it(self):
        given = {"years": [50, 50, 55, 55], "low": [45, 45, 50, 50], "high": [55, 55, 60, 60]}
        unsure = interval(**given, area=[1, 1, 2, 2], own=1.0)
        drawn = [case.bands[0] for case in hle_draws(four(), unsure, 2, draws=500).values()]
        assert np.mean(np.array(drawn) == 2) == pytest.approx(0.083, abs=0.03)

    def test_intervals_that_overlap_swap_bands_as_often_as_the_normal_law_says(self):
        unsure = interval(years=[50, 50, 55, 55], low=[45, 45, 50, 50], high=[55, 55, 60, 60])
        drawn = [case.bands[0] for case in hle_draws(four(), unsure, 2, draws=500).values()]
        # two normal figures 5 years apart, each of standard deviation 2.55: they swap in 8.3 %
        assert np.mean(np.array(drawn) == 2) == pytest.approx(0.083, abs=0.03)

    def test_a_row_without_a_figure_is_in_no_band(self):
        cases = hle_draws(four(), interval(years=[50, NAN, 60, 60]), bands=2, draws=1)
        assert cases["HLE draw 1"].bands.tolist()[1] == 0

    def test_the_same_seed_gives_the_same_draws(self):
        unsure = interval(low=[40, 40, 50, 50], high=[60, 60, 70, 70])
        one, other = (hle_draws(four(), unsure, 2, draws=9, seed=3) for _ in range(2))
        assert [c.bands.tolist() for c in one.values()] == [
            c.bands.tolist() for c in other.values()
        ]

    def test_intervals_of_wrong_length_or_turned_round_are_told(self):
        with pytest.raises(InputError, match="must be 4 long"):
            hle_draws(four(), interval(low=[1.0]))
        with pytest.raises(InputError, match="below its low end"):
            hle_draws(four(), interval(low=[70.0, 50, 60, 60]))


def road(**settings) -> Problem:
    """Four villages along a road, 10 minutes apart, a site in each."""
    places = np.arange(4) * 10.0
    settings = {"people": [40, 10, 20, 30], "reach": 5, "count": 2} | settings
    return Problem.from_minutes(np.abs(places[:, None] - places), **settings)


def test_each_case_is_planned_afresh_and_compared():
    problem = road()
    plan = solve(problem, "max_coverage")
    found = robustness(other_reach(problem, [5, 10]), "max_coverage", plan)
    assert [(case.name, case.people) for case in found.tried] == [
        ("5 minutes", 70),
        ("10 minutes", 100),
    ]
    assert [case.prices[0].lost for case in found.tried] == [0, 0]
    assert (found.opens, found.complete) == ({0: 1, 3: 1}, True)


def test_how_often_a_site_stays_counts_only_cases_that_allow_it():
    problem = road()
    plan = solve(problem, "max_coverage")
    found = robustness(site_failures(problem, plan), "max_coverage", plan)
    first, second = found.tried
    assert (first.name, first.people, first.best.opened) == ("without site 0", 30, (2, 3))
    assert (second.people, second.prices[0].lost, second.prices[0].most) == (40, 20, 20)
    assert found.opens == {0: 1, 3: 1, 2: 1}


def test_a_site_that_growth_elsewhere_pushes_out():
    problem = road(bands=[1, 1, 2, 2])
    plan = solve(problem, "max_coverage")
    cases = other_people(problem, "as now", 0) | other_people(problem, "boom", [0, 0, 1, 0])
    found = robustness(cases, "max_coverage", plan)
    assert found.opens == {0: 1, 3: 0.5, 2: 0.5}
    assert found.tried[1].by_band == {1: 40, 2: 30}
    assert found.tried[1].prices[0].lost == 10


def test_a_case_without_a_plan_has_no_prices():
    problem = road(reach=10)
    plan = solve(problem, "set_cover")
    found = robustness(other_reach(problem, [5]), "set_cover", plan)
    [case] = found.tried
    assert (case.best.status, case.prices) == ("infeasible", ())
    assert found.complete


def test_a_caller_that_says_stop_has_the_cases_so_far():
    problem = road()
    plan = solve(problem, "max_coverage")
    cases = other_reach(problem, [5, 10, 15])
    found = robustness(cases, "max_coverage", plan, progress=lambda r: "10" not in r.goal)
    assert found.tried[0].name == "5 minutes"
    assert len(found.tried) < 3
    assert not found.complete


def test_half_of_the_minutes_drawn_are_within_the_share():
    problem = Problem.from_minutes(np.full((300, 40), 20.0), people=np.ones(300))
    drawn = [case.minutes.data for case in minutes_draws(problem, 0.13, 25).values()]
    ratio = np.concatenate(drawn) / 20
    assert np.mean((ratio > 1 / 1.13) & (ratio < 1.13)) == pytest.approx(0.5, abs=0.04)
    assert np.median(ratio) == pytest.approx(1, abs=0.02)


def test_minutes_drawn_keep_pairs_and_repeat_with_the_seed():
    problem = Problem.from_minutes([[5, 30], [np.inf, 8]], people=[1, 1])
    [one], [again] = (list(minutes_draws(problem, 0.2, 1).values()) for _ in range(2))
    assert one.minutes.indices.tolist() == problem.minutes.indices.tolist()
    assert np.array_equal(one.minutes.data, again.minutes.data)
    [same] = minutes_draws(problem, 0.0, 1).values()
    assert np.array_equal(same.minutes.data, problem.minutes.data)
    with pytest.raises(InputError, match="half_within"):
        minutes_draws(problem, -0.1)
