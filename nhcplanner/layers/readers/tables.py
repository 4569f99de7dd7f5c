"""Tables: users' files of any format as frames, with the number of each row."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from itertools import compress
from json import JSONDecodeError
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pyproj
import shapely

from nhcplanner.base.errors import Fault, InputError
from nhcplanner.base.file_checks import parquet_problems
from nhcplanner.base.limited_reader import MOST_VERTICES, MOST_VERTICES_EACH, read_apart
from nhcplanner.base.text import plural, shortened, simple_name
from nhcplanner.domain.intake import Answers, EventKind, FileIntake, Question
from nhcplanner.layers.readers.delimited import CSV, MOST_COLUMNS, read_delimited
from nhcplanner.layers.readers.gis import (
    BROKEN,
    GIS,
    KNOWN,
    MOST_FEATURES,
    check_regular,
    read_layer,
)
from nhcplanner.layers.readers.grids import rows_and_questions
from nhcplanner.layers.readers.patients import patient_faults
from nhcplanner.layers.readers.sheet_choice import choose_sheet
from nhcplanner.layers.readers.vocabulary import is_known_heading
from nhcplanner.layers.readers.workbooks import WORKBOOKS, read_workbook

PARQUET = (".parquet", ".geoparquet")
NESTED = (bytes, bytearray, list, tuple, dict, set, np.ndarray, shapely.Geometry)
"""Types of values that are not supported in a table."""
UNCLEAR = (UnicodeError, JSONDecodeError)
"""Errors whose messages do not help the owner of a file."""
MOST_WORDS = 200
"""Characters of another library's message that are printed, at most."""
MOST_PARQUET = 4_000_000_000
"""Bytes that the columns of a Parquet file may take decompressed, still encoded."""


@dataclass(frozen=True, eq=False)
class Table:
    """The rows of a file, with the facts that messages and provenance need.

    Parameters
    ----------
    path
        The file.
    frame
        Its rows, index 0..n-1; a GeoDataFrame with shapes in "geometry" if it has any.
        Cells of a CSV are text, blanks missing.
    first_row
        Number of the first row in the file's own program: 2 in a CSV, else 1.
    notes
        Notes on the reading.
    rows
        Number of each row if rows in between were left out; empty = consecutive.
    intake
        The record of how the file was read, so far.
    sheets
        Names of the sheets of a workbook that could be read.
    faults
        Faults of single rows, if the reading was lenient.
    questions
        Open questions about the file, if the reading defers them: all rows and columns are read,
        and `asking` raises the questions.
    """

    path: Path
    frame: pd.DataFrame
    first_row: int
    notes: tuple[str, ...] = ()
    rows: tuple[int, ...] = ()
    intake: FileIntake = field(default_factory=lambda: FileIntake(""))
    sheets: tuple[str, ...] = ()
    faults: tuple[Fault, ...] = ()
    questions: tuple[Question, ...] = ()

    @property
    def file(self) -> str:
        """The file's name."""
        return self.path.name

    @property
    def record_notes(self) -> tuple[str, ...]:
        """Sentences on all that was done in reading, for tables without an intake record."""
        known = " ".join(self.notes)
        events = (str(event) for event in self.intake.events if event.words not in known)
        return (*self.notes, *events)

    def with_frame(self, frame: pd.DataFrame, *notes: str) -> Table:
        """Return the table with another frame and further notes."""
        return replace(self, frame=frame, notes=(*self.notes, *notes))

    def with_event(
        self, kind: EventKind, words: str, count: int = 1, examples: Iterable[str] = ()
    ) -> Table:
        """Return the table with one more event in its record."""
        return replace(self, intake=self.intake.with_event(kind, words, count, examples))

    def row_number(self, position: int) -> int:
        """Return the number of a row in its file, by its position from 0."""
        return self.rows[position] if self.rows else self.first_row + position

    @contextmanager
    def numbering(self) -> Iterator[None]:
        """Number the rows of faults of this file that are raised inside, as in the file."""
        try:
            yield
        except InputError as error:
            own = [fault for fault in error.faults if fault.file == self.file]
            others = [fault for fault in error.faults if fault.file != self.file]
            raise InputError([*self.numbered(own), *others]) from None

    @contextmanager
    def asking(self) -> Iterator[None]:
        """Raise the open questions about the file, together with the faults raised within."""
        try:
            yield
        except InputError as error:
            raise InputError([*self.questions, *error.faults]) from None
        if self.questions:
            raise InputError(self.questions)

    def select_rows(self, rows: np.ndarray) -> Table:
        """Return the table with some of its rows (flags), each with its own number."""
        frame = self.frame[rows].reset_index(drop=True)
        numbers = self.rows or range(self.first_row, self.first_row + len(self.frame))
        return replace(self, frame=frame, rows=tuple(compress(numbers, rows)))

    def numbered(self, faults: Iterable[Fault]) -> list[Fault]:
        """Number the rows of faults, which count from `first_row`, as in the file."""
        return [
            replace(f, row=self.row_number(f.row - self.first_row))
            if f.row is not None and self.rows
            else f
            for f in faults
        ]


