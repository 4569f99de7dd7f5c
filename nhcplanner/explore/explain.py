"""Reasons for a plan: gains of each site, losses without a site, and the price of priority."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from nhcplanner.domain.plan import Plan
from nhcplanner.domain.problem import Problem
from nhcplanner.explore.exchange import Exchange, Exchanges
from nhcplanner.explore.subproblems import (
    Price,
    Progress,
    Work,
    find_only_centres,
    flag_reached_rows,
    get_model,
    prices,
    rank,
    reached_by_band,
    with_start,
    without,
    without_reason,
)
from nhcplanner.models import GOALS, Model
from nhcplanner.models.capacity.rule import allocation_of
from nhcplanner.models.catalogue import model_of_goals


@dataclass(frozen=True)
class Centre:
    """A site that the plan opens.

    Parameters
    ----------
    site
        Its position.
    reaches
        Band -> people within its reach; band 0 is for people in no band.
    only
        Band -> people within reach of it and of no other centre.
    must
        Whether it must stay open.
    """

    site: int
    reaches: dict[int, float]
    only: dict[int, float]
    must: bool


@dataclass(frozen=True)
class Candidate:
    """A site that the plan leaves shut.

    Parameters
    ----------
    site
        Its position.
    reaches
        Band -> people within its reach.
    adds
        Band -> people within reach of it but of no centre, whom it would add to the plan.
    exchange
        The best way to open it; None if the rules allow no exchange.
    """

    site: int
    reaches: dict[int, float]
    adds: dict[int, float]
    exchange: Exchange | None


@dataclass(frozen=True)
class Explanation:
    """Explanation of a plan, by its centres and by the other sites.

    Parameters
    ----------
    centres
        Sites that it opens.
    candidates
        Sites that it does not open, without forbidden sites.
    """

    centres: tuple[Centre, ...]
    candidates: tuple[Candidate, ...]


def explain(
    problem: Problem, model: Model | str, plan: Plan, sites: Iterable[int] | None = None
) -> Explanation:
    """Return what each centre adds to the plan, and what each other site would add.

    Parameters
    ----------
    problem, model
        Problem and model of the plan.
    plan
        The plan.
    sites
        Positions to explain; all by default. If a goal counts more than people in reach, each
        shut site is tried against each centre, which takes long for large problems.

    Returns
    -------
    Explanation
        Each centre, and each site that is not open.

    Raises
    ------
    InputError
        For a model that is not in the catalogue.

    Examples
    --------
    >>> from nhcplanner.models import solve
    >>> problem = Problem.from_minutes([[5, 99], [99, 5]], people=[30, 20], count=1)
    >>> found = explain(problem, "max_coverage", solve(problem, "max_coverage"))
    >>> found.centres[0].only, found.candidates[0].adds
    ({1: 30.0}, {1: 20.0})
    >>> found.candidates[0].exchange.out, found.candidates[0].exchange.changes[0].gain
    (0, -10.0)
    """
    exchanges = Exchanges(problem, get_model(model), plan.opened)
    positions = sorted(set(range(problem.sites)) if sites is None else set(sites))
    bands = np.unique(problem.bands)
    people = problem.people[:, None] * (problem.bands[:, None] == bands)
    far, only = ~flag_reached_rows(problem, plan.opened), find_only_centres(problem, plan.opened)
    reaches = problem.covers.T @ people
    adds = problem.covers.T @ (people * far[:, None])
    opened, forbidden = set(plan.opened), set(problem.forbid)
    centres, candidates = [], []
    for site in positions:
        near = _by_band(bands, reaches[site])
        if site in opened:
            alone = _by_band(bands, people[only == site].sum(axis=0))
            centres.append(Centre(site, near, alone, site in problem.keep))
        elif site not in forbidden:
            more = _by_band(bands, adds[site])
            candidates.append(Candidate(site, near, more, exchanges.best(site)))
    return Explanation(tuple(centres), tuple(candidates))


def better_exchange(found: Explanation, *, has_slack: bool = False) -> Candidate | None:
    """Return the site whose exchange betters a plan most; None if none is known.

    A plan that is not proved may have such an exchange. It betters the first goal that it
    changes, so that it is better by the goals in order.

    Parameters
    ----------
    found
        Explanation of the plan.
    has_slack
        Whether goals give up something for later goals on purpose. If so, an exchange is better
        only if it worsens no goal.

    Returns
    -------
    Candidate or None
        With its exchange.

    Examples
    --------
    >>> problem = Problem.from_minutes([[5, 99], [99, 5]], people=[20, 30], count=1)
    >>> plan = Plan((0,), "feasible", (), "max_coverage", "", 0.0)
    >>> better_exchange(explain(problem, "max_coverage", plan)).site
    1
    """
    best: Candidate | None = None
    most: tuple[float, ...] = ()
    for candidate in found.candidates:
        changes = () if candidate.exchange is None else candidate.exchange.changes
        gains = tuple(
            change.gain if abs(change.gain) > LEAST_GAIN * max(abs(change.before), 1.0) else 0.0
            for change in changes
        )
        if gains > (most or (0.0,) * len(gains)) and not (has_slack and min(gains) < 0):
            best, most = candidate, gains
    return best


LEAST_GAIN = 1e-6
"""Share of a goal's value up to which a gain is rounding."""


def _by_band(bands: npt.NDArray[np.int64], people: npt.NDArray[np.float64]) -> dict[int, float]:
    return dict(zip(bands.tolist(), people.tolist(), strict=True))


