"""Robustness: how a plan fares where the world turns out different."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from nhcplanner.domain.plan import Plan, Stage
from nhcplanner.domain.problem import Problem
from nhcplanner.explore.compose import quick, row, warm
from nhcplanner.explore.people import people_by_band, reached
from nhcplanner.explore.price import Price
from nhcplanner.explore.work import Progress, Work
from nhcplanner.models import Model


@dataclass(frozen=True, eq=False)
class Tried:
    """A plan in one case.

    Parameters
    ----------
    name
        Of the case.
    by_band
        Band -> people whom the plan reaches there, without sites that the case forbids.
    people
        All of them.
    best
        The plan made for that case alone.
    prices
        What the plan reaches less than that, goal by goal; empty where the case has no plan.
    """

    name: str
    by_band: dict[int, float]
    people: float
    best: Plan
    prices: tuple[Price, ...]


@dataclass(frozen=True, eq=False)
class Robustness:
    """A plan in many cases.

    Parameters
    ----------
    tried
        One a case.
    opens
        Site -> share of the cases that allow it whose own plan opens it: how often a site of the
        plan stays, and which others come in. Sites of the plan come first.
    complete
        False where time or the caller cut it short: cases may be missing.
    """

    tried: tuple[Tried, ...]
    opens: dict[int, float]
    complete: bool


def robustness(
    cases: Mapping[str, Problem],
    model: Model | str,
    plan: Plan,
    *,
    time_limit: float = 600.0,
    progress: Progress | None = None,
) -> Robustness:
    """Try a plan in other cases, and plan each case afresh to compare.

    Parameters
    ----------
    cases
        Name -> problem with the same sites, for instance of `other_reach`, `hle_draws`,
        `other_people`, `site_failures`, or with another mode's minutes.
    model
        What the plan was made by; each case is planned by it too.
    plan
        The plan.
    time_limit
        Seconds for all cases.
    progress
        As in `solve`, with the case before the goal's name.

    Returns
    -------
    Robustness
        The cases that there was time for.

    Examples
    --------
    >>> from nhcplanner.explore.cases import other_reach
    >>> from nhcplanner.models import solve
    >>> problem = Problem.from_minutes([[5, 99], [25, 8]], people=[60, 50], count=1)
    >>> plan = solve(problem, "max_coverage")
    >>> found = robustness(other_reach(problem, [10, 30]), "max_coverage", plan)
    >>> [(case.name, case.people) for case in found.tried], found.opens
    ([('10 minutes', 60.0), ('30 minutes', 110.0)], {0: 1.0})
    """
    work, base = Work(time_limit, progress), quick(row(model))
    tried: list[Tried] = []
    for name, problem in cases.items():
        if work.over:
            break
        best = work.solve(problem, warm(base, plan.opened), name, len(cases) - len(tried))
        if best.status == "stopped":
            break
        tried.append(_tried(name, problem, base, plan, best))
    opens = _opens([cases[case.name] for case in tried], [case.best for case in tried], plan)
    return Robustness(tuple(tried), opens, len(tried) == len(cases) and not work.stopped)


def _tried(name: str, problem: Problem, model: Model, plan: Plan, best: Plan) -> Tried:
    opened = np.setdiff1d(plan.opened, problem.forbid).astype(np.intp)
    by_band = people_by_band(problem, reached(problem, opened))
    prices = []
    for goal, stage in zip(model.goals(problem), best.stages, strict=False):
        value = goal.score(problem, opened)
        here = Stage(goal.name, value, value, 0.0, goal.sense, goal.unit)
        prices.append(Price(here, stage))
    return Tried(name, by_band, sum(by_band.values()), best, tuple(prices))


def _opens(problems: list[Problem], plans: list[Plan], plan: Plan) -> dict[int, float]:
    others = {site for best in plans for site in best.opened} - set(plan.opened)
    shares = {}
    for site in (*plan.opened, *sorted(others)):
        allowed = [
            best for p, best in zip(problems, plans, strict=True) if site not in set(p.forbid)
        ]
        if allowed:
            shares[site] = sum(site in best.opened for best in allowed) / len(allowed)
    return shares
