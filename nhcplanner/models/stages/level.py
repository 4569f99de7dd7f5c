"""Levels of a goal: its bounds before the search, and the levels that earlier goals hold."""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import cached_property

import numpy as np

from nhcplanner.base.arrays import Floats, Positions
from nhcplanner.base.clock import Clock
from nhcplanner.domain.plan import Stage
from nhcplanner.domain.problem import Problem
from nhcplanner.models.bounds.lagrangian import Core, LagrangianBound
from nhcplanner.models.catalogue import Model
from nhcplanner.models.coverage import drop_replaceable_sites
from nhcplanner.models.goal_types import AnyGoal, Goal
from nhcplanner.models.rule_types import Rule
from nhcplanner.models.tolerances import find_level, hold_goal, reaches, round_bound


class Hold:
    """State of a lexicographic solve: the best plan, and the goals that it must keep.

    Each goal that has been optimised becomes a rule, "no worse than its level", for later goals.

    Parameters
    ----------
    problem, model
        As in `solve`.

    Attributes
    ----------
    full_problem, problem
        The problem as the caller passed it, and without sites that another replaces.
    goals
        The model's goals for the problem.
    opened
        The best plan so far; None if there is no plan yet.
    stages
        Result of each goal that has been optimised.
    levels
        Rules that hold these goals.
    """

    def __init__(self, problem: Problem, model: Model) -> None:
        self.full_problem, self.model = problem, model
        self.goals = model.goals(problem)
        self.opened: Positions | None = None
        self.stages: list[Stage] = []
        self.levels: list[Rule] = []
        self.problem, self._replaced_by = problem, None
        if self.depends_on_reach_alone:
            self.problem, self._replaced_by = drop_replaceable_sites(problem)

    @property
    def rules(self) -> tuple[Rule, ...]:
        """Every rule and held goal."""
        return (*self.model.rules, *self.levels)

    @property
    def rules_in_force(self) -> list[Rule]:
        """The model's rules that apply to this problem."""
        return [rule for rule in self.model.rules if rule.words(self.full_problem)]

    @property
    def depends_on_reach_alone(self) -> bool:
        """Whether goals and rules depend only on the rows a site reaches and on its cost."""
        by_reach = all(isinstance(goal, Goal) and goal.by_reach for goal in self.goals)
        return bool(self.goals) and by_reach and all(rule.by_reach for rule in self.rules_in_force)

    @property
    def goals_left(self) -> int:
        """Number of goals not yet held."""
        return len(self.goals) - len(self.stages)

    @property
    def sites(self) -> Positions:
        """Sites of the best plan; empty if there is no plan."""
        return np.zeros(0, dtype=np.intp) if self.opened is None else self.opened

    @property
    def enough(self) -> tuple[float, ...]:
        """Value of each goal beyond which improvement is useless: the level of a held goal."""
        levels = tuple(stage.held or 0.0 for stage in self.stages)
        return levels + (math.inf,) * (len(self.goals) - len(levels))

    def value(self, goal: AnyGoal) -> float | None:
        """Return the best plan's value of a goal; None if there is no plan."""
        return None if self.opened is None else goal.score(self.problem, self.opened)

    def keeps_rules(self, opened: Positions) -> bool:
        """Whether a plan keeps every rule and held goal, checked on the problem's own numbers."""
        return all(rule.is_kept(self.problem, opened) for rule in self.rules)

    def take(self, opened: Positions) -> bool:
        """Accept a plan that keeps all rules and is better; return whether it is accepted."""
        if self._replaced_by is not None:
            opened = np.unique(self._replaced_by[opened])
        if not self.keeps_rules(opened):
            return False
        if self.opened is not None and self._rank(opened) <= self._rank(self.opened):
            return False
        self.opened = opened
        return True

    def close(self, goal: AnyGoal, bound: float, seconds: float) -> Rule | None:
        """Record the result of the next goal; return the rule that holds it, None for the last.

        Parameters
        ----------
        goal
            The next goal. There must be a plan.
        bound
            A value that no plan can beat.
        seconds
            Time used for the goal.
        """
        value = goal.score(self.problem, self.sites)
        bound = max(bound, value) if goal.sense == "most" else min(bound, value)
        level = None if self.goals_left == 1 else find_level(goal, self.problem, value)
        self.stages.append(Stage(goal.name, value, bound, seconds, goal.sense, goal.unit, level))
        if level is None:
            return None
        self.levels.append(hold_goal(goal, level))
        return self.levels[-1]

    def _rank(self, opened: Positions) -> list[float]:
        """Return the values of the remaining goals in order, signed so that more is better."""
        left = self.goals[len(self.stages) :]
        scores = [(goal.sense, goal.score(self.problem, opened)) for goal in left]
        return [score if sense == "most" else -score for sense, score in scores]


