"""Checks of a frame against the table of columns, and conversion to its types."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pandera.pandas as pa
import shapely

from nhcplanner.base.errors import Fault
from nhcplanner.domain.columns import Column, columns_of
from nhcplanner.domain.place import CRS

GRID = (0, 0, 700_000, 1_300_000)
"""Ends of the British National Grid in metres: west, south, east, north."""
SHAPES = {"areas": ("Polygon", "MultiPolygon", "Point"), "sites": ("Point",), "origins": ("Point",)}


def faults(
    frame: pd.DataFrame,
    layer: str,
    file: str = "",
    first_row: int = 2,
    lacking: Collection[str] = (),
) -> list[Fault]:
    """Return every fault of a frame against the schema of its layer.

    Parameters
    ----------
    frame
        The layer, with a plain 0..n-1 index.
    layer
        "areas", "sites" or "origins".
    file
        Name of the file, for the messages.
    first_row
        Number of the first row of data as its own program shows it (2 in a CSV).
    lacking
        Columns that may be absent, blank or repeated, because they come from another source.

    Returns
    -------
    list of Fault
        Empty if the frame is valid.
    """
    columns = columns_of(layer, map(str, frame.columns))
    if frame.empty:
        return [Fault("has no rows", file or layer, hint="Give a layer with at least one row")]
    problems = [f for f in _absent(frame, columns, file) if f.column not in lacking]
    try:
        _pandera(columns, lacking).validate(_blanks_missing(frame, columns), lazy=True)
    except pa.errors.SchemaErrors as error:
        problems.extend(_translate(error.failure_cases, columns, file, first_row))
    if "geometry" not in lacking:
        problems.extend(_geometry_faults(frame, layer, file, first_row))
    return sorted(set(problems), key=lambda f: (f.row or 0, f.column, f.problem))


def typed(frame: gpd.GeoDataFrame, layer: str) -> gpd.GeoDataFrame:
    """Return the columns of the schema in order and with their types, then `own_...` columns.

    Other columns are dropped. Text becomes `str`, required whole numbers `int64`, and all other
    numbers `float64` (NaN = missing). The layer must have no faults.
    """
    columns: dict[str, Any] = {}
    for column in columns_of(layer, map(str, frame.columns)):
        if column.kind == "geometry" or column.name not in frame:
            continue
        columns[column.name] = _as_kind(frame[column.name], column)
    return gpd.GeoDataFrame(
        columns, geometry=frame.geometry.array, crs=frame.crs, index=frame.index
    )


def _as_kind(series: pd.Series, column: Column) -> pd.Series:
    if column.kind == "text":
        return series.astype("str")
    numbers = pd.to_numeric(series).astype("float64")
    return numbers.astype("int64") if column.kind == "whole" and column.required else numbers


def _absent(frame: pd.DataFrame, columns: Iterable[Column], file: str) -> list[Fault]:
    hint = "Add it, or name your column for it in a column map (--columns)"
    return [
        Fault(f"has no column {c.name} ({c.meaning})", file, None, c.name, hint)
        for c in columns
        if c.required and c.kind != "geometry" and c.name not in frame
    ]


def _blanks_missing(frame: pd.DataFrame, columns: Iterable[Column]) -> pd.DataFrame:
    """Return the columns of the schema without geometry; text of only spaces becomes missing."""
    series_by_name = {}
    for column in columns:
        if column.kind == "geometry" or column.name not in frame:
            continue
        series = frame[column.name]
        if column.kind == "text":
            series = series.where(series.astype("str").str.strip() != "", None)
        series_by_name[column.name] = series
    return pd.DataFrame(series_by_name, index=frame.index)


def _pandera(columns: Iterable[Column], lacking: Collection[str]) -> pa.DataFrameSchema:
    return pa.DataFrameSchema(
        {
            c.name: pa.Column(
                checks=_checks(c),
                nullable=c.name in lacking or not c.required,
                unique=c.unique and c.name not in lacking,
                required=False,
                description=c.meaning,
                title=c.label,
            )
            for c in columns
            if c.kind != "geometry"
        }
    )


def _checks(column: Column) -> list[pa.Check]:
    checks: list[pa.Check] = []

    def add(test: Callable[[Any], Any], words: str) -> None:
        checks.append(pa.Check(test, error=words, ignore_na=True))

    if column.kind in ("whole", "number"):
        add(lambda s: np.isfinite(_numeric(s)), "is not a number")
    if column.kind == "whole":
        add(lambda s: ~(_numeric(s) % 1 > 0), "is not a whole number")
    if column.low is not None:
        low = column.low
        add(lambda s: ~(_numeric(s) < low), f"is below {low:g}")
    if column.high is not None:
        high = column.high
        add(lambda s: ~(_numeric(s) > high), f"is above {high:g}")
    if column.choices:
        add(lambda s: s.isin(column.choices), "is not one of the words allowed")
    if column.pattern:
        add(lambda s: s.astype(str).str.match(column.pattern), "is malformed")
    return checks


def _numeric(series: pd.Series) -> pd.Series:
    return pd.to_numeric(series, errors="coerce")


def _translate(
    cases: pd.DataFrame, columns: Iterable[Column], file: str, first_row: int
) -> list[Fault]:
    by_name = {c.name: c for c in columns}
    faults_found = []
    cells = zip(cases["column"], cases["index"], cases["check"], cases["failure_case"], strict=True)
    for name, index, check, value in cells:
        column = by_name.get(name)
        row = None if pd.isna(index) else int(index) + first_row
        if check == "not_nullable":
            words = "is empty"
        elif check == "field_uniqueness":
            words = f"{value} appears twice"
        else:
            words = f"{value} {check}"
        hint = column.hint if column else ""
        faults_found.append(Fault(words, file, row, name, hint))
    return faults_found


def _geometry_faults(frame: pd.DataFrame, layer: str, file: str, first_row: int) -> list[Fault]:
    if not isinstance(frame, gpd.GeoDataFrame) or frame.active_geometry_name is None:
        hint = "Give a layer with shapes, or columns easting and northing, or lon and lat"
        return [Fault("has no shapes and no coordinates", file, None, "geometry", hint)]
    shapes = frame.geometry
    empty = (shapes.isna() | shapes.is_empty).to_numpy()
    wrong = ~shapes.geom_type.isin(SHAPES[layer]).to_numpy() & ~empty
    types = " or ".join(SHAPES[layer])
    tests = [
        (empty, "has no place on the map", "Give it a shape or coordinates"),
        (wrong, f"is not a {types}", f"Give each row a {types}"),
    ]
    if frame.crs is None:
        hint = f"Give the layer in {CRS}, or name its system in the column map (crs = ...)"
        return [Fault("has an unknown coordinate reference system", file, None, "geometry", hint)]
    if frame.crs != CRS:
        hint = f"Give the layer in {CRS}"
        return [Fault(f"is in {frame.crs.name}, not in {CRS}", file, None, "geometry", hint)]
    bounds = shapely.bounds(shapes.array)
    west, south, east, north = GRID
    inside = (bounds[:, 0] >= west) & (bounds[:, 1] >= south)
    inside &= (bounds[:, 2] <= east) & (bounds[:, 3] <= north)
    tests.append((~inside & ~empty, "lies outside Great Britain's grid", "Check its coordinates"))
    return [
        Fault(problem, file, int(i) + first_row, "geometry", hint)
        for rows, problem, hint in tests
        for i in np.flatnonzero(rows)
    ]
