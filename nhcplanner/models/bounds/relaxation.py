"""Bounds of a program from its linear relaxation, safe against the solver's rounding.

References
----------
Gomory RE (1958), Outline of an algorithm for integer solutions to linear programs, Bulletin of the
American Mathematical Society 64(5), and Chvatal V (1973), Edmonds polytopes and a hierarchy of
combinatorial problems, Discrete Mathematics 4(4): rounding a sum of rows to a cut.
Caprara A, Fischetti M (1996), {0, 1/2}-Chvatal-Gomory cuts, Mathematical Programming 74(3): sums
with multipliers of one half, of which the cuts of three rows here are the smallest.
Neumaier A, Shcherbina O (2004), Safe bounds in linear and mixed-integer linear programming,
Mathematical Programming 99(2): a true bound from any approximate duals.
Dantzig G, Fulkerson R, Johnson S (1954), Solution of a large-scale traveling-salesman problem,
Operations Research 2(4): variables fixed by their reduced costs.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

import highspy
import numpy as np
from scipy import sparse

from nhcplanner.base.arrays import Floats, Mask, Positions
from nhcplanner.models.linear_program import LinearProgram, make_solver

FRACTION = 1e-3  # smaller openings count as 0 in the search for cuts
LARGEST_SLACK = 0.4  # rows with more slack are left out of the search
SHARED = 0.2  # least opening that two rows must share, and least that they must not share
VIOLATED = 0.02
USES = 6  # cuts that a row may take part in, in one round


class OddCuts:
    """Finder of violated cuts from three covering rows, half of each.

    Half the sum of three rows "open sites >= 1" has the right side 1.5, which rounds up to 2 when
    the coefficients are rounded up as well (a {0, 1/2}-Chvatal-Gomory cut). Sites that two of the
    rows share are the reason that the relaxation can break it.

    Parameters
    ----------
    box
        The program. Rows "sum of binary variables >= 1" are used, and rows ">= a share", where
        the share is a continuous variable from 0 to 1.
    whole
        Flag of each variable that must be whole.
    """

    def __init__(self, box: LinearProgram, whole: Mask) -> None:
        rows = sparse.csr_array(box.rows)
        unit = (box.low >= 0) & (box.high <= 1)
        counts = np.diff(rows.indptr)
        of = np.repeat(np.arange(len(counts)), counts)
        site = (rows.data == 1) & (whole & unit)[rows.indices]
        share = (rows.data == -1) & (~whole & unit)[rows.indices]
        sites = np.bincount(of[site], minlength=len(counts))
        shares = np.bincount(of[share], minlength=len(counts))
        fits = (sites + shares == counts) & (sites >= 2) & (shares <= 1)
        self.rows: Positions = np.flatnonzero(fits & (box.row_low == 1 - shares))
        self.share = np.full(len(counts), -1, dtype=np.intp)
        self.share[of[share]] = rows.indices[share]
        self.share = self.share[self.rows]
        covering_rows = sparse.csr_array(rows[self.rows])
        covering_rows.data = (covering_rows.data > 0).astype(np.float64)
        covering_rows.eliminate_zeros()
        covering_rows.sort_indices()
        self.sites = covering_rows

    def find(self, values: Floats, duals: Floats, end: float) -> tuple[sparse.csr_array, Floats]:
        """Return the cuts that values violate, rows with the largest duals first.

        Parameters
        ----------
        values
            Value of each variable in the relaxation.
        duals
            Dual of each row of the program.
        end
            Time to stop, on the monotonic clock.

        Returns
        -------
        scipy.sparse.csr_array
            Cut x variable.
        numpy.ndarray
            Right side of each cut (its least value).
        """
        weight = np.abs(duals[self.rows])
        share = np.where(self.share >= 0, values[self.share], 1.0)
        slack = np.maximum(self.sites @ values - share, 0.0) + (1 - share)
        tight = np.flatnonzero(slack < LARGEST_SLACK)
        tight = tight[np.argsort(-weight[tight], kind="stable")]
        near = self.sites[tight][:, np.flatnonzero(values > FRACTION)]
        first = _first_alike(sparse.csr_array(near))
        tight, near = tight[first], sparse.csr_array(near[first])
        pairs = _SharedOpenings(near, values[values > FRACTION], slack[tight], weight[tight])
        return self._rows(tight[pairs.triples(end)])

    def _rows(self, triples: Positions) -> tuple[sparse.csr_array, Floats]:
        cut = np.repeat(np.arange(len(triples)), 3)
        member = sparse.csr_array(
            (np.ones(len(cut)), (cut, triples.ravel())), shape=(len(triples), len(self.rows))
        )
        sites = sparse.csr_array(member @ self.sites)
        sites.data = np.ceil(sites.data / 2)
        share = self.share[triples.ravel()]
        some = share >= 0
        shares = sparse.csr_array(
            (-np.ones(int(some.sum())), (cut[some], share[some])), shape=sites.shape
        )
        without = np.bincount(cut[~some], minlength=len(triples))
        return sparse.csr_array(sites + shares), (without - 1.0).astype(np.float64)


class _SharedOpenings:
    """Covering rows, and the openings that each two of them share.

    Parameters
    ----------
    near
        CSR of ones, row x site with an opening above `FRACTION`; rows with most weight first.
    opening
        Opening of each such site, 0 to 1.
    slack, weight
        Slack and weight of each row.
    """

    def __init__(
        self, near: sparse.csr_array, opening: Floats, slack: Floats, weight: Floats
    ) -> None:
        self.near, self.opening, self.weight = near, opening, weight
        self.load = near @ opening + slack
        scale_program = near.copy()
        scale_program.data = opening[near.indices]
        shared = sparse.csr_array(sparse.triu(scale_program @ near.T, 1))
        shared.data[(shared.data < SHARED) | (shared.data > 1 - SHARED)] = 0
        shared.eliminate_zeros()
        self.shared = shared

    def triples(self, end: float) -> Positions:
        """Return three rows for each cut (shape cuts x 3), each row in at most `USES` of them."""
        used = np.zeros(len(self.load), dtype=np.intp)
        triples: list[tuple[int, int, int]] = []
        for row in range(len(used)):
            if time.monotonic() > end:
                break
            inside = slice(self.shared.indptr[row], self.shared.indptr[row + 1])
            others = self.shared.indices[inside].astype(np.intp)
            free = used[others] < USES
            others = others[free]
            if used[row] >= USES or len(others) < 2:
                continue
            worth = self._worth(row, others, self.shared.data[inside][free])
            while used[row] < USES:
                i, j = divmod(int(np.argmax(worth)), len(others))
                if worth[i, j] <= 0:
                    break
                triples.append((row, int(others[i]), int(others[j])))
                used[[row, others[i], others[j]]] += 1
                worth[i, j] = worth[j, i] = 0
                full = used[others] >= USES
                worth[full], worth[:, full] = 0, 0
        return np.array(triples, dtype=np.intp).reshape(-1, 3)

    def _worth(self, row: int, others: Positions, shared: Floats) -> Floats:
        """Return the violation of the cut of a row and each two others, times the least weight."""
        near = self.near[others].toarray()
        columns = np.flatnonzero(near.any(axis=0))
        near = near[:, columns]
        mine = self.near.indices[self.near.indptr[row] : self.near.indptr[row + 1]]
        sign = np.where(np.isin(columns, mine), -1.0, 1.0) * self.opening[columns]
        half = self.load[others] - 2 * shared
        # einsum runs on one thread: matmul's threads cost more than these small products.
        both = np.einsum("ik,jk->ij", near * sign, near)
        odd = self.load[row] + half[:, None] + half[None, :] - 2 * both
        violation = (1 - odd) / 2
        np.fill_diagonal(violation, 0.0)
        lesser = np.minimum(self.weight[others][:, None], self.weight[others][None, :])
        worth: Floats = np.where(violation > VIOLATED, violation * lesser, 0.0)
        return worth


def _first_alike(near: sparse.csr_array) -> Positions:
    """Return the first of the rows that have the same columns."""
    first_of_key: dict[bytes, int] = {}
    ends = near.indptr
    for row in range(near.shape[0]):
        first_of_key.setdefault(near.indices[ends[row] : ends[row + 1]].tobytes(), row)
    return np.array(list(first_of_key.values()), dtype=np.intp)


ROUNDING = 1e-14


def safe_bound(box: LinearProgram, duals: Floats) -> float:
    """Return a lower bound of a program's cost, from any duals of its rows.

    For any y, cost @ x = (cost - rows' y) @ x + y @ (rows @ x). The first term is least at the
    variables' bounds. The second is at least y times the row's low side if y > 0, and its high
    side if y < 0. A y that needs an infinite side is set to 0. So any y gives a true bound,
    whatever the solver's tolerances, and good duals give a close bound (Neumaier and Shcherbina
    2004).

    Parameters
    ----------
    box
        The program.
    duals
        Dual of each row, positive if the low side binds.

    Returns
    -------
    float
        The bound, lowered by more than its rounding error.

    Examples
    --------
    >>> from scipy import sparse
    >>> box = LinearProgram(np.array([1.0, 2.0]), np.zeros(2), np.ones(2),
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


def safe_duals(box: LinearProgram, duals: Floats) -> Floats:
    """Return the duals, with 0 for each that is not finite or needs an infinite side."""
    has_side = np.where(duals > 0, np.isfinite(box.row_low), np.isfinite(box.row_high))
    return np.where(has_side & np.isfinite(duals), duals, 0.0)


CUT_SHARE = 0.65  # of the time left once the program is relaxed
SLOWER = 2.0  # expected time of a round with cuts, in times of the round before
LEAST_GAIN = 0.01  # share of the gap that a round must close for another to follow
SAFE = 1e-9
LOOSE = 1e-4  # share of the cost by which a safe bound may stay below the solver's own


@dataclass(frozen=True, eq=False)
class Relaxation:
    """Bound and reduced costs that a relaxation proves.

    Parameters
    ----------
    bound
        Lower bound of the cost; minus infinity if none is proved.
    reduced_costs
        What each variable adds to the bound for each unit away from its better side.
    infeasible
        Whether it is proved that no values satisfy the rows.
    """

    bound: float
    reduced_costs: Floats
    infeasible: bool = False

    def narrow_bounds(self, box: LinearProgram, whole: Mask, best: float) -> tuple[Floats, Floats]:
        """Return the variables' bounds, narrowed by reduced-cost fixing.

        A whole variable whose reduced cost exceeds the gap between bound and best stays at its
        better side (Dantzig, Fulkerson and Johnson 1954).
        """
        room = best - self.bound + SAFE * max(1.0, abs(best))
        stays_low = whole & (self.reduced_costs > room)
        stays_high = whole & (-self.reduced_costs > room)
        return np.where(stays_high, box.high, box.low), np.where(stays_low, box.low, box.high)


def relax(
    box: LinearProgram, whole: Mask, enough: float, end: float, tell: Callable[[float], bool]
) -> Relaxation:
    """Bound a program by its relaxation, solved by interior point and tightened by cuts.

    Parameters
    ----------
    box
        The program.
    whole
        Flag of each variable that must be whole.
    enough
        A bound that need not be improved.
    end
        On the monotonic clock.
    tell
        Called with the bound; returning True stops.
    """
    best, cutter = Relaxation(-np.inf, np.zeros(len(box.cost))), OddCuts(box, whole)
    grown, first_cut = box, len(box.row_low)
    while True:
        start_time = time.monotonic()
        values, duals, infeasible = _interior(grown, end, partial(tell, best.bound))
        if infeasible or values is None or duals is None:
            return Relaxation(best.bound, best.reduced_costs, infeasible)
        bound, before = safe_bound(grown, duals), best.bound
        if bound > before:
            best = Relaxation(bound, box.cost - grown.rows.T @ safe_duals(grown, duals))
        now = time.monotonic()
        if len(grown.row_low) == first_cut:
            end = now + CUT_SHARE * (end - now)
        gains_little = bound - before < LEAST_GAIN * (enough - bound)
        if (
            bound >= enough
            or gains_little
            or now + SLOWER * (now - start_time) > end
            or tell(best.bound)
        ):
            return best
        rows, low = cutter.find(values, duals, end)
        if not len(low):
            return best
        grown = _binding(grown, first_cut, duals).with_rows(rows, low)


def _binding(box: LinearProgram, first_cut: int, duals: Floats) -> LinearProgram:
    """Return the program without the cuts whose duals are 0."""
    rows = np.flatnonzero(
        (np.arange(len(duals)) < first_cut) | (duals > SAFE * np.abs(duals).max())
    )
    return LinearProgram(
        box.cost, box.low, box.high, box.rows[rows], box.row_low[rows], box.row_high[rows]
    )


def _interior(
    box: LinearProgram, end: float, stop: Callable[[], bool]
) -> tuple[Floats | None, Floats | None, bool]:
    """Return values and duals of the relaxation (None if time is short), and infeasibility."""
    values, duals, infeasible, cost = _run(box, end, stop, "choose")
    if duals is not None and safe_bound(box, duals) < cost - LOOSE * max(1.0, abs(cost)):
        # The duals after presolve fit the reduced program, and may be loose for this one.
        again = _run(box, end, stop, "off")
        if again[1] is not None:
            values, duals, infeasible, _ = again
    return values, duals, infeasible


def _run(
    box: LinearProgram, end: float, stop: Callable[[], bool], presolve: str
) -> tuple[Floats | None, Floats | None, bool, float]:
    model = make_solver(box)
    options = {"solver": "ipm", "run_crossover": "off", "presolve": presolve}
    for name, value in options.items():
        model.setOptionValue(name, value)
    model.setOptionValue("time_limit", max(end - time.monotonic(), 0.0))

    def interrupt(_kind: Any, _message: str, _out: Any, into: Any, _data: Any) -> None:
        into.user_interrupt = stop()

    model.setCallback(interrupt, None)
    model.startCallback(highspy.cb.HighsCallbackType.kCallbackIpmInterrupt)
    model.run()
    infeasible = model.getModelStatus() == highspy.HighsModelStatus.kInfeasible
    solution, cost = model.getSolution(), float(model.getInfo().objective_function_value)
    if not solution.dual_valid:
        return None, None, infeasible, cost
    return np.array(solution.col_value), np.array(solution.row_dual), infeasible, cost
