"""Heights above sea level from a user's files: ASCII grids and lists of points.

An ASCII grid (.asc) is Esri's format, which Ordnance Survey uses for OS Terrain 50:
https://desktop.arcgis.com/en/arcmap/latest/manage-data/raster-and-images/esri-ascii-raster-format.htm
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from functools import partial
from io import TextIOWrapper
from itertools import chain
from pathlib import Path

import numpy as np
import pandas as pd

from nhcplanner.base.arrays import FloatArray
from nhcplanner.base.errors import Fault, InputError
from nhcplanner.base.file_checks import UNPACKING, zip_problems
from nhcplanner.base.hashing import hash_file
from nhcplanner.base.limited_reader import read_apart
from nhcplanner.base.text import plural, shortened, simple_name
from nhcplanner.domain.heights import HeightGrid, Heights, grid_of
from nhcplanner.domain.intake import FileIntake
from nhcplanner.layers.readers.cells import numbers
from nhcplanner.layers.readers.tables import read_table
from nhcplanner.layers.readers.vocabulary import coordinate_of

LOWEST, HIGHEST = -50.0, 1_400.0
"""Metres above sea level that are plausible: Ben Nevis is 1,345 m, the Fens are 3 m below."""
NO_DATA = (-9999.0, -32767.0, -32768.0)
"""Values that stand for an unknown height where a file does not name another."""
MOST_CELLS = 50_000_000
MOST_UNPACKED = 1_000_000_000
HEADER = re.compile(r"\s*([A-Za-z_]+)\s+(\S+)\s*")
KEYS = ("ncols", "nrows", "cellsize")
HEIGHT = re.compile(r"(height|elevation|altitude|elev|ele|alt|z)(_?(m|metres|meters|aod|od))*")
FEET = re.compile(r".*(feet|foot|ft)$")
EXTENT = (np.array([0.0, 0.0]), np.array([700_000.0, 1_300_000.0]))
"""Corners of the National Grid, metres."""
TO_GRID = "Convert it: gdal_translate -of AAIGrid heights.tif heights.asc (EPSG:27700)"
IN_FEET = "Heights are metres above sea level; multiply feet by 0.3048"

Read = tuple[list[HeightGrid], FloatArray, FileIntake]


def read_heights(paths: Sequence[Path]) -> tuple[Heights, tuple[FileIntake, ...]]:
    """Read files of heights.

    Parameters
    ----------
    paths
        Each an ASCII grid (.asc), a zip of such grids, or a list of points with easting, northing
        and height (.csv or another table; .xyz without headings).

    Returns
    -------
    Heights, tuple of FileIntake
        All heights together, and a record for each file.

    Raises
    ------
    InputError
        With every fault of every file: unknown formats, heights that are no numbers or not
        plausible, positions outside Great Britain.
    """
    grids: list[HeightGrid] = []
    points: list[FloatArray] = []
    records: list[FileIntake] = []
    faults: list[Fault] = []
    for path in map(Path, paths):
        try:
            read: Read = read_apart(_read, path) if path.is_file() else _missing(path)
        except InputError as error:
            faults += error.faults
            continue
        grids += read[0]
        points.append(read[1])
        records.append(replace(read[2], sha256=hash_file(path)))
    if faults:
        raise InputError(faults)
    every = np.concatenate(points) if points else np.empty((0, 3))
    names = tuple(record.file for record in records)
    return Heights(tuple(grids), every, names), tuple(records)


def _missing(path: Path) -> Read:
    raise InputError([Fault("does not exist", str(path), hint="Check the path of --heights")])


def _read(path: Path) -> Read:
    ending = path.suffix.lower()
    if ending in (".tif", ".tiff", ".img", ".vrt"):
        raise InputError([Fault("is a raster of another format", path.name, hint=TO_GRID)])
    if ending == ".zip":
        return _read_zip(path)
    if ending == ".asc":
        with path.open(encoding="utf-8-sig", errors="replace") as lines:
            grid, empty = _read_grid(lines, path.name)
        return [grid], np.empty((0, 3)), _record([grid], empty, path.name)
    table = _read_xyz(path) if ending in (".xyz", ".txt") else _read_list(path)
    return _as_heights(*table, path.name)


def _read_zip(path: Path) -> Read:
    grids, empty = [], 0
    try:
        with zipfile.ZipFile(path) as archive:
            members = [one for one in archive.infolist() if one.filename.lower().endswith(".asc")]
            problems = zip_problems(members, MOST_UNPACKED)
            if problems or not members:
                hint = "Unpack it, and give the .asc files"
                words = problems[0] if problems else "holds no .asc file"
                raise InputError([Fault(words, path.name, hint=hint)])
            for member in members:
                name = f"{path.name}, {Path(member.filename).name}"
                with archive.open(member) as content:
                    lines = TextIOWrapper(content, encoding="utf-8-sig", errors="replace")
                    grid, unknown = _read_grid(lines, name)
                grids.append(grid)
                empty += unknown
    except UNPACKING as error:
        hint = "It may be cut short: download it again"
        raise InputError([Fault(f"cannot be unpacked ({error})", path.name, hint=hint)]) from None
    return grids, np.empty((0, 3)), _record(grids, empty, path.name)


def _read_grid(lines: Iterable[str], file: str) -> tuple[HeightGrid, int]:
    """Read an ASCII grid, and count its cells without a height."""
    numbered = enumerate(lines, start=1)
    header, first = _header(numbered, file)
    lacking = [key for key in KEYS if key not in header]
    corner = [next((k for k in (f"{a}llcorner", f"{a}llcenter") if k in header), "") for a in "xy"]
    if lacking or "" in corner:
        words = f"has no {', '.join(lacking) or 'xllcorner and yllcorner'} at its top"
        raise InputError([Fault(words, file, hint="Give an ASCII grid, such as OS Terrain 50")])
    columns, rows, cell = (header[key] for key in KEYS)
    whole = columns % 1 == 0 and rows % 1 == 0 and columns > 0 and rows > 0
    if not whole or not 0 < cell < 1e5 or columns * rows > MOST_CELLS:
        words = f"says it has {columns:g} x {rows:g} cells of {cell:g} m"
        raise InputError([Fault(words, file, hint=f"At most {MOST_CELLS:,} cells are read")])
    _check_extent(np.array([[header[name] for name in corner]]), file)
    half = [cell / 2 if name.endswith("corner") else 0.0 for name in corner]
    west, south = (header[name] + more for name, more in zip(corner, half, strict=True))
    _check_extent(np.array([(west, south), (west + columns * cell, south + rows * cell)]), file)
    unknown = {*NO_DATA, header.get("nodata_value", NO_DATA[0])}
    values = np.full((int(rows), int(columns)), np.nan)
    read, number = 0, 0
    for number, line in chain([first], numbered):
        if not line.strip():
            continue
        row = _row_of(line, int(columns), file, number)
        if read == len(values):
            raise InputError([Fault(f"has more than {rows:g} rows of heights", file, number)])
        row[np.isin(row, list(unknown))] = np.nan
        _check_heights(row, file, partial(_same_line, number))
        values[len(values) - 1 - read] = row
        read += 1
    if read < len(values):
        words = f"has {read:,} rows of heights, and says {rows:g}: it is cut short"
        raise InputError([Fault(words, file, number)])
    return HeightGrid(west, south, cell, values), int(np.isnan(values).sum())


def _same_line(line: int, _: int) -> int:
    """Return the line of a row of heights, which is that of each of them."""
    return line


def _header(
    lines: Iterable[tuple[int, str]], file: str
) -> tuple[dict[str, float], tuple[int, str]]:
    """Return the header of a grid by key, and its first line of heights."""
    header: dict[str, float] = {}
    for number, line in lines:
        match = HEADER.fullmatch(line)
        if match is None:
            return header, (number, line)
        try:
            header[match[1].lower()] = float(match[2])
        except ValueError:
            words = f"'{match[2][:40]}' is not a number"
            raise InputError([Fault(words, file, number, match[1][:40])]) from None
    return header, (0, "")


def _row_of(line: str, columns: int, file: str, number: int) -> FloatArray:
    texts = line.split()
    if len(texts) != columns:
        words = f"has {len(texts):,} heights in a row of {columns:,}"
        raise InputError([Fault(words, file, number)])
    try:
        return np.array(texts, dtype=np.float64)
    except ValueError:
        wrong = next(text for text in texts if pd.isna(pd.to_numeric(text, errors="coerce")))
        words = f"'{wrong[:40]}' is not a height"
        raise InputError([Fault(words, file, number)]) from None


def _read_xyz(path: Path) -> tuple[FloatArray, Callable[[int], int]]:
    """Read lines of easting, northing and height, and the number of each one's line."""
    found, rows = [], []
    with path.open(encoding="utf-8-sig", errors="replace") as lines:
        for number, line in enumerate(lines, start=1):
            parts = line.replace(",", " ").split()
            if not parts or (number == 1 and simple_name(parts[0]) in ("x", "easting")):
                continue
            try:
                found.append([float(part) for part in parts])
            except ValueError:
                found.append([])
            if len(found[-1]) != 3:
                hint = "Each line is an easting, a northing and a height"
                words = f"'{line.strip()[:40]}' is not three numbers"
                raise InputError([Fault(words, path.name, number, hint=hint)])
            rows.append(number)
            if len(found) > MOST_CELLS // 10:
                raise InputError([Fault(f"has more than {MOST_CELLS // 10:,} points", path.name)])
    return np.array(found, dtype=np.float64).reshape(-1, 3), rows.__getitem__


