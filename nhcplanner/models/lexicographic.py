"""A lexicographic solve: one goal after another, each bounded, searched and held."""

from __future__ import annotations

import numpy as np

from nhcplanner.base.arrays import Positions
from nhcplanner.base.clock import Clock
from nhcplanner.domain.problem import Problem
from nhcplanner.models.catalogue import Model
from nhcplanner.models.goal_types import AnyGoal
from nhcplanner.models.stages.bound import Bound
from nhcplanner.models.stages.hold import Hold
from nhcplanner.models.stages.search import LEAST_SECONDS, Enumeration, Search

START_SHARE = 0.2


class LexicographicSolve:
    """A solve under way.

    Lexicographic optimisation by successive programs, each with the goals before it held (Isermann
    1982, Linear lexicographic optimization, OR Spektrum 4(4)). One program with large weights
    would not be exact: the last goals would drown in the solver's tolerances.

    Parameters
    ----------
    problem, model, clock, gap
        As in `solve`.

    Attributes
    ----------
    hold
        The best plan, and the goals done.
    bound
        What no plan can pass.
    search
        Finds better plans.
    """

    def __init__(self, problem: Problem, model: Model, clock: Clock, gap: float) -> None:
        self.model, self.clock = model, clock
        self.hold = Hold(problem, model)
        self.bound = Bound(self.hold, clock)
        self.search = Search(self.hold, self.bound, clock, gap)
        self.enumeration = Enumeration(self.hold, clock)

    def start(self) -> None:
        """Search for a plan without the solver."""
        hold = self.hold
        if self.enumeration.plans is not None:
            return
        if not hold.goals:
            hold.opened = np.array(hold.problem.keep, dtype=np.intp)
        elif self.model.start is not None:
            self.clock.enter(1, len(hold.goals), hold.goals[0].name)
            self.search.without_solver(self.clock.left * START_SHARE)
            if self.bound.is_travel_alone:
                self.bound.improve(self.clock.left * START_SHARE, self._search_from)

    def reach(self, goal: AnyGoal) -> None:
        """Optimise the next goal in its share of the time left, and hold it at what it reached."""
        hold, began = self.hold, self.clock.seconds
        seconds = max(self.clock.left / hold.goals_left, LEAST_SECONDS)
        bound = self.bound.limit(goal)
        stopped = self.clock.tell(hold.value(goal), bound, now=True)
        hopeless = hold.opened is not None and self.search.is_too_large
        best = self.enumeration.best(goal)
        if hopeless and self.bound.is_travel_alone and best is None and not stopped:
            self.bound.improve_further(self._search_from)
            bound = self.bound.limit(goal)
        if best is not None:
            hold.opened, bound = best, goal.score(hold.problem, best)
        elif not (stopped or self.bound.is_met(goal, bound) or hopeless):
            bound = self.search.with_solver(goal, seconds, bound)
        if hold.opened is None:
            self.search.reason = self.search.reason or "stopped before a plan was found"
            return
        rule = hold.close(goal, bound, self.clock.seconds - began)
        self.clock.tell(hold.stages[-1].value, hold.stages[-1].bound, now=True)
        if rule is not None:
            self.search.add_rule(rule)
            self.enumeration.add_rule(rule)

    def _search_from(self, seconds: float, opened: Positions) -> None:
        self.search.without_solver(seconds, 0, opened)
