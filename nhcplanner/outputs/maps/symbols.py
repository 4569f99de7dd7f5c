"""Symbols of sites on every map: their shape, colours, size and words.

Pages, saved maps, legends and GIS styles read this one table, so a centre looks the same
everywhere. Shapes differ as well as colours, so that no reader needs to tell colours apart.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Literal

from nhcplanner.outputs import style

Shape = Literal["circle", "square", "leaf", "diamond", "triangle", "pin"]


@dataclass(frozen=True)
class Symbol:
    """How one kind of point is drawn.

    Parameters
    ----------
    shape
        Outline: a "leaf" is a square with two round corners, a "pin" points down.
    fill, ink, edge
        Colours of the inside, of a number on it, and of its edge.
    size
        Diameter in pixels.
    words
        What it means, for the legend.
    """

    shape: Shape
    fill: str
    ink: str
    edge: str
    size: int
    words: str


_TEAL = "#00A499"
SYMBOLS = {
    "existing": Symbol("square", style.DARK_BLUE, style.WHITE, style.INK, 26, "Existing centre"),
    "committed": Symbol("leaf", style.FOCUS, style.INK, style.INK, 26, "Committed centre"),
    "new": Symbol("circle", style.BLUE, style.WHITE, style.INK, 26, "New centre"),
    "closed": Symbol("circle", style.WHITE, style.INK, style.INK, 6, "Not opened"),
    "must_open": Symbol("triangle", style.BLUE, style.WHITE, style.INK, 14, "Must open"),
    "available": Symbol("circle", _TEAL, style.WHITE, style.INK, 9, "Available"),
    "excluded": Symbol("diamond", style.GREY, style.WHITE, style.INK, 9, "Excluded"),
    "building": Symbol("circle", _TEAL, style.WHITE, style.INK, 9, "Building"),
    "pin": Symbol("pin", style.BLUE, style.WHITE, style.INK, 34, "Position chosen"),
}
"""Symbols by the role or the class of a site, and the pin of a position."""


def as_data() -> dict[str, dict[str, str | int]]:
    """Return the symbols as plain data for the script of a page's map."""
    return {name: asdict(symbol) for name, symbol in SYMBOLS.items()}
