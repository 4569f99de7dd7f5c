"""Sites of official lists: placed on the map, and those in and around the place kept."""

from __future__ import annotations

from collections.abc import Iterable

import geopandas as gpd
import numpy as np
import pandas as pd

from nhcplanner.domain.columns import SITES
from nhcplanner.domain.place import CRS
from nhcplanner.domain.words import counted, some
from nhcplanner.layers.files.tables import Table
from nhcplanner.layers.sites.tidy import tidy_sites
from nhcplanner.layers.sound import metres_outside
from nhcplanner.layers.where.geocode import located

KNOWN = [column.name for column in SITES]


def gathered_sites(
    lists: Iterable[Table], areas: gpd.GeoDataFrame, halo: float, known: Iterable[str] = ()
) -> list[Table]:
    """Place the buildings of official lists and keep those of the place.

    Parameters
    ----------
    lists
        As the sources read them: the schema's names, with points or with postcodes.
    areas
        The place's areas.
    halo
        How far outside the areas a site may lie, metres.
    known
        Ids of sites that are known already: they are left out.

    Returns
    -------
    list of Table
        One a list, its sites sound and in EPSG:27700; its notes say how many were left out and
        why. A site that an earlier list has too, by its id, is left out.
    """
    kept: list[Table] = []
    taken = set(known)
    for table in lists:
        placed = _placed(table)
        frame = placed.frame
        inside = metres_outside(areas, frame.geometry) <= halo if len(frame) else np.zeros(0, bool)
        mine = inside & ~frame["site_id"].isin(taken).to_numpy()
        taken.update(frame.loc[mine, "site_id"])
        columns = [name for name in KNOWN if name in frame]
        near = frame.loc[mine, columns].reset_index(drop=True)
        words = f"{counted(len(near), 'site')} in the place or within {halo / 1000:g} km of it"
        kept.append(tidy_sites(placed.with_frame(near, words)))
    return kept


def in_networks(lists: Iterable[Table], network: pd.Series) -> tuple[tuple[Table, ...], int]:
    """Name each practice's primary care network as its neighbourhood, where that is blank.

    Parameters
    ----------
    lists
        Sites with the schema's names.
    network
        Index site id: the network's name.

    Returns
    -------
    tuple
        The lists, and how many sites are in a network.
    """
    told, count = [], 0
    for table in lists:
        mine = table.frame["site_id"].map(network).astype("object")
        known = int(mine.notna().sum())
        said = table.frame.get("neighbourhood", mine).astype("object")
        frame = table.frame.assign(neighbourhood=said.fillna(mine))
        note = "neighbourhood: the primary care network, where blank"
        told.append(table.with_frame(frame, note) if known else table)
        count += known
    return tuple(told), count


def _placed(table: Table) -> Table:
    """Give sites their points; those without are left out, and named."""
    frame = table.frame
    if not isinstance(frame, gpd.GeoDataFrame):
        where = located(frame["postcode"])
        points = gpd.points_from_xy(where["x"], where["y"], crs=CRS)
        frame = gpd.GeoDataFrame(
            frame.assign(postcode=where["postcode"].fillna(frame["postcode"])), geometry=points
        )
        table = table.with_frame(frame, "placed by postcode, at its middle")
        lost = where["x"].isna().to_numpy()
    else:
        lost = (frame.geometry.isna() | frame.geometry.is_empty).to_numpy()
    if not lost.any():
        return table
    names = some(frame.loc[lost, "site_id"])
    words = (
        f"{counted(int(lost.sum()), 'site')} left out, for no place on the map is known: {names}"
    )
    return table.with_frame(frame[~lost].reset_index(drop=True), words)
