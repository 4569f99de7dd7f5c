"""Losses: what it costs when a site of the plan cannot be had."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

import numpy as np

from nhcplanner.domain.plan import Plan
from nhcplanner.domain.problem import Problem
from nhcplanner.explore.compose import quick, rank, row, warm, without
from nhcplanner.explore.price import Price, prices
from nhcplanner.explore.work import Progress, Work
from nhcplanner.models import Model


@dataclass(frozen=True, eq=False)
class Loss:
    """The best that can be done without a site.

    Parameters
    ----------
    site
        Its position.
    plan
        The plan without it; "infeasible" where no plan keeps the rules without it.
    instead
        Sites that then open and did not before.
    prices
        What is lost on each goal, with bounds; empty where there is no plan without the site.
    """

    site: int
    plan: Plan
    instead: tuple[int, ...]
    prices: tuple[Price, ...]


def losses(
    problem: Problem,
    model: Model | str,
    plan: Plan,
    *,
    sites: Iterable[int] | None = None,
    time_limit: float = 300.0,
    progress: Progress | None = None,
) -> tuple[Loss, ...]:
    """Plan again without each site of a plan in turn, as if its landlord said no.

    Parameters
    ----------
    problem, model
        What the plan was made for.
    plan
        The plan.
    sites
        Positions of the sites to lose; all that the plan opens by default.
    time_limit
        Seconds for all of them.
    progress
        As in `solve`, with the site before the goal's name.

    Returns
    -------
    tuple of Loss
        In order of the sites; fewer where time or the caller cut it short.

    Examples
    --------
    >>> from nhcplanner.models import solve
    >>> problem = Problem.from_minutes([[5, 99], [99, 5]], people=[30, 20], count=1)
    >>> [loss] = losses(problem, "max_coverage", solve(problem, "max_coverage"))
    >>> loss.instead, loss.prices[0].lost
    ((1,), 10.0)
    """
    work, base = Work(time_limit, progress), quick(row(model))
    wanted = plan.opened if sites is None else tuple(sites)
    done: list[Loss] = []
    for number, site in enumerate(wanted):
        if work.over:
            break
        rest = tuple(j for j in plan.opened if j != site)
        part = f"without site {site}"
        best = work.solve(without(problem, site), warm(base, rest), part, len(wanted) - number)
        if best.status != "stopped":
            best = _nearest(without(problem, site), base, best, rest)
            instead = tuple(sorted(set(best.opened) - set(rest)))
            done.append(Loss(site, best, instead, prices(best, plan)))
    return tuple(done)


def _nearest(problem: Problem, model: Model, best: Plan, rest: tuple[int, ...]) -> Plan:
    """The plan with each change from the rest undone that gains nothing on any goal.

    Where the model says who goes where, the plan stays as it is, for that would change too.
    """
    opened = set(best.opened)
    if not opened or best.assignment is not None:
        return best
    aim = rank(problem, model, np.array(best.opened, dtype=np.intp))
    for new in best.opened:
        for old in sorted(set(rest) - opened) if new not in rest else ():
            other = np.array(sorted(opened - {new} | {old}), dtype=np.intp)
            keeps = all(rule.kept(problem, other) for rule in model.rules)
            if keeps and rank(problem, model, other) == aim:
                opened = set(other.tolist())
                break
    return replace(best, opened=tuple(sorted(opened)))
