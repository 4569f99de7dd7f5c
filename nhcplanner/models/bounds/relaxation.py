"""Bounds of a program from its linear relaxation, safe against the solver's rounding.

References
----------
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
from nhcplanner.models.linear_program import LinearProgram, solver_of

FRACTION = 1e-3  # openings below this count as none while cuts are sought
LARGEST_SLACK = 0.4  # rows that are farther than this from binding are not looked at
SHARED = 0.2  # least opening that two rows must share, and least that they must not
VIOLATED = 0.02
USES = 6  # cuts that a row may take part in, in one round


class OddCuts:
    """Finds violated cuts of three rows.

    Parameters
    ----------
    box
        The program; rows "sum of whole 0-1 variables >= a share of 0 to 1", or ">= 1", are used.
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
        chosen = sparse.csr_array(rows[self.rows])
        chosen.data = (chosen.data > 0).astype(np.float64)
        chosen.eliminate_zeros()
        chosen.sort_indices()
        self.sites = chosen

    def find(self, values: Floats, duals: Floats, end: float) -> tuple[sparse.csr_array, Floats]:
        """Return cuts that values violate, those of rows with the largest duals first.

        Parameters
        ----------
        values
            Of each variable, relaxed.
        duals
            Of each row of the program.
        end
            When to stop looking, on the monotonic clock.

        Returns
        -------
        scipy.sparse.csr_array
            Cut x variable.
        numpy.ndarray
            The least that each must come to.
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
        CSR of ones, row x site that is open at least a little; most weighty rows first.
    opening
        Of each such site.
    slack, weight
        Of each row.
    """

    def __init__(
        self, near: sparse.csr_array, opening: Floats, slack: Floats, weight: Floats
    ) -> None:
        self.near, self.opening, self.weight = near, opening, weight
        self.load = near @ opening + slack
        scaled = near.copy()
        scaled.data = opening[near.indices]
        shared = sparse.csr_array(sparse.triu(scaled @ near.T, 1))
        shared.data[(shared.data < SHARED) | (shared.data > 1 - SHARED)] = 0
        shared.eliminate_zeros()
        self.shared = shared

    def triples(self, end: float) -> Positions:
        """Return three rows for each cut (shape cuts x 3), each row in at most `USES` of them."""
        used = np.zeros(len(self.load), dtype=np.intp)
        found: list[tuple[int, int, int]] = []
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
                found.append((row, int(others[i]), int(others[j])))
                used[[row, others[i], others[j]]] += 1
                worth[i, j] = worth[j, i] = 0
                full = used[others] >= USES
                worth[full], worth[:, full] = 0, 0
        return np.array(found, dtype=np.intp).reshape(-1, 3)

    def _worth(self, row: int, others: Positions, shared: Floats) -> Floats:
        """Violation of the cut of the row and each two others, times the lesser weight."""
        near = self.near[others].toarray()
        columns = np.flatnonzero(near.any(axis=0))
        near = near[:, columns]
        mine = self.near.indices[self.near.indptr[row] : self.near.indptr[row + 1]]
        sign = np.where(np.isin(columns, mine), -1.0, 1.0) * self.opening[columns]
        half = self.load[others] - 2 * shared
        # einsum, for so many small products would only keep a threaded matmul's threads spinning.
        both = np.einsum("ik,jk->ij", near * sign, near)
        odd = self.load[row] + half[:, None] + half[None, :] - 2 * both
        broken = (1 - odd) / 2
        np.fill_diagonal(broken, 0.0)
        lesser = np.minimum(self.weight[others][:, None], self.weight[others][None, :])
        worth: Floats = np.where(broken > VIOLATED, broken * lesser, 0.0)
        return worth


def _first_alike(near: sparse.csr_array) -> Positions:
    """The first of rows with the same columns."""
    known: dict[bytes, int] = {}
    ends = near.indptr
    for row in range(near.shape[0]):
        known.setdefault(near.indices[ends[row] : ends[row + 1]].tobytes(), row)
    return np.array(list(known.values()), dtype=np.intp)


ROUNDING = 1e-14


