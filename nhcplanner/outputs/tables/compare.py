"""Comparison of two plans: who comes nearer and who farther, as layers, tables and files."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import altair as alt
import numpy as np
import pandas as pd

from nhcplanner.base.atomic import atomic_directory, files_in
from nhcplanner.domain.assessment import Comparison
from nhcplanner.domain.place import Place
from nhcplanner.outputs import style
from nhcplanner.outputs.maps.shading import Shading
from nhcplanner.outputs.sanitise import isolated, write_safe_csv
from nhcplanner.outputs.tables import need
from nhcplanner.outputs.wording import terms

EDGES = (-10.0, -5.0, -1.0, 1.0, 5.0, 10.0)
NEARER, FARTHER = "#01665E", "#8C510A"
COLOURS = (NEARER, "#5AB4AC", "#C7EAE5", "#F5F5F5", "#F6E8C3", "#D8B365", FARTHER)
"""From nearer to farther (ColorBrewer's BrBG, safe for colour-blind readers)."""
FIRST = 3
"""Number of groupings that a page shows at first."""
GROUPINGS = {
    "imd_quintile": "IMD quintile (1 = most deprived)",
    "rural_urban": "Rural or urban",
    "age": "Age",
    "band": "Band of need (1 = first)",
    "household": "Household",
    "disability": "Disability",
    "coastal": "Coastal or inland",
    "council": "Council",
}
"""Groupings that a page shows, and their words."""


def shading(place: Place, found: Comparison, horizon: float) -> Shading:
    """Return areas by how many minutes nearer or farther the second plan is.

    Parameters
    ----------
    place, found
        The place, and the comparison of its plans.
    horizon
        Longest journey measured, minutes.
    """
    areas = found.areas.set_index("area_code").reindex(place.areas["area_code"])
    change, verdict = areas["change"].to_numpy(), areas["verdict"].to_numpy()
    classes = np.searchsorted(EDGES, np.nan_to_num(change), side="right")
    on_edge = np.isclose(change[:, None], EDGES[: len(EDGES) // 2]).any(axis=1)
    classes = np.where(on_edge, classes - 1, classes)
    classes = np.where(verdict == "comes within the horizon", 0, classes)
    classes = np.where(verdict == "falls beyond it", len(EDGES), classes)
    unknown = np.isnan(change) & ~np.isin(verdict, ["comes within the horizon", "falls beyond it"])
    of_area = np.where(unknown, len(COLOURS), classes).astype(np.int64)
    labels: tuple[str, ...] = (
        "Nearer by 10 minutes or more", "Nearer by 5 to 10 minutes", "Nearer by 1 to 5 minutes",
        "Within a minute of the same",
        "Farther by 1 to 5 minutes", "Farther by 5 to 10 minutes", "Farther by 10 minutes or more",
    )  # fmt: skip
    if not unknown.any():
        return Shading("change", "Minutes gained and lost", labels, COLOURS, of_area)
    labels = (*labels, f"More than {horizon:g} minutes in both plans")
    colours = (*COLOURS, style.NO_DATA)
    return Shading("change", "Minutes gained and lost", labels, colours, of_area)


def tips(
    place: Place, found: Comparison, plan_names: tuple[str, str], horizon: float
) -> Callable[[int], str]:
    """Return a function that describes an area as plain text; `horizon` as in `shading`."""
    areas = found.areas.set_index("area_code").reindex(place.areas["area_code"])
    both = [areas[name].fillna(np.inf).tolist() for name in ("minutes_a", "minutes_b")]
    names, people = [*map(isolated, need.labels(place))], place.areas["people"].tolist()

    def tip(row: int) -> str:
        lines = [names[row], f"{people[row]:,} people"]
        for name, minutes in zip(plan_names, both, strict=True):
            lines.append(f"{isolated(name)}: {terms.minutes(minutes[row], horizon)}")
        return "\n".join(lines)

    return tip


def groups(found: Comparison) -> dict[str, pd.DataFrame]:
    """Return a table of gains and losses for each grouping, with a row for each group.

    Returns
    -------
    dict of DataFrame
        Index = group; columns `people`, `difference` (people), `a`, `b` (shares within reach,
        0 to 1), `minutes_a`, `minutes_b` (mean).
    """
    made = {}
    for grouping, words in GROUPINGS.items():
        rows = found.groups[found.groups["grouping"] == grouping].set_index("group")
        rows = rows[rows["people"].round() > 0]
        if len(rows) < 2:
            continue
        made[words] = pd.DataFrame(
            {
                "people": rows["people"].round(),
                "difference": rows["difference"].round(),
                "a": rows["within_a"] / rows["people"],
                "b": rows["within_b"] / rows["people"],
                "minutes_a": rows["mean_minutes_a"],
                "minutes_b": rows["mean_minutes_b"],
            }
        )
    return made


def bars(table: pd.DataFrame) -> alt.Chart:
    """Draw the change in people within reach for each group of a table."""
    frame = table.rename_axis("group").reset_index()
    frame["who"] = np.where(frame["difference"] < 0, "lose", "gain")
    colours = alt.Scale(domain=["gain", "lose"], range=[NEARER, FARTHER])
    chart: alt.Chart = (
        alt.Chart(frame)
        .mark_bar()
        .encode(
            y=alt.Y(
                "group:N",
                title=None,
                sort=None,
                axis=alt.Axis(
                    labelLimit=170, labelOverlap=False, labelExpr="split(datum.label, ': ')"
                ),
            ),
            x=alt.X(
                "difference:Q",
                title="People gained (+) or lost (-)",
                axis=alt.Axis(tickCount=4, format=",.0f"),
            ),
            color=alt.Color("who:N", scale=colours, legend=None),
            tooltip=[
                alt.Tooltip("group:N", title="Group"),
                alt.Tooltip("difference:Q", title="People", format="+,.0f"),
            ],
        )
        .properties(height=60 + 40 * len(frame))
    )
    return chart


def areas(found: Comparison, horizon: float) -> pd.DataFrame:
    """Return minutes of each area under both plans, largest gain first; `horizon` in minutes."""
    order = {"comes within the horizon": -np.inf, "falls beyond it": np.inf}
    by = found.areas["verdict"].map(order).fillna(found.areas["change"]).fillna(0.0)
    rows = found.areas.assign(by=by).sort_values("by", kind="stable").drop(columns="by")
    words = {
        "comes within the horizon": f"now within {horizon:g} minutes",
        "falls beyond it": f"now more than {horizon:g} minutes",
    }
    return rows.assign(verdict=rows["verdict"].replace(words))


def differing(found: Comparison) -> pd.DataFrame:
    """Return centres that only one of the plans opens: `site_id`, `name`, `in_a`, `in_b`."""
    return found.centres[found.centres["in_a"] != found.centres["in_b"]]


def write_comparison(
    found: Comparison, directory: Path, plan_names: tuple[str, str]
) -> tuple[Path, ...]:
    """Write `centres.csv`, `groups.csv`, `areas.csv` and `differences.txt`, all or nothing.

    Parameters
    ----------
    found
        The comparison.
    directory
        Folder of the files; created if missing.
    called
        Names of plans a and b in the words.

    Raises
    ------
    InputError
        If the folder or a file in it cannot be written.
    """
    lines = [f"a: {plan_names[0]}", f"b: {plan_names[1]}", *found.words]
    with atomic_directory(directory) as made:
        for name in ("centres", "groups", "areas"):
            write_safe_csv(getattr(found, name), made / f"{name}.csv")
        text = "\n".join(lines) + "\n"
        (made / "differences.txt").write_text(text, encoding="utf-8", newline="\n")
        names = files_in(made)
    return tuple(Path(directory) / name for name in names)
