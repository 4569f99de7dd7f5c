"""Shapes in EPSG:27700 from the geometry, text or coordinates of a table."""

from __future__ import annotations

import re
from collections.abc import Mapping

import geopandas as gpd
import numpy as np
import pandas as pd
import pyproj
import shapely

from nhcplanner.base.errors import Fault, InputError
from nhcplanner.base.text import plural
from nhcplanner.domain.place import CRS
from nhcplanner.layers.readers.cells import numbers, rounded_faults
from nhcplanner.layers.readers.tables import Table

REFERENCE = re.compile(r"([A-HJ-Z])([A-HJ-Z])\s*((?:\d{1,5}\s+\d{1,5})|\d*)", re.IGNORECASE)
LETTERS = "ABCDEFGHJKLMNOPQRSTUVWXYZ"
FEWEST = 3
"""Digits a side: three name a square of 100 m."""


def metres(text: str) -> tuple[float, float]:
    """Return the easting and northing of the middle of a grid reference's square.

    Parameters
    ----------
    text
        Two letters and two groups of three to five digits.

    Raises
    ------
    ValueError
        For text that is not a grid reference, or a square larger than 100 m.

    Examples
    --------
    >>> metres("SK 857 086"), metres("TQ3000080000")
    ((485750.0, 308650.0), (530000.5, 180000.5))
    """
    match = REFERENCE.fullmatch(text.strip())
    if not match:
        raise ValueError("is not a grid reference")
    parts = match[3].split()
    digits = "".join(parts)
    if len(digits) % 2 or (len(parts) == 2 and len(parts[0]) != len(parts[1])):
        raise ValueError("has not as many digits for east as for north")
    side = len(digits) // 2
    if side < FEWEST or side > 5:
        raise ValueError("does not name a square of 100 m or less")
    first, second = (LETTERS.index(letter) for letter in (match[1].upper(), match[2].upper()))
    east = (first - 2) % 5 * 5 + second % 5
    north = 19 - first // 5 * 5 - second // 5
    size = 10 ** (5 - side)
    easting = east * 100_000 + int(digits[:side]) * size + size / 2
    northing = north * 100_000 + int(digits[side:]) * size + size / 2
    if not (easting <= 700_000 and 0 <= northing <= 1_300_000):
        raise ValueError("names no square of the British National Grid")
    return easting, northing


DEGREES = "EPSG:4326"
NAMES_FILE = re.compile(r"init\s*=|grids\s*=|parameterfile|\+file|://", re.IGNORECASE)
"""Parts of a coordinate system's text that make PROJ open a file."""
UNDEFINED = ("Undefined geographic SRS", "Undefined Cartesian SRS")
"""Names that GDAL gives to ids 0 and -1 of a GeoPackage (OGC 12-128r18, clause 1.1.2)."""
PAIRS = (
    ("easting", "northing", CRS),
    ("eastings", "northings", CRS),
    ("x", "y", CRS),
    ("bng_e", "bng_n", CRS),
    ("lon", "lat", DEGREES),
    ("lng", "lat", DEGREES),
    ("long", "lat", DEGREES),
    ("longitude", "latitude", DEGREES),
    ("pc_x", "pc_y", CRS),
    ("centroid_x", "centroid_y", CRS),
)
"""Columns of coordinates; the first pair that a table has is used."""

BRITAIN_LON, BRITAIN_LAT = (-9.0, 2.5), (49.0, 61.5)


def to_shapes(table: Table, stated: Mapping[str, str] | None = None) -> Table:
    """Give a table its shapes in EPSG:27700.

    Parameters
    ----------
    table
        With shapes, a column of well-known text ("geometry" or "wkt"), or coordinates.
    stated
        Statements of the column map: `easting` and `northing`, or `lon` and `lat`, and `crs`.

    Returns
    -------
    Table
        With a GeoDataFrame as its frame; unchanged if it has no shapes and no coordinates.

    Raises
    ------
    InputError
        For an unknown reference system, and for coordinates that are not numbers.
    """
    stated = stated or {}
    frame = table.frame
    if not isinstance(frame, gpd.GeoDataFrame) or frame.active_geometry_name is None:
        table = _from_columns(table, stated)
        frame = table.frame
    if not isinstance(frame, gpd.GeoDataFrame):
        return table
    if stated.get("crs"):
        frame = frame.set_crs(_crs(stated["crs"], table.file), allow_override=True)
    if frame.crs is None or frame.crs.name in UNDEFINED:
        hint = 'Name it in the column map: crs = "EPSG:27700" (or whichever it is)'
        words = "has no coordinate reference system"
        raise InputError([Fault(words, table.file, None, "geometry", hint)])
    return _projected(table.with_frame(frame))