def safe_bound(box: LinearProgram, duals: Floats) -> float:
    """Return a lower bound of a program's cost, from any duals of its rows.

    For any y, cost @ x = (cost - rows' y) @ x + y @ (rows @ x). The first term is least at the
    variables' bounds; the second is no less than y times the row's low side where y > 0, its
    high side where y < 0. A y that would need an infinite side is set to 0. So any y gives a true
    bound, whatever the tolerances of the solver that gave it; good duals give a close one.

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
    """Return duals with 0 for those that are not finite or need an infinite side."""
    leaning = np.where(duals > 0, np.isfinite(box.row_low), np.isfinite(box.row_high))
    return np.where(leaning & np.isfinite(duals), duals, 0.0)


CUT_SHARE = 0.65  # of the time left once the program is relaxed
SLOWER = 2.0  # a round with cuts takes this many times as long as the one before
LEAST_GAIN = 0.01  # share of the gap that a round must close for another to follow
SAFE = 1e-9
LOOSE = 1e-4  # share of the cost by which a bound may stay below what the solver says


@dataclass(frozen=True, eq=False)
class Relaxed:
    """What a relaxation proves.

    Parameters
    ----------
    bound
        Lower bound of the cost; minus infinity where nothing was proved.
    reduced
        For each variable, what it adds to the bound for each unit away from its better side.
    infeasible
        True where no values satisfy the rows.
    """

    bound: float
    reduced: Floats
    infeasible: bool = False

    def narrowed(self, box: LinearProgram, whole: Mask, best: float) -> tuple[Floats, Floats]:
        """Return bounds of the variables without values that cost more than the best known.

        A whole variable whose reduced cost is more than the room between bound and best stays
        where it is (reduced-cost fixing).
        """
        room = best - self.bound + SAFE * max(1.0, abs(best))
        stays_low = whole & (self.reduced > room)
        stays_high = whole & (-self.reduced > room)
        return np.where(stays_high, box.high, box.low), np.where(stays_low, box.low, box.high)


def relax(
    box: LinearProgram, whole: Mask, enough: float, end: float, tell: Callable[[float], bool]
) -> Relaxed:
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
    best, cutter = Relaxed(-np.inf, np.zeros(len(box.cost))), OddCuts(box, whole)
    grown, given = box, len(box.row_low)
    while True:
        began = time.monotonic()
        values, duals, infeasible = _interior(grown, end, partial(tell, best.bound))
        if infeasible or values is None or duals is None:
            return Relaxed(best.bound, best.reduced, infeasible)
        bound, before = safe_bound(grown, duals), best.bound
        if bound > before:
            best = Relaxed(bound, box.cost - grown.rows.T @ safe_duals(grown, duals))
        now = time.monotonic()
        if len(grown.row_low) == given:
            end = now + CUT_SHARE * (end - now)
        dull = bound - before < LEAST_GAIN * (enough - bound)
        if bound >= enough or dull or now + SLOWER * (now - began) > end or tell(best.bound):
            return best
        rows, low = cutter.find(values, duals, end)
        if not len(low):
            return best
        grown = _binding(grown, given, duals).with_rows(rows, low)


def _binding(box: LinearProgram, given: int, duals: Floats) -> LinearProgram:
    """The program without cuts whose duals are zero."""
    kept = np.flatnonzero((np.arange(len(duals)) < given) | (duals > SAFE * np.abs(duals).max()))
    return LinearProgram(
        box.cost, box.low, box.high, box.rows[kept], box.row_low[kept], box.row_high[kept]
    )


def _interior(
    box: LinearProgram, end: float, stop: Callable[[], bool]
) -> tuple[Floats | None, Floats | None, bool]:
    """Values and duals of the relaxation (None where time was short), and infeasibility."""
    values, duals, infeasible, cost = _run(box, end, stop, "choose")
    if duals is not None and safe_bound(box, duals) < cost - LOOSE * max(1.0, abs(cost)):
        # Presolve gave duals that are right for its own program and loose for this one.
        again = _run(box, end, stop, "off")
        if again[1] is not None:
            values, duals, infeasible, _ = again
    return values, duals, infeasible


def _run(
    box: LinearProgram, end: float, stop: Callable[[], bool], presolve: str
) -> tuple[Floats | None, Floats | None, bool, float]:
    model = solver_of(box)
    options = {"solver": "ipm", "run_crossover": "off", "presolve": presolve}
    for name, value in options.items():
        model.setOptionValue(name, value)
    model.setOptionValue("time_limit", max(end - time.monotonic(), 0.0))

    def called(_kind: Any, _message: str, _out: Any, into: Any, _data: Any) -> None:
        into.user_interrupt = stop()

    model.setCallback(called, None)
    model.startCallback(highspy.cb.HighsCallbackType.kCallbackIpmInterrupt)
    model.run()
    infeasible = model.getModelStatus() == highspy.HighsModelStatus.kInfeasible
    solution, cost = model.getSolution(), float(model.getInfo().objective_function_value)
    if not solution.dual_valid:
        return None, None, infeasible, cost
    return np.array(solution.col_value), np.array(solution.row_dual), infeasible, cost
