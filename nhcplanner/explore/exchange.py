"""Exchanges: the effect on the goals when a site joins a plan, alone or instead of a centre.

References
----------
Teitz MB, Bart P (1968), Heuristic methods for estimating the generalized vertex median of a
weighted graph, Operations Research 16(5): exchanges of one site for another.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import sparse

from nhcplanner.base.arrays import Floats
from nhcplanner.domain.plan import Sense
from nhcplanner.domain.problem import Problem
from nhcplanner.explore.subproblems import find_only_centres, flag_reached_rows
from nhcplanner.models import Model
from nhcplanner.models.goal_types import AnyGoal, Goal


@dataclass(frozen=True)
class Change:
    """Value of a goal before and after an exchange.

    Parameters
    ----------
    goal
        As in `Stage`.
    before, after
        Values.
    sense, unit
        As in `Stage`.
    """

    goal: str
    before: float
    after: float
    sense: Sense
    unit: str

    @property
    def gain(self) -> float:
        """Improvement; below 0 if the value gets worse."""
        return self.after - self.before if self.sense == "most" else self.before - self.after


@dataclass(frozen=True)
class Exchange:
    """A site that joins a plan.

    Parameters
    ----------
    out
        The centre that shuts for it; None if the rules allow both.
    changes
        Change of each goal, in order of priority.
    """

    out: int | None
    changes: tuple[Change, ...]


class Exchanges:
    """Every way to add a site to a plan.

    Parameters
    ----------
    problem, model
        Problem and model of the plan.
    opened
        Positions of the plan's sites.
    """

    def __init__(self, problem: Problem, model: Model, opened: tuple[int, ...]) -> None:
        self.problem, self.model = problem, model
        self.opened = np.array(opened, dtype=np.intp)
        self.outs = np.setdiff1d(self.opened, problem.keep)
        self.goals = model.goals(problem)
        self.before = np.array([goal.score(problem, self.opened) for goal in self.goals])
        self.signs = np.array([1.0 if goal.sense == "most" else -1.0 for goal in self.goals])
        weights = _weights(problem, self.goals)
        self._cover = None if weights is None else _Cover(problem, self.opened, weights)

    def best(self, site: int) -> Exchange | None:
        """Return the best exchange for a site, by the goals in order; None if none is allowed.

        If the rules allow the site in addition to all others, no centre shuts.
        """
        if self._keeps_rules(self._with(site)):
            return self._exchange(None, self._gain(site, None))
        if self._cover is not None:
            gains = self._cover.swaps(site, self.outs)
        else:
            gains = np.array([self._gain(site, int(out)) for out in self.outs])
        for number in np.lexsort(-gains.T[::-1]) if gains.size else range(len(self.outs)):
            out = int(self.outs[number])
            if self._keeps_rules(self._with(site, out)):
                return self._exchange(out, gains[number])
        return None

    def _gain(self, site: int, out: int | None) -> Floats:
        plan = self._with(site, out)
        after = np.array([goal.score(self.problem, plan) for goal in self.goals])
        gain: Floats = self.signs * (after - self.before)
        return gain

    def _with(self, site: int, out: int | None = None) -> npt.NDArray[np.intp]:
        return np.union1d(self.opened[self.opened != (-1 if out is None else out)], [site])

    def _keeps_rules(self, opened: npt.NDArray[np.intp]) -> bool:
        return all(rule.is_kept(self.problem, opened) for rule in self.model.rules)

    def _exchange(self, out: int | None, gain: Floats) -> Exchange:
        after = self.before + self.signs * gain
        rows = zip(self.goals, self.before.tolist(), after.tolist(), strict=True)
        return Exchange(out, tuple(Change(g.name, a, b, g.sense, g.unit) for g, a, b in rows))


class _Cover:
    """Gains of all exchanges together, for goals that count people in reach."""

    def __init__(self, problem: Problem, opened: npt.NDArray[np.intp], weights: Floats) -> None:
        self._covers = sparse.csc_array(problem.covers)
        self._weights = weights
        self._is_unreached = ~flag_reached_rows(problem, opened)
        self._only = find_only_centres(problem, opened)
        self._adds: Floats = problem.covers.T @ (weights * self._is_unreached[:, None])
        self._people_of_only_centre = np.zeros((problem.sites, weights.shape[1]))
        some = self._only >= 0
        np.add.at(self._people_of_only_centre, self._only[some], weights[some])

    def swaps(self, site: int, outs: npt.NDArray[np.intp]) -> Floats:
        """Return gains (site to shut x goal) when a site opens and another shuts."""
        ends = self._covers.indptr
        rows = self._covers.indices[ends[site] : ends[site + 1]]
        rows = rows[self._only[rows] >= 0]
        also_in_reach = np.zeros_like(self._people_of_only_centre)
        np.add.at(also_in_reach, self._only[rows], self._weights[rows])
        net: Floats = self._adds[site] - self._people_of_only_centre[outs] + also_in_reach[outs]
        return net


def _weights(problem: Problem, goals: tuple[AnyGoal, ...]) -> Floats | None:
    """Return weights, row x goal; None if a goal does not count people in reach."""
    columns = [
        goal.weights(problem)
        for goal in goals
        if isinstance(goal, Goal) and goal.weights is not None
    ]
    if not columns or len(columns) < len(goals):
        return None
    return np.column_stack(columns)
