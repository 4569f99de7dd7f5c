"""Groups of areas that access is compared across."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd

from nhcplanner.domain.deprivation import RANKED, part_of

COLUMNS = {"council": "council_name", "icb": "icb_name", "rural_urban": "rural_urban"}
"""Column of the areas behind each group that they may be put in."""


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
    elif "imd_rank" in areas and index_name in RANKED:
        fifth = part_of(areas["imd_rank"], index_name, 5)
    else:
        return None
    return fifth.fillna(0).astype(np.int64).rename("imd_quintile")


def area_labels(areas: pd.DataFrame, index_name: str = "") -> dict[str, pd.Series[str]]:
    """What goals and rules may group areas by: council, icb, rural_urban, imd_quintile.

    Returns
    -------
    dict of str to Series of str
        On the index of `areas`, "" where an area has no label; only what the place has.
    """
    found = {
        name: areas[column].fillna("").astype("str")
        for name, column in COLUMNS.items()
        if column in areas and areas[column].notna().any()
    }
    fifth = imd_quintile(areas, index_name)
    if fifth is not None:
        found["imd_quintile"] = fifth.astype("str").where(fifth > 0, "")
    return found


def site_labels(sites: gpd.GeoDataFrame, areas: gpd.GeoDataFrame) -> dict[str, pd.Series[str]]:
    """What rules may group sites by: site_id, kind, and the council and icb of the nearest area.

    Returns
    -------
    dict of str to Series of str
        On the index of `sites`.
    """
    found = {name: sites[name].fillna("").astype("str") for name in ("site_id", "kind")}
    here = area_of_site(sites, areas)
    for name in ("council", "icb"):
        if COLUMNS[name] in areas:
            labels = areas[COLUMNS[name]].fillna("").astype("str").to_numpy()
            found[name] = pd.Series(labels[here], index=sites.index)
    return found


def area_of_site(
    sites: gpd.GeoDataFrame, areas: gpd.GeoDataFrame
) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    """Row of the area that each site lies in, or of the nearest (shape sites)."""
    site, area = areas.sindex.nearest(sites.geometry, return_all=False)
    here: np.ndarray[tuple[int], np.dtype[np.int64]] = np.zeros(len(sites), dtype=np.int64)
    here[site] = area
    return here
