"""A search for the most people covered: greedy, exchanges, and rounds of ruin and recreate.

References
----------
Church R, ReVelle C (1974), The maximal covering location problem, Papers of the Regional Science
Association 32: greedy adding with substitution.
Khuller S, Moss A, Naor J (1999), The budgeted maximum coverage problem, Information Processing
Letters 70(1): gains for each pound under a budget.
Schrimpf G, Schneider J, Stamm-Wilbrandt H, Dueck G (2000), Record breaking optimization results
using the ruin and recreate principle, Journal of Computational Physics 159(2).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from importlib.util import find_spec
from itertools import takewhile

import numpy as np
from scipy import sparse

from nhcplanner.base.arrays import Floats, Mask, Positions
from nhcplanner.base.clock import Clock
from nhcplanner.domain.problem import Problem
from nhcplanner.models.coverage import group_rows, open_mask
from nhcplanner.models.goal_types import AnyGoal, Goal
from nhcplanner.models.rules import with_rounding


class CoverageCounter:
    """Counter of people covered, and of what opening each site adds, for several goals.

    Parameters
    ----------
    covers
        CSR of ones, group x site.
    weights
        Group x goal: what a covered group adds to a goal.

    Attributes
    ----------
    opened
        Flag of each open site.
    covered
        Current value of each goal.
    gains
        Site x goal: what opening the site adds.
    """

    def __init__(self, covers: sparse.csr_array, weights: Floats) -> None:
        group, self._goal = np.nonzero(weights)
        self._weight = weights[group, self._goal]
        by_row = sparse.csr_array(covers[group])
        by_site = sparse.csc_array(by_row)
        self._row_ends, self._row_sites = by_row.indptr, by_row.indices
        self._site_ends, self._site_rows = by_site.indptr, by_site.indices.astype(np.intp)
        self._times = np.zeros(len(group), dtype=np.int64)
        self.goals = weights.shape[1]
        self.opened = np.zeros(covers.shape[1], dtype=bool)
        self.covered = np.zeros(self.goals)
        self.gains = np.zeros((covers.shape[1], self.goals))
        self._add(np.arange(len(group)), 1.0)

    def rows_of(self, site: int) -> Positions:
        """Return the rows that a site reaches."""
        rows: Positions = self._site_rows[self._site_ends[site] : self._site_ends[site + 1]]
        return rows

    def sites_near(self, site: int) -> Positions:
        """Return the sites that reach a row of this site, itself included."""
        is_near = np.zeros(len(self.opened), dtype=bool)
        is_near[self._entries(self.rows_of(site))[0]] = True
        return np.flatnonzero(is_near)

    def is_needless(self, site: int) -> bool:
        """Whether every row that an open site reaches has another open site in reach."""
        return bool((self._times[self.rows_of(site)] > 1).all())

    def open(self, site: int) -> None:
        """Open a shut site."""
        rows = self.rows_of(site)
        new = rows[self._times[rows] == 0]
        self._times[rows] += 1
        self.opened[site] = True
        self.covered += np.bincount(self._goal[new], self._weight[new], self.goals)
        self._add(new, -1.0)

    def shut(self, site: int) -> None:
        """Shut an open site."""
        rows = self.rows_of(site)
        self._times[rows] -= 1
        lost = rows[self._times[rows] == 0]
        self.opened[site] = False
        self.covered -= np.bincount(self._goal[lost], self._weight[lost], self.goals)
        self._add(lost, 1.0)

    def set(self, target: Mask) -> None:
        """Open exactly the target sites."""
        for site in np.flatnonzero(self.opened & ~target):
            self.shut(int(site))
        for site in np.flatnonzero(target & ~self.opened):
            self.open(int(site))

    def _add(self, rows: Positions, sign: float) -> None:
        sites, of_entry = self._entries(rows)
        flat = self.gains.reshape(-1)
        np.add.at(flat, sites * self.goals + self._goal[of_entry], sign * self._weight[of_entry])

    def _entries(self, rows: Positions) -> tuple[Positions, Positions]:
        starts = self._row_ends[rows]
        lengths = self._row_ends[rows + 1] - starts
        before = np.cumsum(lengths) - lengths
        index = np.arange(int(lengths.sum())) + np.repeat(starts - before, lengths)
        return self._row_sites[index].astype(np.intp), np.repeat(rows, lengths)


SEED = 20
MOST_RUINED = 8
NOISE = 0.3  # largest share by which gains are lowered at random when a plan is recreated
LEAST_COST = 1e-9  # share of the budget: a site that costs less counts as costing this
LARGEST_LOSS = 0.1  # share of a centre's people that a step may lose at first


@dataclass(frozen=True)
class SearchState:
    """Starting point and limits of a search for a plan.

    Parameters
    ----------
    goals
        Goals in order of priority.
    seconds
        Time limit of the search.
    clock
        Clock of the whole solve.
    rounds
        Rounds of ruin and recreate for each centre; 0 for greedy and exchanges only.
    opened
        A plan to improve; None to start from nothing.
    enough
        Value of each goal beyond which improvement is useless; infinite for no such value.
    """

    goals: tuple[AnyGoal, ...]
    seconds: float
    clock: Clock
    rounds: int = 0
    opened: Positions | None = None
    enough: tuple[float, ...] = ()


Start = Callable[[Problem, SearchState], Positions | None]


class SearchLimits:
    """Limits of count and budget on the sites that may still open."""

    def __init__(self, problem: Problem) -> None:
        self.count = problem.sites if problem.count is None else problem.count
        self.budget = None if problem.budget is None else with_rounding(problem.budget)
        self.cost = np.zeros(problem.sites) if problem.cost is None else problem.cost

    def allows(self, opened: Mask) -> Mask:
        """Flag each shut site that may open now."""
        if int(opened.sum()) >= self.count:
            return np.zeros(len(opened), dtype=bool)
        if self.budget is None:
            return ~opened
        is_affordable: Mask = self.cost <= self.budget - self.cost[opened].sum()
        return ~opened & is_affordable

    def worth(self, gains: Floats, per_pound: bool) -> Floats:
        """Return gains, or gains for each pound if asked for and there is a budget."""
        if self.budget is None or not per_pound:
            return gains
        return gains / np.maximum(self.cost, LEAST_COST * self.budget or 1.0)[:, None]


def best_site(gains: Floats, is_allowed: Mask) -> int | None:
    """Return the allowed site with the largest gain, goal by goal; None if no site gains."""
    sites = np.flatnonzero(is_allowed)
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
    """A search for the sites that cover most people, goal by goal."""

    def __init__(self, problem: Problem, state: SearchState) -> None:
        groups = group_rows(problem.covers, problem.people > 0)
        weights = [groups.total(weights_of(goal, problem)) for goal in state.goals]
        self.counter = CoverageCounter(groups.sites, np.column_stack(weights))
        self.limits = SearchLimits(problem)
        self.keep_mask = open_mask(problem, problem.keep)
        self.random = np.random.default_rng(SEED)
        self.enough = np.array(state.enough or [np.inf] * len(state.goals))
        limits = np.array([goal.limit(problem) for goal in state.goals])
        whole = all(goal.whole(problem) for goal in state.goals if isinstance(goal, Goal))
        self.least_step = np.where(whole, 0.5, 1e-9 * limits)
        self.most = np.minimum(limits, self.enough) - self.least_step
        self.counter.set(
            self.keep_mask if state.opened is None else open_mask(problem, state.opened)
        )

    @property
    def reached(self) -> Floats:
        """Current value of each goal, at most the value that is enough."""
        reached: Floats = np.minimum(self.counter.covered, self.enough)
        return reached

    @property
    def is_done(self) -> bool:
        """Whether no plan can do better."""
        return bool((self.counter.covered >= self.most).all())

    def compare(self, first: Floats, other: Floats) -> int:
        """Return 1 if the first is better, -1 if it is worse, 0 if they are equal."""
        apart = np.flatnonzero(np.abs(first - other) > self.least_step)
        return 0 if not len(apart) else int(np.sign(first[apart[0]] - other[apart[0]]))

    def fill(self, per_pound: bool = False, noise: Floats | None = None) -> list[int]:
        """Open the best site again and again while that gains; return the sites opened."""
        new_sites: list[int] = []
        while True:
            worth = self.limits.worth(self.counter.gains, per_pound)
            if noise is not None:
                worth = worth * noise[:, None]
            site = best_site(worth, self.limits.allows(self.counter.opened))
            if site is None:
                return new_sites
            self.counter.open(site)
            new_sites.append(site)

    def exchange(self, sites: list[int]) -> None:
        """Shut each of some open sites in turn, and open the sites that are then best."""
        for site in sites:
            if not self.counter.opened[site] or self.keep_mask[site]:
                continue
            before = self.reached
            self.counter.shut(site)
            new_sites = self.fill()
            if self.compare(self.reached, before) < 0:
                for other in new_sites:
                    self.counter.shut(other)
                self.counter.open(site)

    def around(self, site: int, number: int) -> list[int]:
        """Return open sites near a site, then random ones if there are too few."""
        free = self.counter.opened & ~self.keep_mask
        near = self.counter.sites_near(site)
        chosen_sites = near[free[near]]
        if len(near) and len(chosen_sites) < number:
            wider = np.unique(np.concatenate([self.counter.sites_near(int(s)) for s in near[:40]]))
            chosen_sites = np.concatenate(
                [chosen_sites, np.setdiff1d(wider[free[wider]], chosen_sites)]
            )
        if len(chosen_sites) < number:
            others = np.setdiff1d(np.flatnonzero(free), chosen_sites)
            more = min(number - len(chosen_sites), len(others))
            chosen_sites = np.concatenate(
                [chosen_sites, self.random.choice(others, more, replace=False)]
            )
        return [int(s) for s in chosen_sites[:number]]

    def shake(self, loss: float) -> None:
        """Ruin the plan around a centre and recreate it; undo the step if too much is lost.

        The first goal that is not reached in full may lose a little, the goals before it nothing
        (threshold accepting, as in Schrimpf and others 2000).
        """
        before, plan = self.reached, self.counter.opened.copy()
        number = int(self.random.integers(1, MOST_RUINED + 1))
        centre = int(self.random.choice(np.flatnonzero(plan & ~self.keep_mask)))
        for site in self.around(centre, number):
            self.counter.shut(site)
        noise = 1 - NOISE * self.random.random(len(plan))
        new_sites = self.fill(bool(self.random.random() < 0.5), noise)
        new_sites += self.fill()
        self.exchange(new_sites)
        lowest = before.copy()
        lowest[self.next_goal(before) :] = -np.inf
        lowest[self.next_goal(before)] = before[self.next_goal(before)] - loss
        negligible = loss < self.least_step[self.next_goal(before)]
        if self.compare(self.reached, before if negligible else lowest) < 0:
            self.counter.set(plan)

    def next_goal(self, reached: Floats) -> int:
        """Return the first goal that is not reached in full."""
        return int(np.argmax(reached < self.most))


def most_covered(problem: Problem, state: SearchState) -> Positions | None:
    """Return sites that cover most people, for the leading goals that count coverage.

    An earlier goal is never given up for a later goal. The plan is returned unchanged (None if
    there is none) if the first goal does not count coverage, or if all such goals are done.
    """
    leading = len(list(takewhile(is_coverage, state.goals)))
    if not leading or state.clock.stage > leading:
        return state.opened
    enough = state.enough[:leading]
    search = Search(problem, replace(state, goals=state.goals[:leading], enough=enough))
    if state.opened is None:
        search.fill(per_pound=True)
        search.fill()
        search.exchange(np.flatnonzero(search.counter.opened).tolist())
    if _suits_compiled_search(problem, state, leading):
        return _search_compiled(search, problem, state)
    best, plan = search.reached, search.counter.opened.copy()
    free = int((plan & ~search.keep_mask).sum())
    steps = state.rounds * free
    clock, end = state.clock, state.clock.seconds + state.seconds
    for step in range(steps):
        if search.is_done or clock.seconds > end or not clock.left:
            break
        loss = LARGEST_LOSS * best[search.next_goal(best)] / free
        search.shake(loss * (1 - step / steps))
        if search.compare(search.reached, best) > 0:
            best, plan = search.reached, search.counter.opened.copy()
        clock.tell(float(best[clock.stage - 1]), None)
    return np.flatnonzero(plan)


COMPILED_ROUNDS = 40  # a search that is given fewer rounds ends before compiled code is loaded
COMPILED_STEPS = 300  # steps for each centre of each compiled search


def _suits_compiled_search(problem: Problem, state: SearchState, leading: int) -> bool:
    """Whether the compiled search applies: one goal, a count and no budget, and many rounds."""
    return (
        leading == len(state.goals) == 1
        and state.rounds >= COMPILED_ROUNDS
        and problem.count is not None
        and problem.budget is None
        and find_spec("numba") is not None
    )


def _search_compiled(search: Search, problem: Problem, state: SearchState) -> Positions:
    # Compiled code loads slowly, so only large problems import it.
    from nhcplanner.models.search import covers  # noqa: PLC0415

    groups = group_rows(problem.covers, problem.people > 0)
    people = groups.total(weights_of(state.goals[0], problem))
    allowed = ~open_mask(problem, problem.forbid)
    clock, end = state.clock, state.clock.seconds + state.seconds

    def start(plan: Mask) -> covers.Cover:
        return covers.start_cover(groups.sites, people, plan, search.keep_mask, allowed)

    def is_over(value: float) -> bool:
        done = value >= search.most[0] or clock.seconds > end or not clock.left
        return clock.tell(value, None) or done

    plan = search.counter.opened.copy()
    steps = COMPILED_STEPS * int((plan & ~search.keep_mask).sum())
    return np.flatnonzero(covers.search_cover(start, plan, steps, is_over))


def is_coverage(goal: AnyGoal) -> bool:
    """Whether a goal counts people in reach."""
    return isinstance(goal, Goal) and goal.weights is not None


def weights_of(goal: AnyGoal, problem: Problem) -> Floats:
    """Return what each row counts for a goal of coverage."""
    if not isinstance(goal, Goal) or goal.weights is None:
        raise TypeError(f"{goal.name} is not a goal of coverage")
    return goal.weights(problem)