def _from_columns(table: Table, stated: Mapping[str, str]) -> Table:
    frame = table.frame
    by_lower = {str(column).lower(): column for column in frame.columns}
    for name in ("geometry", "wkt"):
        if name in by_lower:
            return _from_text(table, by_lower[name])
    pair = _named_pair(table, stated) or next(
        ((by_lower[x], by_lower[y], crs) for x, y, crs in PAIRS if x in by_lower and y in by_lower),
        None,
    )
    if pair is None:
        return table
    x, y, crs = pair
    faults: list[Fault] = []
    values = [cells_as_numbers(table, column, faults) for column in (x, y)]
    if faults:
        raise InputError(faults)
    refuse_degrees(table, values, (x, y), crs)
    points = np.array(shapely.points(values[0], values[1]), dtype=object)
    points[np.isnan(values[0]) | np.isnan(values[1])] = None
    return table.with_frame(gpd.GeoDataFrame(frame, geometry=points, crs=crs))


def _named_pair(table: Table, stated: Mapping[str, str]) -> tuple[str, str, str] | None:
    for x, y, crs in (("easting", "northing", CRS), ("lon", "lat", DEGREES)):
        if x in stated and y in stated:
            return stated[x], stated[y], crs
        if x in stated or y in stated:
            words = f"names only one of {x} and {y}"
            raise InputError([Fault(words, table.file, hint="Name both in the column map")])
    return None


def _from_text(table: Table, column: str) -> Table:
    frame = table.frame
    filled = frame[column].notna().to_numpy()
    shapes = np.full(len(frame), None)
    shapes[filled] = shapely.from_wkt(frame[column].to_numpy(object)[filled], on_invalid="ignore")
    bad = np.flatnonzero(filled & shapely.is_missing(shapes))
    if len(bad):
        hint = "Give it as well-known text, e.g. POINT (485465 308869)"
        raise InputError(
            Fault("is no shape", table.file, int(row) + table.first_row, column, hint)
            for row in bad
        )
    rest = frame.drop(columns=column)
    placed = gpd.GeoDataFrame(rest, geometry=shapes, crs=CRS)
    turned = _degrees(placed)
    if not turned:
        return table.with_frame(placed)
    if turned == "swapped":
        words, hint = "gives latitude before longitude", "Write longitude first, as WKT does"
        raise InputError([Fault(words, table.file, None, column, hint)])
    words = f"'{column}' holds degrees: taken as longitude and latitude (WGS 84)"
    table = table.with_event("converted", words, len(placed))
    return table.with_frame(placed.set_crs(DEGREES, allow_override=True), words)


def _degrees(frame: gpd.GeoDataFrame) -> str:
    """Return whether shapes in metres are really degrees of Britain: "usual", "swapped" or ""."""
    bounds = frame.total_bounds
    if not np.isfinite(bounds).all():
        return ""
    x, y = bounds[[0, 2]], bounds[[1, 3]]
    if _within(x, BRITAIN_LON) and _within(y, BRITAIN_LAT):
        return "usual"
    return "swapped" if _within(y, BRITAIN_LON) and _within(x, BRITAIN_LAT) else ""


def _within(values: np.ndarray, span: tuple[float, float]) -> bool:
    return bool(((values >= span[0]) & (values <= span[1])).all())


def cells_as_numbers(table: Table, column: str, faults: list[Fault]) -> np.ndarray:
    """Read a column of coordinates; blanks are NaN, and cells that are not numbers are faults."""
    rounded = rounded_faults(table.frame[column], table, column)
    faults.extend(rounded)
    values = numbers(table.frame[column])
    bad = values.isna() & table.frame[column].notna()
    faults.extend(
        Fault(
            f"{table.frame[column].iloc[row]} is not a number",
            table.file, int(row) + table.first_row, column, "Give coordinates as numbers",
        )
        for row in np.flatnonzero(bad)
    )  # fmt: skip
    return values.to_numpy(dtype=np.float64)


