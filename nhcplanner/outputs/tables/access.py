"""Access to buildings today, as map layers, tables and words."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import folium
import geopandas as gpd
import numpy as np
import pandas as pd

from nhcplanner.base.text import plural
from nhcplanner.domain.assessment import THRESHOLDS, Assessment
from nhcplanner.domain.columns import OWN, SITES
from nhcplanner.domain.place import Place
from nhcplanner.domain.scenario import Scenario
from nhcplanner.outputs import frames
from nhcplanner.outputs.maps import panel, plan_map
from nhcplanner.outputs.maps.shading import Shading, by_minutes
from nhcplanner.outputs.maps.symbols import SYMBOLS
from nhcplanner.outputs.sanitise import isolated, text
from nhcplanner.outputs.tables import need
from nhcplanner.outputs.wording import terms
from nhcplanner.outputs.wording.terms import kind

"""Green, distinct from the map's oranges and the blue of centres."""


def kinds_in_words(names: Sequence[str]) -> str:
    """List kinds of building in a sentence."""
    words = [kind(name) for name in names]
    lowered = [one if one.startswith("GP") else one[0].lower() + one[1:] for one in words]
    return f"{'an' if lowered[0][0] in 'aeiou' else 'a'} {' or '.join(lowered)}"


def within(by_mode: Mapping[str, Assessment]) -> pd.DataFrame:
    """Return shares of people within 10, 15, 20 and 30 minutes: `mode`, `minutes`, `share`."""
    rows = [
        {
            "mode": terms.WAYS[mode],
            "minutes": minutes,
            "share": found.people_within["share_after"][minutes],
        }
        for mode, found in by_mode.items()
        for minutes in THRESHOLDS
        if minutes in found.people_within.index
    ]
    return pd.DataFrame(rows)


def as_table(shares: pd.DataFrame) -> pd.DataFrame:
    """Return the shares in per cent, with a row for each limit and a column for each mode."""
    table = shares.pivot_table(index="minutes", columns="mode", values="share") * 100
    table.index = pd.Index([f"{limit} minutes" for limit in table.index], name="Within")
    return table[list(dict.fromkeys(shares["mode"]))]


def summary(
    place: Place, names: Sequence[str], by_mode: Mapping[Any, Assessment], reach: float
) -> str:
    """Describe how many people are within reach of the buildings, by each mode."""
    first, *others = (
        (terms.share(access.people_within["share_after"][reach]), terms.WAYS[mode])
        for mode, access in by_mode.items()
    )
    more = "".join(f", {share} {way}" for share, way in others)
    return (
        f"Of {place.people:,} people, {first[0]} are within {reach:g} minutes of "
        f"{kinds_in_words(names)} {first[1]}{more}."
    )


def why_equal(by_mode: Mapping[Any, Assessment], reach: float) -> str:
    """Say why public transport reaches as many people as walking; empty if it does not."""
    if not {"walk", "transit"} <= set(by_mode):
        return ""
    walk, bus = (by_mode[mode].people_within["people_after"][reach] for mode in ("walk", "transit"))
    if round(walk) != round(bus):
        return ""
    return (
        f"Public transport and walking reach the same people: a journey may be on foot all the "
        f"way, and with the walk to the stop and the wait no service is quicker within {reach:g} "
        "minutes here. Try a longer reach."
    )


def windows_of(windows: pd.DataFrame) -> pd.DataFrame:
    """Return people within reach in each window: index = day and hours, `people` and `share`."""
    every = windows[windows["grouping"] == "everyone"].set_index("window")
    return every[["within_after", "share_after"]].set_axis(["people", "share"], axis=1)


def windows_by_group(windows: pd.DataFrame) -> list[tuple[str, pd.DataFrame]]:
    """Return the share within reach of each group, a column a window, with each table's title."""
    return [
        (
            title,
            part.pivot_table(
                index="group", columns="window", values="share_after", sort=False
            ).rename_axis(index=axis, columns=None),
        )
        for name, (title, axis) in WINDOW_GROUPS.items()
        if len(part := windows[windows["grouping"] == name])
    ]


