"""Roles: which sites every good plan needs, and which none can afford."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

from nhcplanner.domain.problem import Problem
from nhcplanner.explore.alternatives import Alternatives, holds
from nhcplanner.explore.compose import row, with_rules, without
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
    """Asks whether some good plan does without a site, or has it; remembers the plans shown.

    `doubts` is the number of sites still to be asked about, among which time is shared.
    """

    def __init__(self, problem: Problem, model: Model, found: Alternatives, work: Work) -> None:
        self.problem, self.work = problem, work
        self.good = with_rules(model, *holds(problem, model, found.floors))
        self.plans = [frozenset(plan.opened) for plan in found.plans]
        self.exchanges = Exchanges(problem, self.good, found.plans[0].opened)
        self.doubts = problem.sites

    def spared(self, site: int) -> bool | None:
        """Whether a good plan does without the site; None where time was too short to tell."""
        if site in self.problem.keep:
            return False
        if any(site not in plan for plan in self.plans):
            return True
        return self._ask(without(self.problem, site), f"without site {site}")

    def used(self, site: int) -> bool | None:
        """Whether a good plan has the site; None where time was too short to tell."""
        if any(site in plan for plan in self.plans) or self.exchanges.best(site) is not None:
            return True
        kept = replace(self.problem, keep=tuple(sorted({*self.problem.keep, site})))
        return self._ask(kept, f"with site {site}")

    def _ask(self, problem: Problem, part: str) -> bool | None:
        if self.work.over:
            return None
        plan = self.work.solve(problem, self.good, part, self.doubts, ANY_PLAN)
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
    shares = [sum(site in plan.opened for plan in found.plans) / len(found.plans) for site in sites]
    done = []
    for number, (site, share) in enumerate(zip(sites, shares, strict=True)):
        asker.doubts = sum(share in (0, 1) for share in shares[number:])
        done.append(_role(asker, site, share))
    return tuple(done)


def _role(asker: _Asker, site: int, share: float) -> Role:
    if share == 1:
        spared = asker.spared(site)
        return Role(site, "often" if spared else "always", share, spared is not None)
    if share == 0:
        used = asker.used(site)
        return Role(site, "sometimes" if used else "never", share, used is not None)
    return Role(site, "often" if share >= 0.5 else "sometimes", share, True)
