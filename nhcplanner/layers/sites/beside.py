"""More sites: a user's own list beside official ones."""

from __future__ import annotations

from pathlib import Path

import geopandas as gpd
import pandas as pd

from nhcplanner.domain import schema
from nhcplanner.domain.errors import InputError
from nhcplanner.domain.place import CRS
from nhcplanner.layers.files.columns import in_their_words
from nhcplanner.layers.files.tables import Table
from nhcplanner.layers.sites.own_list import read_sites
from nhcplanner.layers.sound import far_sites

OWN = "own"
"""Said in `listed_by` of sites that a user's own list names."""


def own_list(path: Path, areas: gpd.GeoDataFrame) -> Table:
    """Read a user's own list of buildings for a place.

    Parameters
    ----------
    path
        XLSX, CSV or a layer, as `read_sites` takes it.
    areas
        The place's areas.

    Returns
    -------
    Table
        Its sites, as the schema has them, marked "own".

    Raises
    ------
    InputError
        With every fault of the list, and of sites far from the place.
    """
    table, names = read_sites(Path(path), {}, "")
    far = far_sites(areas, gpd.GeoDataFrame(table.frame), table.file, table.first_row)
    if far:
        raise InputError(in_their_words(table.numbered(far), names))
    return table.with_frame(marked_own(gpd.GeoDataFrame(table.frame)))


def marked_own(sites: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Sites marked "own" where nothing says which list named them."""
    listed = sites["listed_by"] if "listed_by" in sites else pd.Series(index=sites.index, dtype=str)
    return sites.assign(listed_by=listed.fillna(OWN))


def one_layer(first: gpd.GeoDataFrame, second: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Sites of two lists as one layer, in the schema's order; what a list lacks is blank."""
    both = gpd.GeoDataFrame(pd.concat([first, second], ignore_index=True), crs=CRS)
    typed = schema.typed(both, "sites")
    return typed.sort_values("site_id", kind="stable", ignore_index=True)
