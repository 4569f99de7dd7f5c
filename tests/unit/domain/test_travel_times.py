import numpy as np
import pytest
from scipy import sparse

from nhcplanner import InputError
from nhcplanner.domain.travel_times import TravelTimes, as_minutes, nearest_minutes, nearest_site

DENSE = [[0, 5, np.inf], [7, np.inf, np.inf], [np.inf, np.inf, np.inf], [2, 1, 3]]


def test_dense_minutes_keep_a_zero_and_leave_out_what_cannot_be_reached():
    minutes = as_minutes(DENSE)
    assert minutes.nnz == 6
    assert minutes[[0], [0]] == 0
    assert minutes.dtype == np.float32


def test_sparse_and_dense_say_the_same():
    rows, cols = np.nonzero(np.isfinite(DENSE))
    given = sparse.coo_array((np.array(DENSE)[rows, cols], (rows, cols)), shape=(4, 3))
    for form in (given.tocsr(), given.tocsc(), given):
        taken = as_minutes(form)
        assert taken.indices.tolist() == as_minutes(DENSE).indices.tolist()
        assert taken.data.tolist() == as_minutes(DENSE).data.tolist()


def test_sparse_infinity_is_as_good_as_absent():
    assert as_minutes(sparse.csr_array(np.array([[np.inf, 3.0]]))).nnz == 1


@pytest.mark.parametrize(
    ("minutes", "words"),
    [
        ([1, 2], "two dimensions"),
        ([[np.nan]], "NaN"),
        ([[-1.0]], "negative"),
        ([["x"]], "numbers"),
        (sparse.csr_array(np.array([[np.nan]])), "NaN"),
        (sparse.coo_array(([1.0, 2.0], ([0, 0], [0, 0])), shape=(1, 1)), "twice"),
    ],
)
def test_bad_minutes_are_refused_in_words(minutes, words):
    with pytest.raises(InputError, match=words):
        as_minutes(minutes)


def test_nearest_of_some_sites():
    minutes = as_minutes(DENSE)
    assert nearest_minutes(minutes, [0, 2]).tolist() == [0, 7, np.inf, 2]
    assert nearest_minutes(minutes, []).tolist() == [np.inf] * 4


def test_times_count_their_pairs():
    times = TravelTimes(as_minutes(DENSE), "walk", "by hand", estimate=False, horizon=60)
    assert times.pairs == 6
    assert times.nearest([1]).tolist() == [5, np.inf, np.inf, 1]


def test_each_row_goes_to_its_nearest_site_the_first_of_equals():
    minutes = as_minutes([[5, 6, 5], [np.inf, 9, 9], [7, 8, 30], [np.inf] * 3, [1, 1, np.inf]])
    assert nearest_site(minutes, [1, 2]).tolist() == [2, 1, 1, -1, 1]
    assert nearest_site(minutes, [2, 0]).tolist() == [0, 2, 0, -1, 0]
    assert nearest_site(minutes, []).tolist() == [-1] * 5


def test_pairs_become_rows_that_are_named_as_asked():
    times = TravelTimes(as_minutes(DENSE), "walk", "by hand", estimate=False, horizon=60)
    frame = times.to_frame(sites=["x", "y", "z"])
    assert frame.to_numpy().tolist() == [
        [0, "x", 0], [0, "y", 5], [1, "x", 7], [3, "x", 2], [3, "y", 1], [3, "z", 3],
    ]  # fmt: skip
    with pytest.raises(InputError, match="sites has 2 ids for 3 sites"):
        times.to_frame(sites=["x", "y"])
