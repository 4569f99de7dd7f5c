"""Classes of colour for the areas of a map: at most seven, named in words."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from nhcplanner.domain.assessment import THRESHOLDS, Outcome
from nhcplanner.domain.need_measures import BASES, MODELLED
from nhcplanner.outputs import style
from nhcplanner.outputs.wording import terms


@dataclass(frozen=True, eq=False)
class Shading:
    """Colours of the areas of a map.

    Parameters
    ----------
    name
        Short name, "need" or "minutes".
    title
        Title that explains the colours.
    labels, colours
        Words and colour of each class, in the legend's order.
    of_area
        Class of each area in the place's order.
    break_at
        First class beyond a limit, where maps draw a line; None = no limit.
    hatch
        Class that maps hatch, so that it is not mistaken for a colour; None = none.
    """

    name: str
    title: str
    labels: tuple[str, ...]
    colours: tuple[str, ...]
    of_area: npt.NDArray[np.int64]
    break_at: int | None = None
    hatch: int | None = None


def shadings(outcome: Outcome) -> tuple[Shading, ...]:
    """Return the shadings of an outcome: by need if there are bands, and by minutes."""
    banded = (outcome.assessment.areas["band"] > 0).any()
    return (*((need(outcome),) if banded else ()), minutes(outcome))


def need(outcome: Outcome) -> Shading:
    """Return areas by band, 1 = first; bands are joined if there are more than colours."""
    band = outcome.assessment.areas["band"].to_numpy().astype(np.int64)
    step = math.ceil(band.max() / (style.CLASSES - 1)) if band.max() > style.CLASSES else 1
    classes = math.ceil(band.max() / step)
    of_area = np.where(band > 0, (band - 1) // step, classes)
    hle = _hle(outcome)
    labels = []
    for one in range(classes):
        first, last = one * step + 1, min((one + 1) * step, int(band.max()))
        name = f"Band {first}" if first == last else f"Bands {first} to {last}"
        labels.append(name + _meaning(one, classes, hle[of_area == one]))
    colours = style.need(classes)
    if (band == 0).any():
        labels.append("In no band")
        colours = (*colours, style.NO_DATA)
    return Shading("need", _need_title(outcome), tuple(labels), colours, of_area)


def _hle(outcome: Outcome) -> pd.Series:
    areas = outcome.place.areas
    if outcome.assessment.need.by != "hle":
        return pd.Series(np.nan, index=areas.index)
    hle: pd.Series = areas["hle"]
    return hle


def _need_title(outcome: Outcome) -> str:
    if _hle(outcome).notna().any():
        bases = set(outcome.place.areas.get("hle_basis", pd.Series(dtype=str)))
        made = ["modelled"] if bases.intersection(MODELLED) else []
        made += [BASES["sullivan"]] if "sullivan" in bases else []
        return ", ".join(["Healthy life expectancy (HLE)", *made])
    return f"Deprivation, {outcome.place.index_name or 'by rank'}"


def _meaning(one: int, classes: int, hle: pd.Series) -> str:
    if hle.notna().any():
        ends = ", lowest HLE" if one == 0 else ", highest HLE" if one == classes - 1 else ""
        return f"{ends}: {terms.span(hle)} years"
    return ", most deprived" if one == 0 else ", least deprived" if one == classes - 1 else ""


def minutes(outcome: Outcome) -> Shading:
    """Return areas by minutes to the centre that people go to after the plan."""
    horizon = outcome.times.horizon
    estimate = " (estimate)" if outcome.times.estimate else ""
    return by_minutes(
        f"Minutes {terms.to_centre(outcome.plan)}, {terms.travel(outcome.times.mode)}{estimate}",
        outcome.assessment.areas["minutes_after"],
        THRESHOLDS,
        horizon,
        outcome.scenario.reach,
    )


def by_minutes(
    title: str, minutes: pd.Series, limits: Sequence[float], horizon: float, reach: float
) -> Shading:
    """Return areas by minutes: one hue within reach, another beyond it, dark where none is reached.

    Parameters
    ----------
    title
        Title that explains the colours.
    minutes
        Minutes of each area; inf = beyond the horizon.
    limits
        Minutes at which classes end; those beyond the horizon are left out.
    horizon
        Longest journey measured, minutes; areas beyond it have a class of their own.
    reach
        Minutes that count as reached; a class ends there.
    """
    after = minutes.to_numpy(dtype=np.float64)
    edges = sorted({float(limit) for limit in (*limits, reach) if limit < horizon})
    starts, ends = [0.0, *edges], [*edges, horizon]
    labels = [f"{a:g} to {b:g} minutes" for a, b in zip(starts, ends, strict=True)]
    within = sum(end <= reach for end in ends)
    near = np.isfinite(after) & (after <= horizon)
    return Shading(
        "minutes",
        title,
        (*labels, f"More than {horizon:g} minutes"),
        (*style.minutes(within, len(labels) - within), style.UNREACHED),
        np.where(near, np.searchsorted(edges, after), len(labels)).astype(np.int64),
        break_at=within,
        hatch=len(labels),
    )


NONE = "No figure"


@dataclass(frozen=True)
class Scale:
    """Format and colours of a figure.

    Parameters
    ----------
    unit
        Unit, e.g. "years"; empty = none.
    digits
        Decimals shown.
    times
        Factor of displayed values: 100 for per cent.
    low_is_dark
        Whether low values are drawn dark.
    edges
        Upper ends of the classes but the last; empty = classes of about equal numbers of areas.
    whole
        True for figures that are whole numbers: "3 to 4", not "2 to 4".
    classes
        Largest number of classes.
    """

    unit: str = ""
    digits: int = 0
    times: float = 1.0
    low_is_dark: bool = False
    edges: tuple[float, ...] = ()
    whole: bool = False
    classes: int = 6

    def text(self, value: float) -> str:
        """Format a value with its unit.

        Examples
        --------
        >>> Scale("%", times=100).text(0.25)
        '25%'
        """
        return f"{self.figure(value)}{self.suffix}"

    @property
    def suffix(self) -> str:
        """Return the unit after a figure: "%" directly, others after a space."""
        return self.unit if self.unit in {"", "%"} else f" {self.unit}"

    def figure(self, value: float) -> str:
        """Format a value without its unit."""
        return f"{value * self.times:,.{self.digits}f}"


def by_value(name: str, title: str, values: pd.Series, scale: Scale) -> Shading:
    """Return areas in classes of a figure; areas without a figure are a class.

    Parameters
    ----------
    name, title
        Short name, and what the colours mean.
    values
        Figure of each area; NaN = none.
    scale
        Format and colours of the figure.
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


def one_colour(areas: int) -> Shading:
    """Return a number of areas in one pale colour, for a place without figures."""
    return Shading("areas", "Areas", ("Areas",), (style.WHITE,), np.zeros(areas, dtype=np.int64))


def by_word(name: str, title: str, words: pd.Series, order: Sequence[str] = ()) -> Shading:
    """Return areas by a word of each; beyond seven words the rarer words are one class."""
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
    """Return the shading, with a class for areas without a figure if there are any."""
    if (of_area == len(labels)).any():
        labels, colours = [*labels, NONE], [*colours, style.NO_DATA]
    return Shading(name, title, tuple(labels), tuple(colours), of_area.astype(np.int64))


def _equal(figures: np.ndarray, scale: Scale) -> list[float]:
    """Return edges between classes of about equal numbers, at displayed figures."""
    if not len(figures):
        return []
    quantiles = np.quantile(figures, np.linspace(0, 1, scale.classes + 1)[1:-1])
    rounded = np.unique(np.round(quantiles * scale.times, scale.digits) / scale.times)
    return [float(one) for one in rounded if figures.min() < one < figures.max()]
