"""Charts for the app, with units on every axis."""

from __future__ import annotations

import altair as alt
import pandas as pd

from nhcplanner.outputs import style

_ABOVE = alt.Legend(orient="top")


def before_after(shares: pd.DataFrame, groups: str, reach: float) -> alt.Chart:
    """Share of people within reach before and after, a pair of bars a group.

    Parameters
    ----------
    shares
        From `tables.shares`: index = group, columns `people`, `before`, `after` (0 to 1).
    groups
        What the groups are, for the axis, e.g. "HLE band (1 = lowest)".
    reach
        Minutes, for the axis.
    """
    bars = shares[["before", "after"]].rename_axis("group").reset_index()
    bars = bars.melt("group", var_name="when", value_name="share").dropna()
    colours = alt.Scale(domain=["before", "after"], range=[style.BEFORE, style.AFTER])
    return (
        alt.Chart(bars)
        .mark_bar()
        .encode(
            y=alt.Y("group:N", title=groups, axis=alt.Axis(labelLimit=260), sort=None),
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
        .properties(height=100 + 36 * len(shares))
    )
