import numpy as np
import pytest

from nhcplanner.base.arrays import match


@pytest.mark.parametrize(
    ("left", "right"),
    [([], [1]), ([1], []), ([3, 3, 1], [3, 1, 3, 2]), ([5], [4, 6]), ([-1, 0], [0, -1, 0])],
)
def test_pairs_of_equal_numbers_are_those_that_two_loops_find(left, right):
    expected = {(i, j) for i, a in enumerate(left) for j, b in enumerate(right) if a == b}
    rows, columns = match(np.array(left, dtype=int), np.array(right, dtype=int))
    assert sorted(zip(rows.tolist(), columns.tolist(), strict=True)) == sorted(expected)
