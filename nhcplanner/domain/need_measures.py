"""Uncertainty of healthy life expectancy (HLE), and parts of deprivation ranks."""

from __future__ import annotations

import math
from typing import TypeVar

import numpy as np
import numpy.typing as npt
import pandas as pd

Years = TypeVar("Years", float, npt.NDArray[np.float64], "pd.Series[float]")

DEVIATIONS = 1.959964
"""Standard deviations from the middle to either end of a 95% interval."""

DEPARTURE = 2.5
"""Standard deviation, in years, of an area's HLE about the national gradient.

Measured on councils: the published HLE of persons, 2022-24, of 130 upper-tier councils departs
from the people-weighted mean of the gradient over their areas by 2.5 years (men 2.4, women 2.7).
It is an assumption that small areas depart from their council by as much: the newest published HLE
of small areas is that of MSOAs in 2009 to 2013.
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
"""The basis of an area's HLE (`hle_basis`), with its words for maps and tables."""

GRADED = ("modelled", "national gradient")
"""Bases that use the national gradient by deprivation."""

MODELLED = (*GRADED, "small-area model")
"""Bases that are modelled, by any method."""

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
"""By basis: the part of an area's interval that is its own and not its council's, as a standard
deviation in years; all of it if the figure is the area's own."""


def variance(low: Years, high: Years) -> Years:
    """Return the variance, in years squared, of figures from their 95% intervals.

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
    """Return the tenth (or fifth, ...) of all ranked areas of each rank, 1 = most deprived.

    Parameters
    ----------
    rank
        1 = most deprived; NaN = unknown.
    index_name
        A key of `RANKED`.
    parts
        Number of parts of equal size.

    Examples
    --------
    >>> part_of(pd.Series([1, 6_751, 6_752, 33_755]), "IMD 2025", 5).tolist()
    [1.0, 1.0, 2.0, 5.0]
    """
    part: pd.Series[float] = rank.mul(parts).div(RANKED[index_name]).apply(np.ceil)
    return part
