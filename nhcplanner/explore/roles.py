"""Roles: which sites every good plan needs, and which none can afford."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

from nhcplanner.domain.problem import Problem
from nhcplanner.explore.alternatives import Alternatives, holds
from nhcplanner.explore.compose import quick, row, with_rules, without
from nhcplanner.explore.exchange import Exchanges
from nhcplanner.explore.work import Progress, Work
from nhcplanner.models import Model

Use = Literal["always", "often", "sometimes", "never"]

ANY_PLAN = 0.999  # a gap at which a solve ends with the first plan it finds


@dataclass(frozen=True)
class Role:
    """How good plans use a site.

    A good plan is one that reaches the floors of the alternatives.

    Parameters
    ----------
    site
        Its position.
    use
        "always": open in every good plan. "never": in none. "often": in half of the
        alternatives or more, though some good plan does without it. "sometimes": in fewer, or in
        none of them though some good plan has it.
    share
        Share of the alternatives that open it.
    proved
        False where "always" or "never" is only what the plans at hand show.
    """

    site: int
    use: Use
    share: float
    proved: bool


class _Asker:
    """Finds out whether some good plan goes against the alternatives on a site.

    Against: without a site that all of them have, or with one that none has.
    """

    def __init__(self, problem: Problem, model: Model, found: Alternatives, work: Work) -> None:
        self.problem, self.work = problem, work
        self.good = quick(with_rules(model, *holds(problem, model, found.floors)))
        self.plans = [frozenset(plan.opened) for plan in found.plans]
        self.exchanges = Exchanges(problem, self.good, found.plans[0].opened)

    def shown(self, site: int, has: bool) -> bool | None:
        """The answer where plans at hand, or one exchange, give it; None where they do not."""
        if any((site in plan) != has for plan in self.plans):
            return True
        if has:
            return False if site in self.problem.keep else None
        return True if self.exchanges.best(site) is not None else None

    def ask(self, site: int, has: bool, parts: int) -> bool | None:
        """The answer from a solve; None where time is too short to tell."""
        if self.work.over:
            return None
        if has:
            problem, part = without(self.problem, site), f"without site {site}"
        else:
            keep = tuple(sorted({*self.problem.keep, site}))
            problem, part = replace(self.problem, keep=keep), f"with site {site}"
        plan = self.work.solve(problem, self.good, part, parts, ANY_PLAN)
        if plan.stages:
            self.plans.append(frozenset(plan.opened))
            return True
        return False if plan.status == "infeasible" else None


def roles(
    problem: Problem,
    model: Model | str,
    found: Alternatives,
    *,
    time_limit: float = 300.0,
    progress: Progress | None = None,
) -> tuple[Role, ...]:
    """Say for each site how good plans use it.

    For a site in all alternatives a good plan without it is sought; for a site in none, a good
    plan with it. Each search ends with a plan, with a proof that there is none, or with time up.

    Parameters
    ----------
    problem, model
        What the alternatives were made for.
    found
        The alternatives.
    time_limit
        Seconds for all sites together.
    progress
        As in `solve`, with the site before the goal's name.

    Returns
    -------
    tuple of Role
        One for each site that is not forbidden, by position; empty where there are no
        alternatives.

    Examples
    --------
    >>> from nhcplanner.explore.alternatives import Near, alternatives
    >>> problem = Problem.from_minutes([[5, 99], [99, 5]], people=[100, 40], count=1)
    >>> found = alternatives(problem, "max_coverage", Near(within=0.1, differ=1))
    >>> [(role.use, role.proved) for role in roles(problem, "max_coverage", found)]
    [('always', True), ('never', True)]
    """
    if not found.plans:
        return ()
    asker = _Asker(problem, row(model), found, Work(time_limit, progress))
    sites = [site for site in range(problem.sites) if site not in set(problem.forbid)]
    shares = {
        site: sum(site in plan.opened for plan in found.plans) / len(found.plans) for site in sites
    }
    against = {site: asker.shown(site, share > 0) for site, share in shares.items()}
    doubts = [site for site, answer in against.items() if answer is None]
    for number, site in enumerate(doubts):
        has = shares[site] > 0
        against[site] = asker.shown(site, has) or asker.ask(site, has, len(doubts) - number)
    return tuple(_role(site, share, against[site]) for site, share in shares.items())


def _role(site: int, share: float, against: bool | None) -> Role:
    if share in (0, 1) and not against:
        return Role(site, "always" if share else "never", share, against is not None)
    return Role(site, "often" if share >= 0.5 else "sometimes", share, True)
