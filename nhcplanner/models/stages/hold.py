"""The best plan so far, and the levels at which earlier goals are held."""

from __future__ import annotations

import math

import numpy as np

from nhcplanner.base.arrays import Positions
from nhcplanner.domain.plan import Stage
from nhcplanner.domain.problem import Problem
from nhcplanner.models.catalogue import Model
from nhcplanner.models.coverage import merge_equivalent_sites
from nhcplanner.models.goal_types import AnyGoal, Goal
from nhcplanner.models.rule_types import Rule
from nhcplanner.models.tolerances import find_level, hold_goal


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
            self.problem, self._replaced_by = merge_equivalent_sites(problem)

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