@dataclass(frozen=True)
class Reading:
    """Options for reading a table.

    Parameters
    ----------
    layer
        Name of the layer or sheet in a file with several.
    names
        Headings that the column map names.
    kind
        "areas", "sites" or "origins", whose common names identify the headings; empty = any.
    answers
        Answers to questions.
    lenient
        True to keep faults of single rows in the table instead of raising them.
    defers
        True to keep questions in the table, and ask them with those about its cells.
    looked_for
        Further names of columns, as patterns.
    """

    layer: str = ""
    names: frozenset[str] = frozenset()
    kind: str = ""
    answers: Answers = field(default_factory=Answers)
    lenient: bool = False
    defers: bool = False
    looked_for: tuple[str, ...] = ()

    def knows(self, name: str) -> bool:
        """Whether a text is a name of a column that is looked for."""
        return (
            name in self.names
            or is_known_heading(name, self.kind)
            or any(re.fullmatch(pattern, simple_name(name)) for pattern in self.looked_for)
        )


def read_table(path: Path, layer: str = "", reading: Reading | None = None) -> Table:
    """Read a table of any known format: the one reader of tables that people bring.

    Parameters
    ----------
    path
        CSV (also .csv.gz, .tsv), XLSX, XLSM, XLSB, XLS, ODS, Parquet, GeoPackage, GeoJSON,
        Shapefile or FlatGeobuf.
    layer
        Name of the layer or sheet in a file with several.
    reading
        Headings to look for, and answers to questions.

    Raises
    ------
    InputError
        If the file is missing, empty, of another format or broken.
    """
    path = Path(path)
    reading = reading or Reading()
    chosen = layer or reading.layer
    table: Table = read_apart(_read, path, chosen, reading)
    return replace(table, path=path)


def _read(path: Path, layer: str, reading: Reading) -> Table:
    table = _without_nested(_read_format(path, layer, reading))
    check_vertices(table.frame, path.name)
    faults = patient_faults(table.frame, path.name)
    if faults:
        raise InputError(faults)
    read = replace(table.intake, file=path.name, rows_read=len(table.frame))
    return replace(table, intake=read)


def _without_nested(table: Table) -> Table:
    """Remove columns of bytes and lists, which Parquet and GIS layers may hold."""
    frame = table.frame
    shape = frame.active_geometry_name if isinstance(frame, gpd.GeoDataFrame) else None
    objects = [name for name in frame if frame[name].dtype == object and name != shape]
    nested = [name for name in objects if any(isinstance(cell, NESTED) for cell in frame[name])]
    if not nested:
        return table
    words = f"{plural(len(nested), 'column')} of bytes or lists left out: {shortened(nested)}"
    table = table.with_frame(frame.drop(columns=nested), words)
    return table.with_event("left out", words, len(nested))


def check_vertices(frame: pd.DataFrame, file: str) -> None:
    """Reject shapes with too many points.

    Raises
    ------
    InputError
        If a shape, or all shapes together, exceed the limit.
    """
    if not isinstance(frame, gpd.GeoDataFrame) or frame.active_geometry_name is None:
        return
    counts = shapely.get_num_coordinates(frame.geometry.to_numpy())
    hint = "Simplify the shapes, or give the generalised boundaries of the same areas"
    if counts.max(initial=0) > MOST_VERTICES_EACH:
        row = int(counts.argmax())
        words = f"has a shape of {counts[row]:,} points, more than {MOST_VERTICES_EACH:,}"
        raise InputError([Fault(words, file, row + 1, hint=hint)])
    if counts.sum() > MOST_VERTICES:
        words = f"has shapes of {counts.sum():,} points in all, more than {MOST_VERTICES:,}"
        raise InputError([Fault(words, file, hint=hint)])


