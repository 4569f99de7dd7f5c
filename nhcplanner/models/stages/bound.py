"""Bounds on a goal that are known before the solver starts."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property

from nhcplanner.base.arrays import Floats, Positions
from nhcplanner.base.clock import Clock
from nhcplanner.models.bounds.lagrangian import Core, LagrangianBound
from nhcplanner.models.goal_types import AnyGoal, Goal
from nhcplanner.models.stages.hold import Hold
from nhcplanner.models.tolerances import reaches, round_bound

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
            bound = max(bound, round_bound(goal, self.hold.problem, self.core.bound))
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
        best = goal.score(hold.problem, hold.sites)
        end = self.clock.seconds + seconds
        self._prices = lagrangian.improve_prices(best, self.clock, end, self._prices)
        if self.clock.left:
            search(seconds, lagrangian.choice(lagrangian.reduced_costs(self._prices)))
        core = lagrangian.core(self._prices, goal.score(hold.problem, hold.sites))
        if self.core is None or core.bound >= self.core.bound:
            self.core = core

    def improve_further(self, search: Callable[[float, Positions], None]) -> None:
        """Alternate prices and searches while they close the gap and time is left."""
        goal = self.hold.goals[0]
        while self.core is not None and self.clock.left:
            value, before = self.hold.value(goal) or 0.0, self.core.bound
            if self.is_met(goal, before):
                return
            self.improve(self.clock.left * FURTHER_SHARE, search)
            gap_closed = self.core.bound - before + value - (self.hold.value(goal) or 0.0)
            if gap_closed < LEAST_CLOSED * (value - before):
                return

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