def _read_list(path: Path) -> tuple[FloatArray, Callable[[int], int]]:
    """Read a table of points, and the number of each one's row."""
    table = read_table(path)
    names = {coordinate_of(str(name)): str(name) for name in table.frame}
    heights = [str(n) for n in table.frame if HEIGHT.fullmatch(simple_name(str(n)))]
    feet = [str(n) for n in table.frame if FEET.fullmatch(simple_name(str(n)))]
    if feet and not heights:
        raise InputError([Fault("is in feet", table.file, column=feet[0], hint=IN_FEET)])
    if "easting" not in names or "northing" not in names or len(heights) != 1:
        there = shortened([str(name) for name in table.frame if name != "geometry"], 8)
        hint = "Give columns easting, northing and height, in metres (EPSG:27700)"
        words = f"has no easting, northing and single height: it has {there}"
        raise InputError([Fault(words, table.file, hint=hint)])
    columns = [names["easting"], names["northing"], heights[0]]
    found = np.column_stack([numbers(table.frame[name]) for name in columns])
    text = table.frame[columns].astype("string").fillna("")
    is_blank = (text.apply(lambda one: one.str.strip()) == "").to_numpy()
    faults = [
        Fault(f"'{text.iloc[row, column][:40]}' is not a number", table.file,
              table.row_number(int(row)), columns[column])
        for row, column in np.argwhere(np.isnan(found) & ~is_blank)[:20].tolist()
    ]  # fmt: skip
    faults += [
        Fault("has no position", table.file, table.row_number(int(row)), columns[0])
        for row in np.flatnonzero(is_blank[:, :2].any(axis=1))[:20].tolist()
    ]
    if faults:
        raise InputError(faults)
    return found, table.row_number


