"""Columns of a user's file, matched by the column map or by common names."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pandas as pd

from nhcplanner.base.errors import Fault, InputError
from nhcplanner.base.text import plural, shortened, simple_name
from nhcplanner.domain.columns import LAYERS
from nhcplanner.domain.intake import EXAMPLES, Answers, ColumnIntake, Question
from nhcplanner.layers.readers import cells
from nhcplanner.layers.readers.cells import numbers_where_sound
from nhcplanner.layers.readers.column_map import ColumnMap, read_corrected
from nhcplanner.layers.readers.tables import Reading, Table
from nhcplanner.layers.readers.vocabulary import COMMON, OWN_NAME, coordinate_of


def match_columns(
    frame: pd.DataFrame,
    layer: str,
    stated: Mapping[str, str],
    file: str,
    map_file: str,
    ignore: Sequence[str] = (),
) -> dict[str, str]:
    """Return the user's column for each of our columns.

    Parameters
    ----------
    frame
        With the user's headings.
    layer
        "areas", "sites" or "origins".
    stated
        What the column map states of this file.
    file, map_file
        Names of the file and of the map, for the messages.
    ignore
        Headings that are not to be used.

    Returns
    -------
    dict
        Schema column -> the user's column; `centroid_x` and `centroid_y` count as columns.

    Raises
    ------
    InputError
        If the map names a missing column, or a common name fits several.
    """
    there = ", ".join(map(str, frame.columns.drop("geometry", errors="ignore")))
    matched: dict[str, str] = {}
    faults: list[Fault] = []
    for ours, theirs in stated.items():
        if ours in ("layer", "crs"):
            continue
        if theirs not in frame.columns:
            words = f'{map_file} says {ours} = "{theirs}", but there is no such column'
            faults.append(Fault(words, file, None, theirs, f"There are: {there}"))
        elif ours in COMMON[layer] or re.fullmatch(OWN_NAME, ours):
            matched[ours] = theirs
    free = [c for c in frame.columns if c not in {"geometry", *stated.values(), *ignore}]
    free = [c for c in free if not is_nameless_index(c, file)]
    for ours, patterns in COMMON[layer].items():
        if ours in stated:
            continue
        fits = fitting_headings(free, patterns)
        if len(fits) > 1:
            words = f"{' and '.join(fits)} may each be {ours}"
            hint = f'Say which in the column map: {ours} = "{fits[0]}"'
            faults.append(Fault(words, file, None, fits[0], hint))
        elif fits:
            matched[ours] = fits[0]
    if faults:
        raise InputError(faults)
    return matched | (
        {name: name for name in free if re.fullmatch(OWN_NAME, name)} if layer != "origins" else {}
    )


def read_columns(
    path: Path,
    patterns: Mapping[str, tuple[str, ...]],
    column_map: ColumnMap,
    optional: Sequence[str] = (),
) -> tuple[Table, dict[str, str]]:
    """Read a table that is neither areas nor sites, and find its columns.

    Parameters
    ----------
    path
        Any table: a life table, a lookup, patients by practice.
    patterns
        Our name of each column -> its common names as patterns, the surest first.
    column_map
        The user's statements about the file in `[tables."FILE"]`, answers, and unused columns.
    optional
        Our names of optional columns.

    Returns
    -------
    tuple
        The table, and the user's column for each of ours.

    Raises
    ------
    InputError
        With every fault and question of the file itself, columns that are missing, and columns
        of which several may be meant.
    """
    path = Path(path)
    stated = column_map.tables.get(path.name, {})
    reading = Reading(
        stated.get("layer", ""), frozenset(map(str, stated.values())), "", column_map.answers,
        defers=True, looked_for=tuple(pattern for each in patterns.values() for pattern in each),
    )  # fmt: skip
    table = read_corrected(path, reading, column_map.corrections.get(path.name))
    with table.asking():
        return table, _find_columns(table, patterns, column_map, optional)


def _find_columns(
    table: Table,
    patterns_of: Mapping[str, tuple[str, ...]],
    column_map: ColumnMap,
    optional: Sequence[str],
) -> dict[str, str]:
    stated = {name: heading for name, heading in column_map.tables.get(table.file, {}).items()
             if name in patterns_of}  # fmt: skip
    headings = [str(name) for name in table.frame.columns if name != "geometry"]
    there = ", ".join(headings)
    faults = [
        Fault(f'{column_map.file} says {ours} = "{theirs}", but there is no such column',
              table.file, None, theirs, f"There are: {there}")
        for ours, theirs in stated.items() if theirs not in headings
    ]  # fmt: skip
    ignored = column_map.ignored(table.file)
    free = [name for name in headings if name not in {*stated.values(), *ignored}]
    columns = dict(stated)
    for ours, patterns in patterns_of.items():
        fits = [] if ours in stated else fitting_headings(free, patterns)
        if len(fits) > 1:
            words = f"{' and '.join(fits)} may each be {ours}"
            hint = f'Say which in the column map: [tables."{table.file}"] {ours} = "{fits[0]}"'
            faults.append(Fault(words, table.file, None, fits[0], hint))
        elif fits:
            columns[ours] = fits[0]
        elif ours not in columns and ours not in optional:
            hint = f'Name it so, or in the column map: [tables."{table.file}"] {ours} = "..."'
            words = f"has no column of {ours}; there are {there}"
            faults.append(Fault(words, table.file, hint=hint))
    if faults:
        raise InputError(faults)
    return columns


def is_nameless_index(column: str, file: str) -> bool:
    """Whether a column is a rank or decile of an index that neither it nor its file names.

    Other indices have 10 = worst, so such a column is used only if the column map says so.

    Examples
    --------
    >>> is_nameless_index("decile", "ahah.csv"), is_nameless_index("decile", "IoD2025.csv")
    (True, False)
    """
    bare = re.fullmatch(r"(rank|decile)", simple_name(column))
    return bare is not None and re.search(r"imd|iod|depriv", file.lower()) is None


def rename_columns(frame: pd.DataFrame, layer: str, names: Mapping[str, str]) -> pd.DataFrame:
    """Give a frame our names, and read its numbers as people type them.

    Parameters
    ----------
    frame
        With the user's headings.
    layer
        "areas", "sites" or "origins".
    names
        Schema column -> the user's column.

    Returns
    -------
    DataFrame
        Only the named columns, and "geometry" if there is one.
    """
    kinds = {column.name: column.kind for column in LAYERS[layer]}
    renamed = {}
    for ours, theirs in names.items():
        cells = frame[theirs]
        if kinds.get(ours, "number") == "text":
            renamed[ours] = _text(cells)
        else:
            renamed[ours] = numbers_where_sound(cells)
    if "geometry" in frame:
        renamed["geometry"] = frame["geometry"]
    return type(frame)(renamed, index=frame.index)


def in_their_words(faults: list[Fault], names: Mapping[str, str]) -> list[Fault]:
    """Rename the columns in faults to the names in the user's file."""
    return [replace(f, column=names.get(f.column, f.column)) for f in faults]