def _read_format(path: Path, layer: str, reading: Reading) -> Table:
    name = path.name.lower()
    if not path.is_file():
        raise InputError([Fault("no such file", str(path), hint="Check the path")])
    if path.stat().st_size == 0:
        raise InputError([Fault("is empty", path.name)])
    if name.endswith((*CSV, *WORKBOOKS)):
        return _read_cells(path, layer, reading)
    if name.endswith(PARQUET):
        return _read_parquet(path)
    if name.endswith(GIS):
        return _read_gis(path, layer)
    raise InputError([Fault("is of a format not read here", path.name, hint=f"Give {KNOWN}")])


def read_workbook_cells(path: Path, answers: Answers) -> pd.DataFrame | None:
    """Return a workbook's cells as text, index = row number - 2; None for other files.

    Raises
    ------
    InputError
        As `read_table`.
    """
    if not path.name.lower().endswith(WORKBOOKS):
        return None
    table = read_table(path, reading=Reading(answers=answers))
    rows = [table.row_number(n) - 2 for n in range(len(table.frame))]
    return table.frame.set_axis(rows, axis=0)


def is_sheet(path: Path) -> bool:
    """Whether a file is read as cells: a workbook of any kind, or delimited text."""
    return path.name.lower().endswith((*CSV, *WORKBOOKS))


def changed_on(path: Path) -> str:
    """Return the date of a file's last change (ISO, UTC)."""
    return datetime.fromtimestamp(path.stat().st_mtime, UTC).date().isoformat()


def _read_cells(path: Path, layer: str, reading: Reading) -> Table:
    """Read a workbook or delimited text."""
    knows, answers = reading.knows, reading.answers
    if path.name.lower().endswith(CSV):
        grid, notes = read_delimited(path, knows)
        unused = f"layer = '{layer}' was not used: the file holds one table"
        omissions: tuple[str, ...] = (unused,) if layer else ()
        sheets: tuple[str, ...] = ()
        unseen: tuple[str, ...] = ()
    else:
        book = read_workbook(path)
        sheets = tuple(each.sheet for each in book.grids)
        grid, omissions = choose_sheet(
            book.grids, book.hidden, knows, path.name, answers, layer=layer
        )
        notes, unseen = (), book.notes
    cells, questions = rows_and_questions(grid, path.name, knows, answers, lenient=reading.lenient)
    if questions and not reading.defers:
        raise InputError(questions)
    intake = cells.intake
    for words in omissions:
        intake = intake.with_event("left out", words)
    for words in notes:
        intake = intake.with_event("note", words)
    for words in unseen:
        intake = intake.with_event("doubt", words)
    left_out = [event.words for event in intake.events if event.kind == "left out"]
    if intake.rows_blank:
        left_out.append(f"{plural(intake.rows_blank, 'blank row')} left out")
    first = (intake.heading_row or 1) + 1
    follow_on = cells.numbers == tuple(range(first, first + len(cells.numbers)))
    rows = () if follow_on else cells.numbers
    return Table(
        path, cells.frame, first, (*notes, *unseen, *left_out), rows, intake, sheets,
        cells.faults, questions,
    )  # fmt: skip


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
    except pyproj.exceptions.CRSError:
        words = "is in a coordinate system that is not supported"
        raise InputError([Fault(words, path.name, hint="Save it in EPSG:27700")]) from None
    except (*BROKEN, LookupError, TypeError, AttributeError) as error:
        is_plain = isinstance(error, (OSError, ValueError)) and not isinstance(error, UNCLEAR)
        why = str(error).partition("\n")[0][:MOST_WORDS] if is_plain else "its metadata is damaged"
        raise InputError([Fault(f"cannot be read as Parquet: {why}", path.name)]) from None
    return Table(path, _named_geometry(frame.reset_index(drop=True)), 1)


def _parquet(path: Path) -> pd.DataFrame:
    try:
        frame: pd.DataFrame = gpd.read_parquet(path)
    except ValueError as error:
        if "geo metadata" not in str(error):
            raise
        return pd.read_parquet(path)
    return frame


def _read_gis(path: Path, layer: str) -> Table:
    frame, notes = read_layer(path, layer)
    return Table(path, _named_geometry(frame), 1, notes)


def _named_geometry(frame: pd.DataFrame) -> pd.DataFrame:
    name = frame.active_geometry_name if isinstance(frame, gpd.GeoDataFrame) else None
    if name in (None, "geometry"):
        return frame
    others: gpd.GeoDataFrame = frame.drop(columns="geometry", errors="ignore")
    renamed: pd.DataFrame = others.rename_geometry("geometry")
    return renamed
