"""A place whose sites a planner has changed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import geopandas as gpd
import numpy as np
import pandas as pd
from shapely.geometry import Point

from nhcplanner.domain import schema
from nhcplanner.domain.columns import SITES
from nhcplanner.domain.edits import SiteEdit
from nhcplanner.domain.errors import Fault, InputError
from nhcplanner.domain.place import Place
from nhcplanner.layers.sound import far_sites

FILE = "sites as edited"
COLUMNS = {column.name for column in SITES} - {"site_id", "geometry"}
NEW = {"kind": "building", "status": "candidate", "listed_by": "own"}
"""What a site that was added is taken for where nothing is said."""


def edited(place: Place, edits: Sequence[SiteEdit]) -> Place:
    """The place with some sites changed, moved or added, checked like any other.

    Raises
    ------
    InputError
        With every fault: sites that are not there or stand twice, columns that sites do not have,
        values that the schema refuses, points outside the place.
    """
    if not edits:
        return place
    faults = [fault for one in edits for fault in _faults(place, one)]
    if faults:
        raise InputError(faults)
    sites = _changed(place.sites, edits)
    faults = schema.faults(sites, "sites", FILE, 1) or far_sites(place.areas, sites, FILE, 1)
    if faults:
        raise InputError(_by_id(faults, sites))
    sites = schema.typed(sites, "sites").sort_values("site_id", kind="stable", ignore_index=True)
    return replace(place, sites=sites, notes=(*place.notes, _note(edits)))


def _faults(place: Place, one: SiteEdit) -> list[Fault]:
    known = (place.sites["site_id"] == one.site_id).any()
    found = []
    if one.added and known:
        mend = "Give the new site an id of its own"
        found.append(Fault(f"there already is a site {one.site_id}", FILE, mend=mend))
    if not one.added and not known:
        mend = "Undo that edit, or open the place that it was made for"
        found.append(Fault(f"{place.name} has no site {one.site_id}", FILE, mend=mend))
    if one.added and one.point is None:
        found.append(Fault(f"site {one.site_id} has no point on the map", FILE))
    strange = [name for name, _ in one.facts if name not in COLUMNS]
    return found + [Fault(f"sites have no column '{name}'", FILE) for name in strange]


def _changed(sites: gpd.GeoDataFrame, edits: Sequence[SiteEdit]) -> gpd.GeoDataFrame:
    frame = pd.DataFrame(sites).astype("object").set_index("site_id")
    for one in edits:
        facts = {**NEW, **dict(one.facts)} if one.added else dict(one.facts)
        if one.point is not None:
            facts["geometry"] = Point(one.point)
        for column, value in facts.items():
            frame.loc[one.site_id, column] = np.nan if value is None else value
    frame = frame.reset_index()
    return gpd.GeoDataFrame(frame, geometry="geometry", crs=sites.crs)


def _by_id(faults: Sequence[Fault], sites: pd.DataFrame) -> list[Fault]:
    """Name sites by their id, for rows of an edited list are nowhere to be seen."""
    return [
        fault
        if fault.row is None
        else replace(fault, row=None, file=f"site {sites['site_id'].iloc[fault.row - 1]}")
        for fault in faults
    ]


def _note(edits: Sequence[SiteEdit]) -> str:
    added = sum(one.added for one in edits)
    moved = sum(one.point is not None and not one.added for one in edits)
    said = [(added, "added"), (moved, "moved"), (len(edits) - added - moved, "changed otherwise")]
    words = ", ".join(f"{number:,} {what}" for number, what in said if number)
    return f"Sites edited by the planner: {words}"
