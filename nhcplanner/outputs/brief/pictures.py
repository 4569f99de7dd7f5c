"""Pictures of the brief for print: maps in at most seven classes, and charts, readable in grey."""

from __future__ import annotations

import io
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import geopandas as gpd
import matplotlib as mpl
import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.figure import Figure as Sheet
from matplotlib.lines import Line2D
from matplotlib.patches import Patch, Rectangle
from matplotlib.ticker import PercentFormatter

from nhcplanner.base.errors import InputError
from nhcplanner.domain.assessment import Outcome
from nhcplanner.outputs import frames, style
from nhcplanner.outputs.brief.parts import UNKNOWN
from nhcplanner.outputs.maps import geometry
from nhcplanner.outputs.maps.shading import Shading, shadings
from nhcplanner.outputs.wording import terms

MM = 1 / 25.4
DPI = 200
_LOOK: dict[str, Any] = {
    "font.family": ["DejaVu Sans"],
    "font.size": 8,
    "text.color": style.INK,
    "axes.labelcolor": style.INK,
    "axes.edgecolor": style.INK,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "xtick.color": style.INK,
    "ytick.color": style.INK,
    "hatch.linewidth": 0.5,
    "text.parse_math": False,
}


class Canvas:
    """A sheet to draw on.

    Attributes
    ----------
    sheet
        Figure of matplotlib.
    png
        The picture as PNG, after it is drawn.
    """

    def __init__(self, width: float, height: float) -> None:
        self.sheet = Sheet(figsize=(width * MM, height * MM), dpi=DPI)
        self.png = b""


@contextmanager
def canvas(width: float, height: float, synthetic: bool) -> Iterator[Canvas]:
    """Yield a canvas to draw on, and write its `png` at the end of the block.

    Parameters
    ----------
    width, height
        Millimetres.
    synthetic
        Whether to mark the place as invented.
    """
    with mpl.rc_context():
        mpl.rcdefaults()
        for name, value in _LOOK.items():
            mpl.rcParams[name] = value  # type: ignore[index]
        made = Canvas(width, height)
        yield made
        if synthetic:
            box = {"facecolor": style.WHITE, "edgecolor": style.INK, "pad": 2}
            made.sheet.text(
                0.995, 0.005, "SYNTHETIC: an invented place",
                ha="right", va="bottom", fontsize=8, weight="bold", bbox=box,
            )  # fmt: skip
        buffer = io.BytesIO()
        made.sheet.savefig(buffer, format="png", metadata={"Software": None})
        made.png = buffer.getvalue()


CHART_WIDTH = 160.0
_PERCENT = PercentFormatter(1.0, symbol="")
_STROKES = (":", "-.", (0, (6, 1, 1, 1)), (0, (3, 1)))


def curve(
    people: pd.DataFrame,
    reach: float,
    mode_labels: dict[str, str],
    synthetic: bool,
    label_of_minutes: str,
) -> bytes:
    """Draw the share of people in reach by minutes: before, after, and after by other modes.

    Parameters
    ----------
    people
        The evidence's `curve`.
    reach
        Minutes that count as reached.
    called
        Words for each mode of `people`; the first is the mode of the plan.
    synthetic
        Whether the place is invented.
    label_of_minutes
        To which centre the minutes are.
    """
    with canvas(CHART_WIDTH, 66, synthetic) as drawing:
        axes = drawing.sheet.add_axes((0.09, 0.18, 0.55, 0.76))
        for number, (mode, words) in enumerate(mode_labels.items()):
            mine = people[people["mode"] == mode]
            if number == 0:
                before = mine["share_before"]
                axes.plot(mine["minutes"], before, "--", color=style.GREY, label=f"{words}, before")
                after, label = mine["share_after"], f"{words}, with the plan"
                axes.plot(mine["minutes"], after, color=style.BLUE, linewidth=2.2, label=label)
                continue
            stroke = _STROKES[(number - 1) % len(_STROKES)]
            label = f"{words}, with the plan"
            axes.plot(
                mine["minutes"], mine["share_after"], linestyle=stroke, color=style.INK, label=label
            )
        axes.axvline(reach, color=style.INK, linewidth=0.8)
        axes.text(
            reach, 1.01, f"{reach:g} minutes", ha="center", va="bottom", fontsize=7
        )  # above every curve
        axes.set(xlim=(0, 60), ylim=(0, 1), xlabel=label_of_minutes)
        axes.set_ylabel("People who get there (%)")
        axes.yaxis.set_major_formatter(_PERCENT)
        axes.legend(
            loc="upper left", bbox_to_anchor=(1.02, 1), frameon=False, fontsize=7.5, borderaxespad=0
        )
    return drawing.png


