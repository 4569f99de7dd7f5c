"""Around: isochrones of a place's sites, by each mode of a scenario that ways are known for."""

from __future__ import annotations

from collections.abc import Sequence

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from nhcplanner.domain.place import CRS, Place
from nhcplanner.domain.scenario import Scenario
from nhcplanner.travel.engines import Measure, Tell, measurable
from nhcplanner.travel.isochrones import MINUTES, isochrones

MOST_SITES = 60
"""For more sites than this none are drawn."""
TOGETHER = 10
"""Sites on one grid."""
FASTEST = {"walk": 100.0, "cycle": 300.0, "transit": 500.0, "drive": 1900.0}
"""Metres a minute, straight, that nobody passes by each mode at the usual speeds or slower."""


def around(
    place: Place,
    scenario: Scenario,
    sites: Sequence[int],
    tell: Tell,
    minutes: Sequence[float] = MINUTES,
) -> gpd.GeoDataFrame:
    """Draw from where some sites of a place are reached, by each of a scenario's modes.

    Parameters
    ----------
    place, scenario
        What to measure with, and how.
    sites
        Rows in `place.sites`.
    tell
        Is told in words what is being done.
    minutes
        Limits.

    Returns
    -------
    GeoDataFrame
        `site_id`, `mode`, `minutes`, `cell_m` and the polygon. Empty where minutes do not come
        from streets, and for more than `MOST_SITES` sites.
    """
    parts = []
    on_streets = place.streets is not None and scenario.engine in ("auto", "streets")
    if on_streets and 0 < len(sites) <= MOST_SITES:
        asked = scenario.model_copy(update={"horizon": max(minutes), "reach": min(minutes)})
        for mode in measurable(place, scenario):
            tell(f"Drawing from where centres are reached, {mode}")
            by = Measure(place, asked, mode, lambda _: None)
            parts += [
                _drawn(by, list(sites[first : first + TOGETHER]), minutes)
                for first in range(0, len(sites), TOGETHER)
            ]
    columns = ["site_id", "mode", "minutes", "cell_m", "geometry"]
    frame = pd.concat(parts, ignore_index=True) if parts else pd.DataFrame(columns=columns)
    return gpd.GeoDataFrame(frame[columns], geometry="geometry", crs=CRS)


def _drawn(by: Measure, sites: list[int], minutes: Sequence[float]) -> gpd.GeoDataFrame:
    west, south, east, north = by.place.areas.total_bounds
    fastest = max(FASTEST[by.mode], by.profile.fastest_kmh(by.mode) * 1000 / 60)
    metres = min(max(minutes) * fastest, float(np.hypot(east - west, north - south)))
    chosen = by.place.sites.iloc[sites]
    found = isochrones(
        by.times,
        shapely.get_coordinates(chosen.geometry),
        metres,
        minutes,
    )
    ids = chosen["site_id"].to_numpy()[found["site"].to_numpy(dtype=np.intp)]
    return found.assign(site_id=ids, mode=by.mode)
