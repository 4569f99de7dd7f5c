"""Deprivation: how many areas each index ranks, and in which part of them a rank stands."""

from __future__ import annotations

import numpy as np
import pandas as pd

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
