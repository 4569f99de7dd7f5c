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
    covers, weights, counter = case
    rng = np.random.default_rng(4)
    for _ in range(40):
        site = int(rng.integers(9))
        (counter.shut if counter.opened[site] else counter.open)(site)
        reached = covers[:, counter.opened].any(axis=1)
        assert counter.covered == pytest.approx(weights[reached].sum(axis=0))
        for shut in np.flatnonzero(~counter.opened):
            new = (covers[:, shut] > 0) & ~reached
            assert counter.gains[shut] == pytest.approx(weights[new].sum(axis=0))


def test_set_opens_just_what_is_wanted(case):
    covers, weights, counter = case
    counter.open(0)
    wanted = np.arange(9) % 2 == 1
    counter.set(wanted)
    assert counter.opened.tolist() == wanted.tolist()
    assert counter.covered == pytest.approx(weights[covers[:, wanted].any(axis=1)].sum(axis=0))


def test_a_site_is_needless_where_others_reach_all_it_reaches():
    counter = CoverageCounter(
        sparse.csr_array([[1.0, 1, 0], [0, 1, 0], [0, 1, 1]]), np.ones((3, 1))
    )
    counter.set(np.array([True, True, False]))
    assert counter.needless(0)
    assert not counter.needless(1)


def test_sites_near_share_a_row():
    counter = CoverageCounter(
        sparse.csr_array([[1.0, 1, 0, 0], [0, 1, 1, 0], [0, 0, 0, 1]]), np.ones((3, 1))
    )
    assert counter.sites_near(1).tolist() == [0, 1, 2]
    assert counter.sites_near(3).tolist() == [3]