def bars(groups: pd.DataFrame, axis: str, reach: float, synthetic: bool) -> bytes:
    """Draw the share of people within reach before and after, as two bars for each group.

    Parameters
    ----------
    groups
        Rows of the evidence's `groups` with the words of each group in `words`.
    axis
        Title of the axis of groups.
    reach
        Minutes that count as reached.
    synthetic
        Whether the place is invented.
    """
    rows = range(len(groups))
    with canvas(CHART_WIDTH, 24 + 8 * len(groups), synthetic) as drawing:
        axes = drawing.sheet.add_axes((0.3, 0.2, 0.66, 0.68))
        pairs: tuple[tuple[str, str, float, dict[str, Any]], ...] = (
            ("Before", "share_before", -0.2, {"color": style.WHITE, "hatch": "////"}),
            ("With the plan", "share_after", 0.2, {"color": style.BLUE}),
        )
        for label, column, shift, ink in pairs:
            values = groups[column].fillna(0.0)
            at = [row + shift for row in rows]
            axes.barh(at, values, 0.38, edgecolor=style.INK, linewidth=0.6, label=label, **ink)
            for y, value in zip(at, groups[column], strict=True):
                words = UNKNOWN if pd.isna(value) else terms.share(value)
                x = 0.0 if pd.isna(value) else value
                axes.text(x + 0.01, y, words, va="center", fontsize=7)
        axes.set(xlim=(0, 1.08), ylim=(len(groups) - 0.5, -0.5))
        axes.set_yticks(list(rows), groups["words"].tolist())
        axes.set_ylabel(axis)
        axes.xaxis.set_major_formatter(_PERCENT)
        axes.set_xlabel(f"People within {reach:g} minutes of a centre (%)")
        axes.legend(loc="lower left", bbox_to_anchor=(0, 1), ncols=2, frameon=False, fontsize=7.5)
    return drawing.png


WIDTH, MAP_WIDTH = 170.0, 112.0
"""Widths of the picture and of the map in it, in millimetres."""
NUMBERED = 40
"""Largest number of centres that are drawn with their numbers."""
MARKS = {"existing": "s", "committed": "D", "new": "o"}
SHAPES = {"existing": "square", "committed": "diamond", "new": "disc"}
"""Shape of each role; shapes differ, so that a copy in grey is readable."""


@dataclass(frozen=True, eq=False)
class Picture:
    """Content of a map.

    Parameters
    ----------
    shading
        Classes of the areas.
    hatches
        Hatch over the colour of a class, by class.
    centres
        Whether the plan's centres are drawn.
    highest
        Largest height of the map in millimetres.
    """

    shading: Shading
    hatches: dict[int, str] = field(default_factory=dict)
    centres: bool = True
    highest: float = 120.0


def draw(outcome: Outcome, picture: Picture) -> bytes:
    """Draw a map as PNG."""
    return _drawn(outcome, picture).png


def plan_figure(outcome: Outcome, by: str = "minutes") -> Figure:
    """Draw a map of a plan as a matplotlib figure.

    Parameters
    ----------
    outcome
        The plan.
    by
        Name of a shading: "minutes", or "need" if the place has bands.

    Raises
    ------
    InputError
        If the outcome has no such shading.
    """
    every = {shading.name: shading for shading in shadings(outcome)}
    if by not in every:
        raise InputError([f"a plan of this place is drawn by {' or '.join(every)}, not by {by!r}"])
    missing = style.NO_DATA
    hatches = {n: "////" for n, colour in enumerate(every[by].colours) if colour == missing}
    return _drawn(outcome, Picture(every[by], hatches)).sheet


def _drawn(outcome: Outcome, picture: Picture) -> Canvas:
    west, south, east, north = _ends(outcome)
    height = min(MAP_WIDTH * (north - south) / (east - west), picture.highest)
    height = max(height, 60.0)
    with canvas(WIDTH, height, outcome.place.synthetic) as made:
        axes = made.sheet.add_axes((0, 0, MAP_WIDTH / WIDTH, 1))
        axes.set(xlim=(west, east), ylim=(south, north), aspect="equal", anchor="W")
        axes.set_axis_off()
        _areas(axes, outcome, picture)
        if picture.centres:
            _centres(axes, outcome)
        scale_bar(axes)
        _key(made, outcome, picture)
    return made


def map_in_words(outcome: Outcome, picture: Picture) -> str:
    """Describe the map: people in each class, and the centres."""
    heads = np.bincount(
        picture.shading.of_area,
        weights=outcome.place.areas["people"],
        minlength=len(picture.shading.labels),
    )
    parts = [
        f"{label}: {count:,.0f} people"
        for label, count in zip(picture.shading.labels, heads, strict=True)
        if count
    ]
    words = f"Map of {outcome.place.title}. {picture.shading.title}. {'; '.join(parts)}."
    roles = frames.role(outcome).value_counts()
    marks = [f"{roles[one]} {SHAPES[one]}s: {one} centres" for one in SHAPES if one in roles]
    return f"{words} {'; '.join(marks)}." if picture.centres and marks else words


def _ends(outcome: Outcome) -> tuple[float, float, float, float]:
    """Return west, south, east and north of the map in metres, with room for the scale bar."""
    west, south, east, north = outcome.place.areas.total_bounds
    margin = 0.03 * max(east - west, north - south, 1_000.0)
    return west - margin, south - 3 * margin, east + margin, north + margin


