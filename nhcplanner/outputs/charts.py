"""Charts for the app, with units on every axis."""

from __future__ import annotations

from typing import Any, TypeVar

import altair as alt
import pandas as pd

from nhcplanner.outputs import style
from nhcplanner.outputs.maps.shading import Scale, Shading

AnyChart = TypeVar("AnyChart", alt.Chart, alt.LayerChart)

_ABOVE = alt.Legend(orient="top")
_LENGTHY = 24
"""Length of a group's name in letters above which the axis has no title."""


def before_after(shares: pd.DataFrame, groups: str, reach: float) -> alt.Chart:
    """Draw the share of people within reach before and after, as two bars for each group.

    Parameters
    ----------
    shares
        From `tables.shares`: index = group, columns `people`, `before`, `after` (0 to 1).
    groups
        Title of the axis, e.g. "HLE band (1 = lowest)".
    reach
        Minutes, for the axis.
    """
    bars = shares[["before", "after"]].rename_axis("group").reset_index()
    bars = bars.melt("group", var_name="when", value_name="share").dropna()
    colours = alt.Scale(domain=["before", "after"], range=[style.BEFORE, style.AFTER])
    chart: alt.Chart = (
        alt.Chart(bars)
        .mark_bar()
        .encode(
            y=_groups(bars["group"], groups),
            yOffset=alt.YOffset("when:N", sort=["before", "after"]),
            x=alt.X(
                "share:Q",
                title=f"People within {reach:g} minutes (%)",
                axis=alt.Axis(format="%"),
                scale=alt.Scale(domain=[0, 1]),
            ),
            color=alt.Color("when:N", title="The plan", scale=colours, legend=_ABOVE),
            tooltip=[
                alt.Tooltip("group:N", title=groups),
                alt.Tooltip("when:N", title="The plan"),
                alt.Tooltip("share:Q", title="Share", format=".1%"),
            ],
        )
        .properties(height=100 + (56 if _lengthy(bars["group"]) else 36) * len(shares))
    )
    return chart


def distribution(values: pd.Series, people: pd.Series, shading: Shading, scale: Scale) -> alt.Chart:
    """Draw people by the figure of their area, in the colours of the map.

    Parameters
    ----------
    values, people
        Figure and people of each area.
    shading
        Classes of the map.
    scale
        Format of the figure.
    """
    frame = pd.DataFrame(
        {
            "value": values * scale.times,
            "people": people,
            "class": [shading.labels[one] for one in shading.of_area],
        }
    ).dropna()
    unit = f" ({scale.unit})" if scale.unit else ""
    chart: alt.Chart = (
        alt.Chart(frame)
        .mark_bar(stroke=style.GREY, strokeWidth=0.5)
        .encode(
            x=alt.X("value:Q", bin=alt.Bin(maxbins=24), title=f"{shading.title}{unit}"),
            y=alt.Y("sum(people):Q", title="People"),
            color=alt.Color(
                "class:N",
                scale=alt.Scale(domain=list(shading.labels), range=list(shading.colours)),
                legend=None,
            ),
            tooltip=[
                alt.Tooltip("class:N", title="Class on the map"),
                alt.Tooltip("sum(people):Q", title="People", format=","),
            ],
        )
        .properties(height=240)
    )
    return chart


def within(shares: pd.DataFrame) -> alt.Chart:
    """Draw the share of people by minutes, with a line for each mode.

    Parameters
    ----------
    shares
        `mode` (in words), `minutes` and `share` (0 to 1).
    """
    modes = list(dict.fromkeys(shares["mode"]))
    colours = alt.Scale(domain=modes, range=list(style.words(len(modes))))
    chart: alt.Chart = (
        alt.Chart(shares)
        .mark_line(point={"size": 70})
        .encode(
            x=alt.X(
                "minutes:Q",
                title="Minutes",
                axis=alt.Axis(values=sorted(set(shares["minutes"]))),
                scale=alt.Scale(domain=[5, 32]),
            ),
            y=alt.Y(
                "share:Q",
                title="People (%)",
                axis=alt.Axis(format="%"),
                scale=alt.Scale(domain=[0, 1]),
            ),
            color=alt.Color("mode:N", title=None, scale=colours, legend=_ABOVE),
            shape=alt.Shape("mode:N", title=None, sort=modes, legend=_ABOVE),
            tooltip=[
                alt.Tooltip("mode:N", title="Travel"),
                alt.Tooltip("minutes:Q", title="Minutes"),
                alt.Tooltip("share:Q", title="People", format=".1%"),
            ],
        )
        .properties(height=220)
    )
    return chart


def shares(table: pd.DataFrame, groups: str, reach: float) -> alt.Chart:
    """Draw the share of each group within reach, with a bar for each group.

    Parameters
    ----------
    table
        Index = group, columns `people` and `share` (0 to 1).
    groups, reach
        Title of the axis of groups, and minutes of the reach.
    """
    bars = table.rename_axis("group").reset_index().dropna()
    chart: alt.Chart = (
        alt.Chart(bars)
        .mark_bar(color=style.BLUE)
        .encode(
            y=_groups(bars["group"], groups),
            x=alt.X(
                "share:Q",
                title=f"People within {reach:g} minutes (%)",
                axis=alt.Axis(format="%"),
                scale=alt.Scale(domain=[0, 1]),
            ),
            tooltip=[
                alt.Tooltip("group:N", title=groups),
                alt.Tooltip("share:Q", title="Share", format=".1%"),
                alt.Tooltip("people:Q", title="People", format=","),
            ],
        )
        .properties(height=70 + (44 if _lengthy(bars["group"]) else 34) * len(bars))
    )
    return chart


def legible(chart: AnyChart) -> AnyChart:
    """Set the text of a chart to a dark colour, independent of the theme of the page."""
    dark: dict[str, Any] = {"labelColor": style.INK, "titleColor": style.INK}
    dark_axis: AnyChart = chart.configure_axis(**dark)
    result: AnyChart = dark_axis.configure_legend(**dark)
    return result


def _groups(groups: pd.Series, title: str) -> alt.Y:
    """Return the axis of groups, with long names on several lines and every name shown."""
    plain = alt.Axis(labelLimit=230, labelOverlap=False)
    if not _lengthy(groups):
        lines = title.replace(" (", "\n(").split("\n")  # one line is longer than few bars are high
        return alt.Y("group:N", title=lines, axis=plain, sort=None)
    wrapped = alt.Axis(labelLimit=230, labelOverlap=False, labelExpr="split(datum.label, ': ')")
    return alt.Y("group:N", title=None, axis=wrapped, sort=None)


def _lengthy(groups: pd.Series) -> bool:
    return bool(groups.astype(str).str.len().max() > _LENGTHY)
