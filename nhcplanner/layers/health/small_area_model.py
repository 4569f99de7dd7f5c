"""HLE of every area of England, modelled from the figures of councils, with 95% intervals.

An area's figure, for each sex, is

    level of its council + pattern of the area - mean of the pattern over the council

with means weighted by people, so that the mean over a council's areas is its level. The level is
the published figure or, if asked for, the published figure smoothed (Fay-Herriot). The pattern is
a weighted sum of covariates with the coefficients of hle_model.toml, fitted on ONS's figures of
middle layer areas of 2009-13.

The variance of an area's figure is the sum of

level
    of the published figure, from its interval, or of the smoothed one;
residual, drift
    of what the covariates do not tell, and of how the pattern may have moved since 2009-13, less
    what the areas of a council share, which is in its level already;
scale
    the pattern may be steeper or flatter today: in proportion to the squared departure;
coefficients
    by their covariance.

Figures of persons are the mean of the sexes. The sexes' levels err independently (two samples),
their residuals and drifts together, by a measured correlation.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Literal

import numpy as np
import numpy.typing as npt
import pandas as pd

from nhcplanner.base.arrays import Floats
from nhcplanner.domain.need_measures import DEVIATIONS, variance
from nhcplanner.layers.health.small_area_estimators import (
    Groups,
    columns_of,
    covariates,
    smooth,
    total,
    within,
)

Level = Literal["published", "smoothed"]
SEXES = {"Male": "hle_male", "Female": "hle_female"}
PERIOD = "2022-24"
ABOUT = ("area_code", "people", "council_code", "region_code")
"""Columns of the layer `areas` that the model needs besides its covariates."""


@dataclass(frozen=True, eq=False)
class SexFigures:
    """HLE of one sex with its variances (years, years squared; shape areas).

    Parameters
    ----------
    level, level_error
        Figure of each area's council, and its variance: shared by the council's areas.
    departure
        Of each area from its council.
    own_error
        Variance of residual and drift, not shared with the council's other areas.
    scale
        Standard deviation of the pattern's scale, a part of the departure.
    coefficient_error
        Variance from the coefficients.
    """

    level: Floats
    level_error: Floats
    departure: Floats
    own_error: Floats
    scale: float
    coefficient_error: Floats

    @property
    def figure(self) -> Floats:
        """HLE, years."""
        return self.level + self.departure

    @property
    def spread(self) -> Floats:
        """Variance of HLE, years squared."""
        scale = (self.scale * self.departure) ** 2
        return self.level_error + self.own_error + scale + self.coefficient_error


@dataclass(frozen=True, eq=False)
class SmallAreas:
    """HLE of every area of England.

    Parameters
    ----------
    codes, people, groups
        The areas, their people, their councils.
    sexes
        Figures by sex: "Male", "Female".
    correlation
        Of the sexes' own errors.
    without
        Codes of councils without a published figure; they have the regression's.
    limited
        Number of areas with a covariate outside the range of the fit, which was limited to it.
    level
        The level used, "published" or "smoothed".
    """

    codes: pd.Index
    people: Floats
    groups: Groups
    sexes: dict[str, SexFigures]
    correlation: float
    without: tuple[str, ...]
    limited: int
    level: Level

    def persons(self) -> Floats:
        """Return HLE of persons: the mean of the sexes, years."""
        return (self.sexes["Male"].figure + self.sexes["Female"].figure) / 2

    def persons_spread(self) -> Floats:
        """Return the variance of HLE of persons, years squared."""
        men, women = self.sexes["Male"], self.sexes["Female"]
        shared = self.correlation * np.sqrt(men.own_error * women.own_error)
        shared = shared + men.scale * women.scale * men.departure * women.departure
        shared = shared + np.sqrt(men.coefficient_error * women.coefficient_error)
        return np.asarray((men.spread + women.spread + 2 * shared) / 4)

    def table(self) -> pd.DataFrame:
        """Return `hle_male`, `hle_female` and `hle`, each with `_low` and `_high`, by area code."""
        columns: dict[str, Floats] = {}
        for sex, name in SEXES.items():
            figures = self.sexes[sex]
            columns |= _interval(name, figures.figure, figures.spread)
        columns |= _interval("hle", self.persons(), self.persons_spread())
        return pd.DataFrame(columns, index=self.codes)


def read_model(path: Path) -> dict[str, Any]:
    """Read hle_model.toml: covariates, limits, coefficients, components of error."""
    return _parsed(Path(path))


@cache
def _parsed(path: Path) -> dict[str, Any]:
    return tomllib.loads(path.read_text(encoding="utf-8"))


def needed(model: dict[str, Any]) -> list[str]:
    """Return the columns of the layers `areas` and `indicators` that the model reads."""
    return list(dict.fromkeys([*ABOUT, *columns_of(model["covariates"])]))


def small_areas(
    areas: pd.DataFrame, published: pd.DataFrame, model: dict[str, Any], level: Level = "published"
) -> SmallAreas:
    """Model HLE of every area.

    Parameters
    ----------
    areas
        All areas of England, `needed(model)`, ordered by code.
    published
        `area_code`, `period`, `sex`, `hle`, `lci_95`, `uci_95` of councils.
    model
        As `read_model` gives it.
    level
        "published" (default), or "smoothed".
    """
    groups = Groups.by(areas["council_code"], areas["people"])
    figures = covariates(areas, model["covariates"])
    limited_figures = within(figures, model["limits"])
    limited = int((figures.to_numpy() != limited_figures.to_numpy()).any(axis=1).sum())
    centred = groups.centred(limited_figures.to_numpy())
    own = groups.own_part()
    region = areas.groupby("council_code")["region_code"].first().loc[groups.names]
    amount = total(groups.of, areas["people"].to_numpy(dtype=np.float64), len(groups.names))
    sexes = {}
    without: tuple[str, ...] = ()
    for sex in SEXES:
        beta = np.array(model["coefficients"][sex])
        parts = model["components"][sex]
        known = council_figures(published, sex).reindex(groups.names)
        index = groups.mean(limited_figures.to_numpy() @ beta)
        figure, error = levels(known, index, region, amount, level)
        without = tuple(known.index[known["hle"].isna()])
        covariance = np.array(model["covariance"][sex])
        sexes[sex] = SexFigures(
            level=figure[groups.of],
            level_error=error[groups.of],
            departure=centred @ beta,
            own_error=(parts["residual"] ** 2 + parts["drift"] ** 2) * own,
            scale=parts["scale"],
            coefficient_error=np.einsum("ij,jk,ik->i", centred, covariance, centred),
        )
    return SmallAreas(
        codes=pd.Index(areas["area_code"], name="area_code"),
        people=areas["people"].to_numpy(dtype=np.float64),
        groups=groups,
        sexes=sexes,
        correlation=model["components"]["correlation"],
        without=without,
        limited=limited,
        level=level,
    )


def council_figures(published: pd.DataFrame, sex: str, period: str = PERIOD) -> pd.DataFrame:
    """Return the published figures of a sex by code: `hle`, years, and `spread`, its variance."""
    rows = published[(published["sex"] == sex) & (published["period"] == period)]
    rows = rows.set_index("area_code")
    return rows[["hle"]].assign(spread=variance(rows["lci_95"], rows["uci_95"]))


def levels(
    known: pd.DataFrame, index: Floats, region: pd.Series, people: Floats, level: Level
) -> tuple[Floats, Floats]:
    """Return the level of each council and its variance.

    A council without a published figure has the regression's. Smoothed levels are shifted by
    region so that their people-weighted mean is that of the published figures.

    Parameters
    ----------
    known
        `hle` and `spread` of each council; missing if there are none.
    index
        People-weighted mean of the pattern over each council, years: the regression's covariate.
    region, people
        Of each council.
    level
        "published" or "smoothed".
    """
    has_figure = known["hle"].notna().to_numpy()
    direct, spread = known["hle"].to_numpy(copy=True), known["spread"].to_numpy(copy=True)
    design = np.column_stack([np.ones(len(index)), index - index[has_figure].mean()])
    fitted = smooth(direct[has_figure], spread[has_figure], design[has_figure])
    figure, error = fitted.synthetic(design)
    if level == "published":
        figure[has_figure], error[has_figure] = direct[has_figure], spread[has_figure]
        return figure, error
    figure[has_figure], error[has_figure] = fitted.figure, fitted.error
    for name in region.unique():
        here = has_figure & (region == name).to_numpy()
        part = people[here] / people[here].sum()
        figure[here] += float(part @ (direct[here] - figure[here]))
        error[here] += float(part**2 @ spread[here])
    return figure, error


def _interval(name: str, figure: Floats, spread: Floats) -> dict[str, Floats]:
    half = DEVIATIONS * np.sqrt(spread)
    return {name: figure, f"{name}_low": figure - half, f"{name}_high": figure + half}


DRAWS = 1_000
SEED = 20_260_401


def draws(
    areas: SmallAreas, number: int, rows: npt.NDArray[np.intp], seed: int = SEED
) -> npt.NDArray[np.float32]:
    """Return random draws of HLE of persons of some areas, years (shape number by rows)."""
    random = np.random.default_rng(seed)
    of, names = areas.groups.of[rows], len(areas.groups.names)
    share = np.sqrt(areas.correlation)
    common = random.standard_normal((number, 1))  # scale of the pattern, both sexes alike
    own = random.standard_normal((number, len(rows)), dtype=np.float32)
    total = np.zeros((number, len(rows)), dtype=np.float32)
    for sex in SEXES:
        figures = areas.sexes[sex]
        council = random.standard_normal((number, names), dtype=np.float32)[:, of]
        alone = random.standard_normal((number, len(rows)), dtype=np.float32)
        beside = np.sqrt(figures.own_error + figures.coefficient_error)[rows]
        total += figures.figure[rows] + council * np.sqrt(figures.level_error[rows])
        total += common * (figures.scale * figures.departure[rows])
        total += beside * (share * own + np.sqrt(1 - areas.correlation) * alone)
    return np.asarray(total / len(SEXES), dtype=np.float32)


def lowest_band_probability(
    areas: SmallAreas,
    share: float = 0.2,
    rows: npt.NDArray[np.intp] | None = None,
    number: int = DRAWS,
    seed: int = SEED,
) -> Floats:
    """Return the probability of each area to lie in the lowest band.

    Parameters
    ----------
    areas
        The model's figures.
    share
        Share of people in the lowest band, 0 to 1.
    rows
        Areas among which bands are made; None = all of England.
    number, seed
        Number of random draws, and their seed.

    Returns
    -------
    array
        Shape rows, 0 to 1. As in `access.bands`, an area is in the band of the middle one of its
        people.
    """
    chosen = np.arange(len(areas.codes)) if rows is None else rows
    people = areas.people[chosen]
    total = people.sum()
    counts = np.zeros(len(chosen))
    step = max(1, 2_000_000 // max(1, len(chosen)))
    for start in range(0, number, step):
        size = min(step, number - start)
        sample = draws(areas, size, chosen, seed + start)
        order = np.argsort(sample, axis=1, kind="stable")
        ranked = people[order]
        middle = np.cumsum(ranked, axis=1) - ranked / 2
        low = np.zeros(sample.shape, dtype=bool)
        np.put_along_axis(low, order, middle <= share * total, axis=1)
        counts += low.sum(axis=0)
    return counts / number