WINDOW_GROUPS = {
    "band": ("By band of need", "Band (1 = first)"),
    "imd_quintile": ("By fifth of deprivation", "Fifth (1 = most deprived)"),
    "household": ("By household", "Household"),
}
"""Title and name of the groups of each grouping in tables by window."""


def window_sentences(windows: pd.DataFrame, scenario: Scenario, what: str, way: str) -> list[str]:
    """Say for each window how many people reach the buildings, and how many of these are closed.

    Parameters
    ----------
    windows
        Table of `workflow.window_table`.
    scenario
        Its reach, and whether only open buildings count.
    what, way
        The buildings and the mode of travel in words.
    """
    rows = windows[windows["grouping"] == "everyone"].to_dict("records")
    return [
        f"At {row['window'].partition(', ')[2]} on {row['window'].partition(', ')[0]} "
        f"{row['within_after']:,.0f} people, {terms.share(row['share_after'])}, are within "
        f"{scenario.reach:g} minutes of {what} {way}"
        f"{_closed_words(row['closed'], row['unknown'], scenario.open_only)}."
        for row in rows
    ]


def _closed_words(closed: int, unknown: int, open_only: bool) -> str:
    """Say how many buildings are closed in a window, and whether they count; "" if none is."""
    if not closed:
        return ""
    more = f"; hours of {unknown:,} are not known" if unknown else ""
    counts = "not counted" if open_only else "counted too"
    return f" ({plural(closed, 'building')} closed then, {counts}{more})"


def measure_table(measures: pd.DataFrame) -> pd.DataFrame:
    """Return measures of fairness as text: what of, measure, figure, 95% interval, what it says."""
    rows = measures.to_dict("records")
    return pd.DataFrame(
        {
            "Of": measures["of"],
            "Measure": [_title(str(row["measure"])) for row in rows],
            "Figure": [_figure(row["value"], row["unit"]) or "none" for row in rows],
            "95% interval": [_interval(row) for row in rows],
            "Better": [_title(str(row["direction"])) for row in rows],
            "What it says": measures["meaning"],
        }
    )


def _title(words: str) -> str:
    return words[0].upper() + words[1:]


def _figure(value: float, unit: str) -> str:
    """Return a figure with its unit; "" if it has no value."""
    if not np.isfinite(value):
        return ""
    return {"share": f"{value:.1%}", "minutes": f"{value:.1f} minutes"}.get(unit, f"{value:.3f}")


def _interval(row: Mapping[Any, Any]) -> str:
    low, high = (_figure(row[end], row["unit"]) for end in ("low", "high"))
    return f"{low.removesuffix(' minutes')} to {high}" if low and high else ""


def supply_words(supply: str, amount: float | None = None) -> str:
    """Name a supply, buildings or a column of the sites, with an amount of it.

    Examples
    --------
    >>> supply_words("floor_area_m2"), supply_words("floor_area_m2", 60.74)
    ('floor area', '60.74 m² of floor area')
    >>> supply_words("buildings", 0.1), supply_words("own_rooms", 2)
    ('0.10 buildings', '2.00 of rooms')
    """
    column = next((one for one in SITES if one.name == supply), None)
    name = column.label.lower() if column else supply.removeprefix(OWN).replace("_", " ")
    if amount is None:
        return name
    if supply == "buildings":
        return f"{amount:,.2f} buildings"
    unit = f" {column.unit}" if column and column.unit else ""
    return f"{amount:,.2f}{unit} of {name}"