@dataclass(frozen=True, eq=False)
class Loss:
    """The best plan without a site.

    Parameters
    ----------
    site
        Its position.
    plan
        The plan without it; "infeasible" if no plan keeps the rules without it.
    instead
        Sites that open instead.
    prices
        Loss on each goal, with bounds; empty if there is no plan without the site.
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
    """Return the best plan without each site of a plan in turn.

    Parameters
    ----------
    problem, model
        Problem and model of the plan.
    plan
        The plan.
    sites
        Positions of the sites to leave out in turn; by default all that the plan opens.
    time_limit
        Seconds for all sites.
    progress
        As in `solve`, with the site before the goal's name.

    Returns
    -------
    tuple of Loss
        In order of the sites; fewer if time is up or the caller stops.

    Examples
    --------
    >>> from nhcplanner.models import solve
    >>> problem = Problem.from_minutes([[5, 99], [99, 5]], people=[30, 20], count=1)
    >>> [loss] = losses(problem, "max_coverage", solve(problem, "max_coverage"))
    >>> loss.instead, loss.prices[0].lost
    ((1,), 10.0)
    """
    work, base = Work(time_limit, progress), without_reason(get_model(model))
    positions = plan.opened if sites is None else tuple(sites)
    results: list[Loss] = []
    for number, site in enumerate(positions):
        if work.over:
            break
        rest = tuple(j for j in plan.opened if j != site)
        part = f"without site {site}"
        best = work.solve(
            without(problem, site), with_start(base, rest), part, len(positions) - number
        )
        if best.status != "stopped":
            best = _nearest(without(problem, site), base, best, rest)
            instead = tuple(sorted(set(best.opened) - set(rest)))
            results.append(Loss(site, best, instead, prices(best, plan)))
    return tuple(results)


def _nearest(problem: Problem, model: Model, best: Plan, rest: tuple[int, ...]) -> Plan:
    """Return the plan without exchanges that improve no goal, so that it stays near the rest.

    A plan with an assignment is not changed, because its assignment would change too.
    """
    opened = set(best.opened)
    if not opened or best.assignment is not None:
        return best
    aim = rank(problem, model, np.array(best.opened, dtype=np.intp))
    for new in best.opened:
        for old in sorted(set(rest) - opened) if new not in rest else ():
            other = np.array(sorted(opened - {new} | {old}), dtype=np.intp)
            keeps = all(rule.is_kept(problem, other) for rule in model.rules)
            if keeps and rank(problem, model, other) == aim:
                opened = set(other.tolist())
                break
    if opened == set(best.opened):
        return best
    sites = np.array(sorted(opened), dtype=np.intp)
    rule = model.footprint
    allocation = None if rule is None else allocation_of(problem, rule, sites)
    return replace(best, opened=tuple(sites.tolist()), allocation=allocation)


@dataclass(frozen=True, eq=False)
class PriceOfPriority:
    """Comparison of a plan with the plan that reaches most people, without priority.

    People are within reach if the centre that they go to is: the one that each plan sends them to,
    or the nearest where a plan sends nobody.

    Parameters
    ----------
    plan_people, most_people
        People within reach in the plan, and in the plan without priority.
    most_bound
        Upper bound on people within reach under the same limits.
    by_band
        Band -> (people reached by the plan, people reached without priority); 0 is for people
        in no band.
    without
        The plan without priority.
    """

    plan_people: float
    most_people: float
    most_bound: float
    by_band: dict[int, tuple[float, float]]
    without: Plan

    @property
    def people(self) -> float:
        """Fewest people lost because of priority."""
        return self.most_people - self.plan_people

    @property
    def at_most(self) -> float:
        """Most people lost; equal to `people` if the plan without priority is proved best."""
        return self.most_bound - self.plan_people


def price_of_priority(
    problem: Problem,
    model: Model | str,
    plan: Plan,
    time_limit: float = 60.0,
    progress: Progress | None = None,
) -> PriceOfPriority | None:
    """Return the comparison with the plan that reaches most people under the same rules.

    The plan without priority keeps every rule of the model, also those on whom centres serve.

    Parameters
    ----------
    problem, model
        Problem and model of the plan.
    plan
        A plan that opens centres.
    time_limit
        Seconds for the comparison.
    progress
        As in `solve`.

    Returns
    -------
    PriceOfPriority or None
        None if there is no plan to compare with.
    """
    if not plan.stages:
        return None
    free = with_start(_without_priority(problem, get_model(model)), plan.opened)
    without = Work(time_limit, progress).solve(problem, free, "without priority")
    if not without.stages or without.stages[0].bound is None:
        return None
    fewer, more = (reached_by_band(problem, one.opened, one.allocation) for one in (plan, without))
    return PriceOfPriority(
        plan_people=sum(fewer.values()),
        most_people=sum(more.values()),
        most_bound=without.stages[0].bound,
        by_band={band: (fewer[band], more[band]) for band in fewer},
        without=without,
    )


def _without_priority(problem: Problem, model: Model) -> Model:
    """Return the model with the goal of most people in reach, under its own rules."""
    row = GOALS["cover_most"]
    free = model_of_goals(model, row.make(problem, ""), (row,))
    return replace(free, name="max_coverage")


def broken_rules(problem: Problem, model: Model | str, opened: Iterable[int]) -> tuple[str, ...]:
    """Return the rules that some open sites do not keep, in words.

    Parameters
    ----------
    problem, model
        Problem and model of a plan.
    opened
        Positions of the open sites.

    Returns
    -------
    tuple of str
        A sentence for each rule that is broken; empty if all are kept.
    """
    sites = np.array(sorted(opened), dtype=np.intp)
    broken = [rule for rule in get_model(model).rules if not rule.is_kept(problem, sites)]
    return tuple(words for words in (rule.words(problem) for rule in broken) if words)
