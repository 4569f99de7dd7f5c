"""Every plan in turn, where there are few plans and many rows."""

from __future__ import annotations

from itertools import chain, combinations
from math import comb

import numpy as np

from nhcplanner.base.arrays import Positions
from nhcplanner.base.clock import Clock
from nhcplanner.domain.problem import Problem
from nhcplanner.models.goal_types import AnyGoal
from nhcplanner.models.rule_types import Rule
from nhcplanner.models.stages.hold import Hold

MOST_PLANS = 1_100
LEAST_PAIRS = 50_000  # with fewer a program is small and soon solved
MOST_WORK = 400_000_000  # pairs looked at in all; a full table counts a tenth


def few_plans(problem: Problem) -> list[Positions] | None:
    """Return every set of sites that the count allows; None where scoring them takes too long.

    Kept sites are in each set, forbidden ones in none; other rules are not considered.
    """
    pairs = int(problem.minutes.nnz)
    full = pairs == problem.areas * problem.sites
    free = np.setdiff1d(np.arange(problem.sites), [*problem.keep, *problem.forbid])
    more = len(free) if problem.count is None else problem.count - len(problem.keep)
    most = min(len(free), max(more, 0))
    if pairs < LEAST_PAIRS or len(free) > MOST_PLANS:
        return None
    number = sum(comb(len(free), some) for some in range(most + 1))
    if number > MOST_PLANS or number * pairs > MOST_WORK * (10 if full else 1):
        return None
    sets = chain.from_iterable(combinations(free.tolist(), some) for some in range(most + 1))
    return [np.array(sorted({*problem.keep, *chosen}), dtype=np.intp) for chosen in sets]


class Enumeration:
    """Every plan that keeps the rules, where there are few.

    Parameters
    ----------
    hold, clock
        Of the solve.

    Attributes
    ----------
    plans
        None where there are too many, or time ran out.
    """

    def __init__(self, hold: Hold, clock: Clock) -> None:
        self.hold, self.clock = hold, clock
        self.plans = self._kept() or None

    def best(self, goal: AnyGoal) -> Positions | None:
        """Return the best plan for a goal; None where not every plan could be scored."""
        values = []
        for opened in self.plans or []:
            if not self.clock.left:
                self.plans = None
                return None
            values.append(goal.score(self.hold.problem, opened))
        if not self.plans:
            return None
        return self.plans[int(np.argmax(values) if goal.sense == "most" else np.argmin(values))]

    def add_rule(self, rule: Rule) -> None:
        """Leave out the plans that break a rule."""
        if self.plans is not None:
            self.plans = [plan for plan in self.plans if rule.kept(self.hold.problem, plan)]

    def _kept(self) -> list[Positions] | None:
        if not self.hold.goals or not all(rule.is_exact for rule in self.hold.rules_in_force):
            return None
        kept = []
        for opened in few_plans(self.hold.problem) or []:
            if not self.clock.left:
                return None
            if self.hold.keeps_rules(opened):
                kept.append(opened)
        return kept
