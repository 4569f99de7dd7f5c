"""HLE: how sure a figure is, as the door and the explorations both need it.

Deprivation: how many areas each index ranks, and in which part of them a rank stands.
"""

from __future__ import annotations

import math
from typing import TypeVar

import numpy as np
import numpy.typing as npt
import pandas as pd

Years = TypeVar("Years", float, npt.NDArray[np.float64], "pd.Series[float]")

DEVIATIONS = 1.959964
"""Standard deviations from the middle to either end of a 95 % interval."""

DEPARTURE = 2.5
"""Standard deviation, years, of an area's HLE about what the national gradient leads to expect.

Measured on councils: the published HLE of persons, 2022-24, of 130 upper-tier councils departs
from the people-weighted mean of the gradient over their areas by 2.5 years (men 2.4, women 2.7).
That small areas depart from their council by as much again is an assumption: no newer HLE of
small areas is published than that of MSOAs in 2009 to 2013.
"""


BASES = {
    "given": "given for the area",
    "published": "its council's, as published",
    "modelled": "modelled",
    "small-area model": "modelled, from covariates of small areas",
    "sullivan": "by Sullivan's method",
    "national gradient": "modelled, from the national gradient alone",
    "missing": "missing",
}
"""How an area's HLE came about (`hle_basis`), in words for maps and tables."""

GRADED = ("modelled", "national gradient")
"""Those of them that the national gradient by deprivation shapes."""

MODELLED = (*GRADED, "small-area model")
"""Those of them that are modelled, by whatever method."""

SMALL_AREA_DEPARTURE = 1.95
"""Standard deviation, years, of an area's HLE of persons about the small-area model, its council's
level apart: residual and drift of both sexes together (docs/method/small_area.md)."""


OWN_DEPARTURE = {
    "given": math.inf,
    "published": 0.0,
    "modelled": DEPARTURE,
    "small-area model": SMALL_AREA_DEPARTURE,
    "sullivan": math.inf,
    "national gradient": DEPARTURE,
    "missing": 0.0,
}
"""By basis: how much of an area's interval is its own and not its council's, standard deviation in
years; all of it where the figure is the area's own."""


def variance(low: Years, high: Years) -> Years:
    """Variance, years squared, of a figure, or of each of many, whose 95 % interval is known.

    Examples
    --------
    >>> round(variance(58.04, 61.96), 3)
    1.0
    """
    half: Years = (high - low) / 2
    return (half / DEVIATIONS) ** 2


RANKED = {"IMD 2025": 33_755, "IMD 2019": 32_844, "WIMD 2019": 1_909}
"""How many areas each index ranks (MHCLG 2025, 2019; Welsh Government 2019)."""


def part_of(rank: pd.Series[float], index_name: str, parts: int) -> pd.Series[float]:
    """The tenth (or fifth, ...) of all ranked areas that each rank stands in, 1 = most deprived.

    Parameters
    ----------
    rank
        1 = most deprived; NaN where there is none.
    index_name
        A key of `RANKED`.
    parts
        Into how many parts the areas are cut.

    Examples
    --------
    >>> part_of(pd.Series([1, 6_751, 6_752, 33_755]), "IMD 2025", 5).tolist()
    [1.0, 1.0, 2.0, 5.0]
    """
    part: pd.Series[float] = rank.mul(parts).div(RANKED[index_name]).apply(np.ceil)
    return part
