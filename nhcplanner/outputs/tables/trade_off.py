"""Trade-off between two goals, as a table, a chart and words."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import altair as alt
import pandas as pd

from nhcplanner.base.text import plural
from nhcplanner.domain.plan import Plan
from nhcplanner.models import GOALS
from nhcplanner.outputs import style

AIMS = {row.aim: (row.words(), row.figure) for row in GOALS.values() if row.aim}
"""Title of each goal, and the unit of its figure."""

PICK = "pick"
"""Name of the chart's selection, which has the field `point`."""

_KNEE = "#D55E00"
_BEST_VALUE = "Best-value point"


def table(plans: Sequence[Plan], knees: Sequence[int]) -> pd.DataFrame:
    """Return a row for each point of a trade-off.

    Parameters
    ----------
    plans
        Plans in the order of the curve; the two stages of each are the two goals.
    knees
        Positions where the curve bends.

    Returns
    -------
    DataFrame
        `point` (from 1), `first`, `second`, `best` (what the first goal may reach at most, or at
        least, at this level of the second), `gap` (the wider of the two, 0 to 1; NaN = not
        known), `knee`, `centres`.
    """
    columns = ["point", "first", "second", "best", "gap", "knee", "centres"]
    rows = [
        (
            number,
            one.stages[0].value,
            one.stages[1].value,
            one.stages[0].bound,
            one.gap,
            number - 1 in knees,
            len(one.opened),
        )
        for number, one in enumerate(plans, 1)
    ]
    return pd.DataFrame(rows, columns=columns).astype({"gap": "float64"})


def chart(points: pd.DataFrame, first: str, second: str, chosen: int | None) -> alt.LayerChart:
    """Draw the trade-off with a mark for each plan; a click on a mark is the selection `PICK`.

    Parameters
    ----------
    points
        From `table`.
    first, second
        Keys of `AIMS`, for the axes: the first goes up, the second to the right.
    chosen
        Number of the selected point.
    """
    kind = points["knee"].map({True: _BEST_VALUE, False: "Plan"})
    base = alt.Chart(points.assign(kind=kind)).encode(
        x=alt.X("second:Q", title=AIMS[second][1], **_figures()),
        y=alt.Y("first:Q", title=AIMS[first][1], **_figures()),
    )
    line = base.mark_line(color=style.GREY, strokeWidth=1, order=False)
    doubt = base.mark_rule(color=style.GREY, strokeWidth=5, opacity=0.5).encode(y2="best:Q")
    ring = base.transform_filter(alt.datum.point == (chosen or 0)).mark_point(
        size=420, color=style.INK, strokeWidth=3
    )
    number = base.mark_text(dy=-15, fontSize=12, color=style.INK).encode(text="point:Q")
    kinds = ["Plan", _BEST_VALUE]
    marks = base.mark_point(filled=True, opacity=1, cursor="pointer").encode(
        size=alt.value(130),
        shape=alt.Shape(
            "kind:N",
            title=None,
            scale=alt.Scale(domain=kinds, range=["circle", "diamond"]),
            legend=alt.Legend(orient="top"),
        ),
        color=alt.Color(
            "kind:N", title=None, scale=alt.Scale(domain=kinds, range=[style.BLUE, _KNEE])
        ),
        tooltip=[
            alt.Tooltip("point:Q", title="Plan"),
            alt.Tooltip("first:Q", title=AIMS[first][1], format=",.6~g"),
            alt.Tooltip("second:Q", title=AIMS[second][1], format=",.6~g"),
            alt.Tooltip("best:Q", title="Best possible on the first", format=",.6~g"),
            alt.Tooltip("centres:Q", title="Centres open"),
        ],
    )
    pick = alt.selection_point(name=PICK, fields=["point"])
    layers = alt.LayerChart(layer=[line, doubt, ring, number, marks.add_params(pick)])
    return layers.properties(height=330)


def summary(points: pd.DataFrame, first: str, second: str, complete: bool | None) -> str:
    """Describe the curve; `complete` is None while points are still being found."""
    words = f"{plural(len(points), 'plan')}: none is better than another on both goals. "
    one, last = points.iloc[0], points.iloc[-1]
    if len(points) > 1:
        words += (
            f"From plan {one.point:.0f} to plan {last.point:.0f}, "
            f"{AIMS[first][1].lower()} goes from {one['first']:,.0f} to {last['first']:,.0f}, and "
            f"{AIMS[second][1].lower()} from {one.second:,.0f} to {last.second:,.0f}. "
        )
    best = points.loc[points["knee"], "point"].tolist()
    if best:
        plan_numbers = ", ".join(f"plan {point:.0f}" for point in best)
        points_words, them = (f"{_BEST_VALUE}s", "them") if len(best) > 1 else (_BEST_VALUE, "it")
        words += (
            f"{points_words}: {plan_numbers}. Beyond {them}, a little more of one goal costs much "
            "of the other. "
        )
    ends = {
        True: "There are no other such plans.",
        False: "There may be other such plans.",
        None: "The search goes on.",
    }
    return words + ends[complete]


def point_in_words(point: pd.Series, first: str, second: str) -> str:
    """Describe one point."""
    values = [
        f"{AIMS[name][1].lower()} {point[column]:,.0f}"
        for name, column in ((first, "first"), (second, "second"))
    ]
    return f"Plan {point['point']:.0f}: {values[0]}, {values[1]}. {gap(point['gap'])}"


def gap(value: float) -> str:
    """Describe the certainty of a point."""
    if pd.isna(value):
        return "Not known"
    return f"At most {100 * value:.2g}% from best" if value else "Proved best"


def _figures() -> dict[str, Any]:
    """Return the scale and the axis for the figures of a goal."""
    scale = alt.Scale(zero=False, nice=True, padding=24)
    return {"scale": scale, "axis": alt.Axis(format=",.6~g")}
