"""More sites: a user's own list added to a place that has sites already."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import geopandas as gpd
import pandas as pd

from nhcplanner.domain import schema
from nhcplanner.domain.errors import InputError
from nhcplanner.domain.place import CRS, Place, Source
from nhcplanner.layers.columns import in_their_words
from nhcplanner.layers.estates import read_sites
from nhcplanner.layers.sound import far_sites
from nhcplanner.layers.tables import changed_on, sha256
from nhcplanner.layers.words import counted

OWN = "own"
"""Said in `listed_by` of sites that a user's own list names."""


def with_list(place: Place, path: Path) -> Place:
    """Add a user's own list of buildings to a place.

    Parameters
    ----------
    place
        The place.
    path
        XLSX, CSV or a layer, as `read_sites` takes it.

    Returns
    -------
    Place
        With the list's sites, marked "own"; a site that the place has by the same id is replaced.

    Raises
    ------
    InputError
        With every fault of the list, and of sites far from the place.
    """
    path = Path(path)
    table, names = read_sites(path, {}, "")
    far = far_sites(place.areas, gpd.GeoDataFrame(table.frame), table.file, table.first_row)
    if far:
        raise InputError(in_their_words(table.numbered(far), names))
    mine = marked_own(gpd.GeoDataFrame(table.frame))
    kept = place.sites[~place.sites["site_id"].isin(mine["site_id"])]
    replaced = len(place.sites) - len(kept)
    words = f"{counted(len(mine), 'site')} of {path.name} added"
    if replaced:
        words += f"; {replaced:,} of them in the place of a listed site of the same id"
    source = Source(
        layer="sites",
        title=path.name,
        file=path.name,
        sha256=sha256(path),
        rows=len(mine),
        retrieved=changed_on(path),
        notes=(*table.notes, words),
    )
    return replace(
        place,
        sites=one_layer(kept, mine),
        sources=(*place.sources, source),
        notes=(*place.notes, words),
    )


def marked_own(sites: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Sites marked "own" where nothing says which list named them."""
    listed = sites["listed_by"] if "listed_by" in sites else pd.Series(index=sites.index, dtype=str)
    return sites.assign(listed_by=listed.fillna(OWN))


def one_layer(first: gpd.GeoDataFrame, second: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Sites of two lists as one layer, in the schema's order; what a list lacks is blank."""
    both = gpd.GeoDataFrame(pd.concat([first, second], ignore_index=True), crs=CRS)
    typed = schema.typed(both, "sites")
    return typed.sort_values("site_id", kind="stable", ignore_index=True)