def _as_heights(points: FloatArray, row_of: Callable[[int], int], file: str) -> Read:
    """Return points as a grid where they are on one, with their record."""
    if not len(points):
        raise InputError([Fault("holds no heights", file)])
    _check_extent(points[:, :2], file)
    height = points[:, 2]
    height[np.isin(height, NO_DATA)] = np.nan
    _check_heights(height, file, row_of)
    empty = int(np.isnan(height).sum())
    _, first, again = np.unique(points[:, :2], axis=0, return_index=True, return_inverse=True)
    differs = np.flatnonzero(height[first][again.ravel()] != height)
    differs = differs[~np.isnan(height[differs])]
    if len(differs):
        words = "has another height in a row above"
        raise InputError([Fault(words, file, row_of(int(differs[0])))])
    grid = grid_of(points)
    if grid is not None:
        return [grid], np.empty((0, 3)), _record([grid], empty, file, len(points))
    record = FileIntake(file, role="heights", rows_read=len(points))
    words = "the points are on no regular grid: each street takes the nearest within 100 m"
    record = _with_range(record.with_event("doubt", words, len(points)), height, empty)
    return [], points[~np.isnan(height)], record


def _check_extent(xy: FloatArray, file: str) -> None:
    low, high = EXTENT
    degrees = ((np.abs(xy[:, 0]) <= 10) & (xy[:, 1] >= 49) & (xy[:, 1] <= 62)).all()
    inside = ((xy >= low) & (xy <= high)).all(axis=1)
    if inside.all() and not degrees:
        return
    odd = xy[0] if degrees else xy[~inside][0]
    hint = "Give metres of the National Grid (EPSG:27700)" + ", not degrees" * bool(degrees)
    words = f"reaches {odd[0]:,.6g}, {odd[1]:,.6g}, outside Great Britain"
    raise InputError([Fault(words, file, hint=hint)])


def _check_heights(height: FloatArray, file: str, row_of: Callable[[int], int]) -> None:
    wild = np.flatnonzero((height < LOWEST) | (height > HIGHEST) | np.isinf(height))
    if len(wild):
        words = f"{height[wild[0]]:,.6g} m is no height in Great Britain"
        more = f" ({plural(len(wild), 'cell')} like this)" if len(wild) > 1 else ""
        raise InputError([Fault(words + more, file, row_of(int(wild[0])), hint=IN_FEET)])


def _record(grids: list[HeightGrid], empty: int, file: str, rows: int = 0) -> FileIntake:
    cells = sum(grid.metres.size for grid in grids)
    record = FileIntake(file, role="heights", rows_read=rows or cells)
    sizes = shortened(dict.fromkeys(f"{grid.cell:g} m" for grid in grids))
    words = f"{plural(len(grids), 'grid')} of {cells:,} heights, {sizes} apart"
    record = record.with_event("note", words, len(grids))
    return _with_range(record, np.concatenate([grid.metres.ravel() for grid in grids]), empty)


def _with_range(record: FileIntake, height: FloatArray, empty: int) -> FileIntake:
    if np.isnan(height).all():
        raise InputError([Fault("holds no known height", record.file)])
    low, high = np.nanmin(height), np.nanmax(height)
    record = record.with_event("note", f"heights from {low:,.1f} to {high:,.1f} m")
    if empty:
        record = record.with_event("became blank", f"{plural(empty, 'height')} without data", empty)
    return record
