"""Who reaches some buildings today, as colours, figures and words."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import folium
import geopandas as gpd
import numpy as np
import pandas as pd

from nhcplanner.domain.assessment import THRESHOLDS, Assessment
from nhcplanner.domain.place import Place
from nhcplanner.outputs import maps, needs, style, wording
from nhcplanner.outputs.classes import Scale, by_value
from nhcplanner.outputs.harmless import text
from nhcplanner.outputs.shading import Shading
from nhcplanner.outputs.wording import kind

WAYS = {"walk": "on foot", "cycle": "by cycle", "transit": "by bus or train", "drive": "by car"}
"""Modes of travel in a reader's words."""

_GROUPS = (
    ("by_band", "Bands of need", "Band (1 = first)"),
    ("by_imd_quintile", "Deprivation", "IMD quintile (1 = most deprived)"),
    ("by_rural_urban", "Rural and urban", "Class"),
)
_BUILDING = "#00A499"
"""Green apart from the map's oranges and the blue of centres."""


def said(names: Sequence[str]) -> str:
    """Kinds of building in a sentence."""
    words = [kind(name) for name in names]
    lowered = [one if one.startswith("GP") else one[0].lower() + one[1:] for one in words]
    return f"{'an' if lowered[0][0] in 'aeiou' else 'a'} {' or '.join(lowered)}"


def within(by_mode: Mapping[str, Assessment]) -> pd.DataFrame:
    """Share of people within 10, 15, 20 and 30 minutes: `mode` (in words), `minutes`, `share`."""
    rows = [
        {
            "mode": WAYS[mode],
            "minutes": minutes,
            "share": found.people_within["share_after"][minutes],
        }
        for mode, found in by_mode.items()
        for minutes in THRESHOLDS
        if minutes in found.people_within.index
    ]
    return pd.DataFrame(rows)


def as_table(shares: pd.DataFrame) -> pd.DataFrame:
    """The same in per cent, a row a limit, a column a mode."""
    table = shares.pivot_table(index="minutes", columns="mode", values="share") * 100
    table.index = pd.Index([f"{limit} minutes" for limit in table.index], name="Within")
    return table[list(dict.fromkeys(shares["mode"]))]


def summary(
    place: Place, names: Sequence[str], by_mode: Mapping[str, Assessment], reach: float
) -> str:
    """How many reach the buildings in time, by each mode, in a sentence."""
    parts = [
        f"{wording.share(found.people_within['share_after'][reach])} {WAYS[mode]}"
        for mode, found in by_mode.items()
    ]
    return (
        f"Of {place.people:,} people, within {reach:g} minutes of {said(names)}: "
        f"{', '.join(parts)}."
    )


def shading(found: Assessment, mode: str, estimate: bool) -> Shading:
    """Areas by minutes to the nearest building; darker is farther."""
    minutes = found.areas["minutes_after"].replace(np.inf, np.nan)
    guess = ", estimate" if estimate else ""
    title = f"Minutes to the nearest, {WAYS[mode]}{guess}"
    scale = Scale("minutes", edges=tuple(map(float, THRESHOLDS)), none="None in time")
    return by_value("minutes", title, minutes, scale)


def tips(place: Place, found: Assessment) -> Callable[[int], str]:
    """What is said of the area in a row, as HTML."""
    names, told = needs.labels(place).tolist(), ("people", "minutes_after", "share_after")
    people, minutes, share = (found.areas[one].tolist() for one in told)

    def tip(row: int) -> str:
        lines = [
            f"<b>{text(names[row])}</b>",
            f"{people[row]:,} people",
            f"Nearest: {_minutes(minutes[row])}",
            f"{wording.share(share[row])} of its people in reach",
        ]
        return "<br>".join(lines)

    return tip


def layer(sites: gpd.GeoDataFrame) -> folium.FeatureGroup:
    """The buildings as small discs."""
    names = sites.get("site_name", sites["site_id"]).fillna(sites["site_id"])
    said_of = [
        f"<b>{text(name)}</b><br>{text(kind(one))}"
        for name, one in zip(names, sites["kind"], strict=True)
    ]
    return maps.point_layer("buildings", sites.geometry, said_of, _BUILDING)


def key(sites: gpd.GeoDataFrame, names: Sequence[str]) -> str:
    """What the discs mean, with how many there are, as HTML; `names` are their kinds."""
    words = text(" or ".join(map(kind, names)))
    return (
        f'<div style="align-items:center;display:flex;padding:2px 0"><span style="background:'
        f"{_BUILDING};border:1px solid {style.INK};border-radius:50%;flex:0 0 11px;height:11px;"
        f'margin:0 13px 0 6px"></span><span>{words} ({len(sites):,})</span></div>'
    )


def groups(found: Assessment, reach: float) -> list[tuple[str, str, pd.DataFrame]]:
    """Tables of who is in reach: title, name of the groups, and `people` and `share` of each."""
    tables = [(title, axis, getattr(found, name)) for name, title, axis in _GROUPS]
    return [
        (
            title,
            axis,
            table[["people", f"share_after_{reach:g}"]].set_axis(["people", "share"], axis=1),
        )
        for title, axis, table in tables
        if table is not None
    ]


def _minutes(value: float) -> str:
    return f"{value:.0f} minutes" if np.isfinite(value) else "more than an hour"
