"""HLE of England's small areas from the packaged layers, computed once a process."""

from __future__ import annotations

from functools import cache

import pandas as pd

from nhcplanner.base.text import plural
from nhcplanner.layers.england import store
from nhcplanner.layers.health.modelled import RANGE
from nhcplanner.layers.small_area.model import (
    SEXES,
    Level,
    SmallAreas,
    needed,
    read_model,
    small_areas,
)
from nhcplanner.layers.small_area.simulation import DRAWS, lowest_band_probability

MEASURES = (*SEXES.values(), "hle")


@cache
def national(level: Level = "published") -> SmallAreas:
    """The model's figures for every area of England.

    Parameters
    ----------
    level
        "published": each council's mean is its published figure. "smoothed": its EBLUP.
    """
    model = read_model(store.folder() / "hle_model.toml")
    names = needed(model)
    about = store.columns_of("areas")
    areas = store.layer("areas", [name for name in names if name in about])
    beneath = store.layer("indicators", [name for name in names if name not in about])
    return small_areas(pd.concat([areas, beneath], axis=1), store.layer("hle"), model, level)


def area_figures(
    codes: pd.Index, level: Level = "published"
) -> tuple[pd.DataFrame, tuple[str, ...]]:
    """HLE of some areas as the schema has it, and what a reader must know of it.

    Parameters
    ----------
    codes
        Area codes.
    level
        As `national` takes it.

    Returns
    -------
    DataFrame, tuple of str
        Index `codes`; `hle_male`, `hle_female`, `hle`, `hle_low`, `hle_high`, `hle_basis`.
    """
    figures = national(level)
    all_areas = figures.table()
    council = pd.Series(figures.groups.names[figures.groups.of], index=figures.codes)
    mine = all_areas.loc[codes, [*MEASURES, "hle_low", "hle_high"]]
    bare = council.loc[codes].isin(figures.without)
    low, high = RANGE
    held = mine[list(MEASURES)].clip(low, high)
    outside = (held != mine[list(MEASURES)]).any(axis=1)
    basis = bare.map({True: "national gradient", False: "small-area model"})
    table = mine.assign(**{name: held[name] for name in MEASURES}, hle_basis=basis)
    return table, _notes(level, int(outside.sum()), int(bare.sum()))


def lowest_band(
    codes: pd.Index, share: float = 0.2, level: Level = "published", number: int = DRAWS
) -> pd.Series:
    """Probability of each of some areas to be in their lowest band of HLE, bands made among them.

    Parameters
    ----------
    codes
        Area codes.
    share
        Part of their people who make the lowest band.
    level
        As `national` takes it.
    number
        Draws.
    """
    figures = national(level)
    rows = figures.codes.get_indexer(codes)
    chance = lowest_band_probability(figures, share, rows, number)
    return pd.Series(chance, index=codes, name="lowest_band_probability")


def _notes(level: Level, outside: int, bare: int) -> tuple[str, ...]:
    mean = {
        "published": "its published figure of 2022-24",
        "smoothed": "its published figure of 2022-24 smoothed (Fay-Herriot EBLUP)",
    }[level]
    notes = [
        (
            f"HLE of areas is modelled: the mean of a council's areas is {mean}; the pattern "
            "within it is that of eight covariates fitted on MSOA figures of 2009-13"
        ),
        "HLE of persons is the mean of the two sexes",
        (
            "The 95 % interval of an area's HLE covers its council's sampling error, what the "
            "covariates do not tell, and how the pattern may have moved since 2009-13"
        ),
    ]
    if bare:
        notes.append(
            f"{plural(bare, 'area')} of councils without a published figure (City of London, "
            "Isles of Scilly): the level is the model's too"
        )
    if outside:
        low, high = RANGE
        notes.append(
            f"{plural(outside, 'area')} modelled outside {low} to {high} years: held at the end "
            "of that range, the interval as modelled"
        )
    return tuple(notes)
