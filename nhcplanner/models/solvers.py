"""Solvers of the user's choice through PuLP, with the bound that each proves.

PuLP calls a plan that the time limit ended "Optimal" with several solvers, and passes on no bound.
Each row of `SOLVERS` therefore reads status and bound from the solver itself; what it cannot read
is unknown, never guessed.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import tempfile
import warnings
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from importlib import metadata
from importlib.util import find_spec
from pathlib import Path
from types import MappingProxyType
from typing import Any

import numpy as np
import pulp

from nhcplanner.base.arrays import Floats, Mask
from nhcplanner.base.errors import Fault, InputError
from nhcplanner.models.highs import SOLVER, Highs, SolverEffort, Watch
from nhcplanner.models.linear_program import LinearProgram, read_pulp, scale_program, to_pulp

HIGHS = "highs"
LEAST_GAP = 1e-9
UNSAFE = 1e-9  # share of a bound by which a solver's own bound may be wrong
CBC_STEP = 1e-5  # CBC leaves out plans that better the best by no more
CBC_DIGITS = 5.1e-4  # CBC prints bounds with three decimals
INFINITE = 1e19  # solvers write infinity as 1e20 or more


@dataclass(frozen=True, eq=False)
class Answer:
    """What a solver found and proved for a program that is minimised.

    Parameters
    ----------
    values
        Value of each variable; None if it found none.
    bound
        Least possible cost; minus infinity if none is known.
    infeasible
        Whether it proved that no values satisfy the rows.
    """

    values: Floats | None
    bound: float = -np.inf
    infeasible: bool = False


@dataclass(frozen=True)
class SolverRow:
    """Registry row of a solver.

    Parameters
    ----------
    name
        Name in a scenario.
    title
        Name in documents.
    package
        Python package that it needs.
    run
        Minimises a program, whose whole variables are flagged, within limits. It raises ImportError
        or PuLP's error if the solver is not installed.
    is_installed
        Whether it can be used here.
    """

    name: str
    title: str
    package: str
    run: Callable[[LinearProgram, Mask, SolverEffort], Answer]
    is_installed: Callable[[], bool]

    @property
    def version(self) -> str:
        """Solver and version in words, for the record of a plan."""
        number = ""
        with suppress(metadata.PackageNotFoundError):
            number = f" {metadata.version(self.package)}"
        through = f" through PuLP {pulp.__version__}"
        if self.package == "pulp":
            return f"{self.title}{through}"
        return f"{self.title}{number}{'' if self.name == 'cpsat' else through}"


class ChosenSolver(pulp.LpSolver):  # type: ignore[misc]
    """A solver of `SOLVERS` in the place of `Highs`, for a PuLP program.

    It starts from nothing and cannot be watched. The program is scaled as for HiGHS.

    Parameters
    ----------
    row
        The solver.
    effort
        Limits of the solve; steps that only HiGHS has are left out.

    Attributes
    ----------
    bound, infeasible, has_plan
        As for `Highs`.
    """

    name = "chosen"

    def __init__(self, row: SolverRow, effort: SolverEffort) -> None:
        super().__init__(msg=False)
        self.row, self.effort = row, effort
        self.bound = -np.inf
        self.infeasible = self.has_plan = False

    def available(self) -> bool:
        """Whether the solver can be used here."""
        return self.row.is_installed()

    def actualSolve(self, lp: pulp.LpProblem) -> int:  # noqa: N802 (PuLP's name)
        """Solve a program, and put the values into its variables."""
        sign = -1 if lp.sense == pulp.LpMaximize else 1
        box, whole = read_pulp(lp)
        scaled, unit = scale_program(box)
        answer = self.row.run(scaled, whole, self.effort)
        self.infeasible = answer.infeasible
        self.bound = sign * unit * (answer.bound - UNSAFE * abs(answer.bound))
        if not np.isfinite(answer.bound):
            self.bound = -sign * np.inf
        status: int = pulp.LpStatusNotSolved
        found = pulp.LpSolutionNoSolutionFound
        if answer.infeasible:
            status = pulp.LpStatusInfeasible
        elif answer.values is not None:
            values = np.where(whole, np.round(answer.values), answer.values)
            self.has_plan = scaled.keeps(values)
            for variable in lp.variables():
                variable.varValue = float(values[variable.index])
        if self.has_plan:
            status, found = pulp.LpStatusOptimal, pulp.LpSolutionIntegerFeasible
        lp.assignStatus(status, found)
        return status


AnySolver = Highs | ChosenSolver
MakeSolver = Callable[[SolverEffort, dict[str, float] | None, Watch | None], AnySolver]


def solver_maker(name: str) -> MakeSolver:
    """Return what makes a solver, by its name in `SOLVERS`."""
    if name == HIGHS:
        return Highs
    row = SOLVERS[name]
    return lambda effort, _start, _watch: ChosenSolver(row, effort)


def solver_words(name: str) -> str:
    """Return solver and version, for the record of a plan."""
    return SOLVER if name == HIGHS else SOLVERS[name].version


def installed_solvers() -> dict[str, str]:
    """Return the titles of the solvers that can be used here, by name, HiGHS first."""
    return {HIGHS: "HiGHS"} | {
        row.name: row.title for row in SOLVERS.values() if row.is_installed()
    }


def check_solver(name: str) -> None:
    """Refuse a solver that does not exist or is not installed.

    Raises
    ------
    InputError
        With the solvers that can be used here.
    """
    installed = installed_solvers()
    if name in installed:
        return
    fault = f"there is no solver '{name}'"
    if name in SOLVERS:
        row = SOLVERS[name]
        fault = f"the solver {row.title} is not installed (package {row.package})"
    raise InputError([Fault(fault, "scenario", hint=f"Use one of {', '.join(installed)}")])


def _through_pulp(
    make: Callable[[dict[str, Any]], Any], read: Callable[[pulp.LpProblem], tuple[float, bool]]
) -> Callable[[LinearProgram, Mask, SolverEffort], Answer]:
    """Return what solves a program with a solver of PuLP.

    Parameters
    ----------
    make
        Returns PuLP's solver for its options of limits.
    read
        Returns bound and infeasibility from the solver's own model.
    """

    def run(box: LinearProgram, whole: Mask, effort: SolverEffort) -> Answer:
        lp = to_pulp(box, whole)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            lp.solve(make(_limits(effort)))
        bound, infeasible = read(lp)
        return Answer(_values(lp), bound if abs(bound) < INFINITE else -np.inf, infeasible)

    return run


def _limits(effort: SolverEffort) -> dict[str, Any]:
    """Return PuLP's options for the limits of a solve."""
    gap = 1.0 if effort.first else max(effort.gap_rel, LEAST_GAP)
    return {"msg": False, "timeLimit": max(effort.seconds, 1.0), "gapRel": gap}


