"""Groups of areas that access is compared across."""

from __future__ import annotations

import numpy as np
import pandas as pd

RANKS = {"IMD 2025": 33_755, "IMD 2019": 32_844, "WIMD 2019": 1_909}
"""How many areas each index ranks (MHCLG 2025, 2019; Welsh Government 2019)."""


def imd_quintile(areas: pd.DataFrame, index_name: str = "") -> pd.Series[int] | None:
    """National fifth of deprivation, 1 = most deprived.

    Parameters
    ----------
    areas
        With `imd_decile` (1 to 10), or `imd_rank` of an index whose length is known.
    index_name
        Which index `imd_rank` is of, e.g. "IMD 2025".

    Returns
    -------
    Series of int or None
        On the index of `areas`, 0 where the area has no figure; None where the place has none.
    """
    if "imd_decile" in areas and areas["imd_decile"].notna().any():
        fifth = (areas["imd_decile"] + 1) // 2
    elif "imd_rank" in areas and index_name in RANKS:
        fifth = np.ceil(areas["imd_rank"] / RANKS[index_name] * 5)
    else:
        return None
    return fifth.fillna(0).astype(np.int64).rename("imd_quintile")
