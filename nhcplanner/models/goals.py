"""Goals: what a model wants most or least of, as an expression and as a score.

A goal scores a plan from the problem's own minutes, never from the solver's sums.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
import pulp

from nhcplanner.base.arrays import Floats, Positions
from nhcplanner.domain.plan import Sense
from nhcplanner.domain.problem import Problem
from nhcplanner.domain.travel_times import nearest_minutes
from nhcplanner.models.coverage import within
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
    slack
        Share of what it reached (0 to 1) that the goals after it may give up.
    least
        The least amount other than nothing that it may count: what its zero is measured by.
    alike
        Values no farther apart than this count as the same, where one part in a million is
        finer than the solver.
    by_reach
        Whether a plan scores no worse where a site gives way to another that reaches the same
        rows within `reach`, and maybe more, and costs no more.
    """

    name: str
    sense: Sense
    unit: str
    score: Callable[[Problem, Positions], float]
    express: Callable[[Program], pulp.LpAffineExpression]
    limit: Callable[[Problem], float]
    whole: Callable[[Problem], bool]
    weights: Callable[[Problem], Floats] | None = None
    slack: float = 0.0
    least: Callable[[Problem], float] = lambda problem: least_amount(problem.people)
    alike: float = 0.0
    by_reach: bool = False

    def __call__(self, program: Program) -> pulp.LpAffineExpression:
        """The goal over a program's variables."""
        return self.express(program)


@dataclass(frozen=True)
class WorstGoal:
    """A goal that is the worst of many: the least minutes that serve everyone, or a share.

    It has no expression. It is solved by asking, for one level after another, whether a plan
    keeps so many people within it.

    Parameters
    ----------
    name, unit
        As in `Stage`.
    share
        Share of people (above 0, to 1) who must be within the minutes.
    slack
        As for `Goal`.
    """

    name: str
    unit: str = "minutes"
    sense: Sense = "least"
    share: float = 1.0
    slack: float = 0.0

    def score(self, problem: Problem, opened: Positions) -> float:
        """Least minutes within which the share of people has a centre; inf where it has none."""
        some = problem.people > 0
        minutes, people = nearest_minutes(problem.minutes, opened)[some], problem.people[some]
        if not len(minutes):
            return 0.0
        if self.share == 1:
            return float(minutes.max())  # however few live in a row beside all others
        order = np.argsort(minutes)
        enough = int(np.searchsorted(np.cumsum(people[order]), self.people(problem)))
        return float(minutes[order][min(enough, len(order) - 1)])

    def people(self, problem: Problem) -> float:
        """How many people must be within the minutes, less than a rounding."""
        return self.share * float(problem.people.sum()) * (1 - SHARE_ROUNDING)

    def within(self, program: Program, minutes: float) -> None:
        """Demand a centre within some minutes of the share of people."""
        if self.share == 1:
            program.everyone_within(minutes)
        else:
            covering = program.covering(minutes)
            people = program.problem.people
            program.at_least(covering.total(people), self.people(program.problem))

    def limit(self, problem: Problem) -> float:
        """Minutes that are needed even with every allowed site open."""
        return self.score(problem, _allowed(problem))

    def levels(self, problem: Problem) -> Floats:
        """Every value the goal can take, ascending."""
        table = within(problem)
        some = np.repeat(problem.people > 0, np.diff(table.indptr))
        least = self.limit(problem)
        return np.union1d(table.data[some & (table.data >= least)], [least])


AnyGoal = Goal | WorstGoal
SHARE_ROUNDING = 1e-9


def cover(name: str, weights: Callable[[Problem], Floats]) -> Goal:
    """Most people within reach of a centre, counting each row by its weight."""

    def score(problem: Problem, opened: Positions) -> float:
        reached = nearest_minutes(problem.minutes, opened) <= np.float32(problem.reach)
        return float(weights(problem)[reached].sum())

    def express(program: Program) -> pulp.LpAffineExpression:
        covering = program.covering(program.problem.reach)
        return pulp.LpAffineExpression(covering.total(weights(program.problem)))

    def limit(problem: Problem) -> float:
        return score(problem, _allowed(problem))

    return Goal(
        name, "most", "people", score, express, limit, _whole_people, weights,
        least=lambda problem: least_amount(weights(problem)), by_reach=True,
    )  # fmt: skip


def cover_most() -> Goal:
    """Most people within reach."""
    return cover("people within reach", lambda problem: problem.people)


def cover_band(band: int) -> Goal:
    """Most people of one band within reach."""
    return cover(
        f"people of band {band} within reach",
        lambda problem: np.where(problem.bands == band, problem.people, 0.0),
    )


def cover_need() -> Goal:
    """Most need within reach: each person counts by the `need` of where they live."""

    def weights(problem: Problem) -> Floats:
        return problem.people if problem.need is None else problem.people * problem.need

    goal = cover("need within reach", weights)
    return replace(goal, unit="weighted people", whole=lambda p: not (weights(p) % 1).any())


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
        by_reach=True,
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


def least_percentile(percent: float = 90) -> WorstGoal:
    """Least minutes within which so many per cent of people have a centre."""
    return WorstGoal(f"journey that {percent:g} % of people keep within", share=percent / 100)


def least_cost() -> Goal:
    """Least pounds on all sites open."""

    def cost(problem: Problem) -> Floats:
        return np.zeros(problem.sites) if problem.cost is None else problem.cost

    return Goal(
        "cost",
        "least",
        "pounds",
        score=lambda problem, opened: float(cost(problem)[opened].sum()),
        express=lambda program: pulp.LpAffineExpression(
            [(v, float(cost(program.problem)[j])) for j, v in program.opens.items()]
        ),
        limit=lambda problem: float(cost(problem)[list(problem.keep)].sum()),
        whole=lambda problem: not (cost(problem) % 1).any(),
        by_reach=True,
    )


def least_amount(amounts: Floats) -> float:
    """The least of some amounts that is more than nothing; 0 where all are nothing."""
    some = amounts[amounts > 0]
    return float(some.min()) if len(some) else 0.0


def _allowed(problem: Problem) -> Positions:
    return np.setdiff1d(np.arange(problem.sites), problem.forbid).astype(np.intp)


def _whole_people(problem: Problem) -> bool:
    return not (problem.people % 1).any()
