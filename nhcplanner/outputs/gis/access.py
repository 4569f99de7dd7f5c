"""Who is left out today, as files: the areas, and lines of equal time around the buildings."""

from __future__ import annotations

from pathlib import Path

import geopandas as gpd
import pandas as pd

from nhcplanner.base.atomic import atomic_directory, files_in
from nhcplanner.domain.place import Place
from nhcplanner.outputs.gis.writing import geojson
from nhcplanner.outputs.sanitise import write_safe_csv
from nhcplanner.outputs.wording import terms

ISOCHRONES = "isochrones.geojson"


def write_left_out(
    place: Place, areas: pd.DataFrame, ground: gpd.GeoDataFrame, directory: Path
) -> tuple[Path, ...]:
    """Write `areas_without.csv` and, where there are any, `isochrones.geojson`, all or nothing.

    Parameters
    ----------
    place
        Whose areas; its sources are named in the GeoJSON.
    areas
        From which most people reach no building in time.
    ground
        Isochrones of the buildings; empty where minutes are not from streets.
    directory
        Where to; made where it is missing.

    Returns
    -------
    tuple of Path
        What was written.

    Raises
    ------
    InputError
        Where the folder or a file in it cannot be written.
    """
    with atomic_directory(directory, stale=[ISOCHRONES]) as made:
        write_safe_csv(areas, made / "areas_without.csv")
        if len(ground):
            credit = "; ".join([place.title, *(terms.source(one) for one in place.sources)])
            geojson(made / ISOCHRONES, ground, credit)
        names = files_in(made)
    return tuple(Path(directory) / name for name in names)
