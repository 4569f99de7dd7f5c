"""A user's own list of buildings, read in any form and checked."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from difflib import get_close_matches
from pathlib import Path, PurePath
from tempfile import TemporaryDirectory

import geopandas as gpd
import pandas as pd

from nhcplanner.base.errors import Fault, InputError
from nhcplanner.base.text import plural, shortened, simple_name
from nhcplanner.domain import column_checks
from nhcplanner.domain.columns import LAYERS
from nhcplanner.domain.intake import FileIntake
from nhcplanner.layers.geocoding.locate import is_whereabouts, whereabouts
from nhcplanner.layers.readers.column_map import ColumnMap, read_corrected
from nhcplanner.layers.readers.columns import in_their_words, match_columns
from nhcplanner.layers.readers.tables import Reading, Table, is_sheet, read_table
from nhcplanner.layers.readers.vocabulary import COORDINATES
from nhcplanner.layers.readers.workbooks import MOST_BYTES
from nhcplanner.layers.readers.xlsx import MOST_COLUMNS, MOST_ROWS
from nhcplanner.layers.sites.clean import apart_note, tidy_sites
from nhcplanner.layers.sites.duplicates import one_point_questions, report_crowds, report_duplicates
from nhcplanner.layers.sites.facts import kind_note, read_facts, settle_existing, with_role

ENDING = re.compile(r"(\.[a-z0-9]{1,10}){1,2}$", re.IGNORECASE | re.ASCII)
ALIKE = 0.8
"""Similarity from which two names count as one name, misspelt."""

DATED = {"cost": "cost_date", "running_cost": "cost_date", "capacity": "size_date",
         "floor_area_m2": "size_date", "void_m2": "size_date"}  # fmt: skip
"""Figures, and the date that each needs."""


@dataclass(frozen=True, eq=False)
class Estates:
    """A list of buildings, read and checked.

    Parameters
    ----------
    sites
        As the schema has them, in EPSG:27700, in the list's order; what the list leaves blank is
        blank.
    notes
        What was done in reading, and what the list lacks, in words.
    intake
        The record of how the list was read.
    """

    sites: gpd.GeoDataFrame
    notes: tuple[str, ...]
    intake: FileIntake = field(default_factory=lambda: FileIntake(""))


def read_estates(
    source: Path | bytes, name: str = "", column_map: ColumnMap | None = None
) -> Estates:
    """Read a list of buildings: a workbook, CSV, or a layer with shapes.

    Parameters
    ----------
    source
        The file, or its content as uploaded.
    name
        The file's name, for its format and for the messages; needed with content.
    column_map
        What the user says of the list: columns, words, units and answers to questions.

    Returns
    -------
    Estates
        Its sites, notes and intake record.

    Raises
    ------
    InputError
        With every fault and question of the list at once, by row as a spreadsheet shows it.
    """
    column_map = column_map or ColumnMap()
    if isinstance(source, bytes):
        with on_disk(source, name) as (path, label):
            return _named(path, label, column_map)
    return _named(Path(source), name or Path(source).name, column_map)


def read_upload(
    content: bytes,
    name: str,
    column_map: ColumnMap | None = None,
    *,
    is_list: bool = True,
    looked_for: tuple[str, ...] = (),
) -> Table:
    """Read the rows of an uploaded file unchanged, before its columns are settled.

    Parameters
    ----------
    content, name
        The file's content and its name.
    column_map
        Answers to questions about the file, such as which sheet to read.
    is_list
        Whether it is a list of buildings; else areas or a table by area or council code.
    looked_for
        Headings of other tables, as patterns.

    Raises
    ------
    InputError
        With every fault and question of the file itself; faults of single rows are in the
        table's `faults`.
    """
    with on_disk(content, name) as (path, label):
        try:
            column_map = _for_file(column_map or ColumnMap(), path.name, label)
            reading = Reading(answers=column_map.answers, lenient=True, looked_for=looked_for)
            table = (
                read_list(path, column_map, lenient=True)
                if is_list
                else read_table(path, reading=reading)
            )
        except InputError as error:
            raise InputError(renamed(error.faults, path.name, label)) from None
    faults = tuple(renamed(table.faults, path.name, label))
    intake = replace(table.intake, file=label)
    return replace(table, path=Path(label), intake=intake, faults=faults)


@contextmanager
def on_disk(content: bytes, name: str) -> Iterator[tuple[Path, str]]:
    """Return the path of an upload on disk, and its name for messages."""
    label = PurePath(name.replace("\\", "/")).name or "list"
    with TemporaryDirectory() as folder:
        ending = ENDING.search(label)
        path = Path(folder) / f"list{ending[0] if ending else ''}"
        path.write_bytes(content)
        yield path, label


def _for_file(column_map: ColumnMap, file: str, label: str) -> ColumnMap:
    assume = {
        key.replace(f"{label}:", f"{file}:", 1): answer for key, answer in column_map.assume.items()
    }
    return replace(column_map, assume=assume)


def renamed(faults: Iterable[Fault], file: str, label: str) -> list[Fault]:
    """Return faults with the name that the user knows for the file on disk."""
    return [replace(f, file=label if f.file == file else f.file) for f in faults]


def _named(path: Path, label: str, column_map: ColumnMap) -> Estates:
    try:
        table, _ = read_sites(path, _for_file(column_map, path.name, label))
    except InputError as error:
        raise InputError(renamed(error.faults, path.name, label)) from None
    sites = column_checks.typed(gpd.GeoDataFrame(table.frame), "sites")
    intake = replace(table.intake, file=label)
    return Estates(sites, (*table.notes, *apart_note(sites)), intake)


def read_sites(path: Path, column_map: ColumnMap | None = None) -> tuple[Table, dict[str, str]]:
    """Read sites from any file, and check them against the schema.

    Parameters
    ----------
    path
        A workbook, CSV, or a GIS format.
    column_map
        What the user says of the sites.

    Returns
    -------
    tuple
        The sites with the schema's names; and which of the user's columns each was.

    Raises
    ------
    InputError
        With every fault and question at once.
    """
    column_map = column_map or ColumnMap()
    return settle_sites(read_list(Path(path), column_map), column_map)


def settle_sites(table: Table, column_map: ColumnMap) -> tuple[Table, dict[str, str]]:
    """Make sites of the rows of a list, and check them against the schema.

    Parameters
    ----------
    table
        The unchanged rows, from `read_list`.
    column_map
        What the user says of the sites.

    Returns
    -------
    tuple
        As `read_sites`.

    Raises
    ------
    InputError
        With every fault and question at once.
    """
    with table.asking():
        return _settled(table, column_map)


def _settled(table: Table, column_map: ColumnMap) -> tuple[Table, dict[str, str]]:
    headings = column_map.sites
    table, faults = whereabouts(table, headings)
    ignored = column_map.ignored(table.file)
    try:
        names = match_columns(table.frame, "sites", headings, table.file, column_map.file, ignored)
    except InputError as error:
        raise InputError([*error.faults, *table.numbered(faults)]) from None
    if is_sheet(table.path):
        near, unused = report_unused(table, names, column_map)
        faults += near
        table = table.with_frame(table.frame, *unused)
    known, more = read_facts(table, names, column_map)
    faults += more
    table = tidy_sites(known)
    if "status" in names:
        table, more = settle_existing(table, known.frame["status"], names, column_map)
        faults += more
    faults += in_their_words(_further(table, faults), names)
    faults += one_point_questions(table, column_map.answers)
    table = report_crowds(table)
    table, more = report_duplicates(table, column_map.answers)
    faults += more
    if faults:
        ordered = sorted(table.numbered(faults), key=lambda fault: fault.row or 0)
        raise InputError(ordered)
    table = with_role(kind_note(table), "sites")
    return table.with_frame(table.frame, *_undated(table.frame)), names


def _further(table: Table, reported: list[Fault]) -> list[Fault]:
    """Return further faults of cells and of positions against the schema."""
    cells = {(fault.row, fault.column) for fault in reported}
    places = {fault.row for fault in reported if is_whereabouts(fault.column)}
    more = column_checks.faults(table.frame, "sites", table.file, table.first_row)
    return [
        f
        for f in more
        if (f.row, f.column) not in cells
        and not (f.column == "geometry" and (None in places or f.row in places))
    ]


def read_list(path: Path, column_map: ColumnMap, *, lenient: bool = False) -> Table:
    """Read the rows of a list unchanged, within the limits for lists of buildings.

    Parameters
    ----------
    path, column_map
        As for `read_sites`.
    lenient
        True to keep faults of single rows in the table instead of raising them.

    Raises
    ------
    InputError
        With every fault and question of the file itself.
    """
    headings = column_map.sites
    if not is_sheet(path):
        return read_corrected(
            path, Reading(headings.get("layer", "")), column_map.corrections.get(path.name)
        )
    if path.is_file() and path.stat().st_size > MOST_BYTES:
        words = f"is larger than {MOST_BYTES // 1_000_000} MB"
        raise InputError([Fault(words, path.name, hint="Keep to one list of sites")])
    names = frozenset(map(str, headings.values()))
    reading = Reading(headings.get("layer", ""), names, "sites", column_map.answers, lenient,
                      defers=not lenient)  # fmt: skip
    table = read_corrected(path, reading, column_map.corrections.get(path.name))
    if len(table.frame) > MOST_ROWS:
        words = f"has more than {MOST_ROWS:,} rows"
        raise InputError([Fault(words, path.name, hint="Give the buildings of one ICB at a time")])
    if len(table.frame.columns) > MOST_COLUMNS:
        words, hint = f"has more than {MOST_COLUMNS} columns", "Give one column a fact"
        raise InputError([Fault(words, path.name, hint=hint)])
    if table.frame.empty:
        hint = "Give each building a row below the names"
        raise InputError([*table.questions, Fault("has no rows", table.file, hint=hint)])
    return table


def report_unused(
    table: Table, names: Mapping[str, str], column_map: ColumnMap
) -> tuple[list[Fault], list[str]]:
    """Return faults of unused columns that look misspelt, and a note on the other ones."""
    used = {
        *names.values(),
        *column_map.sites.values(),
        *column_map.ignored(table.file),
        "geometry",
    }
    left = [c for c in table.frame.columns if c not in used and not is_whereabouts(c)]
    labels = {simple_name(c.label): c.label for c in LAYERS["sites"] if c.name not in names}
    labels |= {c.name: c.label for c in LAYERS["sites"] if c.name not in names}
    labels |= {name: name.replace("_", " ").capitalize() for name in COORDINATES}
    faults, plain = [], []
    for column in left:
        near = get_close_matches(simple_name(column), labels, 1, ALIKE)
        if near:
            words = f"'{column}' is not a known column: did you mean '{labels[near[0]]}'?"
            hint = f'Name it so; or leave it out: ignore = ["{column}"] in the column map'
            faults.append(Fault(words, table.file, None, column, hint))
        else:
            plain.append(column)
    return faults, [f"columns not used: {shortened(plain)}"] if plain else []


def _undated(frame: pd.DataFrame) -> Iterable[str]:
    """Count figures without the date that they need."""
    labels = {column.name: column.label for column in LAYERS["sites"]}
    for figure, dated in DATED.items():
        if figure not in frame:
            continue
        filled = frame[figure].notna()
        bare = int((filled & frame[dated].isna()).sum() if dated in frame else filled.sum())
        if bare:
            words = f"{plural(bare, 'figure')} of '{labels[figure]}' without a date"
            yield f"{words}: give '{labels[dated]}'"