def _values(lp: pulp.LpProblem) -> Floats | None:
    """Return the values of the variables; those that no row uses are at their better side."""
    cost = {variable.name: amount for variable, amount in lp.objective.items()}
    values = []
    variables = sorted(lp.variables(), key=lambda variable: variable.name)
    if all(variable.varValue is None for variable in variables):
        return None
    for variable in variables:
        value = variable.varValue
        if value is None:
            value = variable.lowBound if cost.get(variable.name, 0.0) >= 0 else variable.upBound
        values.append(value)
    return np.array(values, dtype=np.float64)


def _run_cbc(box: LinearProgram, whole: Mask, effort: SolverEffort) -> Answer:
    """Solve with the CBC that PuLP brings, and read bound and status from its log."""
    lp = to_pulp(box, whole)
    with tempfile.TemporaryDirectory() as folder, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        log = Path(folder) / "cbc.log"
        limits = _limits(effort) | {"logPath": str(log)}
        lp.solve(pulp.PULP_CBC_CMD(**limits))
        words = log.read_text("utf-8", "replace") if log.is_file() else ""
    values = _values(lp) if lp.sol_status in _WITH_VALUES else None
    bound, infeasible = read_cbc_log(words)
    return Answer(None if infeasible else values, bound, infeasible)


_WITH_VALUES = (pulp.LpSolutionOptimal, pulp.LpSolutionIntegerFeasible)
_NONE = re.compile(
    r"Result - (?:Problem proven infeasible|Linear relaxation infeasible)|"
    r"[Pp]resolve determined that the problem was infeasible|Problem is infeasible|"
    r"infeasible or unbounded"  # no side is infinite, so no program is unbounded
)
_NUMBER = r"\s*(-?[\d.]+(?:e[+-]?\d+)?)"


def read_cbc_log(words: str) -> tuple[float, bool]:
    r"""Return the bound of a minimised program, and infeasibility, from CBC's log.

    Examples
    --------
    >>> read_cbc_log("Result - Problem proven infeasible")
    (-inf, True)
    >>> bound, _ = read_cbc_log("Result - Optimal solution found\nObjective value: 12.00000000")
    >>> 11.9999 < bound < 12
    True
    >>> bound, _ = read_cbc_log("Result - Stopped on time limit\nLower bound:   7.125")
    >>> 7.124 < bound < 7.125
    True
    """
    if _NONE.search(words):
        return -np.inf, True
    low = re.search(rf"^Lower bound:{_NUMBER}", words, re.MULTILINE)
    if low is not None:
        return float(low[1]) - CBC_DIGITS - CBC_STEP, False
    if "Result - Optimal solution found" in words:
        best = re.search(rf"^Objective value:{_NUMBER}", words, re.MULTILINE)
        if best is not None:
            return float(best[1]) - CBC_STEP, False
    return -np.inf, False


def _read_scip(lp: pulp.LpProblem) -> tuple[float, bool]:
    model = lp.solverModel
    return float(model.getDualbound()), model.getStatus() in ("infeasible", "inforunbd")


