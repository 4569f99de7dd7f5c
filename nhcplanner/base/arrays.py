"""Types of arrays, and a join of two arrays on equal numbers."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Positions = npt.NDArray[np.intp]
Mask = npt.NDArray[np.bool_]
"""Arrays that this package makes."""

BoolArray = Mask
FloatArray = npt.NDArray[np.floating[Any]]
IntArray = npt.NDArray[np.integer[Any]]
"""Arrays of any width that a function takes: street networks keep small types to save memory."""


def match(left: IntArray, right: IntArray) -> tuple[IntArray, IntArray]:
    """Return every pair of positions at which two arrays hold the same number.

    Examples
    --------
    >>> [part.tolist() for part in match(np.array([7, 5, 9]), np.array([5, 7, 7]))]
    [[0, 0, 1], [1, 2, 0]]
    """
    order = np.argsort(right, kind="stable")
    first = np.searchsorted(right, left, "left", sorter=order)
    count = np.searchsorted(right, left, "right", sorter=order) - first
    pair = np.repeat(np.arange(len(left)), count)
    step = np.arange(len(pair)) - np.repeat(np.cumsum(count) - count, count)
    return pair, order[first[pair] + step]
