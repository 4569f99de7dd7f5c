"""Stages: one goal after another, each bounded, searched and held."""

from __future__ import annotations

import math

import numpy as np
import pulp

from nhcplanner.domain.plan import Stage
from nhcplanner.domain.problem import Problem
from nhcplanner.models.catalogue import Model
from nhcplanner.models.clock import Clock
from nhcplanner.models.cover import Positions
from nhcplanner.models.goals import AnyGoal, Goal, WorstGoal
from nhcplanner.models.highs import Effort, Highs
from nhcplanner.models.program import Program
from nhcplanner.models.reasons import together
from nhcplanner.models.start import Hunt
from nhcplanner.models.worst import shortest_worst

START_SHARE = 0.4
LEAST_SECONDS = 0.05
LARGE = 40_000  # terms in a program beyond which it is relaxed and searched before HiGHS branches
ROUNDS = 80  # of ruin and recreate for each centre, to start a large program with
MORE_ROUNDS = 10  # and again for the goals left, where HiGHS changed the plan
ALIKE = 1e-6
STEP = 0.5  # whole values less than this apart are the same; leaves HiGHS's tolerances room


class Run:
    """A solve under way: the program, the best plan so far, the goals held.

    Parameters
    ----------
    problem, model, clock, gap
        As in `solve`.

    Attributes
    ----------
    opened
        The best plan so far; None where there is none yet.
    stages
        One for each goal done.
    impossible, reason
        Whether no plan keeps the rules, and why there is no plan, in words.
    """

    def __init__(self, problem: Problem, model: Model, clock: Clock, gap: float) -> None:
        self.problem, self.model, self.clock, self.gap = problem, model, clock, gap
        self.goals = model.goals(problem)
        self.opened: Positions | None = None
        self.stages: list[Stage] = []
        self.impossible = False
        self.reason = ""
        self.program = Program(problem)
        for rule in model.rules:
            rule(self.program)
        first = self.goals[0] if self.goals else None
        if isinstance(first, Goal):
            self.program.lp.setObjective(first(self.program))
        self.large = self.program.size > LARGE

    def start(self) -> None:
        """Look for a plan without the solver."""
        if not self.goals:
            self.opened = np.array(self.problem.keep, dtype=np.intp)
        elif self.model.start is not None:
            self.clock.enter(1, len(self.goals), self.goals[0].name)
            self._hunt(self.clock.left * START_SHARE, ROUNDS)

    @property
    def goals_left(self) -> int:
        """Number of goals not yet held."""
        return len(self.goals) - len(self.stages)

    def keeps_rules(self, opened: Positions) -> bool:
        """Whether a plan keeps every rule, by the problem's own numbers."""
        return all(rule.kept(self.problem, opened) for rule in self.model.rules)

    def reach(self, goal: AnyGoal) -> None:
        """Take the next goal as far as its share of the time allows, and hold it there."""
        began = self.clock.seconds
        seconds = max(self.clock.left / self.goals_left, LEAST_SECONDS)
        bound = goal.limit(self.problem)
        best = None if self.opened is None else goal.score(self.problem, self.opened)
        stopped = self.clock.tell(best, bound, now=True)
        if not stopped and not self._proved(goal, bound):
            if isinstance(goal, WorstGoal):
                bound = self._worst(goal, seconds)
            else:
                bound = self._sum(goal, seconds, bound)
        if self.opened is None:
            self.reason = self.reason or "stopped before a plan was found"
            return
        value = goal.score(self.problem, self.opened)
        bound = max(bound, value) if goal.sense == "most" else min(bound, value)
        spent = self.clock.seconds - began
        self.stages.append(Stage(goal.name, value, bound, spent, goal.sense, goal.unit))
        self.clock.tell(value, bound, now=True)
        self._hold(goal, value)

    def _sum(self, goal: Goal, seconds: float, limit: float) -> float:
        lp = self.program.lp
        lp.sense = pulp.LpMaximize if goal.sense == "most" else pulp.LpMinimize
        lp.setObjective(goal(self.program))
        solver = self._solver(goal, seconds)
        lp.solve(solver)
        if solver.infeasible and self.opened is None:
            self.impossible = True
            self.reason = together(self.problem, self.model.rules)
        if solver.found and self._take(self.program.opened()) and self.large:
            self._hunt(self.clock.left / self.goals_left, MORE_ROUNDS)
        bound = rounded(goal, self.problem, solver.bound)
        return min(limit, bound) if goal.sense == "most" else max(limit, bound)

    def _worst(self, goal: WorstGoal, seconds: float) -> float:
        found = shortest_worst(
            self.problem, goal, self.model.rules, self.opened, self.clock, seconds
        )
        if found.opened is not None:
            self._take(found.opened)
        elif found.impossible:
            self.impossible = True
            self.reason = together(self.problem, self.model.rules)
        return found.bound

    def _hunt(self, seconds: float, rounds: int) -> None:
        """Search near the best plan for a better one, without the solver."""
        if self.model.start is None:
            return
        held = tuple(stage.value or 0.0 for stage in self.stages)
        hunt = Hunt(
            self.goals,
            seconds,
            self.clock,
            rounds if self.large else 0,
            self.opened,
            held + (math.inf,) * (len(self.goals) - len(held)),
        )
        found = self.model.start(self.problem, hunt)
        if found is not None:
            self._take(found)

    def _take(self, opened: Positions) -> bool:
        """Make a plan the best one if it keeps all rules and held goals and is better."""
        held = zip(self.goals, self.stages, strict=False)
        if not self.keeps_rules(opened) or not all(
            reaches(goal, self.problem, goal.score(self.problem, opened), stage.value or 0.0)
            for goal, stage in held
        ):
            return False
        if self.opened is not None and self._rank(opened) <= self._rank(self.opened):
            return False
        self.opened = opened
        return True

    def _rank(self, opened: Positions) -> list[float]:
        """More is better, the first goal not yet held first."""
        left = self.goals[len(self.stages) :]
        scores = [(goal.sense, goal.score(self.problem, opened)) for goal in left]
        return [score if sense == "most" else -score for sense, score in scores]

    def _hold(self, goal: AnyGoal, value: float) -> None:
        if len(self.stages) == len(self.goals):
            return
        if isinstance(goal, WorstGoal):
            self.program.everyone_within(value)
            return
        room = slack(goal, self.problem, value)
        terms = list(goal(self.program).items())
        if goal.sense == "most":
            self.program.at_least(terms, value - room)
        else:
            self.program.at_most(terms, value + room)

    def _solver(self, goal: Goal, seconds: float) -> Highs:
        whole = goal.whole(self.problem)
        effort = Effort(
            seconds,
            gap_abs=STEP if whole else 1e-9,
            gap_rel=max(self.gap, 0.0 if whole else 1e-9),
            relax=self.large and self.opened is not None,
        )
        start = None if self.opened is None else self.program.values(self.opened)
        return Highs(effort, start, self._watch if self.clock.listening else None)

    def _watch(self, best: float, bound: float) -> bool:
        return self.clock.tell(
            best if math.isfinite(best) else None, bound if math.isfinite(bound) else None
        )

    def _proved(self, goal: AnyGoal, bound: float) -> bool:
        if self.opened is None:
            return False
        return reaches(goal, self.problem, goal.score(self.problem, self.opened), bound)


def reaches(goal: AnyGoal, problem: Problem, value: float, bound: float) -> bool:
    """Whether a value meets a bound: less than 1 apart for whole numbers, else nearly equal."""
    apart = bound - value if goal.sense == "most" else value - bound
    return apart <= slack(goal, problem, value)


def slack(goal: AnyGoal, problem: Problem, value: float) -> float:
    """How far below a value a goal still counts as held: less than any true step."""
    if isinstance(goal, WorstGoal):
        return 0.0
    return STEP if goal.whole(problem) else ALIKE * max(1.0, abs(value))


def rounded(goal: Goal, problem: Problem, bound: float) -> float:
    """A bound moved to the whole number that it proves, where values are whole."""
    if not goal.whole(problem) or not math.isfinite(bound):
        return bound
    room = max(ALIKE, 1e-9 * abs(bound))
    return math.floor(bound + room) if goal.sense == "most" else math.ceil(bound - room)
