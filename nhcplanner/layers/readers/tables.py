"""Tables: users' own files, whatever their format, as frames whose rows can be named."""

from __future__ import annotations

import csv
import gzip
import io
import lzma
import zipfile
import zlib
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from itertools import compress
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd

from nhcplanner.base.errors import Fault, InputError
from nhcplanner.base.parquet import parquet_problems
from nhcplanner.domain.reading import read_apart
from nhcplanner.layers.readers.formats import check_regular
from nhcplanner.layers.readers.gis import (
    BROKEN,
    GIS,
    KNOWN,
    MOST_COLUMNS,
    MOST_FEATURES,
    read_layer,
)

CSV = (".csv", ".csv.gz")
PARQUET = (".parquet", ".geoparquet")
UNPACKING = (zipfile.BadZipFile, zlib.error, lzma.LZMAError, EOFError, NotImplementedError)
"""What unpacking damaged files raises, besides what disks do."""
MOST_RATIO = 200
"""Times its packed size that a table may unpack to."""
SMALL = 1_000_000
"""Bytes that any table may unpack to."""
MOST_PARQUET = 4_000_000_000
"""Bytes that the columns of a Parquet file may take decompressed, still encoded."""


@dataclass(frozen=True, eq=False)
class Table:
    """A file's rows as they are, with what messages and provenance need.

    Parameters
    ----------
    path
        The file.
    frame
        Its rows, index 0..n-1; a GeoDataFrame with its shapes in "geometry" where it has any.
        Cells of a CSV are text, blanks missing.
    first_row
        Number that the file's own reader shows for the first row: 2 in a CSV, else 1.
    notes
        What was done in reading, in words.
    rows
        Number of each row where blank rows between them were left out; empty = they follow on.
    """

    path: Path
    frame: pd.DataFrame
    first_row: int
    notes: tuple[str, ...] = ()
    rows: tuple[int, ...] = ()

    @property
    def file(self) -> str:
        """The file's name."""
        return self.path.name

    def with_frame(self, frame: pd.DataFrame, *notes: str) -> Table:
        """Give the same table with another frame and further notes."""
        return replace(self, frame=frame, notes=(*self.notes, *notes))

    def kept(self, rows: np.ndarray) -> Table:
        """Give the same table with some of its rows (flags), each with its own number still."""
        frame = self.frame[rows].reset_index(drop=True)
        numbers = self.rows or range(self.first_row, self.first_row + len(self.frame))
        return replace(self, frame=frame, rows=tuple(compress(numbers, rows)))

    def numbered(self, faults: Iterable[Fault]) -> list[Fault]:
        """Number the rows of faults, counted from `first_row` on, as the file's reader shows."""
        return [
            replace(f, row=self.rows[f.row - self.first_row]) if self.rows and f.row else f
            for f in faults
        ]


def read_table(path: Path, layer: str = "") -> Table:
    """Read a file of a known format.

    Parameters
    ----------
    path
        GeoPackage, GeoParquet, GeoJSON, Shapefile, or CSV (also .csv.gz).
    layer
        Which layer of a file with several.

    Raises
    ------
    InputError
        Where there is no such file, or it is empty, of another format or broken.
    """
    path = Path(path)
    table: Table = read_apart(_read, path, layer)
    return replace(table, path=path)


def _read(path: Path, layer: str) -> Table:
    name = path.name.lower()
    if not path.is_file():
        raise InputError([Fault("no such file", str(path), hint="Check the path")])
    if path.stat().st_size == 0:
        raise InputError([Fault("is empty", path.name)])
    if name.endswith(CSV):
        return _read_csv(path)
    if name.endswith(PARQUET):
        return _read_parquet(path)
    if name.endswith(GIS):
        return _read_gis(path, layer)
    raise InputError([Fault("is of a format not read here", path.name, hint=f"Give {KNOWN}")])


def changed_on(path: Path) -> str:
    """Date of a file's last change (ISO, UTC)."""
    return datetime.fromtimestamp(path.stat().st_mtime, UTC).date().isoformat()


