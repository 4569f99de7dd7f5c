"""Plans to start from: greedy, then exchanges, then ruin and recreate around a centre."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from nhcplanner.domain.problem import Problem
from nhcplanner.models.clock import Clock
from nhcplanner.models.cover import Floats, Mask, Positions, group_rows, open_mask
from nhcplanner.models.goals import AnyGoal, Goal
from nhcplanner.models.tally import Tally

SEED = 20
PATIENCE = 30
MOST_RUINED = 8


@dataclass(frozen=True)
class Hunt:
    """What a search for a plan may use.

    Parameters
    ----------
    goals
        In order of priority.
    seconds
        Time it may take.
    clock
        Of the whole solve.
    opened
        A plan to better; None to start from nothing.
    enough
        Value of each goal beyond which more counts for nothing; infinite for no such value.
    """

    goals: tuple[AnyGoal, ...]
    seconds: float
    clock: Clock
    opened: Positions | None = None
    enough: tuple[float, ...] = ()


Start = Callable[[Problem, Hunt], Positions | None]


class Purse:
    """Which sites may still be opened under the count and the budget."""

    def __init__(self, problem: Problem) -> None:
        self.count = problem.sites if problem.count is None else problem.count
        self.budget = problem.budget
        self.cost = np.zeros(problem.sites) if problem.cost is None else problem.cost

    def allows(self, opened: Mask) -> Mask:
        """Flag of each shut site that may open now."""
        if int(opened.sum()) >= self.count:
            return np.zeros(len(opened), dtype=bool)
        if self.budget is None:
            return ~opened
        return ~opened & (self.cost <= self.budget - self.cost[opened].sum())

    def worth(self, gains: Floats, thrifty: bool) -> Floats:
        """Gains as they count: for each pound where the search is thrifty."""
        if self.budget is None or not thrifty:
            return gains
        return gains / np.maximum(self.cost, 1e-9)[:, None]


def best_site(gains: Floats, allowed: Mask) -> int | None:
    """The allowed site that gains most for the first goal, ties by the next; None if no gain."""
    sites = np.flatnonzero(allowed)
    for goal in range(gains.shape[1]):
        column = gains[sites, goal]
        top = column.max(initial=0.0)
        if top > 0 or goal:
            sites = sites[column == top]
        if len(sites) <= 1:
            break
    if not len(sites) or not (gains[sites[0]] > 0).any():
        return None
    return int(sites[0])


class Search:
    """A search for sites that cover most, goal by goal."""

    def __init__(self, problem: Problem, hunt: Hunt) -> None:
        groups = group_rows(problem.covers, problem.people > 0)
        weights = [groups.total(_weights(goal, problem)) for goal in hunt.goals]
        self.tally = Tally(groups.sites, np.column_stack(weights))
        self.purse = Purse(problem)
        self.kept = open_mask(problem, problem.keep)
        self.random = np.random.default_rng(SEED)
        self.enough = np.array(hunt.enough or [np.inf] * len(hunt.goals))
        limits = np.array([goal.limit(problem) for goal in hunt.goals])
        whole = all(goal.whole(problem) for goal in hunt.goals if isinstance(goal, Goal))
        self.least_step = 0.5 if whole else 1e-9 * max(1.0, float(limits.sum()))
        self.most = np.minimum(limits, self.enough) - self.least_step
        self.tally.set(self.kept if hunt.opened is None else open_mask(problem, hunt.opened))

    @property
    def reached(self) -> Floats:
        """What the goals count now, no more of each than is enough."""
        return np.minimum(self.tally.covered, self.enough)

    @property
    def done(self) -> bool:
        """Whether no plan can do better."""
        return bool((self.tally.covered >= self.most).all())

    def compare(self, one: Floats, other: Floats) -> int:
        """1 where one is better, -1 where it is worse, 0 where they are alike."""
        apart = np.flatnonzero(np.abs(one - other) > self.least_step)
        return 0 if not len(apart) else int(np.sign(one[apart[0]] - other[apart[0]]))

    def fill(self, thrifty: bool, barred: Mask | None = None) -> list[int]:
        """Open the best site after the other while that gains; give the sites opened."""
        added = []
        while True:
            allowed = self.purse.allows(self.tally.opened)
            if barred is not None:
                allowed &= ~barred
            site = best_site(self.purse.worth(self.tally.gains, thrifty), allowed)
            if site is None:
                return added
            self.tally.open(site)
            added.append(site)

    def exchange(self, sites: list[int]) -> None:
        """Shut each of some open sites in turn and open what then is best."""
        for site in sites:
            if not self.tally.opened[site] or self.kept[site]:
                continue
            before = self.reached
            self.tally.shut(site)
            added = self.fill(thrifty=False)
            if self.compare(self.reached, before) < 0:
                for other in added:
                    self.tally.shut(other)
                self.tally.open(site)

    def around(self, site: int, number: int) -> list[int]:
        """Open sites near one, nearest first, then some from anywhere."""
        free = self.tally.opened & ~self.kept
        near = self.tally.sites_near(site)
        found = near[free[near]]
        if len(found) < number:
            wider = np.unique(np.concatenate([self.tally.sites_near(int(s)) for s in near[:40]]))
            found = np.concatenate([found, np.setdiff1d(wider[free[wider]], found)])
        if len(found) < number:
            others = np.setdiff1d(np.flatnonzero(free), found)
            more = min(number - len(found), len(others))
            found = np.concatenate([found, self.random.choice(others, more, replace=False)])
        return [int(s) for s in found[:number]]

    def shake(self) -> int:
        """Shut some sites around one, fill up again, and undo that if it is worse."""
        free = np.flatnonzero(self.tally.opened & ~self.kept)
        before, plan = self.reached, self.tally.opened.copy()
        number = int(self.random.integers(1, MOST_RUINED + 1))
        ruined = self.around(int(self.random.choice(free)), number)
        for site in ruined:
            self.tally.shut(site)
        barred = np.zeros(len(plan), dtype=bool)
        barred[[s for s in ruined if self.random.random() < 0.5]] = True
        added = self.fill(bool(self.random.random() < 0.5), barred)
        self.fill(thrifty=False)
        self.exchange(added)
        change = self.compare(self.reached, before)
        if change < 0:
            self.tally.set(plan)
        return change


def most_covered(problem: Problem, hunt: Hunt) -> Positions | None:
    """Sites that cover many, the first goal first; earlier goals are never given up for later."""
    if not hunt.goals:
        return np.array(problem.keep, dtype=np.intp)
    clock, end = hunt.clock, hunt.clock.seconds + hunt.seconds
    search = Search(problem, hunt)
    if hunt.opened is None:
        search.fill(thrifty=True)
        search.fill(thrifty=False)
        search.exchange(np.flatnonzero(search.tally.opened).tolist())
    idle, patience = 0, PATIENCE * int(search.tally.opened.sum())
    while idle < patience and not search.done and clock.seconds < end and clock.left:
        if not (search.tally.opened & ~search.kept).any():
            break
        idle = 0 if search.shake() > 0 else idle + 1
        if clock.tell(float(search.tally.covered[clock.stage - 1]), None):
            break
    return np.flatnonzero(search.tally.opened)


def _weights(goal: AnyGoal, problem: Problem) -> Floats:
    if not isinstance(goal, Goal) or goal.weights is None:
        raise TypeError(f"{goal.name} is no goal of coverage")
    return goal.weights(problem)
