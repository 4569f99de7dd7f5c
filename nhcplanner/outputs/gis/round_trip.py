"""Kept: layers written in the formats of GIS, and read back to see that all of it arrived."""

from __future__ import annotations

import errno
import struct
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import geopandas as gpd
import pandas as pd
import pyogrio
from pyogrio.errors import DataLayerError, DataSourceError

from nhcplanner.outputs.gis.layers import Layer, qml

_DAY = "2000-01-01T00:00:00.000Z"
_LONGEST_TEXT = 254
"""Bytes of text in a Shapefile."""


def geopackage(
    path: Path,
    layers: Iterable[Layer],
    credit: str,
    about: Mapping[str, pd.DataFrame] | None = None,
) -> None:
    """Write layers into one GeoPackage with the styles that QGIS opens them in.

    Parameters
    ----------
    path
        The file, which is not there yet.
    layers
        What it holds, in EPSG:27700.
    credit
        What it is and whose, on every layer.
    about
        Tables without shapes that go along, by name.
    """
    with _fixed_date():
        for layer in layers:
            layer.frame.to_file(path, layer=layer.name, driver="GPKG", DESCRIPTION=credit)
            arrived(path, len(layer.frame), layer.name)
        for name, table in {**(about or {}), "layer_styles": _styles(layers)}.items():
            pyogrio.write_dataframe(
                table, path, layer=name, driver="GPKG", DESCRIPTION=credit, FID="id"
            )
            arrived(path, len(table), name)


def geojson(path: Path, frame: gpd.GeoDataFrame, credit: str) -> None:
    """Write a layer as RFC 7946 has it: longitude and latitude, to about a decimetre."""
    frame.to_crs("EPSG:4326").to_file(
        path, driver="GeoJSON", RFC7946="YES", COORDINATE_PRECISION=6, DESCRIPTION=credit
    )
    arrived(path, len(frame))


def shapefile(path: Path, frame: gpd.GeoDataFrame, called: Mapping[str, str]) -> None:
    """Write a layer under short names; text is cut where the format has no more room."""
    short = frame.rename(columns=called)
    for name in short.columns[short.dtypes.map(pd.api.types.is_string_dtype)]:
        short[name] = short[name].map(_cut, na_action="ignore")
    short.to_file(path, driver="ESRI Shapefile", ENCODING="UTF-8")
    arrived(path, len(frame))
    _whole_table(path.with_suffix(".dbf"))


def geoparquet(path: Path, frame: gpd.GeoDataFrame) -> None:
    """Write a layer as GeoParquet."""
    frame.to_parquet(path, index=False, compression="zstd")


def short_names(names: Iterable[str], most: int = 10) -> dict[str, str]:
    """What columns are called where a name may not be longer than `most` characters.

    Examples
    --------
    >>> short_names(["minutes_before", "minutes_be", "people"])
    {'minutes_before': 'minutes_be', 'minutes_be': 'minutes__2', 'people': 'people'}
    """
    found: dict[str, str] = {}
    taken: set[str] = set()
    for name in names:
        short, number = name[:most], 1
        while short.lower() in taken:
            number += 1
            short = f"{name[: most - len(str(number)) - 1]}_{number}"
        found[name] = short
        taken.add(short.lower())
    return found


def arrived(path: Path, rows: int, layer: str | None = None) -> None:
    """See that a file holds as many rows as were written into it.

    Raises
    ------
    OSError
        Where it does not: not every format says so when a disk fills.
    """
    try:
        there = pyogrio.read_info(path, layer=layer, force_feature_count=True)["features"]
    except (DataLayerError, DataSourceError):
        there = 0
    if there != rows:
        words = f"{there:,} of {rows:,} rows can be read back: is the disk full?"
        raise OSError(errno.EIO, words, str(path))


def _whole_table(path: Path) -> None:
    """See that a Shapefile's table is as long as its head says; GDAL does not."""
    with path.open("rb") as file:
        rows, head, width = struct.unpack("<4xIHH", file.read(12))
    if not head or path.stat().st_size < head + rows * width:
        raise OSError(errno.EIO, "not all of the table was written: is the disk full?", str(path))


def _styles(layers: Iterable[Layer]) -> pd.DataFrame:
    """The table in which QGIS looks for styles in a GeoPackage."""
    rows = [
        {
            "f_table_catalog": "",
            "f_table_schema": "",
            "f_table_name": layer.name,
            "f_geometry_column": "geom",
            "styleName": look.name,
            "styleQML": qml(look),
            "styleSLD": "",
            "useAsDefault": look is layer.looks[0],
            "description": look.title,
            "owner": "",
            "ui": "",
            "update_time": pd.Timestamp(_DAY),
        }
        for layer in layers
        for look in layer.looks
    ]
    return pd.DataFrame(rows)


def _cut(text: str) -> str:
    return text.encode()[:_LONGEST_TEXT].decode(errors="ignore")


@contextmanager
def _fixed_date() -> Iterator[None]:
    """Keep the day of writing out of a GeoPackage, so that equal plans are equal files."""
    pyogrio.set_gdal_config_options({"OGR_CURRENT_DATE": _DAY})
    try:
        yield
    finally:
        pyogrio.set_gdal_config_options({"OGR_CURRENT_DATE": None})