def _read_csv(path: Path) -> Table:
    text, notes = csv_text(path)
    check_width(text, path.name)
    options: dict[str, Any] = {"dtype": "str", "keep_default_na": False, "index_col": False}
    try:
        frame = pd.read_csv(io.StringIO(text), skip_blank_lines=False, **options)
    except (pd.errors.ParserError, pd.errors.EmptyDataError, ValueError) as error:
        words = f"cannot be read as CSV: {str(error).strip()}"
        hint = "Save it as CSV with one header row and commas"
        raise InputError([Fault(words, path.name, hint=hint)]) from None
    frame.columns = [str(column).strip() for column in frame.columns]
    if len(frame.columns) == 1 and set(frame.columns[0]) & {";", "\t"}:
        words = "is not separated by commas"
        raise InputError([Fault(words, path.name, hint="Save it as CSV with commas")])
    frame = frame.apply(lambda cells: cells.str.strip())
    frame = frame.mask(frame == "")
    filled = frame.notna().any(axis=1)
    frame = frame.loc[: filled[::-1].idxmax()] if filled.any() else frame.iloc[:0]
    return Table(path, frame, 2, notes)


def check_width(text: str, file: str, most: int = MOST_COLUMNS) -> None:
    """Refuse a CSV whose first row has more columns than any table, before it is parsed.

    Raises
    ------
    InputError
        Where it has.
    """
    with suppress(csv.Error, StopIteration):  # what reads the rows says what is wrong
        columns = len(next(csv.reader(io.StringIO(text, newline=""))))
        if columns > most:
            words = f"has {columns:,} columns, more than {most:,}"
            raise InputError([Fault(words, file, hint="Keep the columns that are needed")])


def csv_text(path: Path) -> tuple[str, tuple[str, ...]]:
    """Text of a CSV in UTF-8 or as Excel saves it on Windows; a note says which.

    Raises
    ------
    InputError
        Where it is no text, or cannot be read or unpacked.
    """
    try:
        raw = _unpacked(path) if path.suffix.lower() == ".gz" else path.read_bytes()
    except OSError as error:
        words = f"cannot be read: {error.strerror or error}"
        raise InputError([Fault(words, path.name)]) from None
    if b"\x00" in raw:
        raise InputError([Fault("is not a text file", path.name, hint="Save it as CSV")])
    try:
        return raw.decode("utf-8-sig"), ()
    except UnicodeDecodeError:
        pass
    try:
        return raw.decode("cp1252"), ("read as Windows-1252 text, for it is not UTF-8",)
    except UnicodeDecodeError:
        hint = "Save it as CSV in UTF-8"
        raise InputError([Fault("is not a text file", path.name, hint=hint)]) from None


def _unpacked(path: Path) -> bytes:
    most = max(SMALL, MOST_RATIO * path.stat().st_size)
    try:
        with gzip.open(path) as packed:
            raw = packed.read(most + 1)
    except (*UNPACKING, gzip.BadGzipFile) as error:
        raise InputError([Fault(f"cannot be unpacked: {error}", path.name)]) from None
    if len(raw) > most:
        words = f"unpacks to more than {MOST_RATIO} times its size"
        raise InputError([Fault(words, path.name, hint="Give it unpacked")])
    return raw


def _read_parquet(path: Path) -> Table:
    check_regular(path)
    try:
        problems = parquet_problems(path, MOST_FEATURES, MOST_COLUMNS, MOST_PARQUET)
        if problems:
            raise InputError(
                [Fault(f"cannot be read as Parquet: it {words}", path.name) for words in problems]
            )
        frame = _parquet(path)
    except InputError:
        raise
    except (*BROKEN, LookupError, TypeError, AttributeError) as error:
        first = str(error).partition("\n")[0]
        raise InputError([Fault(f"cannot be read as Parquet: {first}", path.name)]) from None
    return Table(path, _named_geometry(frame.reset_index(drop=True)), 1)


def _parquet(path: Path) -> pd.DataFrame:
    try:
        return gpd.read_parquet(path)
    except ValueError as error:
        if "geo metadata" not in str(error):
            raise
        return pd.read_parquet(path)


def _read_gis(path: Path, layer: str) -> Table:
    frame, notes = read_layer(path, layer)
    return Table(path, _named_geometry(frame), 1, notes)


def _named_geometry(frame: pd.DataFrame) -> pd.DataFrame:
    if not isinstance(frame, gpd.GeoDataFrame) or frame.active_geometry_name is None:
        return frame
    if frame.active_geometry_name == "geometry":
        return frame
    return frame.drop(columns="geometry", errors="ignore").rename_geometry("geometry")
