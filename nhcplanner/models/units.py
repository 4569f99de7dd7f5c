"""Linear programs scaled so that the solver's absolute tolerances are fine enough.

A solver takes 1e-6 for nothing and 1e20 for no limit, whatever a number counts. People, pounds and
minutes come in any unit, so goals and rows are divided by a power of two, which rounds nothing.
"""

from __future__ import annotations

import numpy as np
from scipy import sparse

from nhcplanner.base.arrays import Floats, Positions
from nhcplanner.models.linear_program import LinearProgram

LARGEST_TERM = 2.0**20
"""Rows and goals whose largest term lies between 1 and this stay as they are."""
AIM = 10  # power of two that the largest term of the others is brought to
LEAST_TERM = 1e-9  # smaller terms of a row are none to HiGHS
TOLERANCE = 2e-6  # twice HiGHS's feasibility tolerance


def unit_of(amounts: Floats) -> float:
    """Return the power of two to divide amounts by; 1 where their size is good already.

    Examples
    --------
    >>> unit_of(np.array([3.0, 1500.0])), unit_of(np.array([2.0**-40]))
    (1.0, 1.7763568394002505e-15)
    """
    return float(_units(np.atleast_1d(np.abs(amounts).max(initial=0.0)))[0])


def scaled(box: LinearProgram) -> tuple[LinearProgram, float]:
    """Return a program in good units, and the unit of its cost.

    Terms that are negligible beside the largest of their row are removed, and the row's sides
    moved so far that no values are lost by it.
    """
    unit = unit_of(box.cost)
    rows = sparse.csr_array(box.rows)
    counts = np.diff(rows.indptr)
    of_row = np.repeat(np.arange(len(counts)), counts)
    largest = np.zeros(len(counts))
    some = np.flatnonzero(counts)
    if len(some):
        largest[some] = np.maximum.reduceat(np.abs(rows.data), rows.indptr[some])
    units = _units(largest)
    data = rows.data / units[of_row]
    low, high = box.row_low / units, box.row_high / units
    reach = np.maximum(np.abs(box.low), np.abs(box.high))[rows.indices]
    tiny = (np.abs(data) < LEAST_TERM) & np.isfinite(reach)
    if tiny.any():
        most = np.bincount(of_row[tiny], np.abs(data[tiny]) * reach[tiny], len(counts))
        low, high = low - most, high + most
        data[tiny] = 0.0
    ends = data * box.low[rows.indices], data * box.high[rows.indices]
    low, high = _clear_of_tolerance(of_row, np.minimum(*ends), np.maximum(*ends), low, high)
    made = sparse.csr_array((data, rows.indices, rows.indptr), shape=rows.shape)
    made.eliminate_zeros()
    columns = sparse.csc_array(made)
    return LinearProgram(box.cost / unit, box.low, box.high, columns, low, high), unit


def _clear_of_tolerance(
    of_row: Positions, least: Floats, most: Floats, low: Floats, high: Floats
) -> tuple[Floats, Floats]:
    """Loosen sides that the row can pass by less than the solver's tolerance.

    HiGHS 1.15 presolve calls such a row infeasible, for instance "1000 shares of 1 sum to at
    least 999.9999995". A looser side keeps every value that was allowed.
    """
    lowest, highest = (np.bincount(of_row, ends, len(low)) for ends in (least, most))
    close = (highest > low) & (highest - low < TOLERANCE)
    low = np.where(close, highest - TOLERANCE, low)
    close = (high > lowest) & (high - lowest < TOLERANCE)
    return low, np.where(close, lowest + TOLERANCE, high)


def _units(largest: Floats) -> Floats:
    fine = (largest == 0) | ((largest >= 1) & (largest <= LARGEST_TERM))
    powers = np.frexp(np.where(fine, 1.0, largest))[1] - AIM
    return np.where(fine, 1.0, np.ldexp(1.0, powers))
