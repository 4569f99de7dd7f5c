"""Against PyPI inequalipy and inequality (values and their code below), brute force and by hand."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nhcplanner.access.distribution import (
    access_poverty,
    gini,
    kolm_pollak_ede,
    kolm_pollak_kappa,
    palma,
    theil,
)
from nhcplanner.models.equity import equally_distributed

MINUTES = np.array([4.0, 7.5, 12.0, 12.0, 20.0, 33.0, 48.0, 60.0])
PEOPLE = np.array([120, 340, 90, 410, 275, 60, 150, 30])
EVERYONE = np.repeat(MINUTES, PEOPLE)


def test_kolm_pollak_agrees_with_inequalipy():
    # inequalipy 1.0.5, where kappa of a burden is below 0:
    #   kappa = kolmpollak.calc_kappa(MINUTES, -1, PEOPLE)
    #   kolmpollak.ede(MINUTES, kappa=kappa, weights=PEOPLE)
    kappa = kolm_pollak_kappa(MINUTES, PEOPLE)
    assert kappa == pytest.approx(0.03533314404038865, rel=1e-9)
    found = kolm_pollak_ede(MINUTES, PEOPLE, kappa)
    assert found == pytest.approx(21.592193983464764, rel=1e-9)
    assert found - EVERYONE.mean() == pytest.approx(4.297278729227475, rel=1e-9)


def test_gini_and_theil_agree_with_inequality():
    # inequality 1.1.2: Gini(EVERYONE).g and Theil(EVERYONE).T; inequalipy.gini.index is the same
    assert gini(MINUTES, PEOPLE) == pytest.approx(0.3852327767774685, rel=1e-9)
    assert theil(MINUTES, PEOPLE) == pytest.approx(0.2603261429079806, rel=1e-9)


def test_gini_is_half_the_mean_difference_over_the_mean():
    pairs = np.abs(EVERYONE[:, None] - EVERYONE[None, :]).mean()
    assert gini(MINUTES, PEOPLE) == pytest.approx(pairs / 2 / EVERYONE.mean(), rel=1e-12)


def test_palma_of_rows_that_lie_across_the_cuts():
    # each person twice, so that a tenth and two fifths are whole numbers: 295 and 1,180
    twice = np.sort(np.repeat(EVERYONE, 2))
    brute = twice[-295:].sum() / twice[:1180].sum()
    assert palma(MINUTES, PEOPLE) == pytest.approx(brute, rel=1e-12)
    assert palma([1, 9], [90, 10]) == pytest.approx(90 / 40)


def test_a_closed_form_for_two_people():
    # equal shares: the EDE is the mean plus ln cosh(kappa d) / kappa for half the difference d
    kappa, half = 0.05, 12.0
    right = 20 + math.log(math.cosh(kappa * half)) / kappa
    assert kolm_pollak_ede([8, 32], [1, 1], kappa) == pytest.approx(right, rel=1e-12)
    assert theil([0, 2], [1, 1]) == pytest.approx(math.log(2))
    assert gini([0, 2], [1, 1]) == pytest.approx(0.5)


def test_poverty_by_hand():
    # 20 minutes is not beyond 20; 30 is by a half, 60 by 2
    minutes, people = [20, 30, 60], [50, 30, 20]
    assert access_poverty(minutes, people, 20, 0) == pytest.approx(0.5)
    assert access_poverty(minutes, people, 20, 1) == pytest.approx(0.3 * 0.5 + 0.2 * 2)
    assert access_poverty(minutes, people, 20, 2) == pytest.approx(0.3 * 0.25 + 0.2 * 4)


def test_nobody_and_no_minutes_have_no_value():
    for measure in (gini, theil, palma):
        assert math.isnan(measure([5.0], [0]))
        assert math.isnan(measure([0.0, 0.0], [1, 1]))
    assert math.isnan(kolm_pollak_kappa([0.0], [3]))
    assert kolm_pollak_ede([0.0], [3], 0.0) == 0
    assert math.isnan(kolm_pollak_ede([1.0], [0], 1))
    assert math.isnan(access_poverty([30], [0], 20, 1))


def test_large_minutes_do_not_overflow():
    assert kolm_pollak_ede([1.0, 1e5], [1, 1], 1.0) == pytest.approx(1e5 - math.log(2))


ROWS = st.lists(
    st.tuples(st.floats(0.1, 120), st.integers(1, 500)), min_size=1, max_size=12
)  # fmt: skip


@settings(max_examples=40, deadline=None)
@given(ROWS, st.floats(0.1, 3))
def test_laws(rows, epsilon):
    minutes, people = map(np.array, zip(*rows, strict=True))
    kappa = kolm_pollak_kappa(minutes, people, epsilon)
    ede = kolm_pollak_ede(minutes, people, kappa)
    mean = np.average(minutes, weights=people)
    assert ede == pytest.approx(equally_distributed(minutes, people, kappa), rel=1e-9)
    assert mean - 1e-9 <= ede <= minutes.max() + 1e-9
    assert kolm_pollak_ede(minutes + 5, people, kappa) == pytest.approx(ede + 5)
    assert -1e-12 <= gini(minutes, people) < 1
    assert theil(minutes, people) >= -1e-12
    assert palma(minutes, people) >= 0.25 - 1e-12
    half = np.append(people, people) / 2, np.append(minutes, minutes)
    assert gini(half[1], half[0]) == pytest.approx(gini(minutes, people), abs=1e-12)
    assert palma(half[1], half[0]) == pytest.approx(palma(minutes, people))
