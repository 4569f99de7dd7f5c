"""Alternative plans that are nearly as good as the best, and how they use each site.

References
----------
Brill ED, Chang SY, Hopkins LD (1982), Modeling to generate alternatives: the HSJ approach and an
illustration using a problem in land use planning, Management Science 28(3).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np

from nhcplanner.base.arrays import Positions
from nhcplanner.base.errors import InputError
from nhcplanner.base.text import plural
from nhcplanner.domain.plan import Plan, Stage
from nhcplanner.domain.problem import Problem
from nhcplanner.domain.verdict import Verdict, percent
from nhcplanner.explore.exchange import Exchanges
from nhcplanner.explore.subproblems import (
    Progress,
    Work,
    differ_from,
    find_only_centres,
    get_model,
    with_rules,
    without,
    without_reason,
)
from nhcplanner.models import Model
from nhcplanner.models.goal_types import AnyGoal, Goal
from nhcplanner.models.rule_types import Rule
from nhcplanner.models.search.coverage import SearchState
from nhcplanner.models.tolerances import has_whole_values, hold_goal

ROUNDING = 1e-6


@dataclass(frozen=True)
class Near:
    """Limits on alternatives.

    Parameters
    ----------
    within
        Largest share by which a plan may be worse than the best possible, on each goal.
    differ
        Smallest number of centres of every earlier plan that each plan leaves out.
    number
        Largest number of plans, including the best.
    """

    within: float = 0.02
    differ: int = 2
    number: int = 10

    def __post_init__(self) -> None:
        faults = []
        if not 0 <= self.within < 1:
            faults.append(f"within must be a share from 0 to below 1, not {self.within}")
        for name in ("differ", "number"):
            value = getattr(self, name)
            if value < 1 or value % 1:
                faults.append(f"{name} must be a whole number of 1 or more, not {value}")
        if faults:
            raise InputError(faults)


@dataclass(frozen=True)
class Floor:
    """Guarantee of all alternatives on one goal.

    Parameters
    ----------
    stage
        The goal in the best plan, with its bound.
    level
        Value that every alternative reaches at least, or at most if less is better.
    """

    stage: Stage
    level: float

    @property
    def words(self) -> str:
        """The guarantee in words."""
        stage = self.stage
        ends = ("at least", "more") if stage.sense == "most" else ("at most", "less")
        return (
            f"{stage.goal}: {ends[0]} {self.level:,.10g} {stage.unit} in every plan; "
            f"no plan can reach {ends[1]} than {stage.bound:,.10g}"
        )


@dataclass(frozen=True, eq=False)
class Alternatives:
    """Different plans, each within a share of the best possible.

    Parameters
    ----------
    near
        Limits on alternatives.
    best
        The best plan found, with the bounds.
    plans
        Plans with the guarantee, the best plan first. Empty if even the best plan is not proved
        near enough to the best possible.
    floors
        The guarantee on each goal, relative to what any plan can reach, not to the best plan
        found. For a later goal it is relative to plans that keep the earlier goals as `best` does.
        Goals that are not whole numbers are held to one part in a million.
    complete
        Whether all plans were found, or it is proved that there is no further plan.
    seconds
        Time of all searches.
    """

    near: Near
    best: Plan
    plans: tuple[Plan, ...]
    floors: tuple[Floor, ...]
    complete: bool
    seconds: float

    @property
    def words(self) -> str:
        """The guarantee in words."""
        if not self.best.stages:
            return self.best.reason or "The model has no goal to compare plans by"
        share = f"{self.near.within * 100:.3g}%"
        if not self.plans:
            gap = Verdict.of(self.best).gap
            far = "how far from it the best one found may be is not known"
            if gap is not None:
                far = f"the best one found may be {percent(gap)} from it"
            return (
                f"No plan is proved within {share} of the best possible: {far}. "
                "Allow more time, or a larger share"
            )
        text = (
            f"{plural(len(self.plans), 'plan')} within {share} of the best possible on every goal"
        )
        if len(self.plans) > 1:
            number = plural(self.near.differ, "centre")
            text += f". Each leaves out at least {number} of every plan before it"
        if not self.complete:
            return f"{text}. The search was cut short"
        fewer = len(self.plans) < self.near.number
        return f"{text}. No further plan exists" if fewer else text


def alternatives(
    problem: Problem,
    model: Model | str,
    near: Near | None = None,
    *,
    best: Plan | None = None,
    time_limit: float = 300.0,
    progress: Progress | None = None,
) -> Alternatives:
    """Return plans that differ and are all nearly as good as the best possible.

    Each plan is the best, by the model's goals in order, of the plans that are near enough to the
    best possible and differ enough from all earlier plans, as far as time allows (Brill, Chang and
    Hopkins 1982).

    Parameters
    ----------
    problem, model
        As in `solve`.
    near
        Limits on alternatives; by default within 2%, 2 centres different and 10 plans.
    best
        The model's plan for the problem, if it is known already.
    time_limit
        Seconds for all plans together.
    progress
        As in `solve`, with the number of the plan before the goal's name.

    Returns
    -------
    Alternatives
        The plans, the best first, and what all of them are sure to reach.

    Raises
    ------
    InputError
        For a model that is not in the catalogue.

    Examples
    --------
    >>> problem = Problem.from_minutes([[5, 99], [99, 5]], people=[100, 99], count=1)
    >>> found = alternatives(problem, "max_coverage", Near(within=0.01, differ=1))
    >>> [plan.opened for plan in found.plans], found.floors[0].level
    ([(0,), (1,)], 99.0)
    """
    near = near or Near()
    work, base = Work(time_limit, progress), get_model(model)
    if best is None:
        best = work.solve(problem, base, "plan 1", near.number)
    goals = base.goals(problem)
    floors = tuple(
        Floor(stage, _level(goal, problem, stage, near.within))
        for goal, stage in zip(goals, best.stages, strict=False)
    )
    good = with_rules(base, *hold_floors(problem, base, floors))
    opened = np.array(best.opened, dtype=np.intp)
    fits = bool(floors) and all(rule.is_kept(problem, opened) for rule in good.rules)
    plans = [best] if fits else []
    complete = best.status == "infeasible"
    while plans and len(plans) < near.number and not work.over:
        other = _apart(without_reason(good), [plan.opened for plan in plans], near.differ)
        parts = near.number - len(plans)
        plan = work.solve(problem, other, f"plan {len(plans) + 1}", parts)
        complete = plan.status == "infeasible"
        if not plan.stages:
            break
        plans.append(plan)
    complete = complete or len(plans) == near.number
    return Alternatives(near, best, tuple(plans), floors, complete, work.seconds)


def hold_floors(problem: Problem, model: Model, floors: Sequence[Floor]) -> tuple[Rule, ...]:
    """Return the rules that hold the goals of a model at their floors."""
    pairs = zip(model.goals(problem), floors, strict=False)
    return tuple(hold_goal(goal, floor.level) for goal, floor in pairs)


def _level(goal: AnyGoal, problem: Problem, stage: Stage, within: float) -> float:
    """Return the worst value within a share of the bound; whole if values are whole."""
    bound = math.inf if stage.bound is None else stage.bound
    whole = isinstance(goal, Goal) and has_whole_values(goal, problem, bound)
    if goal.sense == "most":
        level = (1 - within) * bound
        return float(math.ceil(level - ROUNDING)) if whole else level
    level = (1 + within) * bound
    return float(math.floor(level + ROUNDING)) if whole else level


def _apart(model: Model, plans: Sequence[tuple[int, ...]], number: int) -> Model:
    """Return the model for a plan that differs from some plans, with a search away from them."""
    own = model.start

    def start(problem: Problem, state: SearchState) -> Positions | None:
        if own is None:
            return None
        shut = _dispensable(problem, plans, number)
        return own(replace(problem, forbid=tuple(sorted({*problem.forbid, *shut}))), state)

    return replace(with_rules(model, *(differ_from(plan, number) for plan in plans)), start=start)


def _dispensable(problem: Problem, plans: Sequence[tuple[int, ...]], number: int) -> set[int]:
    """Return `number` sites of each plan: the only centres of the fewest people."""
    shut: set[int] = set()
    for opened in plans:
        only = find_only_centres(problem, opened)
        people = np.bincount(only[only >= 0], problem.people[only >= 0], problem.sites)
        free = sorted(set(opened) - set(problem.keep) - shut, key=lambda j: (people[j], j))
        shut |= set(free[: max(number - len(shut & set(opened)), 0)])
    return shut


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
        "always": every good plan opens it. "never": no good plan opens it. "often": half of the
        alternatives or more open it, but not every good plan. "sometimes": fewer alternatives
        open it, or none although some good plan does.
    share
        Share of the alternatives that open it.
    proved
        Whether "always" or "never" holds for all good plans, not only for the known plans.
    """

    site: int
    use: Use
    share: float
    proved: bool


