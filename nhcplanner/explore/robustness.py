"""Robustness of a plan under other assumptions: reach, people, HLE, minutes or sites."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
import pandas as pd

from nhcplanner import access
from nhcplanner.base.errors import InputError
from nhcplanner.domain.need_measures import variance
from nhcplanner.domain.plan import Plan, Stage
from nhcplanner.domain.problem import Problem
from nhcplanner.explore.subproblems import (
    Price,
    Progress,
    Work,
    get_model,
    rank,
    reached_by_band,
    with_start,
    without,
    without_reason,
)
from nhcplanner.models import Model

SEED = 20
MEDIAN_DEVIATION = 0.6745
"""Half of a normal distribution lies within this many standard deviations (75% quantile)."""


@dataclass(frozen=True, eq=False)
class HleInterval:
    """Healthy life expectancy of each row, with its uncertainty.

    Parameters
    ----------
    years
        HLE of each row; NaN = unknown.
    low, high
        Ends of the 95% interval in years; NaN = unknown, and the row does not vary.
    council
        Council of each row. Rows of one council share the draw of the council's part of the
        interval.
    rank
        Order of ties, the lowest first; by default the order of rows.
    area
        Area of each row. Rows of one area share their draw.
    own
        Standard deviation in years of an area about its council. This part of the interval, up to
        all of it, is drawn by area. 0 by default.
    """

    years: npt.ArrayLike
    low: npt.ArrayLike
    high: npt.ArrayLike
    council: Sequence[Hashable]
    rank: npt.ArrayLike | None = None
    area: Sequence[Hashable] | None = None
    own: npt.ArrayLike = 0.0


def other_reach(problem: Problem, minutes: Iterable[float]) -> dict[str, Problem]:
    """Return the problem with other reaches, in minutes.

    Parameters
    ----------
    problem
        Problem of the plan.
    minutes
        The reaches.

    Returns
    -------
    dict of str to Problem
        By name of the case, "15 minutes".

    Examples
    --------
    >>> problem = Problem.from_minutes([[5, 30], [25, 8]], people=[100, 50])
    >>> list(other_reach(problem, [10, 30]))
    ['10 minutes', '30 minutes']
    """
    return {f"{reach:g} minutes": replace(problem, reach=float(reach)) for reach in minutes}


def minutes_draws(
    problem: Problem, half_within: float, draws: int = 20, seed: int = SEED
) -> dict[str, Problem]:
    """Return the problem with minutes drawn from the error distribution of an estimate.

    Parameters
    ----------
    problem
        Problem whose minutes are an estimate.
    half_within
        Share of an estimate within which half of the true minutes lie.
    draws
        Number of cases.
    seed
        Seed of the draws; the same seed gives the same cases.

    Returns
    -------
    dict of str to Problem
        `draws` cases by name; they differ in their minutes alone. Errors multiply minutes and are
        log-normal. Half of their variance is common to all journeys from one row, half to all
        journeys to one site, so that the order of the sites of a row may change.

    Raises
    ------
    InputError
        If the share is below 0.
    """
    if not half_within >= 0:
        raise InputError(["half_within must be a share of 0 or more"])
    spread = np.log1p(half_within) / MEDIAN_DEVIATION / np.sqrt(2)
    random = np.random.default_rng(seed)
    row = np.repeat(np.arange(problem.areas), np.diff(problem.minutes.indptr))
    cases = {}
    for number in range(1, draws + 1):
        from_row, to_site = (
            spread * random.standard_normal(count) for count in problem.minutes.shape
        )
        minutes = problem.minutes.copy()
        factor = np.exp(from_row[row] + to_site[minutes.indices])
        minutes.data = (minutes.data * factor).astype(minutes.data.dtype)
        cases[f"travel draw {number}"] = replace(problem, minutes=minutes)
    return cases


def site_failures(problem: Problem, plan: Plan) -> dict[str, Problem]:
    """Return the problem without each of a plan's sites in turn.

    Parameters
    ----------
    problem
        Problem of the plan.
    plan
        The plan; each case leaves out one of its sites.

    Returns
    -------
    dict of str to Problem
        By name of the case, with the site's position in it.
    """
    return {f"without site {site}": without(problem, site) for site in plan.opened}


def hle_draws(
    problem: Problem,
    hle: HleInterval,
    bands: int | Sequence[float] = 5,
    draws: int = 20,
    seed: int = SEED,
) -> dict[str, Problem]:
    """Return the problem with bands by HLE drawn from its interval.

    Parameters
    ----------
    problem
        Problem of the plan.
    hle
        HLE and interval of each row.
    bands
        Number of bands with about equal numbers of people; or years of HLE at which a new band
        begins.
    draws
        Number of cases.
    seed
        Seed of the draws; the same seed gives the same cases.

    Returns
    -------
    dict of str to Problem
        `draws` cases by name; they differ in their bands alone.

    Raises
    ------
    InputError
        If the number of intervals is not the number of rows, or their ends are reversed.
    """
    years, low, high = (np.asarray(x, dtype=np.float64) for x in (hle.years, hle.low, hle.high))
    lengths = {len(years), len(low), len(high), len(hle.council)}
    if lengths != {problem.areas}:
        raise InputError([f"HLE, its interval and councils must be {problem.areas} long"])
    if (high < low).any():
        raise InputError(["the high end of an HLE interval is below its low end"])
    spread = np.nan_to_num(variance(low, high))
    own = np.minimum(np.square(np.asarray(hle.own, dtype=np.float64)), spread)
    common, alone = np.sqrt(spread - own), np.sqrt(own)
    council = pd.factorize(np.array(hle.council, dtype=object))[0]
    area = council if hle.area is None else pd.factorize(np.array(hle.area, dtype=object))[0]
    ties = np.arange(problem.areas) if hle.rank is None else np.asarray(hle.rank)
    random = np.random.default_rng(seed)
    cases = {}
    for number in range(1, draws + 1):
        shifts = common * random.standard_normal(council.max(initial=0) + 1)[council]
        if alone.any():
            shifts += alone * random.standard_normal(area.max(initial=0) + 1)[area]
        frame = pd.DataFrame(
            {
                "area_code": np.arange(problem.areas),
                "people": problem.people,
                "hle": years + shifts,
                "imd_rank": ties,
            }
        )
        band = access.bands(frame, bands, "hle").to_numpy().astype(np.int64)
        cases[f"HLE draw {number}"] = replace(problem, bands=band)
    return cases


@dataclass(frozen=True, eq=False)
class Tried:
    """A plan in one case.

    Parameters
    ----------
    name
        Name of the case.
    by_band
        Band -> people within reach in the plan, without sites that the case forbids. Where the
        plan says whom each centre serves, they go there in every case.
    people
        People of all bands within reach.
    best
        The best plan for the case alone.
    prices
        Loss of the plan against it on each goal; empty if the case has no plan.
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
        Result of each case.
    opens
        Site -> share of cases whose best plan opens it, among the cases that allow it. Sites of the
        plan come first.
    complete
        Whether all cases were planned; False if time was up or the caller stopped.
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
    """Return the results of a plan in other cases, and of the best plan for each case.

    Parameters
    ----------
    cases
        Name -> problem with the same sites, for instance from `other_reach`, `hle_draws`,
        `other_people` or `site_failures`, or with the minutes of another mode.
    model
        Model of the plan; each case is planned with it too.
    plan
        The plan.
    time_limit
        Seconds for all cases.
    progress
        As in `solve`, with the case before the goal's name.

    Returns
    -------
    Robustness
        The cases that the time limit allows.

    Examples
    --------
    >>> from nhcplanner.explore.robustness import other_reach
    >>> from nhcplanner.models import solve
    >>> problem = Problem.from_minutes([[5, 99], [25, 8]], people=[60, 50], count=1)
    >>> plan = solve(problem, "max_coverage")
    >>> found = robustness(other_reach(problem, [10, 30]), "max_coverage", plan)
    >>> [(case.name, case.people) for case in found.tried], found.opens
    ([('10 minutes', 60.0), ('30 minutes', 110.0)], {0: 1.0})
    """
    work, base = Work(time_limit, progress), without_reason(get_model(model))
    results: list[Tried] = []
    for name, problem in cases.items():
        if work.over:
            break
        best = work.solve(problem, with_start(base, plan.opened), name, len(cases) - len(results))
        if best.status == "stopped":
            break
        best = _keep_plan_if_equal(problem, base, plan, best)
        results.append(_try_case(name, problem, base, plan, best))
    opens = _opens([cases[case.name] for case in results], [case.best for case in results], plan)
    return Robustness(tuple(results), opens, len(results) == len(cases) and not work.is_stopped)


def _keep_plan_if_equal(problem: Problem, model: Model, plan: Plan, best: Plan) -> Plan:
    """Return the plan itself where it is as good as the best of a case.

    A site counts as pushed out only where another is better, not where another is as good.
    """
    opened = np.array(plan.opened, dtype=np.intp)
    sends = best.allocation is not None or best.assignment is not None or best.sizes
    if not best.opened or sends or set(plan.opened) & set(problem.forbid):
        return best
    if not all(rule.is_kept(problem, opened) for rule in model.rules):
        return best
    is_equal = rank(problem, model, opened) == rank(problem, model, np.array(best.opened))
    return replace(best, opened=plan.opened) if is_equal else best


def _try_case(name: str, problem: Problem, model: Model, plan: Plan, best: Plan) -> Tried:
    opened = np.setdiff1d(plan.opened, problem.forbid).astype(np.intp)
    by_band = reached_by_band(problem, opened, plan.allocation)
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
        plans_that_may = [
            best for p, best in zip(problems, plans, strict=True) if site not in set(p.forbid)
        ]
        if plans_that_may:
            shares[site] = sum(site in best.opened for best in plans_that_may) / len(plans_that_may)
    return shares
