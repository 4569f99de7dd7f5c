"""Tally: what is covered and what a site would add, kept up to date."""

import numpy as np
import pytest
from scipy import sparse

from nhcplanner.models.search.coverage_counter import CoverageCounter


@pytest.fixture
def case():
    rng = np.random.default_rng(3)
    covers = (rng.random((30, 9)) < 0.3).astype(float)
    weights = rng.integers(0, 5, (30, 2)).astype(float)
    return covers, weights, CoverageCounter(sparse.csr_array(covers), weights)


def test_stays_true_while_sites_open_and_shut(case):
    covers, weights, tally = case
    rng = np.random.default_rng(4)
    for _ in range(40):
        site = int(rng.integers(9))
        (tally.shut if tally.opened[site] else tally.open)(site)
        reached = covers[:, tally.opened].any(axis=1)
        assert tally.covered == pytest.approx(weights[reached].sum(axis=0))
        for shut in np.flatnonzero(~tally.opened):
            new = (covers[:, shut] > 0) & ~reached
            assert tally.gains[shut] == pytest.approx(weights[new].sum(axis=0))


def test_set_opens_just_what_is_wanted(case):
    covers, weights, tally = case
    tally.open(0)
    wanted = np.arange(9) % 2 == 1
    tally.set(wanted)
    assert tally.opened.tolist() == wanted.tolist()
    assert tally.covered == pytest.approx(weights[covers[:, wanted].any(axis=1)].sum(axis=0))


def test_a_site_is_needless_where_others_reach_all_it_reaches():
    tally = CoverageCounter(sparse.csr_array([[1.0, 1, 0], [0, 1, 0], [0, 1, 1]]), np.ones((3, 1)))
    tally.set(np.array([True, True, False]))
    assert tally.needless(0)
    assert not tally.needless(1)


def test_sites_near_share_a_row():
    tally = CoverageCounter(
        sparse.csr_array([[1.0, 1, 0, 0], [0, 1, 1, 0], [0, 0, 0, 1]]), np.ones((3, 1))
    )
    assert tally.sites_near(1).tolist() == [0, 1, 2]
    assert tally.sites_near(3).tolist() == [3]
