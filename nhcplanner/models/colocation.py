"""Services near centres, as a goal and as a rule."""

from __future__ import annotations

import numpy as np
import pulp

from nhcplanner.base.arrays import Floats, Mask, Positions
from nhcplanner.base.errors import Fault, InputError
from nhcplanner.base.text import plural
from nhcplanner.domain.choices import Choice
from nhcplanner.domain.problem import Problem
from nhcplanner.models.goal_types import Goal, NamedGoal, allowed_sites
from nhcplanner.models.program import Program
from nhcplanner.models.rule_types import NamedRule, Rule


def in_text(kind: str) -> str:
    """Return a kind of building in words.

    Examples
    --------
    >>> in_text("gp_practice")
    'gp practice'
    """
    return kind.replace("_", " ")


def kinds_near(problem: Problem) -> Floats:
    """Return the number of kinds of services near each site; 0 if none is known."""
    total = np.zeros(problem.sites)
    for numbers in problem.near.values():
        total += np.asarray(numbers) > 0
    return total


def most_services() -> Goal:
    """Return the goal of most kinds of services near centres, added up over the centres."""

    def score(problem: Problem, opened: Positions) -> float:
        return float(kinds_near(problem)[opened].sum())

    def express(program: Program) -> pulp.LpAffineExpression:
        near = kinds_near(program.problem)
        return pulp.LpAffineExpression([(v, float(near[j])) for j, v in program.opens.items()])

    def limit(problem: Problem) -> float:
        near = kinds_near(problem)
        free = np.setdiff1d(allowed_sites(problem), problem.keep)
        most = len(free) if problem.count is None else max(problem.count - len(problem.keep), 0)
        best = np.sort(near[free])[::-1][:most]
        return float(near[list(problem.keep)].sum() + best.sum())

    return Goal(
        "services near centres", "most", "services", score, express, limit, lambda _: True,
        least=lambda _: 1.0,
    )  # fmt: skip


def services_near(least: int, kind: str = "") -> Rule:
    """Return the rule that each new centre has some services near it.

    Parameters
    ----------
    least
        Fewest kinds of services; fewest buildings of `kind`, if it is given.
    kind
        Kind of building.
    """

    def lacks(problem: Problem) -> Mask:
        has = kinds_near(problem) if not kind else np.asarray(problem.near.get(kind, 0))
        flags = np.broadcast_to(has < least, problem.sites).copy()
        flags[list(problem.keep)] = False
        return flags

    def write(program: Program) -> None:
        for j in np.flatnonzero(lacks(program.problem)).tolist():
            if j in program.opens:
                program.opens[j].upBound = 0

    thing = plural(least, "kind") + " of services" if not kind else plural(least, in_text(kind))
    return Rule(
        lambda _: f"each new centre must have at least {thing} near it",
        write,
        lambda problem, opened: not lacks(problem)[opened].any(),
    )


def _rule(line: Choice, problem: Problem | None) -> Rule:
    if line.label.isdecimal():
        return services_near(int(line.label))
    if problem is not None and line.label not in problem.near:
        kinds = ", ".join(problem.near) or "none"
        raise InputError(
            [Fault(f"services_near: no '{line.label}' is counted", "scenario",
                   hint=f"near_kinds counts {kinds}")]
        )  # fmt: skip
    return services_near(1 if line.number is None else int(line.number), line.label)


def _fault(line: Choice) -> str:
    fits = bool(line.label) and (line.number is None or line.number % 1 == 0)
    return "" if fits else "should be like services_near:3 or services_near:library"


MOST_SERVICES = NamedGoal(
    "most_services",
    "Most services near centres",
    lambda *_: (most_services(),),
    "Kinds of services near centres, added up",
)
SERVICES_NEAR = NamedRule("services_near", _rule, fault=_fault)
