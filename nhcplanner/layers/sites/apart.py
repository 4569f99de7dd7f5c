"""Apart: sites whose coordinates and postcode disagree, for one of the two is wrong."""

from __future__ import annotations

import geopandas as gpd
import numpy as np

from nhcplanner.domain.errors import InputError
from nhcplanner.domain.words import counted, some
from nhcplanner.layers.where.geocode import located

APART_M = 2_000.0
"""A site farther than this from the middle of its postcode is told, metres."""


def apart_note(sites: gpd.GeoDataFrame) -> tuple[str, ...]:
    """Name the sites that lie far from the middle of their own postcode.

    Parameters
    ----------
    sites
        With `site_id` and points in EPSG:27700; without `postcode` there is nothing to tell.

    Returns
    -------
    tuple of str
        One note, or none; none too where the directory of postcodes is not installed.
    """
    if "postcode" not in sites:
        return ()
    try:
        known = located(sites["postcode"])
    except InputError:
        return ()
    shapes = sites.geometry
    metres = np.hypot(known["x"] - shapes.x, known["y"] - shapes.y)
    far = (metres > APART_M).to_numpy()
    if not far.any():
        return ()
    named = [
        f"{site} ({postcode}, {away / 1000:,.0f} km)"
        for site, postcode, away in zip(
            sites["site_id"][far], known["postcode"][far], metres[far], strict=True
        )
    ]
    lie = f"{counted(len(named), 'site')} farther than {APART_M / 1000:g} km from the middle of"
    return (f"{lie} the postcode: the coordinates are used, check which is wrong: {some(named)}",)
