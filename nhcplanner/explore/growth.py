"""Cases with other people than a plan was made for: growth, other years, and errors of growth."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import replace

import numpy as np
import numpy.typing as npt
import pandas as pd

from nhcplanner.base.errors import InputError
from nhcplanner.domain.problem import Problem
from nhcplanner.explore.robustness import MEDIAN_DEVIATION, SEED


def other_people(problem: Problem, name: str, growth: npt.ArrayLike) -> dict[str, Problem]:
    """Return the problem with more people, or fewer.

    Parameters
    ----------
    problem
        Problem of the plan.
    name
        Name of the case.
    growth
        Share by which the number of people grows (below 0: shrinks), for all rows or for each row.
        Whole people stay whole.

    Returns
    -------
    dict of str to Problem
        One case, by its name.

    Raises
    ------
    InputError
        If growth is missing, below -1, or has another length than the rows.
    """
    share = np.asarray(growth, dtype=np.float64)
    if share.shape not in ((), (problem.areas,)):
        raise InputError([f"growth must be one number or {problem.areas}, not {share.shape}"])
    if not (share >= -1).all() or np.isinf(share).any():
        raise InputError(["growth must be a share of -1 or more for every row"])
    people = problem.people * (1 + share)
    if not (problem.people % 1).any():
        people = np.round(people)
    return {name: replace(problem, people=people)}


def growth_factors(
    units: Sequence[Hashable], half_within: npt.ArrayLike, draws: int = 5, seed: int = SEED
) -> list[dict[Hashable, float]]:
    """Return factors on the people of each projected unit, drawn from the error of projections.

    Parameters
    ----------
    units
        Units, each once.
    half_within
        Share of a projection within which half of the true numbers lie, one or for each unit.
    draws
        Number of draws.
    seed
        Seed of the draws; the same seed gives the same factors.

    Returns
    -------
    list of dict
        For each draw the factor of each unit: log-normal with a median of 1, independent between
        units.

    Raises
    ------
    InputError
        If a share is below 0.

    Examples
    --------
    >>> growth_factors(["E1"], 0.0, draws=2)
    [{'E1': 1.0}, {'E1': 1.0}]
    """
    shares = np.broadcast_to(np.asarray(half_within, dtype=np.float64), (len(units),))
    if not (shares >= 0).all():
        raise InputError(["half_within must be a share of 0 or more"])
    random = np.random.default_rng(seed)
    spread = np.log1p(shares) / MEDIAN_DEVIATION
    factors = np.exp(spread * random.standard_normal((draws, len(units))))
    return [dict(zip(units, map(float, row), strict=True)) for row in factors]


def growth_draws(
    problem: Problem, unit: Sequence[Hashable], factors: Sequence[dict[Hashable, float]]
) -> dict[str, Problem]:
    """Return the problem with the people of each unit times a factor.

    Parameters
    ----------
    problem
        Problem of the plan.
    unit
        Projected unit of each row; rows of a unit without a factor keep their people.
    factors
        From `growth_factors`.

    Returns
    -------
    dict of str to Problem
        One case for each draw, "growth draw 1" and so on.
    """
    units = pd.Series(list(unit))
    if len(units) != problem.areas:
        raise InputError([f"units must be {problem.areas} long, not {len(units)}"])
    return {
        f"growth draw {number}": replace(
            problem,
            people=problem.people * units.map(factors_of_areas).fillna(1.0).to_numpy(np.float64),
        )
        for number, factors_of_areas in enumerate(factors, 1)
    }
