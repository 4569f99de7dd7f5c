"""The HiGHS solver through PuLP, with a warm start and the bound that HiGHS proves.

References
----------
Huangfu Q, Hall JAJ (2018), Parallelizing the dual revised simplex method, Mathematical Programming
Computation 10(1): HiGHS.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import highspy
import numpy as np
import pulp

from nhcplanner.base.arrays import Floats
from nhcplanner.models.bounds.relaxation import relax
from nhcplanner.models.linear_program import pass_program, read_highs, read_pulp, scale_program
from nhcplanner.models.search.large_neighbourhood import Neighbourhoods, rebuild

REBUILD_SHARE = 0.7  # of the time left once the program is relaxed
LEAST_GAP = 1e-9
TERMS_A_SECOND = 60_000  # terms beyond which the search may overrun its time limit
SOLVER = f"HiGHS {highspy.Highs().version()} through PuLP {pulp.__version__}"

Watch = Callable[[float, float], bool]


@dataclass(frozen=True)
class SolverEffort:
    """Limits of one solve: time, gaps and steps before the branch and bound.

    Parameters
    ----------
    seconds
        Time for all steps together.
    gap_abs, gap_rel
        Stop when value and bound are this close; in the goal's unit, and as a share.
    relax
        Whether to bound the relaxed program by interior point first.
    first
        Whether to stop at the first plan that keeps the rules.
    neighbours
        Sites and their distances, to improve the plan part by part before the search; None skips
        this step.
    """

    seconds: float
    gap_abs: float = 0.0
    gap_rel: float = 0.0
    relax: bool = False
    first: bool = False
    neighbours: Neighbourhoods | None = None


class Highs(pulp.HiGHS):  # type: ignore[misc]
    """PuLP's HiGHS with a warm start and HiGHS's own bound.

    The same program gives the same answer (one thread, one seed) unless the time limit ends the
    solve. PuLP reports such a plan as optimal; `bound` and `infeasible` are what HiGHS proves.

    Parameters
    ----------
    effort
        Limits of the solve.
    start
        Value of each variable by name; None to start from nothing.
    watch
        Called with best value and bound; returning True stops the search.

    Attributes
    ----------
    bound
        Bound of the goal, in its own sense (least or most); infinite if none is proved.
    infeasible
        Whether HiGHS proves that no values satisfy the rows.
    has_plan
        Whether the variables hold values that satisfy the rows.
    """

    def __init__(
        self,
        effort: SolverEffort,
        start: dict[str, float] | None = None,
        watch: Watch | None = None,
    ) -> None:
        super().__init__(
            msg=False, timeLimit=effort.seconds, gapRel=effort.gap_rel, threads=1, random_seed=0,
        )  # fmt: skip
        self.effort = effort
        self.end = time.monotonic() + effort.seconds
        self.start = start
        self.watch = watch
        self.bound = -np.inf
        self.infeasible = False
        self.has_plan = False
        self._sign = 1
        self._unit = 1.0
        self._values: Floats | None = None

    def buildSolverModel(self, lp: pulp.LpProblem) -> None:  # noqa: N802 (PuLP's name)
        """Pass the whole program at once: PuLP's row by row takes longer than a solve."""
        box, whole = read_pulp(lp)
        box, self._unit = scale_program(box)
        pass_program(lp.solverModel, box, whole)

    def callSolver(self, lp: pulp.LpProblem) -> None:  # noqa: N802 (PuLP's name)
        """Bound the relaxed program if asked to, then search for the best whole values."""
        model = lp.solverModel
        self._sign = _sign(lp)
        if self.start is not None:
            self._values = np.array([self.start.get(v.name, 0.0) for v in lp.variables()])
        model.setOptionValue("mip_abs_gap", self._gap_abs)
        self._listen(model)
        start_time = time.monotonic()
        if self.effort.relax:
            self._relax(model)
        now = time.monotonic()
        least_time = now - start_time  # the search needs longer than this to start
        skips_search = (1 - REBUILD_SHARE) * (self.end - now) < least_time
        if self.effort.neighbours is not None and not self.infeasible:
            self._rebuild(model, self.effort.neighbours, 1.0 if skips_search else REBUILD_SHARE)
        left = self.end - time.monotonic()
        fits = self._values is None or model.getNumNz() <= TERMS_A_SECOND * left
        if not self.infeasible and fits and left > least_time:
            self._search(model)
        self.bound *= self._sign * self._unit

    def findSolutionValues(self, lp: pulp.LpProblem) -> tuple[int, int]:  # noqa: N802
        """Put HiGHS's values into the variables; return PuLP's statuses."""
        if not self.has_plan or self._values is None:
            state = pulp.LpStatusInfeasible if self.infeasible else pulp.LpStatusNotSolved
            return state, pulp.LpSolutionNoSolutionFound
        for variable in lp.variables():
            variable.varValue = self._values[variable.index]
        return pulp.LpStatusOptimal, pulp.LpSolutionIntegerFeasible

    def _relax(self, model: Any) -> None:
        """Bound the program, and fix variables by their reduced costs."""
        box, whole = read_highs(model.getLp())
        best = np.inf
        if self._values is not None and box.keeps(self._values):
            best = float(box.cost @ self._values)
        room = max(self._gap_abs, self.effort.gap_rel * abs(best)) if best < np.inf else 0.0
        relaxation = relax(box, whole, best - room, self.end, lambda bound: self._tell(best, bound))
        self.bound, self.infeasible = relaxation.bound, relaxation.infeasible
        if best < np.inf and not relaxation.infeasible:
            columns = np.arange(len(whole), dtype=np.int32)
            model.changeColsBounds(len(whole), columns, *relaxation.narrow_bounds(box, whole, best))

    def _rebuild(self, model: Any, neighbours: Neighbourhoods, share: float) -> None:
        if self._values is None:
            return
        now = time.monotonic()
        end = now + share * (self.end - now)
        box, whole = read_highs(model.getLp())
        self._values = rebuild(box, whole, self._values, neighbours, end, self._tell)
        self.has_plan = True

    def _search(self, model: Any) -> None:
        if self._values is not None:
            solution = highspy.HighsSolution()
            solution.col_value = self._values.tolist()
            model.setSolution(solution)
        if self.effort.first:
            model.setOptionValue("mip_max_improving_sols", 1)
        model.setOptionValue("time_limit", max(self.end - time.monotonic(), 0.0))
        model.run()
        status, info = model.getModelStatus(), model.getInfo()
        self.infeasible = status == highspy.HighsModelStatus.kInfeasible
        if info.primal_solution_status == highspy.SolutionStatus.kSolutionStatusFeasible:
            self.has_plan = True
            self._values = np.array(model.getSolution().col_value)
        if np.isfinite(info.mip_dual_bound):
            self.bound = max(self.bound, info.mip_dual_bound)

    def _listen(self, model: Any) -> None:
        if self.watch is None:
            return

        def called(_kind: Any, _message: str, out: Any, into: Any, _data: Any) -> None:
            into.user_interrupt = self._tell(out.mip_primal_bound, out.mip_dual_bound)

        model.setCallback(called, None)
        model.startCallback(highspy.cb.HighsCallbackType.kCallbackMipInterrupt)

    @property
    def _gap_abs(self) -> float:
        """Gap in the unit of the program as HiGHS holds it."""
        return max(self.effort.gap_abs / self._unit, LEAST_GAP)

    def _tell(self, best: float, bound: float = -np.inf) -> bool:
        bound, size = max(bound, self.bound), self._sign * self._unit
        return self.watch is not None and self.watch(size * best, size * bound)


def _sign(lp: pulp.LpProblem) -> int:
    return -1 if lp.sense == pulp.LpMaximize else 1
