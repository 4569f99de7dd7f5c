"""Canvas: pictures for paper, the same bytes each time, and what every one of them carries.

Charts for paper: people by minute, and shares before and after, readable in grey.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import matplotlib as mpl
import pandas as pd
from matplotlib.figure import Figure as Sheet
from matplotlib.ticker import PercentFormatter

from nhcplanner.outputs import style
from nhcplanner.outputs.brief.parts import UNKNOWN
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
        matplotlib's figure.
    png
        The picture, once drawn.
    """

    def __init__(self, width: float, height: float) -> None:
        self.sheet = Sheet(figsize=(width * MM, height * MM), dpi=DPI)
        self.png = b""


@contextmanager
def canvas(width: float, height: float, synthetic: bool) -> Iterator[Canvas]:
    """Give a sheet to draw on; at the end its `png` is there.

    Parameters
    ----------
    width, height
        Millimetres.
    synthetic
        Whether it must say that the place is invented.
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
        held = io.BytesIO()
        made.sheet.savefig(held, format="png", metadata={"Software": None})
        made.png = held.getvalue()


WIDTH = 160.0
_PERCENT = PercentFormatter(1.0, symbol="")
_STROKES = (":", "-.", (0, (6, 1, 1, 1)), (0, (3, 1)))


def curve(people: pd.DataFrame, reach: float, called: dict[str, str], synthetic: bool) -> bytes:
    """Share of people who reach a centre, by minute: before, after, and after by other modes.

    Parameters
    ----------
    people
        The evidence's `curve`.
    reach
        Minutes that count as reached.
    called
        Each mode of `people` in words; the first is the plan's own.
    synthetic
        Whether the place is invented.
    """
    with canvas(WIDTH, 66, synthetic) as drawing:
        axes = drawing.sheet.add_axes((0.09, 0.18, 0.55, 0.76))
        for number, (mode, words) in enumerate(called.items()):
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
        axes.set(xlim=(0, 60), ylim=(0, 1), xlabel="Minutes to the nearest centre")
        axes.set_ylabel("People who get there (%)")
        axes.yaxis.set_major_formatter(_PERCENT)
        axes.legend(
            loc="upper left", bbox_to_anchor=(1.02, 1), frameon=False, fontsize=7.5, borderaxespad=0
        )
    return drawing.png


def bars(groups: pd.DataFrame, axis: str, reach: float, synthetic: bool) -> bytes:
    """Share of people within reach before and after, a pair of bars a group.

    Parameters
    ----------
    groups
        Rows of the evidence's `groups` with the words of each group in `words`.
    axis
        What the groups are.
    reach
        Minutes that count as reached.
    synthetic
        Whether the place is invented.
    """
    rows = range(len(groups))
    with canvas(WIDTH, 24 + 8 * len(groups), synthetic) as drawing:
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
