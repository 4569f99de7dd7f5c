"""Points of rows and of typed text: postcodes, grid references and coordinates."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from nhcplanner.base.errors import Fault, InputError
from nhcplanner.base.text import plural, shortened, simple_name
from nhcplanner.domain.place import CRS
from nhcplanner.layers.geocoding import coordinates
from nhcplanner.layers.geocoding.coordinates import (
    DEGREES,
    cells_as_numbers,
    refuse_degrees,
    to_shapes,
)
from nhcplanner.layers.geocoding.postcodes import locate_postcodes, normal
from nhcplanner.layers.readers.cells import read_cells
from nhcplanner.layers.readers.tables import Table
from nhcplanner.layers.readers.vocabulary import COORDINATES

METRES = re.compile(r"(\d{1,6}(?:\.\d+)?)\s*[, ]\s*(\d{1,7}(?:\.\d+)?)")
MEND = "Give a postcode (LE15 6AA), a grid reference (SK 857 086) or metres (485700, 308600)"


@dataclass(frozen=True)
class Spot:
    """A point on the map, with its precision.

    Parameters
    ----------
    easting, northing
        Metres (EPSG:27700).
    words
        Source of the point, in words.
    postcode
        As the Post Office writes it; empty if the point is not of a postcode.
    """

    easting: float
    northing: float
    words: str
    postcode: str = ""

    @property
    def point(self) -> tuple[float, float]:
        """Easting and northing."""
        return self.easting, self.northing


def spot(text: str) -> Spot:
    """Find the point of a postcode, a grid reference, or an easting and northing.

    Raises
    ------
    InputError
        If the text is none of these, or an unknown postcode.

    Examples
    --------
    >>> spot("SK 857 086").point, spot("485700, 308600").point
    ((485750.0, 308650.0), (485700.0, 308600.0))
    """
    plain = " ".join(text.split())
    postcode = normal(plain)
    if postcode:
        row = locate_postcodes(pd.Series([postcode])).iloc[0]
        if row["problem"]:
            hint = "Give the postcode in use today, or a grid reference"
            raise InputError([Fault(f"{postcode} {row['problem']}", hint=hint)])
        return Spot(float(row["x"]), float(row["y"]), f"the middle of {postcode}", postcode)
    pair = METRES.fullmatch(plain)
    if pair:
        return Spot(float(pair[1]), float(pair[2]), "the metres given")
    try:
        easting, northing = coordinates.metres(plain)
    except ValueError as error:
        words = f"'{plain[:40]}' {error}"
        raise InputError([Fault(words, hint=MEND)]) from None
    return Spot(easting, northing, f"the middle of square {plain.upper()}")


SHAPES = ("geometry", "wkt")
APART_M = 2_000.0
"""Distance in metres from which two positions of a building contradict each other."""
PAIRS = (("easting", "northing", CRS), ("lon", "lat", DEGREES))
NOWHERE = "Give easting and northing, longitude and latitude, a grid reference or a postcode"


def is_whereabouts(name: str) -> bool:
    """Whether a column holds positions, by its name."""
    plain = simple_name(name)
    return plain in SHAPES or any(re.fullmatch(p, plain) for p in COORDINATES.values())


def whereabouts(table: Table, stated: Mapping[str, str]) -> tuple[Table, list[Fault]]:
    """Give each row of a list its point.

    Parameters
    ----------
    table
        Cells as text, blanks missing.
    stated
        Statements of the column map: `easting` and `northing`, `lon` and `lat`, `postcode`, `crs`.

    Returns
    -------
    tuple
        The table with its points in EPSG:27700, missing if a row has no valid position; and a
        fault for each row whose position is wrong or unknown. Coordinates are used first, then a
        grid reference, then a postcode; notes count the rows placed by the latter two.
    """
    frame = table.frame
    if any(simple_name(column) in SHAPES for column in frame.columns) or stated.get("crs"):
        try:
            return to_shapes(table, stated), []
        except InputError as error:
            return table, list(error.faults)
    columns = _columns(frame, stated)
    if not columns:
        words = "has no shapes and no coordinates"
        return table, [Fault(words, table.file, None, "geometry", NOWHERE)]
    faults: list[Fault] = []
    points = np.full((len(frame), 2), np.nan)
    for first, second, crs in PAIRS:
        if first in columns and second in columns:
            names = (columns[first], columns[second])
            more = _pair(table, names, crs, faults)
            table = _compared(table, points, more, names)
            _fill(points, more)
    references, reference_faults = _references(table, columns)
    faults += reference_faults
    if references is not None:
        table = _compared(table, points, references, (columns["grid_reference"],))
    notes = [_by_reference(points, references)]
    fault_rows = {fault.row for fault in faults}
    notes.append(_by_postcode(table, columns, points, faults, fault_rows))
    fault_rows = {fault.row for fault in faults}
    lost = np.flatnonzero(np.isnan(points[:, 0]))
    faults += [
        Fault("has no place on the map", table.file, row + table.first_row, "geometry", NOWHERE)
        for row in map(int, lost)
        if not {row + table.first_row, None} & fault_rows
    ]
    shapes = np.array(shapely.points(points), dtype=object)
    shapes[lost] = None
    placed_frame = gpd.GeoDataFrame(frame, geometry=shapes, crs=CRS)
    return table.with_frame(placed_frame, *(note for note in notes if note)), faults


def _columns(frame: pd.DataFrame, stated: Mapping[str, str]) -> dict[str, str]:
    """Return the columns of positions, first those that the column map names."""
    columns = {}
    for ours, pattern in COORDINATES.items():
        theirs = stated.get(ours) or next(
            (c for c in frame.columns if re.fullmatch(pattern, simple_name(c))), None
        )
        if theirs is not None and theirs in frame.columns:
            columns[ours] = theirs
    return columns


def _fill(points: np.ndarray, more: np.ndarray) -> None:
    blank = np.isnan(points[:, 0])
    points[blank] = more[blank]


def _pair(table: Table, names: tuple[str, str], crs: str, faults: list[Fault]) -> np.ndarray:
    """Return points in EPSG:27700 from two columns; report each wrong cell as a fault."""
    own: list[Fault] = []
    x, y = (cells_as_numbers(table, name, own) for name in names)
    try:
        refuse_degrees(table, [x, y], names, crs)
    except InputError as error:
        faults.extend([*own, *error.faults])
        return np.full((len(x), 2), np.nan)
    filled = table.frame[list(names)].notna().to_numpy()
    half = np.flatnonzero(filled[:, 0] != filled[:, 1])
    own += [
        Fault(f"has only one of {' and '.join(names)}", table.file, row + table.first_row,
              names[int(filled[row, 0])], "Give both, or neither")
        for row in map(int, half)
    ]  # fmt: skip
    nought = np.flatnonzero((x == 0) & (y == 0))
    own += [
        Fault("is at 0, 0, where there is no building", table.file, row + table.first_row, names[0],
              "Leave both blank, or give the building's own")
        for row in map(int, nought)
    ]  # fmt: skip
    faults.extend(own)
    points = np.column_stack([x, y])
    points[np.isnan(points).any(axis=1) | (points == 0).all(axis=1)] = np.nan
    if crs == CRS:
        return points
    sound = gpd.GeoSeries(shapely.points(points[~np.isnan(points[:, 0])]), crs=crs)
    moved = shapely.get_coordinates(sound.to_crs(CRS).to_numpy())
    points[~np.isnan(points[:, 0])] = np.where(np.isfinite(moved), moved, np.nan)
    return points


def _compared(table: Table, points: np.ndarray, more: np.ndarray, names: tuple[str, ...]) -> Table:
    """Return the table with a note on columns that repeat a known position."""
    metres = np.hypot(*(points - more).T)
    if np.isnan(metres).all():
        return table
    note = f"{' and '.join(names)} only checked, as other columns give the position"
    table = table.with_event("note", note)
    apart = np.flatnonzero(metres > APART_M)
    if not len(apart):
        return table
    rows = [f"row {table.row_number(int(n))}: {metres[n] / 1000:,.1f} km" for n in apart]
    words = f"{' and '.join(names)} more than {APART_M / 1000:g} km from the place of other columns"
    words = f"{plural(len(apart), 'row')} with {words}, which is used"
    return table.with_event("doubt", words, len(apart), rows)


def _references(table: Table, columns: Mapping[str, str]) -> tuple[np.ndarray | None, list[Fault]]:
    """Return points by grid reference, NaN if a row has none, and the faults of its cells."""
    if "grid_reference" not in columns:
        return None, []
    hint = "Give two letters and six digits or more, e.g. SK 857 086"
    read, faults, _ = read_cells(table, columns["grid_reference"], coordinates.metres, hint)
    points = np.full((len(read), 2), np.nan)
    known = read.notna().to_numpy()
    if known.any():
        points[known] = np.array(read[known].tolist())
    return points, faults


def _by_reference(points: np.ndarray, references: np.ndarray | None) -> str:
    if references is None:
        return ""
    is_open = np.isnan(points[:, 0]) & ~np.isnan(references[:, 0])
    if not is_open.any():
        return ""
    points[is_open] = references[is_open]
    return f"{plural(int(is_open.sum()), 'site')} placed by grid reference, exact to 100 m"


def _by_postcode(
    table: Table,
    columns: Mapping[str, str],
    points: np.ndarray,
    faults: list[Fault],
    fault_rows: set[int | None],
) -> str:
    """Place rows without a point by their postcode; skip rows that have a fault."""
    if "postcode" not in columns or None in fault_rows:
        return ""
    rows = np.flatnonzero(np.isnan(points[:, 0]))
    rows = rows[[row + table.first_row not in fault_rows for row in rows.tolist()]]
    cells = table.frame[columns["postcode"]].iloc[rows]
    try:
        located = locate_postcodes(cells)
    except InputError as error:
        faults += [Fault(f.problem, table.file, f.row, f.column, f.hint) for f in error.faults]
        return ""
    hint = "Give the postcode in use today, or coordinates"
    faults += [
        Fault(f"{cell} {problem}", table.file, int(row) + table.first_row,
              columns["postcode"], hint)
        for row, cell, problem in zip(rows, cells, located["problem"], strict=True)
        if problem
    ]  # fmt: skip
    points[rows] = located[["x", "y"]].to_numpy()
    there = located["x"].notna()
    if not there.any():
        return ""
    return (
        f"{plural(int(there.sum()), 'site')} placed at the middle of the postcode (in use or "
        f"withdrawn: the directory does not say): {shortened(located['postcode'][there])}"
    )