def record_columns(
    table: Table, names: Mapping[str, str], after: pd.DataFrame, units: Mapping[str, str]
) -> Table:
    """Add the record of its columns to a table: theirs, ours, the unit, and examples.

    Parameters
    ----------
    table
        With the user's headings.
    names
        Schema column -> the user's column.
    after
        The same rows with the schema's names, as they were read.
    units
        Schema column -> the unit of the user's column, where it has one of its own.
    """
    ours = {theirs: name for name, theirs in names.items()}
    columns = []
    for theirs in table.frame.columns.drop("geometry", errors="ignore"):
        name = ours.get(theirs, "") or coordinate_of(str(theirs))
        examples = _examples(table.frame[theirs], after[name]) if name in after else ()
        unit = units.get(name, "")
        columns.append(ColumnIntake(str(theirs), name, unit, examples))
    return replace(table, intake=replace(table.intake, columns=tuple(columns)))


def _examples(before: pd.Series, after: pd.Series) -> tuple[str, ...]:
    """Return up to three different cells that reading changed, with their new values."""
    by_cell: dict[str, str] = {}
    for cell, value in zip(before.astype("object"), after.astype("object"), strict=True):
        if pd.isna(cell) or pd.isna(value) or cell == value:
            continue
        text = f"{value:.10g}" if isinstance(value, float) else str(value)
        if text != str(cell).strip():
            by_cell.setdefault(str(cell)[:40], text[:40])
        if len(by_cell) == EXAMPLES:
            break
    return tuple(f"{cell} -> {value}" for cell, value in by_cell.items())


def fitting_headings(free: Sequence[str], patterns: Sequence[str]) -> list[str]:
    """Return the headings that fit the surest of some patterns."""
    for pattern in patterns:
        fits = [column for column in free if re.fullmatch(pattern, simple_name(column))]
        if fits:
            return fits
    return []


def _text(cells: pd.Series) -> pd.Series:
    if pd.api.types.is_float_dtype(cells) and (cells.dropna() % 1 == 0).all():
        cells = cells.astype("Int64")
    text = cells.astype("str").str.strip()
    return text.where(cells.notna() & (text != ""))


ACCEPT = "accept"


