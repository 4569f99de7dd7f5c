"""Several lists of buildings as one layer of sites, with the list of each row."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import geopandas as gpd
import pandas as pd

from nhcplanner.base.errors import Fault, InputError
from nhcplanner.domain import column_checks
from nhcplanner.domain.place import CRS
from nhcplanner.layers.readers.column_map import ColumnMap
from nhcplanner.layers.readers.columns import in_their_words
from nhcplanner.layers.readers.tables import Table
from nhcplanner.layers.sites.duplicates import report_across_lists
from nhcplanner.layers.sites.own_list import read_sites
from nhcplanner.layers.validate import far_sites

OWN = "own"
"""Value of `listed_by` for sites of a user's own list."""


def own_list(path: Path, areas: gpd.GeoDataFrame, column_map: ColumnMap | None = None) -> Table:
    """Read a user's own list of buildings for a place.

    Parameters
    ----------
    path
        XLSX, CSV or a layer, as `read_sites` takes it.
    areas
        The place's areas.
    column_map
        What the user says of the list.

    Returns
    -------
    Table
        Its sites, as the schema has them, marked "own".

    Raises
    ------
    InputError
        With every fault of the list, and of sites far from the place.
    """
    table, names = read_sites(Path(path), column_map)
    far = far_sites(areas, gpd.GeoDataFrame(table.frame), table.file, table.first_row)
    if far:
        raise InputError(in_their_words(table.numbered(far), names))
    return table.with_frame(marked_own(gpd.GeoDataFrame(table.frame)))


def marked_own(sites: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Return sites with "own" in `listed_by` if it is blank."""
    listed = sites["listed_by"] if "listed_by" in sites else pd.Series(index=sites.index, dtype=str)
    return sites.assign(listed_by=listed.fillna(OWN))


def one_layer(first: gpd.GeoDataFrame, second: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Return the sites of two lists as one layer; columns that a list lacks are blank."""
    both = gpd.GeoDataFrame(pd.concat([first, second], ignore_index=True), crs=CRS)
    typed = column_checks.typed(both, "sites")
    return typed.sort_values("site_id", kind="stable", ignore_index=True)


@dataclass(frozen=True, eq=False)
class SiteList:
    """A checked list of buildings.

    Parameters
    ----------
    table
        Its sites, with the schema's names.
    names
        Schema column -> the list's own column.
    """

    table: Table
    names: Mapping[str, str]


def read_lists(paths: Sequence[Path], column_map: ColumnMap) -> tuple[SiteList, ...]:
    """Read a user's lists of buildings.

    Parameters
    ----------
    paths
        One at least: XLSX, CSV, or GIS formats. Of several, each site without `listed_by` gets
        its list's name there, and ids that are made begin with that name.
    column_map
        What the user says of sites, in every list.

    Raises
    ------
    InputError
        With the faults of all lists together.
    """
    faults: list[Fault] = []
    site_lists = []
    for path in map(Path, paths):
        try:
            site_lists.append(SiteList(*read_sites(path, column_map)))
        except InputError as error:
            faults.extend(error.faults)
    if not faults and len(site_lists) > 1:
        both = as_one([each.table for each in site_lists])
        tables, faults = report_across_lists(
            both,
            [each.table for each in site_lists],
            [each.names for each in site_lists],
            column_map.answers,
        )
        site_lists = [
            replace(each, table=table) for each, table in zip(site_lists, tables, strict=True)
        ]
    if faults:
        raise InputError(faults)
    return tuple(map(_named, site_lists)) if len(site_lists) > 1 else tuple(site_lists)


def as_one(tables: Iterable[Table]) -> Table:
    """Return all sites of one or more lists as one layer; columns that a list lacks are blank."""
    frames = [table.frame for table in tables if len(table.frame)]
    sites = gpd.GeoDataFrame(pd.concat(frames, ignore_index=True), geometry="geometry", crs=CRS)
    return Table(Path("sites"), sites, 1)


def of_lists(lists: Sequence[SiteList], faults: Iterable[Fault]) -> list[Fault]:
    """Convert faults of the one layer to each list's own name, rows and columns."""
    ends = pd.Series([len(each.table.frame) for each in lists]).cumsum()
    worded = []
    for fault in faults:
        if fault.row is None:
            worded.append(replace(fault, file=" and ".join(each.table.file for each in lists)))
            continue
        at = int(ends.searchsorted(fault.row))
        table = lists[at].table
        row = fault.row - (int(ends[at]) - len(table.frame)) - 1 + table.first_row
        own = table.numbered([replace(fault, file=table.file, row=row)])
        worded += in_their_words(own, lists[at].names)
    return worded


def _named(each: SiteList) -> SiteList:
    """Return a list with its name in `listed_by`."""
    frame, stem = each.table.frame.copy(), each.table.file.split(".")[0]
    if "site_id" not in each.names:
        frame["site_id"] = stem + frame["site_id"].str.removeprefix("site")
    listed = frame.get("listed_by", pd.Series(index=frame.index, dtype="str"))
    frame["listed_by"] = listed.fillna(stem)
    return replace(each, table=each.table.with_frame(frame))