def refuse_degrees(
    table: Table, values: list[np.ndarray], columns: tuple[str, str], crs: str
) -> None:
    """Refuse degrees in columns of metres, and a latitude in the column of longitudes.

    Raises
    ------
    InputError
        With the mend.
    """
    x, y = values
    if not np.isfinite(x + y).any():
        return
    usual = _mostly(x, BRITAIN_LON) and _mostly(y, BRITAIN_LAT)
    turned = _mostly(y, BRITAIN_LON) and _mostly(x, BRITAIN_LAT)
    names = " and ".join(columns)
    if crs == CRS and (usual or turned):
        words = f"{names} hold degrees, not metres"
        hint = "Call the columns lon and lat, or say so in the column map"
        raise InputError([Fault(words, table.file, None, columns[0], hint)])
    if crs == DEGREES and turned:
        words, hint = f"{names} look swapped: latitude in place of longitude", "Turn them round"
        raise InputError([Fault(words, table.file, None, columns[0], hint)])


def _mostly(values: np.ndarray, span: tuple[float, float]) -> bool:
    return bool(np.nanmean((values >= span[0]) & (values <= span[1])) > 0.9)


def _crs(name: str, file: str) -> pyproj.CRS:
    if NAMES_FILE.search(name):
        hint = "Name it as EPSG does, e.g. EPSG:27700 or EPSG:4326"
        words = f"{name} names a file, and files are not read for coordinates"
        raise InputError([Fault(words, file, None, "geometry", hint)])
    try:
        return pyproj.CRS.from_user_input(name)
    except pyproj.exceptions.CRSError:
        hint = "Name it as EPSG does, e.g. EPSG:27700 or EPSG:4326"
        words = f"{name} is not a coordinate reference system"
        raise InputError([Fault(words, file, None, "geometry", hint)]) from None


def _projected(table: Table) -> Table:
    frame = gpd.GeoDataFrame(table.frame)
    frame = frame.set_geometry(shapely.force_2d(frame.geometry.array), crs=frame.crs)
    if frame.crs == CRS or frame.crs.to_epsg() == 27700:
        if _degrees(frame):
            words = f"states that it is in {CRS}, in metres, but its shapes are in degrees"
            hint = 'Name the right one in the column map: crs = "EPSG:4326"'
            raise InputError([Fault(words, table.file, None, "geometry", hint)])
        return table.with_frame(frame.set_crs(CRS, allow_override=True))
    if frame.crs.is_geographic:
        bounds = np.abs(frame.total_bounds)
        if (bounds[[0, 2]] > 180).any() or (bounds[[1, 3]] > 90).any():
            words = f"states that it is in {frame.crs.name}, but its coordinates are not degrees"
            hint = 'Name the right one in the column map: crs = "EPSG:27700"'
            raise InputError([Fault(words, table.file, None, "geometry", hint)])
    note = f"reprojected from {frame.crs.name} to {CRS}, exact to a few metres"
    try:
        return table.with_frame(frame.to_crs(CRS), note)
    except pyproj.exceptions.ProjError:
        hint = 'Name the right one in the column map: crs = "EPSG:27700"'
        words = f"states that it is in {frame.crs.name}, which cannot be converted to {CRS}"
        raise InputError([Fault(words, table.file, None, "geometry", hint)]) from None


def make_valid(table: Table) -> Table:
    """Repair shapes whose rings cross themselves, and note their number."""
    frame = table.frame
    if not isinstance(frame, gpd.GeoDataFrame):
        return table
    shapes = frame.geometry.to_numpy().copy()
    crossed = np.flatnonzero(~shapely.is_valid(shapes) & ~shapely.is_missing(shapes))
    if not len(crossed):
        return table
    with np.errstate(all="ignore"):
        shapes[crossed] = shapely.make_valid(
            shapes[crossed], method="structure", keep_collapsed=False
        )
    note = f"{plural(len(crossed), 'shape')} whose rings crossed made valid"
    return table.with_frame(frame.set_geometry(gpd.GeoSeries(shapes, frame.index, frame.crs)), note)


def plain(frame: pd.DataFrame) -> pd.DataFrame:
    """Return the columns without the shapes."""
    return pd.DataFrame(frame.drop(columns="geometry", errors="ignore"))
