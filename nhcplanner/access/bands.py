"""Bands: areas in order of need, cut into parts of equal people."""

from __future__ import annotations

import numpy as np
import pandas as pd


def bands(areas: pd.DataFrame, count: int, by: str) -> pd.Series[int]:
    """Put areas into bands of about equal people, the worst-off in band 1.

    Parameters
    ----------
    areas
        With `area_code`, `people` and, for `by`, `hle` (years) or `imd_rank`.
    count
        Number of bands.
    by
        "hle": lowest healthy life expectancy first, ties by IMD rank where there is one, then
        by area code. "imd": most deprived rank first, ties by area code.

    Returns
    -------
    Series of int
        On the index of `areas`: 1 to `count`; 0 where the area lacks the figure that bands are
        made of. An area stands in the band in which the middle one of its people falls.

    Examples
    --------
    >>> areas = pd.DataFrame({"area_code": ["A", "B"], "people": [10, 10], "hle": [60.0, 52.0]})
    >>> bands(areas, 2, "hle").tolist()
    [2, 1]
    """
    keys = ["hle", "imd_rank", "area_code"] if by == "hle" else ["imd_rank", "area_code"]
    ranked = areas[areas[keys[0]].notna()]
    ranked = ranked.sort_values([key for key in keys if key in areas], kind="stable")
    people = ranked["people"].to_numpy(dtype=np.float64)
    total = people.sum()
    middle = np.cumsum(people) - people / 2
    cuts = middle / total if total > 0 else (np.arange(len(people)) + 0.5) / max(len(people), 1)
    band = np.clip(np.floor(cuts * count).astype(np.int64) + 1, 1, count)
    placed = pd.Series(band, index=ranked.index)
    return placed.reindex(areas.index, fill_value=0).rename("band")
