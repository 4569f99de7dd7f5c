"""Place folders of plain squares, as many as a test or a measure asks for."""

from pathlib import Path

import geopandas as gpd
import numpy as np
from shapely.geometry import box

from nhcplanner import layers
from nhcplanner.domain.place import CRS, Place


def squares(
    folder: Path, across: int = 39, name: str = "Squares", called: str = "", kind: str = "library"
) -> Path:
    """A place folder of across x across squares of a kilometre.

    Parameters
    ----------
    folder
        Where to.
    across
        Squares in a row.
    name
        Of the place.
    called
        Name of every area, site and source; by default areas have none and sites their code.
    kind
        Of all sites.
    """
    column, row = np.divmod(np.arange(across**2), across)
    corners = np.column_stack([400_000 + 1000 * column, 300_000 + 1000 * row])
    shapes = [box(x, y, x + 1000, y + 1000) for x, y in corners.tolist()]
    codes = [f"E01{number:06d}" for number in range(len(shapes))]
    facts = {"area_code": codes, "people": 1500, "imd_rank": np.arange(1, len(shapes) + 1)}
    areas = gpd.GeoDataFrame(
        facts | ({"area_name": called} if called else {}), geometry=shapes, crs=CRS
    )
    middles = areas.centroid
    origins = gpd.GeoDataFrame(
        {"origin_id": codes, "area_code": codes, "people": 1500}, geometry=middles, crs=CRS
    )
    some = middles[:: min(50, across)].reset_index(drop=True)
    ids = [f"S{number}" for number in range(len(some))]
    sites = gpd.GeoDataFrame(
        {"site_id": ids, "site_name": called or ids, "kind": kind, "status": "candidate"},
        geometry=some,
        crs=CRS,
    )
    layers.write_place(Place(name, areas, sites, origins, synthetic=True), folder)
    return folder
