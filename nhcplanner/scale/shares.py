"""Shares: how many centres, and how much money, each part of a place is planned with."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from nhcplanner.domain.errors import Fault, InputError
from nhcplanner.domain.problem import Problem
from nhcplanner.scale.parts import Part

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Limits = tuple[int | None, float | None]

SHARES = ("each", "people", "first_band")
"""`each`: the scenario's count and budget are those of every part. `people`, `first_band`: they
are shared out by people, or by people of band 1."""


def shared_out(count: int, weight: Floats, already: Ints, most: Ints) -> Ints:
    """Share centres out in proportion, as seats are shared in a parliament (Sainte-Lague).

    Centres that are open already stay where they are and count; each further one goes to the
    part that has most weight for each centre, its next counted half. No part has more than it has
    sites for.

    Parameters
    ----------
    count
        Centres in all.
    weight
        Of each part: its people, or those of band 1.
    already, most
        Of each part: centres open already, and sites that may be open.

    Returns
    -------
    array of int
        Centres of each part; together `count`, or fewer where there are not so many sites.

    Raises
    ------
    InputError
        Where more centres than that are open already.

    Examples
    --------
    >>> shared_out(7, np.array([300.0, 200, 100]), np.array([0, 0, 3]), np.array([9, 9, 9]))
    array([2, 2, 3])
    """
    given = already.copy()
    left = count - int(given.sum())
    if left < 0:
        words = f"count is {count}, but {given.sum()} centres are open or committed already"
        raise InputError([Fault(words, "scenario", column="count")])
    for _ in range(left):
        claim = np.where(given < most, weight / (given + 0.5), -1.0)
        next_one = int(claim.argmax())
        if claim[next_one] <= 0:
            break
        given[next_one] += 1
    return given


def limits_of(problem: Problem, parts: Sequence[Part], share: str) -> list[Limits]:
    """How many centres and how many pounds each part is planned with, for its own sites.

    Parameters
    ----------
    problem
        The whole question: its count and budget.
    parts
        Of `parts_of`.
    share
        One of `SHARES`. Pounds are shared out once committed sites are paid for where they are.

    Returns
    -------
    list of tuple
        Count and budget of each part; None where there is no limit.

    Raises
    ------
    InputError
        Where there is no such share, nothing to share, or nobody to share out by.
    """
    _check(problem, share)
    if share == "each":
        return [(problem.count, problem.budget)] * len(parts)
    weight = np.array([_weight(problem, part, share) for part in parts])
    if not weight.sum() > 0:
        raise InputError([Fault("nobody is there to share out by", "--share")])
    counts: list[int | None] = [None] * len(parts)
    budgets: list[float | None] = [None] * len(parts)
    keep, forbid = list(problem.keep), list(problem.forbid)
    if problem.count is not None:
        already = np.array([np.isin(part.own, keep).sum() for part in parts])
        most = np.array([(~np.isin(part.own, forbid)).sum() for part in parts])
        counts = list(map(int, shared_out(problem.count, weight, already, most)))
    if problem.budget is not None and problem.cost is not None:
        spent = np.array([problem.cost[np.intersect1d(part.own, keep)].sum() for part in parts])
        given = spent + (problem.budget - spent.sum()) * weight / weight.sum()
        budgets = list(map(float, given))
    return list(zip(counts, budgets, strict=True))


def _check(problem: Problem, share: str) -> None:
    if share not in SHARES:
        mend = f"Use one of {', '.join(SHARES)}"
        raise InputError([Fault(f"there is no share '{share}'", "--share", mend=mend)])
    if share != "each" and problem.count is None and problem.budget is None:
        mend = "Set count or budget, for instance --set count=42"
        raise InputError([Fault("there is nothing to share out", "--share", mend=mend)])


def _weight(problem: Problem, part: Part, share: str) -> float:
    people = problem.people[part.rows]
    return float(people.sum() if share == "people" else people[problem.bands[part.rows] == 1].sum())