def _areas(axes: Axes, outcome: Outcome, picture: Picture) -> None:
    """Draw the areas in the colours of their classes, then main roads and council borders."""
    shapes = geometry.light(outcome.place)
    lines = 0.15 if len(shapes) <= geometry.MANY else 0.0
    for number, colour in enumerate(picture.shading.colours):
        mine = shapes[picture.shading.of_area == number]
        if mine.empty:
            continue
        hatch = picture.hatches.get(number)
        edge = style.GREY if hatch or lines else colour
        mine.plot(ax=axes, color=colour, edgecolor=edge, linewidth=lines or 0.1, hatch=hatch)
    roads = geometry.roads(outcome.place)
    if len(roads):
        roads.to_crs(shapes.crs).plot(ax=axes, color=style.GREY, linewidth=0.8)
    borders = geometry.borders(outcome.place)
    if len(borders):
        borders.to_crs(shapes.crs).plot(ax=axes, color=style.INK, linewidth=0.5 if lines else 0.25)
    axes.set_aspect("equal")


def _centres(axes: Axes, outcome: Outcome) -> None:
    """Draw the centres in the shape of their role, with their numbers if there are few."""
    opened = list(outcome.plan.opened)
    sites: gpd.GeoDataFrame = outcome.place.sites.iloc[opened]
    roles: pd.Series = frames.role(outcome).iloc[opened]
    numbers = len(opened) <= NUMBERED
    for role, mark in MARKS.items():
        here = sites[(roles == role).to_numpy()].geometry
        axes.plot(here.x, here.y, mark, **_ink(role, numbers))
    if not numbers:
        return
    for number, (point, role) in enumerate(zip(sites.geometry, roles, strict=True), 1):
        colour = style.WHITE if role == "new" else style.DARK_BLUE
        axes.text(
            point.x, point.y, str(number), ha="center", va="center_baseline", fontsize=6.5,
            weight="bold", color=colour, zorder=6,
        )  # fmt: skip


def _ink(role: str, numbers: bool) -> dict[str, Any]:
    """Return the colours and the size of a centre's mark."""
    fill = style.DARK_BLUE if role == "new" else style.WHITE
    edge = style.WHITE if role == "new" else style.DARK_BLUE
    return {
        "markersize": 11 if numbers else 4,
        "markerfacecolor": fill,
        "markeredgecolor": edge,
        "markeredgewidth": 1.2 if numbers else 0.6,
        "zorder": 5,
    }


def scale_bar(axes: Axes) -> None:
    """Draw a scale bar of a round number of kilometres at the lower left."""
    (west, east), (south, north) = axes.get_xlim(), axes.get_ylim()
    metres = round_length((east - west) / 4)
    x, y, thick = west + 0.03 * (east - west), south + 0.015 * (north - south), 0.008
    for half, colour in enumerate((style.INK, style.WHITE)):
        bar = Rectangle(
            (x + half * metres / 2, y), metres / 2, thick * (north - south),
            facecolor=colour, edgecolor=style.INK, linewidth=0.6, zorder=7,
        )  # fmt: skip
        axes.add_patch(bar)
    words = f"{metres / 1000:g} km"
    axes.text(x + metres, y, f"  {words}", va="bottom", fontsize=7)


def round_length(longest: float) -> float:
    """Return the largest of 1, 2 and 5 times a power of ten up to a length.

    Examples
    --------
    >>> round_length(7300), round_length(1.5)
    (5000.0, 1.0)
    """
    power = 10.0 ** np.floor(np.log10(longest))
    return float(max(step * power for step in (1, 2, 5) if step * power <= longest))


def _key(made: Canvas, outcome: Outcome, picture: Picture) -> None:
    """Draw the legend of colours, hatches and shapes at the right of the map."""
    shading = picture.shading
    classes = [
        Patch(facecolor=colour, edgecolor=style.GREY, hatch=picture.hatches.get(n), label=words)
        for n, (words, colour) in enumerate(
            zip(map(_wrapped, shading.labels), shading.colours, strict=True)
        )
        if (shading.of_area == n).any()
    ]
    roles = frames.role(outcome).value_counts()
    marks = [
        Line2D(
            [], [], linestyle="none", marker=MARKS[role],
            label=f"{terms.ROLES[role]} ({roles[role]})", **_ink(role, True) | {"markersize": 8},
        )
        for role in MARKS
        if picture.centres and role in roles
    ]  # fmt: skip
    made.sheet.legend(
        handles=[*classes, *marks], title=_wrapped(shading.title), loc="upper left",
        bbox_to_anchor=((MAP_WIDTH + 1) / WIDTH, 1 - MM), frameon=False, fontsize=7.5,
        title_fontproperties={"size": 8, "weight": "bold"}, alignment="left", borderaxespad=0,
        handlelength=1.6, labelspacing=0.6,
    )  # fmt: skip


def _wrapped(text: str, width: int = 30) -> str:
    lines = [""]
    for word in text.split():
        line = f"{lines[-1]} {word}".strip()
        lines = [*lines[:-1], line] if len(line) <= width else [*lines, word]
    return "\n".join(lines)
