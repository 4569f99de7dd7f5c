"""Names for arrays of numbers, and the one join that travel needs."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

BoolArray = npt.NDArray[np.bool_]
FloatArray = npt.NDArray[np.floating[Any]]
IntArray = npt.NDArray[np.integer[Any]]


def match(left: IntArray, right: IntArray) -> tuple[IntArray, IntArray]:
    """Every pair of positions at which two arrays hold the same number.

    Examples
    --------
    >>> [found.tolist() for found in match(np.array([7, 5, 9]), np.array([5, 7, 7]))]
    [[0, 0, 1], [1, 2, 0]]
    """
    order = np.argsort(right, kind="stable")
    first = np.searchsorted(right, left, "left", sorter=order)
    count = np.searchsorted(right, left, "right", sorter=order) - first
    pair = np.repeat(np.arange(len(left)), count)
    step = np.arange(len(pair)) - np.repeat(np.cumsum(count) - count, count)
    return pair, order[first[pair] + step]
