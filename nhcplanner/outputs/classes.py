"""Classes of colour for any column of a place's areas: at most seven, named in words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from nhcplanner.outputs import style
from nhcplanner.outputs.shading import Shading

NONE = "No figure"


@dataclass(frozen=True)
class Scale:
    """How a figure is written and coloured.

    Parameters
    ----------
    unit
        What it counts, e.g. "years"; empty = nothing.
    digits
        Decimals shown.
    times
        What values are multiplied by to be shown: 100 for per cent.
    low_is_dark
        True where low values are the ones that matter.
    edges
        Upper ends of the classes but the last; empty = classes of about equal numbers of areas.
    whole
        True for figures that are whole numbers: "3 to 4", not "2 to 4".
    classes
        At most so many.
    """

    unit: str = ""
    digits: int = 0
    times: float = 1.0
    low_is_dark: bool = False
    edges: tuple[float, ...] = ()
    whole: bool = False
    classes: int = 6

    def text(self, value: float) -> str:
        """A value with its unit.

        Examples
        --------
        >>> Scale("%", times=100).text(0.25)
        '25 %'
        """
        return f"{self.figure(value)} {self.unit}".strip()

    def figure(self, value: float) -> str:
        """A value without its unit."""
        return f"{value * self.times:,.{self.digits}f}"


def by_value(name: str, title: str, values: pd.Series, scale: Scale) -> Shading:
    """Areas in classes of a figure, those without one apart.

    Parameters
    ----------
    name, title
        Short name, and what the colours mean.
    values
        A figure an area; NaN = none.
    scale
        How it is written and coloured.
    """
    figures = values.to_numpy(dtype=np.float64, na_value=np.nan)
    known = np.isfinite(figures)
    edges = np.array(scale.edges or _equal(figures[known], scale), dtype=np.float64)
    of_area = np.where(known, np.searchsorted(edges, figures, side="left"), len(edges) + 1)
    low, high = (figures[known].min(), figures[known].max()) if known.any() else (0.0, 0.0)
    starts = [min([low, *edges]), *(edges + scale.whole)]
    ends = [*edges, max([high, *edges])]
    labels = [
        f"{scale.figure(a)} to {scale.text(b)}" if a < b else scale.text(a)
        for a, b in zip(starts, ends, strict=True)
    ]
    colours = style.need(len(labels))
    if not scale.low_is_dark:
        colours = colours[::-1]
    return _drawn(name, title, of_area, labels, colours)


def by_word(name: str, title: str, words: pd.Series, order: Sequence[str] = ()) -> Shading:
    """Areas by a word each has; beyond seven different words the rarer ones are one class."""
    counts = words.dropna().value_counts()
    names = [one for one in order if one in counts]
    names += [one for one in counts.index if one not in names]
    if len(names) > style.CLASSES:
        names = [*names[: style.CLASSES - 1], "Any other"]
    place = {one: row for row, one in enumerate(names)}
    of_area = words.map(lambda one: place.get(one, len(names) - 1)).to_numpy(dtype=np.int64)
    known = words.notna().to_numpy()
    of_area = np.where(known, of_area, len(names))
    return _drawn(name, title, of_area, names, style.words(len(names)))


def _drawn(
    name: str,
    title: str,
    of_area: np.ndarray,
    labels: Sequence[str],
    colours: Sequence[str],
) -> Shading:
    """The shading, with a class for areas that have no figure where there are any."""
    if (of_area == len(labels)).any():
        labels, colours = [*labels, NONE], [*colours, style.NO_DATA]
    return Shading(name, title, tuple(labels), tuple(colours), of_area.astype(np.int64))


def _equal(figures: np.ndarray, scale: Scale) -> list[float]:
    """Edges between classes of about equal numbers, at figures as they are shown."""
    if not len(figures):
        return []
    quantiles = np.quantile(figures, np.linspace(0, 1, scale.classes + 1)[1:-1])
    rounded = np.unique(np.round(quantiles * scale.times, scale.digits) / scale.times)
    return [float(one) for one in rounded if figures.min() < one < figures.max()]
