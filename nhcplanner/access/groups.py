"""Groups of areas, sites and people by which access is compared."""

from __future__ import annotations

from dataclasses import replace

import geopandas as gpd
import numpy as np
import pandas as pd

from nhcplanner.domain.need_measures import RANKED, part_of
from nhcplanner.domain.neighbourhoods import LEVELS
from nhcplanner.domain.place import Place

COLUMNS = {
    "council": "council_name",
    "icb": "icb_name",
    "rural_urban": "rural_urban",
    "neighbourhood": "neighbourhood",
    **{name: level.column for name, level in LEVELS.items()},
}
"""Column of the areas with the labels of each group."""
OF_SITES = ("council", "icb", "neighbourhood", *LEVELS)
"""Groups of areas that are also groups of sites."""


def imd_quintile(areas: pd.DataFrame, index_name: str = "") -> pd.Series[int] | None:
    """Return the national fifth of deprivation, 1 = most deprived.

    Parameters
    ----------
    areas
        Column `imd_decile` (1 to 10), or `imd_rank` of an index whose length is known.
    index_name
        Index of `imd_rank`, e.g. "IMD 2025".

    Returns
    -------
    Series of int or None
        On the index of `areas`, 0 if an area has no figure; None if no area has one.
    """
    if "imd_decile" in areas and areas["imd_decile"].notna().any():
        fifth = (areas["imd_decile"] + 1) // 2
    elif "imd_rank" in areas and index_name in RANKED:
        fifth = part_of(areas["imd_rank"], index_name, 5)
    else:
        return None
    return fifth.fillna(0).astype(np.int64).rename("imd_quintile")


def area_labels(areas: pd.DataFrame, index_name: str = "") -> dict[str, pd.Series[str]]:
    """Return the groups of areas that goals and rules may name, such as council.

    Returns
    -------
    dict of str to Series of str
        On the index of `areas`, "" if an area has no label; only groups that the place has.
    """
    labels = {
        name: areas[column].fillna("").astype("str")
        for name, column in COLUMNS.items()
        if column in areas and areas[column].notna().any()
    }
    fifth = imd_quintile(areas, index_name)
    if fifth is not None:
        labels["imd_quintile"] = fifth.astype("str").where(fifth > 0, "")
    return labels


def site_labels(sites: gpd.GeoDataFrame, areas: gpd.GeoDataFrame) -> dict[str, pd.Series[str]]:
    """Return the groups of sites that rules may name: `site_id`, `kind` and `OF_SITES`.

    Those of `OF_SITES` are of the nearest area.

    Returns
    -------
    dict of str to Series of str
        On the index of `sites`.
    """
    groups = {name: sites[name].fillna("").astype("str") for name in ("site_id", "kind")}
    here = area_of_site(sites, areas)
    for name in OF_SITES:
        if COLUMNS[name] in areas:
            labels = areas[COLUMNS[name]].fillna("").astype("str").to_numpy()
            groups[name] = pd.Series(labels[here], index=sites.index)
    return groups


def area_of_site(
    sites: gpd.GeoDataFrame, areas: gpd.GeoDataFrame
) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    """Return the row of the area that each site lies in, or of the nearest (shape sites)."""
    site, area = areas.sindex.nearest(sites.geometry, return_all=False)
    here: np.ndarray[tuple[int], np.dtype[np.int64]] = np.zeros(len(sites), dtype=np.int64)
    here[site] = area
    return here


WITHOUT, WITH = "without a car", "with a car"
HOUSEHOLD = "household"


def part_by_car(place: Place) -> Place:
    """Return a place with two rows for every origin: people without a car, then with one.

    Parameters
    ----------
    place
        The place, with `no_car_share` in its areas.

    Returns
    -------
    Place
        The place with its origins twice, in their order, and a column `household`: "without a car"
        or "with a car". Both rows sum to the people of the origin. If an area's share is missing,
        all its people count as having a car. If no area has a share, the place is unchanged.
    """
    if not place.knows_cars:
        return place
    share = place.areas["no_car_share"].fillna(0.0).to_numpy(dtype=np.float64)
    people = place.origins["people"].to_numpy(dtype=np.float64)
    without = people * share[place.area_of_origin]
    halves = [
        place.origins.assign(
            origin_id=place.origins["origin_id"] + f", {name}", people=heads, household=name
        )
        for name, heads in ((WITHOUT, without), (WITH, people - without))
    ]
    both = gpd.GeoDataFrame(pd.concat(halves, ignore_index=True), crs=place.origins.crs)
    return replace(place, origins=both)


def car_note(place: Place) -> str:
    """Return, in words, how people are split by car availability."""
    if not place.knows_cars:
        return (
            "No share of households without a car is known: all people are treated alike, as if "
            "each could also drive"
        )
    missing = int(place.areas["no_car_share"].isna().sum())
    words = "People are split by their area's share of households without a car"
    return f"{words}; it is missing in {missing:,} areas, taken as 0" if missing else words
