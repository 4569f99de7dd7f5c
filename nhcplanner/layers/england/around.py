"""Land and names around a box of England, for maps."""

from __future__ import annotations

from functools import cache

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from nhcplanner.base.arrays import FloatArray
from nhcplanner.domain.place import CRS
from nhcplanner.layers.england import store

Box = tuple[float, float, float, float]
"""West, south, east and north, metres of EPSG:27700."""
_COLUMNS = ["area_code", "council_code", "icb_code"]


def areas_around(box: Box, without: pd.Series) -> gpd.GeoDataFrame:
    """Return the areas of England that touch a box.

    Parameters
    ----------
    box
        Extent of the map.
    without
        Codes of areas to leave out.

    Returns
    -------
    GeoDataFrame
        `area_code`, `council_code`, `icb_code` and the shape.
    """
    codes, ends = _bounds()
    west, south, east, north = box
    touches = (ends[:, 0] <= east) & (ends[:, 2] >= west)
    touches &= (ends[:, 1] <= north) & (ends[:, 3] >= south)
    wanted = codes[touches]
    wanted = wanted[~wanted.isin(without)]
    shapes = store.shapes(wanted.tolist()) if len(wanted) else pd.Series([], dtype=object)
    frame = store.layer("areas", _COLUMNS).set_index("area_code")
    facts = frame.reindex(shapes.index).rename_axis("area_code").reset_index()
    return gpd.GeoDataFrame(facts, geometry=shapes.to_numpy(), crs=CRS)


def with_regions(areas: gpd.GeoDataFrame) -> pd.DataFrame:
    """Return the names of parts of areas, with `region_name` where an area is in England."""
    regions = store.layer("areas", ["area_code", "region_name"]).set_index("area_code")
    names = [name for name in ("icb_name", "council_name") if name in areas]
    of_area = regions["region_name"].reindex(areas["area_code"]).to_numpy()
    return pd.DataFrame(areas[names]).assign(region_name=of_area)


def towns_in(box: Box) -> pd.DataFrame:
    """Return towns and villages of Great Britain in a box, the largest first."""
    towns = store.place_names()
    points = gpd.GeoSeries.from_xy(towns["lon"], towns["lat"], crs="EPSG:4326").to_crs(CRS)
    west, south, east, north = box
    inside = points.x.between(west, east) & points.y.between(south, north)
    frame: pd.DataFrame = towns[inside].sort_values("population", ascending=False, kind="stable")
    return frame.reset_index(drop=True)


def credit() -> str:
    """Return the credit that the licences of the shapes and of the names require."""
    sources = store.pedigree()["sources"]
    return "; ".join(sources[name]["attribution"] for name in ("boundaries", "place_names"))


@cache
def _bounds() -> tuple[pd.Series, FloatArray]:
    """Return the code and the extent of every area of England."""
    table = store.layer("shapes")
    ends = shapely.bounds(shapely.from_wkb(table["geometry"].to_numpy()))
    return table["area_code"], np.asarray(ends, dtype=np.float64)
