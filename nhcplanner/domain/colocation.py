"""Services near each site: buildings of the place's own lists within a walk."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import scipy

from nhcplanner.domain.scenario import Scenario

if TYPE_CHECKING:
    import geopandas as gpd

METRES_A_MINUTE = 1_000.0 / 60.0
"""Metres a minute of 1 km/h."""


def walk_metres(minutes: float, kmh: float, detour: float) -> float:
    """Return the straight-line metres of an estimated walk.

    Examples
    --------
    >>> round(walk_metres(5, 4.8, 1.39))
    288
    """
    return minutes * kmh * METRES_A_MINUTE / detour


def services_near(sites: gpd.GeoDataFrame, metres: float, kinds: tuple[str, ...]) -> pd.DataFrame:
    """Return how many listed buildings of each kind are near each site, its own included.

    Parameters
    ----------
    sites
        Every site of the place, with `kind`; buildings that are not on its lists are not known.
    metres
        Straight-line distance within which a building is near.
    kinds
        Kinds of buildings to count.

    Returns
    -------
    DataFrame
        On the index of `sites`: a column for each kind.
    """
    points = np.column_stack([sites.geometry.x, sites.geometry.y])
    found = pd.DataFrame(0, index=sites.index, columns=list(kinds), dtype="int64")
    for kind in kinds:
        of_kind = points[(sites["kind"] == kind).to_numpy()]
        if len(of_kind) and len(points):
            near = scipy.spatial.cKDTree(of_kind).query_ball_point(
                points, metres, return_length=True
            )
            found[kind] = np.asarray(near, dtype=np.int64)
    return found


def services_of(sites: gpd.GeoDataFrame, scenario: Scenario) -> pd.DataFrame:
    """Return `services_near` of a scenario's walk and kinds."""
    metres = walk_metres(scenario.near_minutes, scenario.walk_kmh, scenario.walk_detour)
    return services_near(sites, metres, scenario.near_kinds)


def kinds_near(counts: pd.DataFrame) -> pd.Series[int]:
    """Return the number of kinds of services near each site."""
    return (counts > 0).sum(axis=1).astype("int64")


def names_near(counts: pd.DataFrame) -> pd.Series[str]:
    """Return the kinds of services near each site as text, with numbers above 1.

    Examples
    --------
    >>> names_near(pd.DataFrame({"library": [1, 0], "gp_practice": [2, 0]})).tolist()
    ['library, gp practice (2)', '']
    """
    rows = [
        ", ".join(
            f"{str(kind).replace('_', ' ')}{f' ({number})' if number > 1 else ''}"
            for kind, number in row.items()
            if number
        )
        for row in counts.to_dict("records")
    ]
    return pd.Series(rows, index=counts.index, dtype="object")