def _read_gurobi(lp: pulp.LpProblem) -> tuple[float, bool]:
    model = lp.solverModel
    if model.Status in (3, 4):  # infeasible; "infeasible or unbounded", and sides are finite
        return -np.inf, True
    return float(model.ObjBound), False


def _read_cplex(lp: pulp.LpProblem) -> tuple[float, bool]:
    solution = lp.solverModel.solution
    if "infeasible" in solution.get_status_string():
        return -np.inf, True
    return float(solution.MIP.get_best_objective()), False


def _read_xpress(lp: pulp.LpProblem) -> tuple[float, bool]:
    attributes = lp.solverModel.attributes
    infeasible = int(attributes.mipstatus) == 5 or int(attributes.lpstatus) == 2
    return -np.inf if infeasible else float(attributes.bestbound), infeasible


_CPSAT = """
import json, sys
import numpy as np
from ortools.linear_solver.python import model_builder

box = np.load(sys.argv[1])
model = model_builder.Model()
sides = zip(box["low"].tolist(), box["high"].tolist(), box["whole"].tolist())
variables = [model.new_var(low, high, some, f"x{n}") for n, (low, high, some) in enumerate(sides)]
total = model_builder.LinearExpr.weighted_sum
ends = box["ends"]
for row, (low, high) in enumerate(zip(box["row_low"].tolist(), box["row_high"].tolist())):
    some = slice(ends[row], ends[row + 1])
    terms = [variables[n] for n in box["columns"][some].tolist()]
    model.add_linear_constraint(total(terms, box["terms"][some].tolist()), low, high)
model.minimize(total(variables, box["cost"].tolist()))
solver = model_builder.Solver("sat")
solver.set_time_limit_in_seconds(float(sys.argv[2]))
status = solver.solve(model).name
found = status in ("OPTIMAL", "FEASIBLE")
values = [solver.value(variable) for variable in variables] if found else None
print(json.dumps([status, values, solver.best_objective_bound if found else None]))
"""


def _run_cpsat(box: LinearProgram, whole: Mask, effort: SolverEffort) -> Answer:
    """Solve with CP-SAT of OR-Tools, which PuLP does not know, in a process of its own.

    OR-Tools cannot be loaded beside highspy, because both bring a HiGHS. CP-SAT turns variables
    that need not be whole into multiples of a small step, so its bound and its proof that there is
    no plan are taken only if all variables are whole.
    """
    rows = box.rows.tocsr()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "program.npz"
        np.savez(
            path, cost=box.cost, low=box.low, high=box.high, whole=whole, ends=rows.indptr,
            columns=rows.indices, terms=rows.data, row_low=box.row_low, row_high=box.row_high,
        )  # fmt: skip
        seconds = max(effort.seconds, 1.0)
        done = subprocess.run(  # noqa: S603  (our own code)
            [sys.executable, "-c", _CPSAT, str(path), str(seconds)],
            capture_output=True, text=True, check=False, timeout=60 + 2 * seconds,
            env=os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)},
        )  # fmt: skip
    if done.returncode:
        raise InputError([Fault(f"CP-SAT failed: {done.stderr.strip()[-200:]}", "scenario")])
    status, values, bound = json.loads(done.stdout)
    if not whole.all():
        bound, status = None, "UNKNOWN"
    found = None if values is None else np.array(values)
    return Answer(found, -np.inf if bound is None else bound, status == "INFEASIBLE")


def _has_pulp(name: str) -> Callable[[], bool]:
    @cache
    def is_installed() -> bool:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return bool(getattr(pulp, name)(msg=False).available())

    return is_installed


def _has_ortools() -> bool:
    return find_spec("ortools") is not None


_ROWS = (
    SolverRow("cbc", "CBC", "pulp", _run_cbc, _has_pulp("PULP_CBC_CMD")),
    SolverRow(
        "scip", "SCIP", "PySCIPOpt",
        _through_pulp(lambda limits: pulp.SCIP_PY(**limits), _read_scip), _has_pulp("SCIP_PY"),
    ),
    SolverRow(
        "gurobi", "Gurobi", "gurobipy",
        _through_pulp(lambda limits: pulp.GUROBI(**limits), _read_gurobi), _has_pulp("GUROBI"),
    ),
    SolverRow(
        "cplex", "CPLEX", "cplex",
        _through_pulp(lambda limits: pulp.CPLEX_PY(**limits), _read_cplex), _has_pulp("CPLEX_PY"),
    ),
    SolverRow(
        "xpress", "Xpress", "xpress",
        _through_pulp(
            lambda limits: pulp.XPRESS_PY(**limits | {"timeLimit": int(limits["timeLimit"]) + 1}),
            _read_xpress,
        ),
        _has_pulp("XPRESS_PY"),
    ),
    SolverRow("cpsat", "CP-SAT of OR-Tools", "ortools", _run_cpsat, _has_ortools),
)  # fmt: skip

SOLVERS: Mapping[str, SolverRow] = MappingProxyType({row.name: row for row in _ROWS})
"""Solvers that a scenario may name besides HiGHS, which is the default."""
