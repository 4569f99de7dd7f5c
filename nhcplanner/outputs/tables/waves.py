"""Waves of centres, as tables and a chart."""

from __future__ import annotations

from collections.abc import Mapping

import altair as alt
import pandas as pd

from nhcplanner.domain.assessment import Outcome
from nhcplanner.outputs import frames, style

MOST_BANDS = style.CLASSES


def by_band(waves: Mapping[str, Outcome]) -> pd.DataFrame:
    """Return people within reach at the end of each wave, by band.

    Parameters
    ----------
    waves
        Name of each wave and the assessment at its end, in order of time.

    Returns
    -------
    DataFrame
        Index "Band (1 = first)" and, at the end, "All"; `people`, `today`, then the waves.
    """
    first = next(iter(waves.values()))
    reach = first.scenario.reach
    shares = {name: frames.shares(one, "by_band") for name, one in waves.items()}
    start = frames.shares(first, "by_band")
    within = pd.Series(first.assessment.people_within.loc[reach])
    total = {"people": float(first.place.people), "today": within["people_before"]} | {
        name: one.assessment.people_within["people_after"][reach] for name, one in waves.items()
    }
    rows = []
    if start is not None:
        frame = pd.DataFrame(
            {"people": start["people"], "today": start["people"] * start["before"]}
        )
        for name, one in shares.items():
            if one is not None:
                frame[name] = one["people"] * one["after"]
        frame.index = frame.index.map(str)
        rows.append(frame)
    found = pd.concat([*rows, pd.DataFrame(total, index=["All"])])
    return found.round(0).astype("Int64").rename_axis("Band (1 = first)")


def chart(people: pd.DataFrame, reach: float) -> alt.Chart:
    """Draw people within reach by wave, with the bands stacked, band 1 at the bottom.

    Parameters
    ----------
    people
        From `by_band`.
    reach
        Minutes, for the axis.
    """
    bands = people.drop(index="All") if len(people) > 1 else people
    times = [str(name) for name in people if name != "people"]
    frame = bands.drop(columns="people").rename_axis("band").reset_index()
    frame = frame.melt("band", var_name="wave", value_name="people").astype({"people": "float64"})
    order = bands.index.tolist()
    frame["rank"] = frame["band"].map({band: number for number, band in enumerate(order)})
    many = len(order) > MOST_BANDS
    colours = style.need(MOST_BANDS if many else len(order))
    colour = alt.Color(
        "rank:O" if many else "band:N",
        title="Band (1 = first)",
        scale=alt.Scale(range=list(colours)) if many else alt.Scale(domain=order, range=colours),
        legend=None if many else alt.Legend(orient="right", symbolStrokeWidth=0.5),
    )
    chart: alt.Chart = (
        alt.Chart(frame)
        .mark_bar(stroke=style.INK, strokeWidth=0.5)
        .encode(
            x=alt.X("wave:N", title="By the end of", sort=times, axis=alt.Axis(labelAngle=0)),
            y=alt.Y(
                "people:Q", title=f"People within {reach:g} minutes", axis=alt.Axis(format=",.0f")
            ),
            color=colour,
            order=alt.Order("rank:O"),
            tooltip=[
                alt.Tooltip("wave:N", title="By the end of"),
                alt.Tooltip("band:N", title="Band"),
                alt.Tooltip("people:Q", title="People", format=",.0f"),
            ],
        )
        .properties(height=260)
    )
    return chart


def price(waves: pd.DataFrame) -> str:
    """Describe what each wave loses because it must fit the other waves.

    Parameters
    ----------
    waves
        `wave`, `people` within reach, and `afresh`: people if the wave were planned alone (NaN =
        not worked out).
    """
    sentences = []
    for one in frames.rows(waves):
        if pd.isna(one.afresh):
            sentences.append(f"{one.wave}: not worked out in the time")
        elif round(one.afresh - one.people):
            more = one.afresh - one.people
            word = "fewer" if more > 0 else "more"
            sentences.append(
                f"{one.wave}: {abs(more):,.0f} {word} people in reach than if planned alone"
            )
        else:
            sentences.append(f"{one.wave}: as many people in reach as if planned alone")
    return ". ".join(sentences) + "."
