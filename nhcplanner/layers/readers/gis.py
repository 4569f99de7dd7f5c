"""GIS layers: GeoPackage, GeoJSON, Shapefile and FlatGeobuf, read by the one driver each has."""

from __future__ import annotations

import warnings
from pathlib import Path
from typing import Any

import pandas as pd
import pyogrio
import pyproj
import shapely

from nhcplanner.base.errors import Fault, InputError
from nhcplanner.base.file_checks import VECTOR_DRIVERS, WRITE_DRIVERS, restrict_drivers
from nhcplanner.layers.readers.delimited import MOST_COLUMNS
from nhcplanner.layers.readers.formats import check_known, check_layer

GIS = (".gpkg", ".geojson", ".json", ".shp", ".fgb")
KNOWN = (
    "GeoPackage (.gpkg), GeoParquet (.parquet), GeoJSON (.geojson), Shapefile (.shp), Excel, ODS "
    "or CSV"
)
BROKEN = (RuntimeError, OSError, ValueError, NameError, shapely.errors.ShapelyError)
"""What GDAL, GEOS and their wrappers raise on files that are damaged."""
MOST_FEATURES = 5_000_000
"""Features of one layer, at most; England has about 190,000 output areas."""


def read_layer(
    path: Path, layer: str = "", most: int | None = None
) -> tuple[pd.DataFrame, tuple[str, ...]]:
    """Read a layer, and give what GDAL warned of in words.

    Parameters
    ----------
    path
        GeoPackage, GeoJSON, Shapefile or FlatGeobuf.
    layer
        Which layer of a file with several; empty = the only one.
    most
        Read the first so many features only.

    Raises
    ------
    InputError
        Where the file is of another format than its ending says, damaged, too large, or would
        make GDAL run SQL, read another file or call an address.
    """
    path = Path(path)
    drivers = check_layer(path)
    restrict_drivers(VECTOR_DRIVERS | WRITE_DRIVERS)
    whole = path.resolve()
    try:
        with warnings.catch_warnings(record=True) as warned:
            warnings.simplefilter("always")
            about = _about(whole, layer, drivers)
            _check_size(about, path.name, drivers)
            if about["driver"] == "GeoJSON":
                check_known(whole, about["crs"])
            frame = pyogrio.read_dataframe(whole, layer=about["layer_name"], max_features=most)
    except InputError:
        raise
    except (pyproj.exceptions.CRSError, pyogrio.errors.CRSError):
        words = "is in a coordinate system that is not supported"
        raise InputError([Fault(words, path.name, hint="Save it in EPSG:27700")]) from None
    except BROKEN as error:
        first = str(error).partition("\n")[0].replace(str(whole), path.name)
        strange = "not recognized" in first
        why = f"it is no {path.suffix[1:]} file, or is damaged" if strange else first
        hint = f"Give {KNOWN}"
        raise InputError([Fault(f"cannot be read: {why}", path.name, hint=hint)]) from None
    return frame, tuple(sorted({f"in reading: {warning.message}" for warning in warned}))


def _about(path: Path, layer: str, drivers: tuple[str, ...]) -> dict[str, Any]:
    """What GDAL says of the layer to read; a GeoJSON file is parsed whole each time for that."""
    if "GPKG" in drivers:
        listed = [(str(name), kind) for name, kind in pyogrio.list_layers(path)]
        names = [name for name, kind in listed if kind] or [name for name, _ in listed]
        about: dict[str, Any] = pyogrio.read_info(path, layer=_chosen(names, layer, path.name))
    else:
        about = pyogrio.read_info(path)
        _chosen([str(about["layer_name"])], layer, path.name)
    return about


def _chosen(names: list[str], layer: str, file: str) -> str:
    if layer in names or len(names) == 1:
        return layer if layer in names else names[0]
    hint = 'Say which in the column map: layer = "..."'
    if not names:
        raise InputError([Fault("holds no layer", file)])
    if layer:
        words = f"has no layer {layer}; it holds {', '.join(names)}"
    else:
        words = f"holds several layers: {', '.join(names)}"
    raise InputError([Fault(words, file, hint=hint)])


def _check_size(about: dict[str, Any], file: str, drivers: tuple[str, ...]) -> None:
    """Refuse a layer of another driver, or with more columns or features than any table has."""
    faults = []
    if about["driver"] not in drivers:
        faults.append(Fault(f"is read as {about['driver']}, not as {drivers[0]}", file))
    if len(about["fields"]) > MOST_COLUMNS:
        words = f"has {len(about['fields']):,} columns, more than {MOST_COLUMNS:,}"
        faults.append(Fault(words, file, hint="Keep the columns that are needed"))
    if about["features"] > MOST_FEATURES:
        words = f"has {about['features']:,} features, more than {MOST_FEATURES:,}"
        faults.append(Fault(words, file, hint="Keep the features of the place"))
    if faults:
        raise InputError(faults)
