"""Store: the packaged national layers, read by the columns and the areas that are wanted."""

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
from nhcplanner.layers.scenarios import PACKAGE


def folder() -> Path:
    """Folder of the national layers, in the installed package or in a checkout.

    Raises
    ------
    InputError
        Where the installation holds none.
    """
    for root in (PACKAGE, PACKAGE.parent):
        path = root / "data" / "england"
        if (path / "layers.toml").is_file():
            return path
    raise InputError(["This installation holds no layers of England: install nhcplanner again"])


def cache_folder() -> Path:
    """Folder of the user's cache in which place folders of England are made."""
    return platformdirs.user_cache_path("nhcplanner", appauthor=False) / "england"


@cache
def edition() -> bytes:
    """What tells one edition of the packaged layers from another: their list and the models."""
    names = ("layers.toml", "other_names.toml", "hle_model.toml")
    return b"\n".join((folder() / name).read_bytes() for name in names)


def layer(name: str, columns: list[str] | None = None) -> pd.DataFrame:
    """Read a layer.

    Parameters
    ----------
    name
        Its name in layers.toml: "areas", "indicators", "hle", "sites", ...
    columns
        Those wanted; None = all.
    """
    return pd.read_parquet(folder() / f"{name}.parquet", columns=columns)


def shapes(codes: Collection[str]) -> pd.Series:
    """Shapes of some areas in EPSG:27700: index area code, values shapely geometries."""
    path = folder() / "shapes.parquet"
    table = pd.read_parquet(path, filters=[("area_code", "in", sorted(codes))])
    return pd.Series(shapely.from_wkb(table["geometry"].to_numpy()), index=table["area_code"])


@cache
def pedigree() -> dict[str, Any]:
    """What layers.toml says: `layers`, each with its file, and the `sources` that it rests on."""
    return tomllib.loads((folder() / "layers.toml").read_text(encoding="utf-8"))


@cache
def other_names() -> dict[str, Any]:
    """Names for parts of England in no list of today: name -> `parts` and `words`."""
    return tomllib.loads((folder() / "other_names.toml").read_text(encoding="utf-8"))


@cache
def columns_of(name: str) -> frozenset[str]:
    """Names of a layer's columns."""
    return frozenset(pq.read_schema(folder() / f"{name}.parquet").names)


def place_names() -> pd.DataFrame:
    """Towns and villages of Great Britain for maps, the largest first.

    Returns
    -------
    DataFrame
        `geoname_id`, `name`, `lat`, `lon` (degrees), `population`, `nation`; © GeoNames, CC BY 4.0.
    """
    return layer("place_names")
