"""Total travel as the only goal, by the compiled search and its search tree."""

from __future__ import annotations

from importlib.util import find_spec

import numpy as np

from nhcplanner.base.arrays import Positions
from nhcplanner.base.clock import Clock
from nhcplanner.models.coverage import open_mask
from nhcplanner.models.goal_types import PLAIN, Goal
from nhcplanner.models.solvers import HIGHS
from nhcplanner.models.stages.level import Hold
from nhcplanner.models.tolerances import has_whole_values, round_bound, slack

LEAST_PAIRS = 20_000  # fewer pairs are solved sooner than the compiled code is loaded
STEPS = 20  # restarts of the search for each centre
LEAST_STEPS, MOST_STEPS = 100, 5_000
ROWS = 50_000  # rows of all nodes between two searches, at first; twice as many each time
CLOSER = 0.99  # of the difference that counts as equal, so that rounding does not exceed it
MOST_EXPONENT = 12.0  # of a journey's cost: sums of larger costs lose the smaller ones
FEWER = 0.5  # of the restarts before the tree, after each part of it


def suits_tree(hold: Hold) -> bool:
    """Whether the tree suits a solve: travel alone, and no rules but a count of centres."""
    problem, model = hold.problem, hold.model
    goal = hold.goals[0] if len(hold.goals) == 1 else None
    return (
        model.prices is not None
        and model.solver == HIGHS  # another solver is a second opinion
        and isinstance(goal, Goal)
        and goal.journeys is not None
        and goal.journeys.kappa * float(problem.minutes.data.max(initial=0.0)) <= MOST_EXPONENT
        and problem.count is not None
        and problem.count > len(problem.keep)
        and problem.budget is None
        and problem.minutes.nnz >= LEAST_PAIRS
        and all(rule.is_of_sites or rule.follows_from_reach for rule in hold.rules_in_force)
        and find_spec("numba") is not None
    )


class TravelSolve:
    """A solve of total travel: a search for a plan, then a tree that proves it or betters it.

    Parameters
    ----------
    hold, clock
        Parts of the solve. Better plans are passed to `hold`.
    gap
        As in `solve`.
    """

    def __init__(self, hold: Hold, clock: Clock, gap: float) -> None:
        # Compiled code loads slowly, so only solves that use it import it.
        from nhcplanner.models.bounds import median_tree  # noqa: PLC0415
        from nhcplanner.models.search import medians, near_sites  # noqa: PLC0415

        goal = hold.goals[0]
        if not isinstance(goal, Goal):
            raise TypeError(f"{goal.name} is not total travel")
        self.hold, self.clock, self.gap, self.goal = hold, clock, gap, goal
        self.bound = goal.limit(hold.problem)
        self.value = hold.value(goal)
        table = near_sites.find_near_sites(hold.problem, cost=goal.journeys or PLAIN)
        self.search = medians.MedianSearch(hold.problem, table, self._is_over)
        self._make_tree = median_tree.MedianTree
        self.tree: median_tree.MedianTree | None = None

    def start(self) -> None:
        """Search for a plan."""
        self.search.start()
        self._take(np.flatnonzero(self.search.state.is_open))
        steps = int(np.clip(STEPS * self.search.more, LEAST_STEPS, MOST_STEPS))
        self.search.restart(steps)
        self._take(np.flatnonzero(self.search.state.is_open))

    def prove(self) -> float:
        """Explore the tree, and search between its parts; return a value that no plan can beat."""
        problem = self.hold.problem
        fixed = -open_mask(problem, problem.forbid).astype(np.int8)
        fixed[list(problem.keep)] = 1
        plan = self.search.state.is_open.copy()
        value = self._score(np.flatnonzero(plan))
        value = value if np.isfinite(value) else self.search.value
        whole = has_whole_values(self.goal, problem, value)
        step = 1.0 if whole else self._step(value)
        self.tree = tree = self._make_tree(
            self.search.table, self.search.more, fixed, plan, value, self._score, step,
            self._is_over,
        )  # fmt: skip
        tree.bound_root(self.search.state)
        steps, nodes = LEAST_STEPS, max(ROWS // max(len(self.search.table.limit), 1), 1)
        seed = 0
        while tree.nodes and not self._is_over():
            tree.explore(nodes)
            nodes, seed = 2 * nodes, seed + STEPS * MOST_STEPS
            if tree.nodes and not self._is_over():
                self.search.restart(max(int(FEWER * STEPS * self.search.more), steps), seed)
                tree.take(self.search.state.is_open.copy())
            self._take(np.flatnonzero(tree.plan))
        self._take(np.flatnonzero(tree.plan))
        return self._bound()

    def _bound(self) -> float:
        if self.tree is not None and np.isfinite(self.tree.bound):
            bound = self.goal.value_of(self.hold.problem, self.tree.bound)
            self.bound = max(self.bound, round_bound(self.goal, self.hold.problem, bound))
        return self.bound

    def _score(self, opened: Positions) -> float:
        """Return the total cost of all journeys, in which the search and the tree count."""
        problem = self.hold.problem
        return self.goal.total_of(problem, self.goal.score(problem, opened))

    def _step(self, total: float) -> float:
        """Return the difference from a total that counts as equal."""
        problem, value = self.hold.problem, self.goal.value_of(self.hold.problem, total)
        room = CLOSER * slack(self.goal, problem, value)
        return self.goal.total_of(problem, value + room) - total

    def _take(self, opened: Positions) -> None:
        if self.hold.take(opened):
            self.value = self.hold.value(self.goal)

    def _is_over(self) -> bool:
        if self.clock.tell(self.value, self._bound()) or not self.clock.left:
            return True
        tree = self.tree
        return (
            tree is not None
            and bool(tree.nodes)
            and tree.value - tree.bound <= (self.gap * tree.value)
        )
