"""Floating catchments: the supply that is within people's reach, shared with others who reach it.

Each building has a ratio: its supply over the people who can reach it. A person has the sum of the
ratios of the buildings in reach. People who reach no building have 0; buildings that nobody reaches
have no ratio. Summed over people, access is the supply of all buildings that somebody reaches.

References
----------
Luo W, Wang F (2003), Measures of spatial accessibility to health care in a GIS environment,
Environment and Planning B 30(6): two steps, catchments of 30 minutes.
Luo W, Qi Y (2009), An enhanced two-step floating catchment area (E2SFCA) method, Health & Place
15(4): weights 1, 0.68 and 0.22 within 10, 20 and 30 minutes.
Wan N, Zou B, Sternberg T (2012), A three-step floating catchment area method, International Journal
of Geographical Information Science 26(6): people share themselves among the buildings in reach.
Dai D (2010), Black residential segregation, disparities in spatial access to health care facilities
and late-stage breast cancer diagnosis, Health & Place 16(5): Gaussian decay that ends at 0.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy import sparse

from nhcplanner.access.measures import Described
from nhcplanner.base.arrays import Floats

CATCHMENT = 30.0
"""Minutes of a catchment, unless the user says otherwise (Luo and Wang 2003)."""
STEPS = ((1 / 3, 1.0), (2 / 3, 0.68), (1.0, 0.22))
"""End of each zone as a share of the catchment, and its weight (Luo and Qi 2009)."""
HALF = np.exp(-0.5)


@dataclass(frozen=True, kw_only=True)
class CatchmentMethod(Described):
    """One method of floating catchments.

    Parameters
    ----------
    weight
        Function of minutes and the minutes of a catchment: weight of each journey, 1 = near.
        Journeys beyond the catchment never count.
    shares
        Whether people share themselves among the buildings in reach by weight (the third step).
    """

    weight: Callable[[Floats, float], Floats]
    shares: bool = False


@dataclass(frozen=True, eq=False)
class FloatingAccess:
    """Access by floating catchments.

    Parameters
    ----------
    access
        Supply for a person of each row; 0 if no building is in reach (shape rows).
    demand
        People who can reach each building, by weight; NaN if its supply is not known (shape sites).
    ratio
        Supply over demand of each building; NaN if its supply is not known or nobody reaches it
        (shape sites).
    """

    access: Floats
    demand: Floats
    ratio: Floats


def floating_access(
    minutes: sparse.csr_array,
    people: npt.ArrayLike,
    supply: npt.ArrayLike,
    method: CatchmentMethod,
    catchment: float = CATCHMENT,
) -> FloatingAccess:
    """Return access by floating catchments.

    Parameters
    ----------
    minutes
        CSR, row x site; stored pairs are within the horizon.
    people
        People of each row, 0 or more.
    supply
        Supply of each site, 0 or more; NaN = not known, and the site is left out.
    method
        A row of `METHODS`.
    catchment
        Minutes of a catchment; a journey of exactly so many is within it.

    Examples
    --------
    >>> two = sparse.csr_array(np.array([[5.0, 25.0], [40.0, 10.0]], dtype=np.float32))
    >>> found = floating_access(two, [100, 300], [2, 8], METHODS["2sfca"])
    >>> found.demand.tolist(), found.access.round(9).tolist()
    ([100.0, 400.0], [0.04, 0.02])
    """
    n, s = (np.asarray(each, dtype=np.float64) for each in (people, supply))
    known = np.isfinite(s)
    times = minutes.data.astype(np.float64)
    weights = method.weight(times, catchment)
    weights[(minutes.data > np.float32(catchment)) | ~known[minutes.indices]] = 0.0
    weight = sparse.csr_array((weights, minutes.indices, minutes.indptr), shape=minutes.shape)
    if method.shares:
        totals: Floats = np.asarray(weight.sum(axis=1), dtype=np.float64).ravel()
        of_row = np.repeat(totals, np.diff(minutes.indptr))
        choice = np.divide(weights, of_row, out=np.zeros_like(weights), where=of_row > 0)
        weight = sparse.csr_array(
            (choice * weights, minutes.indices, minutes.indptr), shape=minutes.shape
        )
    demand: Floats = np.asarray(weight.T @ n, dtype=np.float64)
    ratio = np.divide(s, demand, out=np.full(len(s), np.nan), where=known & (demand > 0))
    access: Floats = np.asarray(weight @ np.nan_to_num(ratio), dtype=np.float64)
    return FloatingAccess(access, np.where(known, demand, np.nan), ratio)


def _all_alike(minutes: Floats, catchment: float) -> Floats:  # noqa: ARG001  (the form of a weight)
    return np.ones_like(minutes)


def _stepwise(minutes: Floats, catchment: float) -> Floats:
    """Return the weight of the first zone whose end is not passed, in single precision."""
    ends = np.array([np.float32(share * catchment) for share, _ in STEPS], dtype=np.float64)
    weights = np.array([*(weight for _, weight in STEPS), 0.0])
    return weights[np.searchsorted(ends, minutes, side="left")]


def _gaussian(minutes: Floats, catchment: float) -> Floats:
    weights: Floats = (np.exp(-0.5 * (minutes / catchment) ** 2) - HALF) / (1 - HALF)
    return weights


_RATIO = r"A_i = \sum_j w_{ij} \frac{S_j}{\sum_k n_k w_{kj}}"
_UNIT, _BETTER = "supply for a person", "higher is better, equal is fairer"

METHODS: dict[str, CatchmentMethod] = {
    method.name: method
    for method in (
        CatchmentMethod(
            name="2sfca",
            title="Two-step floating catchment (2SFCA)",
            symbol="A",
            formula=_RATIO,
            source="Luo, Wang (2003), Environment and Planning B 30(6)",
            sentence="How much each person has of the buildings within reach, when everyone else "
            "within reach of a building has the same claim on it.",
            weight=_all_alike,
            unit=_UNIT,
            direction=_BETTER,
        ),
        CatchmentMethod(
            name="e2sfca",
            title="Enhanced two-step floating catchment (E2SFCA)",
            symbol="A^{E}",
            formula=_RATIO,
            source="Luo, Qi (2009), Health & Place 15(4)",
            sentence="As the two-step catchment, but near buildings and near people count for "
            "more, in three zones.",
            weight=_stepwise,
            unit=_UNIT,
            direction=_BETTER,
        ),
        CatchmentMethod(
            name="3sfca",
            title="Three-step floating catchment (3SFCA)",
            symbol="A^{3}",
            formula=r"A_i = \sum_j g_{ij} w_{ij} \frac{S_j}{\sum_k n_k g_{kj} w_{kj}}, \quad "
            r"g_{ij} = \frac{w_{ij}}{\sum_l w_{il}}",
            source="Wan, Zou, Sternberg (2012), Int. J. Geographical Information Science 26(6)",
            sentence="As the enhanced catchment, but people with several buildings in reach share "
            "themselves among them, so that they are not counted at each.",
            weight=_stepwise,
            shares=True,
            unit=_UNIT,
            direction=_BETTER,
        ),
        CatchmentMethod(
            name="gaussian",
            title="Two-step floating catchment with Gaussian decay",
            symbol="A^{G}",
            formula=_RATIO,
            source="Dai (2010), Health & Place 16(5)",
            sentence="As the two-step catchment, but a building counts for less the farther it "
            "is, smoothly down to nothing at the edge of the catchment.",
            weight=_gaussian,
            unit=_UNIT,
            direction=_BETTER,
        ),
    )
}
"""Every method by name."""


def building_use(
    sites: pd.DataFrame, people: npt.ArrayLike, supply: npt.ArrayLike, found: FloatingAccess
) -> pd.DataFrame:
    """Return how each building is used: claims on its supply, room and empty space.

    Parameters
    ----------
    sites
        Columns `site_id`, and `capacity`, `list_size`, `floor_area_m2`, `void_m2` where known.
    people
        People for whom each is the nearest within reach.
    supply
        Supply of each; NaN = not known.
    found
        Access by floating catchments of the same sites.

    Returns
    -------
    DataFrame
        On the index of `sites`: `site_id`, `supply`, `demand` (people who can reach it, by weight),
        `per_thousand` (supply for 1,000 of them), `people`, `capacity`, `utilisation` (registered
        patients over capacity; people for whom it is the nearest where no list size is known),
        `headroom` (capacity less the same people; below 0 where it is too full) and `void_share`
        (empty floor area over floor area). NaN where a figure is not known.
    """

    def column(name: str) -> Floats:
        if name not in sites:
            return np.full(len(sites), np.nan)
        return sites[name].to_numpy(dtype=np.float64, na_value=np.nan)

    heads, capacity = np.asarray(people, dtype=np.float64), column("capacity")
    users = np.where(np.isfinite(column("list_size")), column("list_size"), heads)
    return pd.DataFrame(
        {
            "site_id": sites["site_id"],
            "supply": np.asarray(supply, dtype=np.float64),
            "demand": found.demand,
            "per_thousand": 1000 * found.ratio,
            "people": heads,
            "capacity": capacity,
            "utilisation": _quotient(users, capacity),
            "headroom": capacity - users,
            "void_share": _quotient(column("void_m2"), column("floor_area_m2")),
        },
        index=sites.index,
    )


def _quotient(part: Floats, whole: Floats) -> Floats:
    """Return part over whole; NaN where either is not known or the whole is 0."""
    quotient: Floats = np.divide(part, whole, out=np.full(len(whole), np.nan), where=whole > 0)
    return quotient