MOST_ARCS = 200_000  # pairs of row and site beyond which HiGHS is not tried
ARCS_A_SECOND = 5_000  # a second limit on pairs, for each second left: writing them takes time
FURTHER_SHARE = 0.3  # of the time left for prices, and again for a search
LEAST_CLOSED = 1e-3  # share of the gap that a round must close for another to follow


class Bound:
    """Bounds of the goals, and the sites and pairs that the Lagrangian bound rules out.

    Parameters
    ----------
    hold, clock
        Hold and clock of the solve.

    Attributes
    ----------
    core
        Sites and pairs that a better plan may use; None before `improve`, and if the goal is not
        total travel.
    """

    def __init__(self, hold: Hold, clock: Clock) -> None:
        self.hold, self.clock = hold, clock
        self.core: Core | None = None
        self._prices: Floats | None = None

    @property
    def is_travel_alone(self) -> bool:
        """Whether total travel is the only goal."""
        return self.hold.model.prices is not None and len(self.hold.goals) == 1

    def limit(self, goal: AnyGoal) -> float:
        """Return a value of the goal that no plan can beat."""
        bound = goal.limit(self.hold.problem)
        if self.core is not None and isinstance(goal, Goal):
            total = goal.value_of(self.hold.problem, self.core.bound)
            bound = max(bound, round_bound(goal, self.hold.problem, total))
        return bound

    def is_met(self, goal: AnyGoal, bound: float) -> bool:
        """Whether the best plan reaches the bound."""
        value = self.hold.value(goal)
        return value is not None and reaches(goal, self.hold.problem, value, bound)

    def improve(self, seconds: float, search: Callable[[float, Positions], None]) -> None:
        """Bound total travel by prices, search from the sites they choose, and fix by the bound.

        Parameters
        ----------
        seconds
            Time for the prices, and the same again for the search.
        search
            Searches from some sites for a number of seconds.
        """
        hold = self.hold
        if hold.model.prices is None or hold.opened is None:
            return
        goal, lagrangian = hold.goals[0], self._lagrangian
        best = self._total(goal)
        end = self.clock.seconds + seconds
        self._prices = lagrangian.improve_prices(best, self.clock, end, self._prices)
        if self.clock.left:
            search(seconds, lagrangian.choice(lagrangian.reduced_costs(self._prices)))
        core = lagrangian.core(self._prices, self._total(goal))
        if self.core is None or core.bound >= self.core.bound:
            self.core = core

    def improve_further(self, search: Callable[[float, Positions], None]) -> None:
        """Alternate prices and searches while they close the gap and time is left."""
        goal = self.hold.goals[0]
        while self.core is not None and self.clock.left:
            value, before = self._total(goal), self.core.bound
            if self.is_met(goal, self.limit(goal)):
                return
            self.improve(self.clock.left * FURTHER_SHARE, search)
            gap_closed = self.core.bound - before + value - self._total(goal)
            if gap_closed < LEAST_CLOSED * (value - before):
                return

    def _total(self, goal: AnyGoal) -> float:
        """Return the best plan's value of the goal's expression, which prices bound."""
        value = goal.score(self.hold.problem, self.hold.sites)
        return goal.total_of(self.hold.problem, value) if isinstance(goal, Goal) else value

    @cached_property
    def _lagrangian(self) -> LagrangianBound:
        if self.hold.model.prices is None:
            raise ValueError("the model has no bound by prices")
        return self.hold.model.prices(self.hold.problem)

    @property
    def is_too_large(self) -> bool:
        """Whether there are too many pairs for HiGHS to help in the time left."""
        service = self.hold.model.service
        if self.core is not None:
            arcs = self.core.arcs
        elif service is not None:
            arcs = service.arcs(self.hold.problem)
        else:
            return False
        return len(arcs.rows) > min(MOST_ARCS, ARCS_A_SECOND * self.clock.left)
