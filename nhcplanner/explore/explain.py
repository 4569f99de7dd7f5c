"""Explain: why each centre is in the plan, and why each other site is not."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from nhcplanner.domain.plan import Plan
from nhcplanner.domain.problem import Problem
from nhcplanner.explore.compose import row
from nhcplanner.explore.exchange import Exchange, Exchanges
from nhcplanner.explore.people import reached, sole
from nhcplanner.models import Model


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
        Band -> people within its reach and no other centre's.
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
        Band -> people within its reach and no centre's: what it would add to the plan.
    exchange
        The best way to let it in; None where the rules bar it, whichever one centre shuts.
    """

    site: int
    reaches: dict[int, float]
    adds: dict[int, float]
    exchange: Exchange | None


@dataclass(frozen=True)
class Explanation:
    """Why a plan is as it is.

    Parameters
    ----------
    centres
        Sites that it opens.
    candidates
        Sites that it might have opened and did not; those forbidden are left out.
    """

    centres: tuple[Centre, ...]
    candidates: tuple[Candidate, ...]


def explain(
    problem: Problem, model: Model | str, plan: Plan, sites: Iterable[int] | None = None
) -> Explanation:
    """Say what each centre gives, and what each site left shut would.

    Parameters
    ----------
    problem, model
        What the plan was made for.
    plan
        The plan.
    sites
        Positions to explain; all by default. Where goals count more than people in reach, each
        site left shut is tried against each centre, which takes long for large problems.

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
    >>> told = explain(problem, "max_coverage", solve(problem, "max_coverage"))
    >>> told.centres[0].only, told.candidates[0].adds
    ({1: 30.0}, {1: 20.0})
    >>> told.candidates[0].exchange.out, told.candidates[0].exchange.changes[0].gain
    (0, -10.0)
    """
    exchanges = Exchanges(problem, row(model), plan.opened)
    wanted = sorted(set(range(problem.sites)) if sites is None else set(sites))
    bands = np.unique(problem.bands)
    people = problem.people[:, None] * (problem.bands[:, None] == bands)
    far, only = ~reached(problem, plan.opened), sole(problem, plan.opened)
    reaches = problem.covers.T @ people
    adds = problem.covers.T @ (people * far[:, None])
    opened, barred = set(plan.opened), set(problem.forbid)
    centres, candidates = [], []
    for site in wanted:
        near = _by_band(bands, reaches[site])
        if site in opened:
            alone = _by_band(bands, people[only == site].sum(axis=0))
            centres.append(Centre(site, near, alone, site in problem.keep))
        elif site not in barred:
            more = _by_band(bands, adds[site])
            candidates.append(Candidate(site, near, more, exchanges.best(site)))
    return Explanation(tuple(centres), tuple(candidates))


def _by_band(bands: npt.NDArray[np.int64], people: npt.NDArray[np.float64]) -> dict[int, float]:
    return dict(zip(bands.tolist(), people.tolist(), strict=True))
