"""A safe bound: what no plan can pass, from any duals, however roughly solved."""

from __future__ import annotations

import math

import numpy as np

from nhcplanner.models.box import Box
from nhcplanner.models.cover import Floats

ROUNDING = 1e-14


def safe_bound(box: Box, duals: Floats) -> float:
    """Bound the cost of a box from below by duals of its rows.

    For any y, cost @ x = (cost - rows' y) @ x + y @ (rows @ x). The first term is least at the
    box's sides; the second is no less than y times the row's low side where y > 0, its high side
    where y < 0. A y that leans on a free side is set to 0. So any y gives a true bound, whatever
    the tolerances of the solver that gave it; good duals give a close one.

    Parameters
    ----------
    box
        The program.
    duals
        One for each row, positive where the low side binds.

    Returns
    -------
    float
        The bound, lowered by more than its own rounding.

    Examples
    --------
    >>> from scipy import sparse
    >>> box = Box(np.array([1.0, 2.0]), np.zeros(2), np.ones(2),
    ...           sparse.csc_array([[1.0, 1.0]]), np.array([1.0]), np.array([np.inf]))
    >>> round(safe_bound(box, np.array([1.0])), 9)
    1.0
    """
    y = safe_duals(box, duals)
    sides = np.zeros(len(y))
    sides[y > 0], sides[y < 0] = box.row_low[y > 0], box.row_high[y < 0]
    reduced = box.cost - box.rows.T @ y
    corners = np.minimum(reduced * box.low, reduced * box.high)
    longest = int(np.diff(box.rows.indptr).max(initial=0)) + 4
    reach = np.maximum(np.abs(box.low), np.abs(box.high))
    sizes = (np.abs(box.cost) + abs(box.rows).T @ np.abs(y)) @ reach + np.abs(y * sides).sum()
    total = math.fsum(np.concatenate([corners, y * sides]).tolist())
    return total - ROUNDING * longest * float(sizes)


def safe_duals(box: Box, duals: Floats) -> Floats:
    """Duals without those that are no number or lean on a free side: these are 0."""
    leaning = np.where(duals > 0, np.isfinite(box.row_low), np.isfinite(box.row_high))
    return np.where(leaning & np.isfinite(duals), duals, 0.0)