@dataclass(frozen=True)
class Span:
    """The usual range of a figure of one building.

    Parameters
    ----------
    low, high
        Ends, in the column's own unit; 0 is always allowed.
    noun
        Name of the figure, for the message.
    unit
        Words of the unit.
    units
        Possible units of the figures; empty if there is only one.
    """

    low: float
    high: float
    noun: str
    unit: str
    units: tuple[str, ...] = ()


MONEY = tuple(cells.UNITS)
SPANS: Mapping[str, Span] = {
    "cost": Span(10_000, 100_000_000, "capital cost", "pounds", MONEY),
    "running_cost": Span(1_000, 20_000_000, "yearly cost", "pounds", MONEY),
    "capacity": Span(50, 1_000_000, "capacity", "people"),
    "floor_area_m2": Span(10, 100_000, "floor area", "m2"),
    "parking_spaces": Span(1, 2_000, "number of parking spaces", "spaces"),
    "blue_badge_spaces": Span(1, 200, "number of blue badge spaces", "spaces"),
}
"""Column -> its usual range: from a kiosk to the largest hospital."""


def figure_questions(
    table: Table, column: str, ours: str, values: pd.Series, answers: Answers, unit: str = ""
) -> list[Question]:
    """Return a question for each column with figures outside the usual range.

    Parameters
    ----------
    table
        The rows, for their numbers.
    column
        The file's heading.
    ours
        The schema's column.
    values
        Values in our unit (float64, NaN = blank).
    answers
        `COLUMN.check=accept` accepts the figures.
    unit
        The unit that the user named; small figures are then accepted.
    """
    span = SPANS.get(ours)
    if span is None or answers.find(f"{ours}.check", table.file) == ACCEPT:
        return []
    figures = values.to_numpy(dtype=np.float64)
    low = np.flatnonzero((figures > 0) & (figures < span.low))
    high = np.flatnonzero(figures > span.high)
    questions = []
    if len(low) and not unit:
        tiny = 2 * len(low) > np.count_nonzero(figures > 0)
        key = f"{ours}.unit" if tiny and span.units else f"{ours}.check"
        choices = span.units if tiny and span.units else (ACCEPT,)
        questions.append(_question(table, column, span, (figures, low), key, choices))
    if len(high):
        questions.append(
            _question(table, column, span, (figures, high), f"{ours}.check", (ACCEPT,))
        )
    return questions


RATIOS = (("capacity", "floor_area_m2"), ("cost", "floor_area_m2"), ("cost", "running_cost"))
"""Pairs of figures of one building that are of similar proportion in all buildings of a list."""
ODD, FEWEST = 10.0, 4
"""Factor from a list's median at which a figure is reported, and the least number of rows."""


def report_proportions(table: Table, frame: pd.DataFrame) -> Table:
    """Report buildings with figures out of proportion, such as two swapped cells.

    Parameters
    ----------
    table
        The rows, for their numbers and the record.
    frame
        The same rows with the schema's names and units.
    """
    for first, second in RATIOS:
        if not {first, second} <= set(frame):
            continue
        both = frame[[first, second]].to_numpy(dtype=np.float64)
        known = np.flatnonzero((both > 0).all(axis=1))
        if len(known) < FEWEST:
            continue
        ratio = both[known, 0] / both[known, 1]
        times = ratio / np.median(ratio)
        odd = known[(times > ODD) | (times < 1 / ODD)]
        if not len(odd):
            continue
        rows = [f"row {table.row_number(int(n))}: {both[n, 0]:,.10g} to {both[n, 1]:,.10g}"
                for n in odd]  # fmt: skip
        words = (
            f"{SPANS[first].noun} and {SPANS[second].noun} out of proportion to the other rows "
            f"in {plural(len(odd), 'row')}: were cells swapped?"
        )
        table = table.with_event("doubt", words, len(odd), rows)
    return table


def _question(
    table: Table,
    column: str,
    span: Span,
    at: tuple[np.ndarray, np.ndarray],
    key: str,
    choices: tuple[str, ...],
) -> Question:
    figures, rows = at
    examples = shortened((f"row {table.row_number(int(r))}: {figures[r]:,.10g}" for r in rows), 3)
    words = (
        f"gives a {span.noun} of {figures[rows[0]]:,.10g} {span.unit} "
        f"({plural(len(rows), 'row')}: {examples}); usual are {span.low:,.0f} to {span.high:,.0f}"
    )
    first = int(rows[0]) + table.first_row
    hint = ""
    if choices == (ACCEPT,):
        hint = f"Correct the cells or the heading's unit; or --assume {key}={ACCEPT}"
    return Question(words, table.file, first, column, hint, key, choices)
