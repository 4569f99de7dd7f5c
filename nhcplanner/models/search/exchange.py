"""Exchanges of one site for another that better a plan, for goals that count people in reach.

References
----------
Teitz MB, Bart P (1968), Heuristic methods for estimating the generalized vertex median of a
weighted graph, Operations Research 16(5): exchanges of one site for another.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from nhcplanner.base.arrays import Positions
from nhcplanner.domain.problem import Problem
from nhcplanner.models.coverage import group_rows, open_mask
from nhcplanner.models.goal_types import AnyGoal
from nhcplanner.models.search.coverage import CoverageCounter, is_coverage, weights_of
from nhcplanner.models.tolerances import ROUNDING

MOST_SITES = 20
"""Sites that are tried in place of each open site: rules may refuse the best."""


def better_exchanges(
    problem: Problem, goals: Sequence[AnyGoal], opened: Positions
) -> Iterator[Positions]:
    """Yield plans that one exchange makes better by the goals in order, the best first.

    A site opens in place of another, or as well. Nothing is yielded if a goal does not count
    people in reach.

    Parameters
    ----------
    problem
        Problem of the plan. Its count and budget and the model's rules are not considered; the
        caller checks them.
    goals
        Goals in order of priority.
    opened
        Sites of the plan.

    Examples
    --------
    >>> from nhcplanner.models.goals import cover_most
    >>> problem = Problem.from_minutes([[5, 99], [99, 5]], people=[20, 30], count=1)
    >>> next(better_exchanges(problem, [cover_most()], np.array([0])), None)
    array([0, 1])
    """
    if not goals or not all(is_coverage(goal) for goal in goals):
        return
    groups = group_rows(problem.covers, problem.people > 0)
    weights = np.column_stack([groups.total(weights_of(goal, problem)) for goal in goals])
    counter = CoverageCounter(groups.sites, weights)
    counter.set(open_mask(problem, opened))
    sites = np.setdiff1d(np.flatnonzero(~counter.opened), problem.forbid)
    before = counter.covered.copy()
    rounding = ROUNDING * np.maximum(before, 1.0)
    exchanges: list[tuple[list[float], int, int]] = []
    for out in [-1, *np.setdiff1d(opened, problem.keep).tolist()]:
        if out >= 0:
            counter.shut(out)
        gains = counter.gains[sites] + counter.covered - before
        if out >= 0:
            counter.open(out)
        gains[np.abs(gains) <= rounding] = 0.0
        first = np.argmax(gains != 0, axis=1)
        is_better = gains[np.arange(len(sites)), first] > 0
        better, new = gains[is_better], sites[is_better]
        order = np.lexsort(-better.T[::-1])[:MOST_SITES].tolist()
        exchanges += [(better[row].tolist(), out, int(new[row])) for row in order]
    for _, out, site in sorted(exchanges, key=lambda exchange: exchange[0], reverse=True):
        yield np.union1d(opened[opened != out], [site])
