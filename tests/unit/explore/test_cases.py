"""Cases: reach, people, sites and HLE as they might be."""

import numpy as np
import pytest

from nhcplanner.domain.errors import InputError
from nhcplanner.domain.problem import Problem
from nhcplanner.explore import HleInterval, hle_draws, other_people, other_reach, site_failures
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


def test_people_grow_by_row_and_whole_people_stay_whole():
    [grown] = other_people(four(), "boom", [0.1, 0, -1, 0.26]).values()
    assert grown.people.tolist() == [11, 10, 0, 13]
    [parted] = other_people(four(people=[0.5, 1, 1, 1]), "boom", 0.1).values()
    assert parted.people == pytest.approx([0.55, 1.1, 1.1, 1.1])


@pytest.mark.parametrize("growth", [[0.1, 0.2], -1.5, [0, NAN, 0, 0], np.inf])
def test_growth_that_makes_no_sense_is_told(growth):
    with pytest.raises(InputError, match="growth must be"):
        other_people(four(), "boom", growth)


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
