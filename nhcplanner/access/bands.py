"""Bands: areas in order of need, cut into parts of equal people, or at given years of HLE."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd


def bands(areas: pd.DataFrame, cut: int | Sequence[float], by: str) -> pd.Series[int]:
    """Put areas into bands, the worst-off in band 1.

    Parameters
    ----------
    areas
        With `area_code`, `people` and, for `by`, `hle` (years) or `imd_rank`.
    cut
        Number of bands, of about equal people; or the years of HLE, ascending, at which a new
        band begins.
    by
        "hle": lowest healthy life expectancy first, ties by IMD rank where there is one, then
        by area code. "imd": most deprived rank first, ties by area code.

    Returns
    -------
    Series of int
        On the index of `areas`, from 1; 0 where the area lacks the figure that bands are made of.
        With a number of bands an area stands in the one in which the middle one of its people
        falls; with years it stands by its own HLE alone, so that no tie needs settling.

    Examples
    --------
    >>> areas = pd.DataFrame({"area_code": ["A", "B"], "people": [10, 10], "hle": [60.0, 52.0]})
    >>> bands(areas, 2, "hle").tolist()
    [2, 1]
    >>> bands(areas, (50, 55), "hle").tolist()
    [3, 2]
    """
    if not isinstance(cut, int):
        return _between(areas["hle"], cut)
    keys = ["hle", "imd_rank", "area_code"] if by == "hle" else ["imd_rank", "area_code"]
    ranked = areas[areas[keys[0]].notna()]
    ranked = ranked.sort_values([key for key in keys if key in areas], kind="stable")
    people = ranked["people"].to_numpy(dtype=np.float64)
    total = people.sum()
    middle = np.cumsum(people) - people / 2
    cuts = middle / total if total > 0 else (np.arange(len(people)) + 0.5) / max(len(people), 1)
    band = np.clip(np.floor(cuts * cut).astype(np.int64) + 1, 1, cut)
    placed = pd.Series(band, index=ranked.index)
    return placed.reindex(areas.index, fill_value=0).rename("band")


def _between(hle: pd.Series[float], edges: Sequence[float]) -> pd.Series[int]:
    """Band of each area by years of HLE; an edge itself belongs to the band above it."""
    band = np.searchsorted(np.asarray(edges, dtype=np.float64), hle, side="right") + 1
    placed = np.where(hle.notna(), band, 0).astype(np.int64)
    return pd.Series(placed, index=hle.index, name="band")
