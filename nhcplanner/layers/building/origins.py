"""Origins: the points where people start, one an area."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from nhcplanner.domain.errors import Fault
from nhcplanner.domain.place import CRS
from nhcplanner.domain.words import counted

WEIGHTED = "weighted centroid"
INSIDE = "point inside the area"
CENTROID = ("centroid_x", "centroid_y")


def make_origins(areas: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Put the people of each area at its weighted centroid, or else at a point inside it.

    Parameters
    ----------
    areas
        With `area_code`, `people` and, where known, `centroid_x` and `centroid_y` in metres
        (EPSG:27700).

    Returns
    -------
    GeoDataFrame
        A row an area, in their order, as the schema wants origins.
    """
    points = shapely.point_on_surface(areas.geometry.to_numpy())
    known = has_centroid(areas)
    if known.any():
        x, y = (areas[name].to_numpy(dtype=np.float64)[known] for name in CENTROID)
        points[known] = shapely.points(x, y)
    columns = {"origin_id": areas["area_code"], "area_code": areas["area_code"]}
    people = areas["people"].astype("float64")
    return gpd.GeoDataFrame({**columns, "people": people}, geometry=points, crs=CRS)


def has_centroid(areas: pd.DataFrame) -> np.ndarray:
    """Areas whose weighted centroid is given (flags, shape areas)."""
    if not set(CENTROID) <= set(areas.columns):
        return np.zeros(len(areas), dtype=bool)
    return areas[list(CENTROID)].notna().all(axis=1).to_numpy()


def basis_of(areas: pd.DataFrame) -> str:
    """Where people start, in words; counted where areas differ."""
    known = has_centroid(areas)
    if known.all():
        return WEIGHTED
    if not known.any():
        return INSIDE
    counts = [counted(int(flags.sum()), "area") for flags in (known, ~known)]
    return f"{WEIGHTED} ({counts[0]}), {INSIDE} ({counts[1]})"


def centroid_faults(areas: pd.DataFrame, file: str, first_row: int) -> list[Fault]:
    """One fault for each centroid that is no number, before it is used."""
    return [
        Fault(
            f"{areas[name].iloc[row]} is not a number",
            file,
            int(row) + first_row,
            name,
            "Give metres in EPSG:27700, or leave it blank",
        )
        for name in CENTROID
        if name in areas and not pd.api.types.is_numeric_dtype(areas[name])
        for row in np.flatnonzero(
            areas[name].notna() & pd.to_numeric(areas[name], errors="coerce").isna()
        )
    ]
