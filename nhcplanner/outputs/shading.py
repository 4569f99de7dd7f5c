"""Into which class of colour each area falls, and what the class is called."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from nhcplanner.domain.assessment import THRESHOLDS, Outcome
from nhcplanner.domain.hle import BASES, GRADED
from nhcplanner.outputs import style


@dataclass(frozen=True, eq=False)
class Shading:
    """One way to colour the areas of a map.

    Parameters
    ----------
    name
        Short name, "need" or "minutes".
    title
        What the colours mean.
    labels, colours
        Words and colour of each class, in the legend's order.
    of_area
        Class of each area in the place's order.
    """

    name: str
    title: str
    labels: tuple[str, ...]
    colours: tuple[str, ...]
    of_area: npt.NDArray[np.int64]


def shadings(outcome: Outcome) -> tuple[Shading, ...]:
    """The ways to colour an outcome's areas: by need, where there are bands, and by minutes."""
    banded = (outcome.assessment.areas["band"] > 0).any()
    return (*((need(outcome),) if banded else ()), minutes(outcome))


def need(outcome: Outcome) -> Shading:
    """Areas by band, 1 = served first; bands are joined where there are more than an eye tells."""
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
    return areas["hle"]


def _need_title(outcome: Outcome) -> str:
    if _hle(outcome).notna().any():
        bases = set(outcome.place.areas.get("hle_basis", pd.Series(dtype=str)))
        made = ["modelled"] if bases.intersection(GRADED) else []
        made += [BASES["sullivan"]] if "sullivan" in bases else []
        return ", ".join(["Healthy life expectancy (HLE)", *made])
    return f"Deprivation, {outcome.place.index_name or 'by rank'}"


def _meaning(one: int, classes: int, hle: pd.Series) -> str:
    if hle.notna().any():
        ends = ", lowest HLE" if one == 0 else ", highest HLE" if one == classes - 1 else ""
        return f"{ends}: {hle.min():.1f} to {hle.max():.1f} years"
    return ", most deprived" if one == 0 else ", least deprived" if one == classes - 1 else ""


def minutes(outcome: Outcome) -> Shading:
    """Areas by minutes to the nearest centre after the plan; darker is farther."""
    horizon = outcome.times.horizon
    estimate = ", estimate" if outcome.times.estimate else ""
    return by_minutes(
        f"Minutes to the nearest centre, {outcome.times.mode}{estimate}",
        outcome.assessment.areas["minutes_after"],
        (*THRESHOLDS, outcome.scenario.reach),
        horizon,
        f"No centre within {horizon:g} minutes",
    )


def by_minutes(
    title: str, minutes: pd.Series, limits: Sequence[float], horizon: float, none: str
) -> Shading:
    """Areas by minutes, a class up to each limit and one up to the horizon; darker is farther.

    Parameters
    ----------
    title
        What the colours mean.
    minutes
        An area; inf = beyond the horizon.
    limits
        Minutes at which classes end; those beyond the horizon are left out.
    horizon
        Minutes beyond which nothing was looked for.
    none
        What is said of areas beyond it.
    """
    after = minutes.to_numpy(dtype=np.float64)
    edges = sorted({float(limit) for limit in limits if limit < horizon})
    starts, ends = [0.0, *edges], [*edges, horizon]
    labels = [f"{a:g} to {b:g} minutes" for a, b in zip(starts, ends, strict=True)]
    near = np.isfinite(after) & (after <= horizon)
    return Shading(
        "minutes",
        title,
        (*labels, none),
        (*reversed(style.need(len(labels))), style.NO_DATA),
        np.where(near, np.searchsorted(edges, after), len(labels)).astype(np.int64),
    )
