"""Sites divided into neighbourhoods."""

import numpy as np
import pytest
from scipy import sparse

from nhcplanner.models.parts import divide, likeness


def chain(sites: int) -> sparse.csr_array:
    """Row i is reached by sites i and i + 1, so sites lie along a line."""
    matrix = np.eye(sites - 1, sites) + np.eye(sites - 1, sites, 1)
    return sparse.csr_array(matrix)


def test_sites_that_reach_the_same_are_nearest():
    distance = likeness(sparse.csr_array([[1.0, 1.0, 0.0], [1.0, 1.0, 1.0]])).toarray()
    assert distance[0, 1] == 1.0
    assert distance[0, 2] == pytest.approx(np.sqrt(2))


def test_parts_of_a_line_are_stretches_of_it():
    parts = divide(likeness(chain(12)), np.ones(12), 3)
    assert sorted(np.concatenate(parts).tolist()) == list(range(12))
    assert all(len(part) == 3 and np.ptp(part) == 2 for part in parts)


def test_sites_that_nothing_links_are_divided_too():
    parts = divide(likeness(sparse.csr_array(np.eye(5))), np.ones(5), 1)
    assert sorted(len(part) for part in parts) == [1] * 5
