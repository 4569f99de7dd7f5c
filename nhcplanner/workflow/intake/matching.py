"""Rows of an uploaded list that may be sites of the place already."""

from __future__ import annotations

from dataclasses import dataclass

import geopandas as gpd
import pandas as pd

from nhcplanner.base.text import simple_name
from nhcplanner.domain.place import Place
from nhcplanner.layers.sites.duplicates import find_duplicates, is_alike

SAME_M = 500.0
"""Beyond this distance, a row with a site's id but another name may be another site."""


@dataclass(frozen=True)
class Match:
    """A row of an upload that may be a site of the place already.

    Parameters
    ----------
    row, name
        The row's number, and the name it gives.
    site_id, site_name
        The site of the place.
    metres
        Distance between the two.
    sure
        Whether the row has the site's id, with a similar name or within `SAME_M`.
    same_id
        Whether the row has the site's id.
    """

    row: int
    name: str
    site_id: str
    site_name: str
    metres: float
    sure: bool
    same_id: bool


def find_matches(place: Place, sites: gpd.GeoDataFrame, has_ids: bool) -> tuple[Match, ...]:
    """Return rows that may be sites of the place: same id, or similar name and close by."""
    here = place.sites
    names = place.site_names.astype("str").tolist()
    rows = {str(site): n for n, site in enumerate(here["site_id"])}
    own = sites.get("site_name", sites["site_id"]).fillna(sites["site_id"]).astype("str").tolist()
    matches: dict[int, Match] = {}
    if has_ids:
        for n, site in enumerate(sites["site_id"]):
            at = rows.get(str(site))
            if at is None:
                continue
            metres = float(sites.geometry.iloc[n].distance(here.geometry.iloc[at]))
            alike = _is_same_name(own[n], names[at]) or own[n] == str(site)
            matches[n] = Match(int(sites.index[n]), own[n], str(site), names[at], metres,
                                 sure=alike or metres <= SAME_M, same_id=True)  # fmt: skip
    columns = ["site_name", "postcode", "status", "geometry"]
    both = gpd.GeoDataFrame(
        pd.concat([here, sites], ignore_index=True).reindex(columns=columns), crs=here.crs
    ).assign(kind="")
    pairs = [p for p in find_duplicates(both) if p.first < len(here) <= p.second]
    for pair in sorted(pairs, key=lambda pair: pair.metres):
        n = pair.second - len(here)
        if n not in matches or not matches[n].sure:
            site = str(here["site_id"].iloc[pair.first])
            matches[n] = Match(int(sites.index[n]), own[n], site, names[pair.first], pair.metres,
                                 sure=False, same_id=False)  # fmt: skip
    return tuple(matches[n] for n in sorted(matches))


def _is_same_name(name: str, other: str) -> bool:
    first, second = simple_name(name), simple_name(other)
    return bool(first and second) and (first == second or is_alike(first, second))
