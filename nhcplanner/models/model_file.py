"""A model's program as a file that other solvers read: MPS or LP."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path

import highspy
import numpy as np
import pulp

from nhcplanner.base.errors import Fault, InputError
from nhcplanner.domain.plan import Plan
from nhcplanner.domain.problem import Problem
from nhcplanner.models.catalogue import Model, catalogue
from nhcplanner.models.dispersion import SpreadGoal, site_pairs
from nhcplanner.models.goal_types import AnyGoal, Goal, WorstGoal
from nhcplanner.models.linear_program import make_solver, read_pulp
from nhcplanner.models.program import Program
from nhcplanner.models.tolerances import hold_goal

SUFFIXES = (".mps", ".lp")


def write(
    problem: Problem, model: Model | str, path: str | Path, *, plan: Plan | None = None
) -> Path:
    """Write a model's program for a problem to a file, as MPS or LP.

    The file holds every rule and the first goal. With a plan it holds the plan's last goal, and
    the earlier goals as rows at the levels that the plan held. The variable of a site is open_ and
    its id, or its position if sites have no ids. Numbers are as in the problem, without scaling.
    The goal `least_ede` is written as its linear proxy, the total cost of all journeys.

    Parameters
    ----------
    problem, model
        As in `solve`.
    path
        File to write; its ending, .mps or .lp, is the format.
    plan
        Plan of the same problem and model, for the program of its last goal.

    Returns
    -------
    pathlib.Path
        The file.

    Raises
    ------
    InputError
        For another ending, a model without goals, or a file that cannot be written.

    Examples
    --------
    >>> import tempfile
    >>> problem = Problem.from_minutes([[5, 30], [25, 8]], people=[100, 50], count=1)
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     written = write(problem, "max_coverage", f"{folder}/plan.lp")
    ...     "open_0" in written.read_text()
    True
    """
    path = Path(path)
    row = catalogue[model] if isinstance(model, str) else model
    goals = row.goals(problem)
    faults = []
    if path.suffix.lower() not in SUFFIXES:
        faults.append(Fault("a model file ends in .mps or .lp", path.name))
    if not goals:
        faults.append(Fault("the model has no goal to write", "scenario"))
    if faults:
        raise InputError(faults)
    number = 0 if plan is None else max(len(plan.stages) - 1, 0)
    program = Program(problem)
    for rule in row.rules:
        rule(program)
    if plan is not None:
        for goal, stage in zip(goals[:number], plan.stages[:number], strict=True):
            if stage.held is not None:
                hold_goal(goal, stage.held)(program)
    goal = goals[number]
    program.lp.sense = pulp.LpMaximize if goal.sense == "most" else pulp.LpMinimize
    program.lp.setObjective(express(goal, program))
    names = {} if problem.site_ids is None else dict(enumerate(problem.site_ids))
    site_names = {v.name: f"open_{names.get(j, j)}" for j, v in program.opens.items()}
    _write(program.lp, path, site_names)
    return path


def express(goal: AnyGoal, program: Program) -> pulp.LpAffineExpression:
    """Return a goal as an expression, with the rows that a goal of levels needs."""
    if isinstance(goal, WorstGoal):
        return _express_worst(goal, program)
    if isinstance(goal, SpreadGoal):
        return _express_spread(goal, program)
    if not isinstance(goal, Goal):
        raise TypeError(f"{goal.name} has no expression")
    return goal(program)


def _express_worst(goal: WorstGoal, program: Program) -> pulp.LpAffineExpression:
    """Return the longest journey of those whom the share counts: each goes to one open site."""
    problem, arcs = program.problem, program.arcs
    worst = program.lp.add_variable("worst", 0, float(arcs.minutes.max(initial=0.0)))
    ends = np.searchsorted(arcs.rows, np.arange(problem.areas + 1)).tolist()
    counted = []
    for row in np.flatnonzero(problem.people > 0).tolist():
        least = 1 if goal.share == 1 else 0
        is_counted = program.lp.add_variable(f"counted_{row}", least, 1, pulp.LpInteger)
        some = range(ends[row], ends[row + 1])
        journeys = [(program.assigned[n], 1.0) for n in some]
        minutes = [(program.assigned[n], -float(arcs.minutes[n])) for n in some]
        program.exactly([*journeys, (is_counted, -1.0)], 0.0)
        program.at_least([(worst, 1.0), *minutes], 0.0)
        counted.append((is_counted, float(problem.people[row])))
    program.at_least(counted, goal.people(problem))
    return pulp.LpAffineExpression([(worst, 1.0)])


def _express_spread(goal: SpreadGoal, program: Program) -> pulp.LpAffineExpression:
    """Return the distance of the nearest two open sites: at most that of each open pair."""
    problem = program.problem
    limit = goal.limit(problem)
    least = program.lp.add_variable("least_distance", 0, limit)
    pairs, far = site_pairs(problem, limit)
    for (i, j), metres in zip(pairs.tolist(), far.tolist(), strict=True):
        above = limit - metres
        ends = [(program.opens[i], above), (program.opens[j], above)]
        program.at_most([(least, 1.0), *ends], limit + above)
    return pulp.LpAffineExpression([(least, 1.0)])


def _write(lp: pulp.LpProblem, path: Path, site_names: dict[str, str]) -> None:
    box, whole = read_pulp(lp)
    solver = make_solver(box, whole)
    program = solver.getLp()
    names = (variable.name for variable in lp.variables())
    program.col_names_ = _names(site_names.get(name, name) for name in names)
    program.row_names_ = [f"row_{n}" for n in range(program.num_row_)]
    if lp.sense == pulp.LpMaximize:
        program.sense_ = highspy.ObjSense.kMaximize
        program.col_cost_ = -box.cost
    solver.passModel(program)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        done = solver.writeModel(str(path))
    except OSError as error:
        raise InputError([Fault(f"cannot be written: {error}", str(path))]) from error
    if done == highspy.HighsStatus.kError or not path.is_file():
        raise InputError([Fault("cannot be written", str(path))])


def _names(names: Iterable[str]) -> list[str]:
    """Return names that both formats allow, each once."""
    used: dict[str, int] = {}
    found = []
    for name in names:
        plain = re.sub(r"\W", "_", name, flags=re.ASCII)
        number = used.get(plain, 0)
        used[plain] = number + 1
        found.append(f"{plain}_{number}" if number else plain)
    return found
