"""Linear programs as arrays, scaled to the solver's absolute tolerances.

A solver treats 1e-6 as 0 and 1e20 as infinite, whatever the unit. Goals and rows count people,
pounds or minutes of any size, so they are divided by powers of two, which cause no rounding.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import chain
from typing import Any

import highspy
import numpy as np
import pulp
from scipy import sparse

from nhcplanner.base.arrays import Floats, Mask, Positions

FEASIBILITY = 1e-6  # a row counts as satisfied if it is missed by no more


@dataclass(frozen=True, eq=False)
class LinearProgram:
    """Minimise cost @ x with low <= x <= high and row_low <= rows @ x <= row_high.

    Parameters
    ----------
    cost, low, high
        For each variable; `low` and `high` are finite.
    rows
        CSC, row x variable.
    row_low, row_high
        Sides of each row; infinite if a side is free.
    """

    cost: Floats
    low: Floats
    high: Floats
    rows: sparse.csc_array
    row_low: Floats
    row_high: Floats

    def keeps(self, values: Floats) -> bool:
        """Whether values satisfy all rows and bounds."""
        sums = self.rows @ values
        beyond = [self.row_low - sums, sums - self.row_high, self.low - values, values - self.high]
        return all(float(some.max(initial=0.0)) <= FEASIBILITY for some in beyond)

    def with_rows(self, rows: sparse.csr_array, low: Floats) -> LinearProgram:
        """Return the program with more rows, which have a low side only."""
        return LinearProgram(
            self.cost, self.low, self.high, sparse.csc_array(sparse.vstack([self.rows, rows])),
            np.r_[self.row_low, low], np.r_[self.row_high, np.full(len(low), np.inf)],
        )  # fmt: skip


def read_pulp(lp: pulp.LpProblem) -> tuple[LinearProgram, Mask]:
    """Read a program from PuLP, and number its variables."""
    variables, constraints = lp.variables(), list(lp.constraints())
    for position, variable in enumerate(variables):
        variable.index = position
    cost = np.zeros(len(variables))
    for variable, amount in lp.objective.items():
        cost[variable.index] = amount
    sizes = np.fromiter(map(len, constraints), np.int64, len(constraints))
    number = int(sizes.sum())
    keys = (variable.index for row in constraints for variable in row)
    columns = np.fromiter(keys, np.int32, number)
    terms = np.fromiter(chain.from_iterable(row.values() for row in constraints), float, number)
    ends = np.concatenate([[0], np.cumsum(sizes)])
    rows = sparse.csr_array((terms, columns, ends), (len(constraints), len(variables)))
    rows.eliminate_zeros()
    box = LinearProgram(
        cost if lp.sense == pulp.LpMinimize else -cost,
        _sides((v.lowBound for v in variables), -np.inf),
        _sides((v.upBound for v in variables), np.inf),
        sparse.csc_array(rows),
        _sides((row.getLb() for row in constraints), -np.inf),
        _sides((row.getUb() for row in constraints), np.inf),
    )
    return box, np.array([v.cat == pulp.LpInteger for v in variables], dtype=bool)


def to_pulp(box: LinearProgram, whole: Mask) -> pulp.LpProblem:
    """Return a program in PuLP, whose variables are in order."""
    lp = pulp.LpProblem("plan", pulp.LpMinimize)
    kinds = (pulp.LpInteger if some else pulp.LpContinuous for some in whole)
    variables = [
        lp.add_variable(f"x{n:07d}", low, high, kind)
        for n, (low, high, kind) in enumerate(
            zip(box.low.tolist(), box.high.tolist(), kinds, strict=True)
        )
    ]
    costs = [(v, c) for v, c in zip(variables, box.cost.tolist(), strict=True) if c]
    lp.setObjective(pulp.LpAffineExpression(costs))
    rows = box.rows.tocsr()
    ends, columns, terms = rows.indptr.tolist(), rows.indices.tolist(), rows.data.tolist()
    for row, (low, high) in enumerate(
        zip(box.row_low.tolist(), box.row_high.tolist(), strict=True)
    ):
        some = slice(ends[row], ends[row + 1])
        pairs = [(variables[n], t) for n, t in zip(columns[some], terms[some], strict=True)]
        sides = [(pulp.LpConstraintEQ, low)] if low == high else []
        if low != high:
            sides = [(pulp.LpConstraintGE, low), (pulp.LpConstraintLE, high)]
        for sense, side in sides:
            if np.isfinite(side):
                lp.addConstraint(pulp.LpConstraint(pulp.LpAffineExpression(pairs), sense, rhs=side))
    return lp


def _sides(sides: Iterable[float | None], free: float) -> Floats:
    return np.array([free if side is None else side for side in sides], dtype=np.float64)


def read_highs(lp: Any) -> tuple[LinearProgram, Mask]:
    """Read a program from HiGHS, with a flag for each variable that must be whole."""
    matrix = lp.a_matrix_
    shape = (lp.num_row_, lp.num_col_)
    parts = (np.array(matrix.value_), np.array(matrix.index_), np.array(matrix.start_))
    by_column = matrix.format_ == highspy.MatrixFormat.kColwise
    rows = sparse.csc_array(parts, shape) if by_column else sparse.csr_array(parts, shape).tocsc()
    whole = np.zeros(lp.num_col_, dtype=bool)
    kinds = [kind == highspy.HighsVarType.kInteger for kind in lp.integrality_]
    whole[: len(kinds)] = kinds
    box = LinearProgram(
        np.array(lp.col_cost_), np.array(lp.col_lower_), np.array(lp.col_upper_), rows,
        np.array(lp.row_lower_), np.array(lp.row_upper_),
    )  # fmt: skip
    return box, whole


def make_solver(box: LinearProgram, whole: Mask | None = None) -> Any:
    """Return a silent, one-thread HiGHS with a program; without `whole` the program is relaxed."""
    model = highspy.Highs()
    model.setOptionValue("output_flag", False)
    model.setOptionValue("threads", 1)
    pass_program(model, box, whole)
    return model


def pass_program(model: Any, box: LinearProgram, whole: Mask | None = None) -> None:
    """Pass a program to HiGHS; without `whole` the program is relaxed."""
    lp = highspy.HighsLp()
    lp.num_row_, lp.num_col_ = box.rows.shape
    lp.col_cost_, lp.col_lower_, lp.col_upper_ = box.cost, box.low, box.high
    lp.row_lower_, lp.row_upper_ = box.row_low, box.row_high
    lp.a_matrix_.format_ = highspy.MatrixFormat.kColwise
    lp.a_matrix_.start_, lp.a_matrix_.index_ = box.rows.indptr, box.rows.indices
    lp.a_matrix_.value_ = box.rows.data
    if whole is not None:
        kinds = highspy.HighsVarType
        lp.integrality_ = [kinds.kInteger if some else kinds.kContinuous for some in whole]
    model.passModel(lp)


LARGEST_TERM = 2.0**20
"""Rows and goals whose largest term lies between 1 and this are not scaled."""
AIM = 10  # power of two to which the largest term of other rows is scaled
LEAST_TERM = 1e-9  # HiGHS treats smaller terms of a row as 0
TOLERANCE = 2e-6  # twice HiGHS's feasibility tolerance


def unit_of(amounts: Floats) -> float:
    """Return the power of two to divide amounts by; 1 if they need no scaling.

    Examples
    --------
    >>> unit_of(np.array([3.0, 1500.0])), unit_of(np.array([2.0**-40]))
    (1.0, 1.7763568394002505e-15)
    """
    return float(_units(np.atleast_1d(np.abs(amounts).max(initial=0.0)))[0])


def scale_program(box: LinearProgram) -> tuple[LinearProgram, float]:
    """Return a scaled program, and the unit of its cost.

    Terms that are negligible beside the largest term of their row are removed, and the row's sides
    are loosened so that no values are lost.
    """
    unit = unit_of(box.cost)
    rows = sparse.csr_array(box.rows)
    counts = np.diff(rows.indptr)
    of_row = np.repeat(np.arange(len(counts)), counts)
    largest = np.zeros(len(counts))
    is_filled = np.flatnonzero(counts)
    if len(is_filled):
        largest[is_filled] = np.maximum.reduceat(np.abs(rows.data), rows.indptr[is_filled])
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
    matrix = sparse.csr_array((data, rows.indices, rows.indptr), shape=rows.shape)
    matrix.eliminate_zeros()
    columns = sparse.csc_array(matrix)
    return LinearProgram(box.cost / unit, box.low, box.high, columns, low, high), unit


def _clear_of_tolerance(
    of_row: Positions, least: Floats, most: Floats, low: Floats, high: Floats
) -> tuple[Floats, Floats]:
    """Loosen sides that the row can pass by less than the solver's tolerance.

    The presolve of HiGHS 1.15 reports such a row as infeasible, for instance "1000 shares of 1 sum
    to at least 999.9999995". A looser side keeps every value that was allowed.
    """
    lowest, highest = (np.bincount(of_row, ends, len(low)) for ends in (least, most))
    is_close = (highest > low) & (highest - low < TOLERANCE)
    low = np.where(is_close, highest - TOLERANCE, low)
    is_close = (high > lowest) & (high - lowest < TOLERANCE)
    return low, np.where(is_close, lowest + TOLERANCE, high)


def _units(largest: Floats) -> Floats:
    fine = (largest == 0) | ((largest >= 1) & (largest <= LARGEST_TERM))
    powers = np.frexp(np.where(fine, 1.0, largest))[1] - AIM
    return np.where(fine, 1.0, np.ldexp(1.0, powers))