class _RoleQuestions:
    """Search for good plans that use a site differently from all alternatives.

    Such a plan leaves out a site that all alternatives open, or opens a site that none opens.
    """

    def __init__(self, problem: Problem, model: Model, near_best: Alternatives, work: Work) -> None:
        self.problem, self.work = problem, work
        good = with_rules(model, *hold_floors(problem, model, near_best.floors))
        self.good = without_reason(good)
        self.plans = [frozenset(plan.opened) for plan in near_best.plans]
        self.exchanges = Exchanges(problem, self.good, near_best.plans[0].opened)

    def answer(self, site: int, has: bool) -> bool | None:
        """Return the answer if known plans or one exchange give it; otherwise None."""
        if any((site in plan) != has for plan in self.plans):
            return True
        if has:
            return False if site in self.problem.keep else None
        exchange = self.exchanges.best(site)
        if exchange is None:
            return None
        # the exchanged plan is good too, so that the centre it closes is not in every good plan
        self.plans.append((self.plans[0] - {exchange.out}) | {site})
        return True

    def solve(self, site: int, has: bool, parts: int) -> bool | None:
        """Return the answer of a solve; None if time is too short."""
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
    near_best: Alternatives,
    *,
    time_limit: float = 300.0,
    progress: Progress | None = None,
) -> tuple[Role, ...]:
    """Return how good plans use each site.

    For a site in all alternatives, search for a good plan without it; for a site in none, for a
    good plan with it. Each search ends with a plan, a proof that there is none, or the time limit.

    Parameters
    ----------
    problem, model
        Problem and model of the alternatives.
    near_best
        The alternatives.
    time_limit
        Seconds for all sites together.
    progress
        As in `solve`, with the site before the goal's name.

    Returns
    -------
    tuple of Role
        One for each site that is not forbidden, by position; empty if there are no alternatives.

    Examples
    --------
    >>> from nhcplanner.explore.alternatives import Near, alternatives
    >>> problem = Problem.from_minutes([[5, 99], [99, 5]], people=[100, 40], count=1)
    >>> found = alternatives(problem, "max_coverage", Near(within=0.1, differ=1))
    >>> [(role.use, role.proved) for role in roles(problem, "max_coverage", found)]
    [('always', True), ('never', True)]
    """
    if not near_best.plans:
        return ()
    questions = _RoleQuestions(problem, get_model(model), near_best, Work(time_limit, progress))
    sites = [site for site in range(problem.sites) if site not in set(problem.forbid)]
    shares = {
        site: sum(site in plan.opened for plan in near_best.plans) / len(near_best.plans)
        for site in sites
    }
    absent_first = sorted(shares, key=lambda site: shares[site] > 0)
    against = {site: questions.answer(site, shares[site] > 0) for site in absent_first}
    doubts = [site for site, answer in against.items() if answer is None]
    for left, site in zip(range(len(doubts), 0, -1), doubts, strict=True):
        has = shares[site] > 0
        against[site] = questions.answer(site, has) or questions.solve(site, has, left)
    return tuple(_role(site, share, against[site]) for site, share in shares.items())


def _role(site: int, share: float, against: bool | None) -> Role:
    if share in (0, 1) and not against:
        return Role(site, "always" if share else "never", share, against is not None)
    return Role(site, "often" if share >= 0.5 else "sometimes", share, True)
