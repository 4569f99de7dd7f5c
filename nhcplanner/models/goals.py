"""Goals: what a model wants most or least of, as an expression and as a score.

A goal scores a plan from the problem's own minutes, never from the solver's sums.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pulp

from nhcplanner.domain.plan import Sense
from nhcplanner.domain.problem import Problem
from nhcplanner.domain.times import nearest_minutes
from nhcplanner.models.cover import Floats, Positions, within
from nhcplanner.models.program import Program


@dataclass(frozen=True)
class Goal:
    """A goal that is a sum: called with a program it gives its expression.

    Parameters
    ----------
    name, sense, unit
        As in `Stage`.
    score
        What a plan reaches, from the problem and the positions opened; infinite where the plan
        serves somebody not at all.
    express
        The same as an expression over a program's variables.
    limit
        A value that no plan can pass, known without solving.
    whole
        True where every value is a whole number.
    weights
        For a goal of coverage, the weight of each row.
    """

    name: str
    sense: Sense
    unit: str
    score: Callable[[Problem, Positions], float]
    express: Callable[[Program], pulp.LpAffineExpression]
    limit: Callable[[Problem], float]
    whole: Callable[[Problem], bool]
    weights: Callable[[Problem], Floats] | None = None

    def __call__(self, program: Program) -> pulp.LpAffineExpression:
        """The goal over a program's variables."""
        return self.express(program)


@dataclass(frozen=True)
class WorstGoal:
    """A goal that is the worst of many: the least minutes within which everyone is served.

    It has no expression. It is solved by asking, for one level after another, whether a plan
    keeps everyone within it.

    Parameters
    ----------
    name, unit
        As in `Stage`.
    """

    name: str
    unit: str = "minutes"
    sense: Sense = "least"

    def score(self, problem: Problem, opened: Positions) -> float:
        """Minutes of the row with people that has farthest to go; inf where one has no centre."""
        minutes = nearest_minutes(problem.minutes, opened)[problem.people > 0]
        return float(minutes.max(initial=0.0))

    def limit(self, problem: Problem) -> float:
        """Minutes that the worst row needs even with every allowed site open."""
        return self.score(problem, _allowed(problem))

    def levels(self, problem: Problem) -> Floats:
        """Every value the goal can take, ascending."""
        table = within(problem)
        some = np.repeat(problem.people > 0, np.diff(table.indptr))
        least = self.limit(problem)
        return np.union1d(table.data[some & (table.data >= least)], [least])


AnyGoal = Goal | WorstGoal


def cover(name: str, weights: Callable[[Problem], Floats]) -> Goal:
    """Most people within reach of a centre, counting each row by its weight."""

    def score(problem: Problem, opened: Positions) -> float:
        reached = nearest_minutes(problem.minutes, opened) <= np.float32(problem.reach)
        return float(weights(problem)[reached].sum())

    def express(program: Program) -> pulp.LpAffineExpression:
        people = program.groups.total(weights(program.problem))
        return pulp.LpAffineExpression(
            [(v, w) for v, w in zip(program.covered, people.tolist(), strict=True) if w]
        )

    def limit(problem: Problem) -> float:
        return score(problem, _allowed(problem))

    return Goal(name, "most", "people", score, express, limit, _whole_people, weights)


def cover_most() -> Goal:
    """Most people within reach."""
    return cover("people within reach", lambda problem: problem.people)


def cover_band(band: int) -> Goal:
    """Most people of one band within reach."""
    return cover(
        f"people of band {band} within reach",
        lambda problem: np.where(problem.bands == band, problem.people, 0.0),
    )


def fewest_centres() -> Goal:
    """Fewest centres."""
    return Goal(
        "centres",
        "least",
        "centres",
        score=lambda _, opened: float(len(opened)),
        express=lambda program: pulp.LpAffineExpression([(v, 1.0) for v in program.opens.values()]),
        limit=lambda problem: float(len(problem.keep)),
        whole=lambda _: True,
    )


def least_travel() -> Goal:
    """Least minutes of all people together, each going to the nearest centre."""

    def score(problem: Problem, opened: Positions) -> float:
        some = problem.people > 0
        return float(problem.people[some] @ nearest_minutes(problem.minutes, opened)[some])

    def express(program: Program) -> pulp.LpAffineExpression:
        arcs = program.arcs
        travel = program.problem.people[arcs.rows] * arcs.minutes
        return pulp.LpAffineExpression(list(zip(program.assigned, travel.tolist(), strict=True)))

    def limit(problem: Problem) -> float:
        return score(problem, _allowed(problem))

    def whole(problem: Problem) -> bool:
        return _whole_people(problem) and not (problem.minutes.data % 1).any()

    return Goal("travel of all people", "least", "person-minutes", score, express, limit, whole)


def least_worst() -> WorstGoal:
    """Least minutes for the row that has farthest to go."""
    return WorstGoal("longest journey")


def _allowed(problem: Problem) -> Positions:
    return np.setdiff1d(np.arange(problem.sites), problem.forbid).astype(np.intp)


def _whole_people(problem: Problem) -> bool:
    return not (problem.people % 1).any()
