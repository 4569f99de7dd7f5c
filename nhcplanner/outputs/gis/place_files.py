"""Files about a place without a plan: access today, and neighbourhoods."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import geopandas as gpd
import pandas as pd

from nhcplanner.base.atomic import atomic_directory, files_in
from nhcplanner.domain.neighbourhoods import Division
from nhcplanner.domain.place import Place
from nhcplanner.outputs import style
from nhcplanner.outputs.gis.layers import Class, Layer, LayerStyle
from nhcplanner.outputs.gis.writing import geojson, geopackage
from nhcplanner.outputs.sanitise import printable, write_safe_csv
from nhcplanner.outputs.tables.neighbourhoods import footprints, lookup, shapes
from nhcplanner.outputs.wording import terms

ISOCHRONES = "isochrones.geojson"


def write_left_out(
    place: Place, areas: pd.DataFrame, ground: gpd.GeoDataFrame, directory: Path
) -> tuple[Path, ...]:
    """Write `areas_without.csv` and `isochrones.geojson` (if there are isochrones), all or none.

    Parameters
    ----------
    place
        The place; its sources are named in the GeoJSON.
    areas
        Areas from which most people reach no building within reach.
    ground
        Isochrones of the buildings; empty if minutes are not from streets.
    directory
        Folder of the files; created if missing.

    Returns
    -------
    tuple of Path
        The files written.

    Raises
    ------
    InputError
        If the folder or a file in it cannot be written.
    """
    with atomic_directory(directory, stale=[ISOCHRONES]) as made:
        write_safe_csv(areas, made / "areas_without.csv")
        if len(ground):
            credit = "; ".join([place.title, *(terms.source(one) for one in place.sources)])
            geojson(made / ISOCHRONES, ground, credit)
        names = files_in(made)
    return tuple(Path(directory) / name for name in names)


LOOK = LayerStyle(
    "bounds",
    "People within the bounds",
    "in_bounds",
    (
        Class("yes", "Within the bounds", style.DARK_BLUE),
        Class("no", "Outside the bounds", style.words(6)[5]),
    ),
    "line",
    0.8,
    labelled="neighbourhood",
)


def write_neighbourhoods(
    place: Place,
    division: Division,
    directory: Path,
    nested: Mapping[str, Division] | None = None,
) -> tuple[Path, ...]:
    """Write the neighbourhoods of a place, all files or none.

    Parameters
    ----------
    place, division
        The place and its neighbourhoods.
    directory
        Folder of the files; created if missing.
    nested
        Groups of the neighbourhoods by level: further columns, tables and layers.

    Returns
    -------
    tuple of Path
        `neighbourhoods.csv` (the lookup of areas), `footprints.csv`, `parts.csv`, `notes.txt`,
        `footprints.geojson` (EPSG:4326) and `footprints.gpkg` (EPSG:27700, also a layer for each
        level); `footprints-LEVEL.csv` for each level.

    Raises
    ------
    InputError
        If the folder or a file in it cannot be written.
    """
    nested = nested or {}
    credit = "; ".join([place.title, *(terms.source(source) for source in place.sources)])
    frame = shapes(place, division)
    with atomic_directory(directory) as folder:
        write_safe_csv(lookup(division, nested), folder / "neighbourhoods.csv")
        write_safe_csv(footprints(division), folder / "footprints.csv")
        write_safe_csv(division.parts, folder / "parts.csv")
        for level, groups in nested.items():
            write_safe_csv(footprints(groups), folder / f"footprints-{level}.csv")
        lines = [f"{division.title}: {division.summary}", *division.notes]
        for groups in nested.values():
            lines += [groups.summary, *groups.notes]
        lines.append(credit)
        (folder / "notes.txt").write_text(
            printable("\n".join(lines)) + "\n", encoding="utf-8", newline="\n"
        )
        geojson(folder / "footprints.geojson", frame, credit)
        geopackage(
            folder / "footprints.gpkg",
            [
                Layer("footprints", "Neighbourhoods", frame, (LOOK,)),
                *(
                    Layer(level, f"{groups.noun.capitalize()}s", shapes(place, groups), (LOOK,))
                    for level, groups in nested.items()
                ),
            ],
            credit,
        )
        names = files_in(folder)
    return tuple(Path(directory) / name for name in names)
