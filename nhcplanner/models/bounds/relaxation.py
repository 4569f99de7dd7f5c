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

from nhcplanner.base.arrays import Floats, Mask
from nhcplanner.models.bounds.cuts import OddCuts
from nhcplanner.models.linear_program import LinearProgram, solver_of

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
