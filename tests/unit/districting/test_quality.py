import numpy as np
import pandas as pd
import pytest
from scipy import sparse

from nhcplanner.districting.quality import footprints, middles, pieces
from nhcplanner.domain.neighbourhoods import Bounds

CONTACT = sparse.csr_array(np.diag(np.ones(3), 1) + np.diag(np.ones(3), -1))


def test_pieces_are_counted_along_contact():
    assert pieces(np.array([0, 1, 0, 0]), CONTACT, 2).tolist() == [2, 1]


def test_the_middle_has_the_fewest_minutes_of_all_people():
    minutes = sparse.csr_array(
        ([0.0, 4.0, 6.0, 0.0, 2.0], ([0, 1, 0, 1, 2], [0, 0, 1, 1, 2])), shape=(3, 3)
    )
    middle, mean, far = middles(np.array([0, 0, 1]), np.array([30.0, 10.0, 5.0]), minutes, 2)
    assert middle.tolist() == [0, 2]
    assert mean.tolist() == [1.0, 2.0]
    assert far.tolist() == [4.0, 2.0]


def test_a_middle_that_some_people_do_not_reach_does_not_count():
    minutes = sparse.csr_array(([1.0], ([0], [0])), shape=(2, 2))
    middle, mean, _ = middles(np.array([0, 0]), np.array([3.0, 4.0]), minutes, 1)
    assert middle.tolist() == [-1]
    assert np.isnan(mean[0])


def test_the_table_says_what_each_footprint_breaks():
    areas = pd.DataFrame({
        "area_code": list("abcd"), "people": [40_000, 10_000, 20_000, 5_000],
        "block": ["m", "n", "n", "o"], "neighbourhood": ["A", "A", "B", "B"],
        "district_code": ["x", "x", "x", "y"],
    })  # fmt: skip
    minutes = sparse.csr_array(np.full((4, 4), 2.0))
    found = footprints(areas, CONTACT, minutes, Bounds(), ["district_code"])
    assert found["people"].tolist() == [50_000, 25_000]
    assert found["in_bounds"].tolist() == [True, False]
    assert found["pieces"].tolist() == [1, 1]
    assert found["split_blocks"].tolist() == [1, 1]
    assert found["crosses_district_code"].tolist() == [0, 1]
    assert found["minutes"].tolist() == pytest.approx([2.0, 2.0])
