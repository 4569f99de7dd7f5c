"""The packaged national layers, read by column and by area."""

from __future__ import annotations

import tomllib
from collections.abc import Collection
from functools import cache
from pathlib import Path
from typing import Any

import pandas as pd
import platformdirs
import pyarrow.parquet as pq
import shapely

from nhcplanner.base.errors import InputError
from nhcplanner.base.text import plural
from nhcplanner.domain.place import Source
from nhcplanner.layers.health.modelled import RANGE
from nhcplanner.layers.health.small_area_model import (
    DRAWS,
    SEXES,
    Level,
    SmallAreas,
    lowest_band_probability,
    needed,
    read_model,
    small_areas,
)
from nhcplanner.layers.population.published_projections import Published, broad_ages

PACKAGE = Path(__file__).resolve().parents[2]


def folder() -> Path:
    """Return the folder of the national layers, in the installed package or in a checkout.

    Raises
    ------
    InputError
        If the installation holds none.
    """
    for root in (PACKAGE, PACKAGE.parent):
        path = root / "data" / "england"
        if (path / "layers.toml").is_file():
            return path
    raise InputError(["This installation holds no layers of England: install nhcplanner again"])


def cache_folder() -> Path:
    """Return the user's cache folder for place folders of England."""
    return platformdirs.user_cache_path("nhcplanner", appauthor=False) / "england"


@cache
def edition() -> bytes:
    """Return bytes that identify the edition of the packaged layers: their list and the models."""
    names = ("layers.toml", "other_names.toml", "hle_model.toml")
    return b"\n".join((folder() / name).read_bytes() for name in names)


def layer(name: str, columns: list[str] | None = None) -> pd.DataFrame:
    """Read a layer.

    Parameters
    ----------
    name
        Its name in layers.toml: "areas", "indicators", "hle", "sites", ...
    columns
        Columns to read; None = all.
    """
    return pd.read_parquet(folder() / f"{name}.parquet", columns=columns)


def shapes(codes: Collection[str]) -> pd.Series:
    """Return the shapes of some areas in EPSG:27700, by area code."""
    path = folder() / "shapes.parquet"
    table = pd.read_parquet(path, filters=[("area_code", "in", sorted(codes))])
    return pd.Series(shapely.from_wkb(table["geometry"].to_numpy()), index=table["area_code"])


@cache
def pedigree() -> dict[str, Any]:
    """Return the content of layers.toml: `layers` with their files, and their `sources`."""
    return tomllib.loads((folder() / "layers.toml").read_text(encoding="utf-8"))


@cache
def other_names() -> dict[str, Any]:
    """Return names of parts of England that no list of today has, with `parts` and `words`."""
    return tomllib.loads((folder() / "other_names.toml").read_text(encoding="utf-8"))


@cache
def columns_of(name: str) -> frozenset[str]:
    """Return the names of a layer's columns."""
    return frozenset(pq.read_schema(folder() / f"{name}.parquet").names)


def place_names() -> pd.DataFrame:
    """Return towns and villages of Great Britain for maps, the largest first.

    Returns
    -------
    DataFrame
        `geoname_id`, `name`, `lat`, `lon` (degrees), `population`, `nation`; © GeoNames, CC BY 4.0.
    """
    return layer("place_names")


def projection_units() -> pd.Series:
    """Return the code of the sub-ICB location of every area of England, by area code."""
    return layer("projection_units").set_index("area_code")["projection_code"]


@cache
def projection() -> Published:
    """Return the packaged population projection of sub-ICB locations, by broad age."""
    facts = pedigree()["sources"]["projections"]
    table = layer("projections")
    kind = str(facts["vintage"]).partition(",")[0]
    fields = {name: facts[name] for name in Source.__dataclass_fields__ if name in facts}
    source = Source(**(fields | {name: tuple(fields[name]) for name in ("gives", "notes")}))
    return Published(str(facts["title"]), kind, broad_ages(table)[0], source=source)


MEASURES = (*SEXES.values(), "hle")


@cache
def national(level: Level = "published") -> SmallAreas:
    """Return the model's figures for every area of England.

    Parameters
    ----------
    level
        "published": each council's mean is its published figure. "smoothed": its EBLUP.
    """
    model = read_model(folder() / "hle_model.toml")
    names = needed(model)
    about = columns_of("areas")
    areas = layer("areas", [name for name in names if name in about])
    beneath = layer("indicators", [name for name in names if name not in about])
    return small_areas(pd.concat([areas, beneath], axis=1), layer("hle"), model, level)


def area_figures(
    codes: pd.Index, level: Level = "published"
) -> tuple[pd.DataFrame, tuple[str, ...]]:
    """Return HLE of some areas in the columns of a place, and notes on it.

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
    limited = mine[list(MEASURES)].clip(low, high)
    outside = (limited != mine[list(MEASURES)]).any(axis=1)
    basis = bare.map({True: "national gradient", False: "small-area model"})
    table = mine.assign(**{name: limited[name] for name in MEASURES}, hle_basis=basis)
    return table, _notes(level, int(outside.sum()), int(bare.sum()))


def lowest_band(
    codes: pd.Index, share: float = 0.2, level: Level = "published", number: int = DRAWS
) -> pd.Series:
    """Return the probability of each area to be in the lowest band of HLE of these areas.

    Parameters
    ----------
    codes
        Area codes.
    share
        Share of their people who are in the lowest band.
    level
        As `national` takes it.
    number
        Number of random draws.
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
            "within it follows eight local statistics, fitted on MSOA figures of 2009-13"
        ),
        "HLE of persons is the mean of the two sexes",
        (
            "The 95% interval of an area's HLE covers its council's sampling error, what the eight "
            "statistics do not explain, and possible changes of the pattern since 2009-13"
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
            f"HLE of {plural(outside, 'area')} was modelled outside {low} to {high} years and is "
            "held at the end of that range; the interval is as modelled"
        )
    return tuple(notes)
