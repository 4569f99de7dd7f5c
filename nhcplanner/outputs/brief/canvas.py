"""Canvas: pictures for paper, the same bytes each time, and what every one of them carries."""

from __future__ import annotations

import io
from collections.abc import Iterator
from contextlib import contextmanager

import matplotlib as mpl
from matplotlib.figure import Figure as Sheet

from nhcplanner.outputs import style

MM = 1 / 25.4
DPI = 200
_LOOK = {
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
        mpl.rcParams.update(_LOOK)
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