def catchment_sentences(
    measures: Mapping[str, float], supply: str, catchment: float, way: str
) -> list[str]:
    """Say how much of the supply people can reach, and who and what is left out.

    Parameters
    ----------
    measures
        As in `workflow.CatchmentAccess`.
    supply, catchment
        Name of the supply, and minutes of a catchment.
    way
        The mode of travel in words.
    """
    people = measures["people"]
    share = measures["without"] / people if people else 0.0
    known = " whose supply is known" if measures["left_out"] else ""
    first = f"Within {catchment:g} minutes {way}, 1,000 people share "
    first += f"{supply_words(supply, measures['mean'])} on average; "
    first += f"the Gini coefficient between people is {measures['gini']:.3f}."
    second = f"{measures['without']:,.0f} people, {terms.share(share)}, have no building{known} "
    second += "in their catchment and count with 0."
    lines = [first, second]
    if measures["left_out"]:
        count = plural(int(measures["left_out"]), "building")
        lines.append(f"Left out, because {supply_words(supply)} is not known: {count}.")
    if measures["unreached"]:
        count = plural(int(measures["unreached"]), "building")
        lines.append(f"Reached by nobody within {catchment:g} minutes: {count}.")
    return lines


def use_table(sites: gpd.GeoDataFrame, use: pd.DataFrame) -> pd.DataFrame:
    """Return how each building is used, with its name, without columns that are all blank."""
    names = sites.get("site_name", sites["site_id"]).fillna(sites["site_id"])
    table = pd.DataFrame(
        {
            "Building": names,
            "Supply": use["supply"].round(2),
            "For 1,000 people": use["per_thousand"].round(2),
            "People nearest": use["people"].round(),
            "Capacity": use["capacity"].round(),
            "Used": (100 * use["utilisation"]).round(1).map("{:.1f}%".format, na_action="ignore"),
            "Room for more": use["headroom"].round(),
            "Empty floor": (100 * use["void_share"])
            .round(1)
            .map("{:.1f}%".format, na_action="ignore"),
        }
    )
    return table.dropna(axis="columns", how="all")


def shading(found: Assessment, mode: str, horizon: float, estimate: bool, reach: float) -> Shading:
    """Return areas by minutes to the nearest building, up to the horizon."""
    guess = " (estimate)" if estimate else ""
    title = f"Minutes to the nearest building, {terms.WAYS[mode]}{guess}"
    return by_minutes(title, found.areas["minutes_after"], THRESHOLDS, horizon, reach)


def tips(place: Place, found: Assessment, horizon: float) -> Callable[[int], str]:
    """Return a function that describes an area as plain text; `horizon` = longest journey."""
    names = [*map(isolated, need.labels(place))]
    columns = ("people", "minutes_after", "share_after")
    people, minutes, share = (found.areas[one].tolist() for one in columns)

    def tip(row: int) -> str:
        lines = [
            names[row],
            f"{people[row]:,} people",
            f"Nearest: {_minutes(minutes[row], horizon)}",
            f"{terms.share(share[row])} of its people in reach",
        ]
        return "\n".join(lines)

    return tip


def layer(sites: gpd.GeoDataFrame) -> folium.FeatureGroup:
    """Return the buildings as small discs."""
    names = sites.get("site_name", sites["site_id"]).fillna(sites["site_id"])
    notes = [
        f"<b>{text(name)}</b><br>{text(kind(one))}"
        for name, one in zip(names, sites["kind"], strict=True)
    ]
    points = sites.set_index("site_id").geometry
    return plan_map.symbol_layer("buildings", points, notes, "building")


def key(sites: gpd.GeoDataFrame, names: Sequence[str]) -> str:
    """Return the legend of the buildings with their number, as HTML; `names` are the kinds."""
    words = text(" or ".join(map(kind, names)))
    return (
        '<div style="align-items:center;display:flex;gap:14px;padding:2px 0 2px 6px">'
        f"{panel.icon('building', SYMBOLS['building'].size)}<span>{words} ({len(sites):,})</span>"
        "</div>"
    )


def groups(found: Assessment, reach: float) -> list[tuple[str, str, pd.DataFrame]]:
    """Return tables of people in reach: title, name of the groups, and `people` and `share`."""
    columns = ["people", f"share_after_{reach:g}"]
    return [
        (title, axis, table[columns].set_axis(["people", "share"], axis=1))
        for name, (title, axis) in frames.GROUPS.items()
        if (table := getattr(found, name)) is not None
    ]


def _minutes(value: float, horizon: float) -> str:
    return f"{value:.0f} minutes" if np.isfinite(value) else terms.minutes(value, horizon)
