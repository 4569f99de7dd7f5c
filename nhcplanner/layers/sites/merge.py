"""More sites: a user's own list beside official ones.

Lists: several lists of buildings as one layer of sites, each row still known by its own list.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import geopandas as gpd
import pandas as pd

from nhcplanner.base.errors import Fault, InputError
from nhcplanner.domain import schema
from nhcplanner.domain.place import CRS
from nhcplanner.layers.readers.columns import in_their_words
from nhcplanner.layers.readers.tables import Table
from nhcplanner.layers.sites.own_list import read_sites
from nhcplanner.layers.validate import far_sites

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


@dataclass(frozen=True, eq=False)
class SiteList:
    """A list of buildings, sound by itself.

    Parameters
    ----------
    table
        Its sites, with the schema's names.
    names
        Schema column -> the list's own column.
    """

    table: Table
    names: Mapping[str, str]


def read_lists(
    paths: Sequence[Path], said: Mapping[str, str], map_file: str
) -> tuple[SiteList, ...]:
    """Read a user's lists of buildings.

    Parameters
    ----------
    paths
        One at least: XLSX, CSV, or GIS formats. Of several, each site without `listed_by` gets
        its list's name there, and ids that are made begin with that name.
    said
        What the column map says of sites, in every list.
    map_file
        The column map's name, for the messages.

    Raises
    ------
    InputError
        With the faults of all lists together.
    """
    faults: list[Fault] = []
    found = []
    for path in map(Path, paths):
        try:
            found.append(SiteList(*read_sites(path, said, map_file)))
        except InputError as error:
            faults.extend(error.faults)
    if faults:
        raise InputError(faults)
    return tuple(map(_named, found)) if len(found) > 1 else tuple(found)


def as_one(tables: Iterable[Table]) -> Table:
    """All sites of some lists, one at least, as one layer; what a list lacks is blank there."""
    frames = [table.frame for table in tables if len(table.frame)]
    sites = gpd.GeoDataFrame(pd.concat(frames, ignore_index=True), geometry="geometry", crs=CRS)
    return Table(Path("sites"), sites, 1)


def of_lists(lists: Sequence[SiteList], faults: Iterable[Fault]) -> list[Fault]:
    """Tell faults of the one layer by each list's own name, rows and columns."""
    ends = pd.Series([len(each.table.frame) for each in lists]).cumsum()
    told = []
    for fault in faults:
        if fault.row is None:
            told.append(replace(fault, file=" and ".join(each.table.file for each in lists)))
            continue
        at = int(ends.searchsorted(fault.row))
        table = lists[at].table
        row = fault.row - (int(ends[at]) - len(table.frame)) - 1 + table.first_row
        own = table.numbered([replace(fault, file=table.file, row=row)])
        told += in_their_words(own, lists[at].names)
    return told


def _named(each: SiteList) -> SiteList:
    """A list whose sites say that it names them."""
    frame, stem = each.table.frame.copy(), each.table.file.split(".")[0]
    if "site_id" not in each.names:
        frame["site_id"] = stem + frame["site_id"].str.removeprefix("site")
    listed = frame.get("listed_by", pd.Series(index=frame.index, dtype="str"))
    frame["listed_by"] = listed.fillna(stem)
    return replace(each, table=each.table.with_frame(frame))
