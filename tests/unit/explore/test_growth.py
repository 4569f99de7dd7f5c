"""People of other years and of growth: by hand, and the spread of what is drawn."""

import numpy as np
import pytest

from nhcplanner.base.errors import InputError
from nhcplanner.domain.problem import Problem
from nhcplanner.explore import growth_draws, growth_factors, other_people

NAN = np.nan


def four(**settings) -> Problem:
    return Problem.from_minutes(np.ones((4, 2)), **({"people": [10, 10, 10, 10]} | settings))


def test_people_grow_by_row_and_whole_people_stay_whole():
    [grown] = other_people(four(), "boom", [0.1, 0, -1, 0.26]).values()
    assert grown.people.tolist() == [11, 10, 0, 13]
    [parted] = other_people(four(people=[0.5, 1, 1, 1]), "boom", 0.1).values()
    assert parted.people == pytest.approx([0.55, 1.1, 1.1, 1.1])


@pytest.mark.parametrize("growth", [[0.1, 0.2], -1.5, [0, NAN, 0, 0], np.inf])
def test_growth_that_makes_no_sense_is_told(growth):
    with pytest.raises(InputError, match="growth must be"):
        other_people(four(), "boom", growth)


def test_half_of_the_factors_drawn_are_within_the_share():
    drawn = growth_factors(["a", "b"], [0.03, 0.07], draws=4_000)
    for unit, share in (("a", 0.03), ("b", 0.07)):
        factors = np.array([one[unit] for one in drawn])
        within = (factors < 1 + share) & (factors > 1 / (1 + share))
        assert within.mean() == pytest.approx(0.5, abs=0.03)
        assert np.median(factors) == pytest.approx(1, abs=0.003)
    both = np.array([[one["a"], one["b"]] for one in drawn])
    assert abs(np.corrcoef(np.log(both.T))[0, 1]) < 0.05


def test_factors_repeat_with_the_seed_and_need_shares_of_0_or_more():
    assert growth_factors(["a"], 0.1, 2) == growth_factors(["a"], 0.1, 2)
    assert growth_factors(["a"], 0.1, 2, seed=1) != growth_factors(["a"], 0.1, 2)
    with pytest.raises(InputError, match="half_within"):
        growth_factors(["a"], -0.1)


def test_rows_of_a_unit_share_its_factor_and_others_keep_their_people():
    cases = growth_draws(four(), ["a", "a", "b", ""], [{"a": 1.1, "b": 0.5}, {"a": 2.0}])
    assert cases["growth draw 1"].people == pytest.approx([11, 11, 5, 10])
    assert cases["growth draw 2"].people == pytest.approx([20, 20, 10, 10])
    with pytest.raises(InputError, match="units must be 4 long, not 2"):
        growth_draws(four(), ["a", "b"], [])
