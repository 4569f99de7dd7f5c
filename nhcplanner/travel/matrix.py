"""Travel-time matrices of users, from TRACC, TravelTime or any other tool."""

from __future__ import annotations

import codecs
import csv
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from itertools import islice
from pathlib import Path

import pandas as pd

from nhcplanner.base.errors import Fault, InputError
from nhcplanner.base.file_checks import parquet_problems
from nhcplanner.base.limited_reader import read_apart
from nhcplanner.base.text import bare, plural, shortened
from nhcplanner.domain.intake import Answers, ColumnIntake, FileIntake, Question
from nhcplanner.travel.matrix_format import (
    LONG,
    NO_JOURNEY,
    OURS,
    PER_MINUTE,
    UNIT_KEY,
    LongColumns,
    check_unit,
    clock_fault,
    find_columns,
    to_numbers,
)

MOST_PAIRS, MOST_COLUMNS, MOST_BYTES = 500_000_000, 20_000, 8_000_000_000
"""Largest number of pairs and columns of a matrix, and its largest unpacked size in bytes."""
SEPARATORS = ",;\t|"
SEARCHED = 30
"""Number of first lines of a CSV that are searched for headings."""
CHUNK = 1 << 20
SKIPPED, ENCODING = "rows above the headings", "encoding"
"""Facts about the reading of a CSV, in the attributes of its table."""


def read_table(path: Path) -> pd.DataFrame:
    """Read a matrix file; a place folder's own file keeps its types, any other becomes text.

    Raises
    ------
    InputError
        If it is missing, damaged, too large or holds no table.
    """
    if not path.is_file():
        raise InputError([Fault("no such file", str(path), hint="Check the path of the matrix")])
    try:
        table = _parquet(path) if path.suffix.lower() == ".parquet" else _csv(path)
    except InputError:
        raise
    except (OSError, ValueError) as error:
        words = f"cannot be read: {str(error).partition(chr(10))[0]}"
        raise InputError([Fault(words, path.name, hint="Save it as CSV with commas")]) from None
    if table.shape[1] < 2 or table.empty:
        hint = "Give origin, destination and time, or a row an origin and a column a site"
        raise InputError([Fault("is not a table of times", path.name, hint=hint)])
    return table


def _parquet(path: Path) -> pd.DataFrame:
    """Read a place folder's own matrix unchanged, or another tool's matrix as text."""
    problems = parquet_problems(path, MOST_PAIRS, MOST_COLUMNS, MOST_BYTES)
    if problems:
        raise InputError([Fault(words, path.name) for words in problems])
    table = pd.read_parquet(path)
    if set(OURS) <= set(table.columns):
        return table[OURS]
    return table.astype("str").mask(table.isna(), "")


def _csv(path: Path) -> pd.DataFrame:
    """Read a table of text, with distinct headings and no cells beyond them."""
    encoding = _encoding(path)
    with path.open(encoding=encoding, newline="", errors="replace") as stream:
        lines = list(islice(stream, SEARCHED))
    separator = max(SEPARATORS, key=lambda sign: sum(line.count(sign) for line in lines))
    rows = [[cell.strip() for cell in row] for row in csv.reader(lines, delimiter=separator)]
    titles = _titles(rows)
    headings = rows[titles] if rows else []
    if len(headings) > MOST_COLUMNS:
        words = f"has {len(headings):,} columns, more than {MOST_COLUMNS:,}"
        raise InputError([Fault(words, path.name, hint="Give a row a pair")])
    twice = sorted(name for name, count in Counter(headings).items() if count > 1 and name)
    if twice:
        words = f"{shortened(twice)} heads several columns"
        raise InputError([Fault(words, path.name, 1, hint="Keep one of them")])
    table = pd.read_csv(
        path, sep=separator, dtype="str", keep_default_na=False, encoding=encoding, header=None,
        skiprows=titles + 1, names=headings, index_col=None, skip_blank_lines=False,
    )  # fmt: skip
    if not isinstance(table.index, pd.RangeIndex):
        words = "has rows with more cells than headings"
        raise InputError([Fault(words, path.name, 2, hint="Put cells with commas in quotes")])
    text: pd.DataFrame = table.fillna("").apply(lambda cells: cells.map(bare))
    text = text.set_index(text.index + titles)[(text != "").any(axis=1).to_numpy()]
    text.attrs = {SKIPPED: titles, ENCODING: encoding == "cp1252"}
    return text


def _encoding(path: Path) -> str:
    """Return the encoding: UTF-16 by its mark, UTF-8, or Windows-1252 if it is not UTF-8."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    with path.open("rb") as stream:
        start = stream.read(CHUNK)
        if start[:2] in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE):
            return "utf-16"
        try:
            while start:
                decoder.decode(start)
                start = stream.read(CHUNK)
            decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            return "cp1252"
    return "utf-8-sig"


def _titles(rows: list[list[str]]) -> int:
    """Return the number of rows above the headings, which have far fewer filled cells."""
    counts = [sum(map(bool, row)) for row in rows]
    usual = max(Counter(n for n in counts if n).items(), key=lambda item: (item[1], item[0]),
                default=(0, 0))[0]  # fmt: skip
    return next((n for n, cells in enumerate(counts) if cells and cells >= 0.6 * usual), 0)


@dataclass(frozen=True, eq=False)
class Pairs:
    """A matrix as read from its file, checked without a place.

    Parameters
    ----------
    frame
        `origin`, `destination` (codes) and `minutes` (NaN = no journey), each pair once.
    name
        The file's name.
    record
        Columns used, their unit and statistic, and what was left out or converted.
    wide
        Whether the file has a row for each origin and a column for each destination.
    """

    frame: pd.DataFrame
    name: str
    record: FileIntake = field(default_factory=lambda: FileIntake(""))
    wide: bool = False

    @property
    def words(self) -> str:
        """Column, statistic and unit of the minutes; empty for a place folder's own file."""
        columns = [column for column in self.record.columns if column.ours == "minutes"]
        if not columns:
            return ""
        return f"Minutes of the matrix {self.name}: {columns[0].theirs}, in {columns[0].unit}"


def read_pairs(
    path: Path,
    unit: str = "",
    answers: Answers | None = None,
    table: pd.DataFrame | None = None,
) -> Pairs:
    """Read a matrix from CSV, or from Parquet as a place folder keeps it.

    Parameters
    ----------
    path
        Long: a row for each pair, with columns for origin, destination and time, see
        `matrix_format`. Wide: a row for each origin, with its code in the first column, and a
        column for each destination.
    unit
        "minutes" or "seconds"; empty = by the heading of the time column.
    answers
        The user's answers: `matrix.minutes` names the column of times, `matrix.unit` their unit.
    table
        The file's cells as text, if it is a workbook that has been read already; its index counts
        the rows of the file below the first.

    Raises
    ------
    InputError
        With every kind of fault, counted and with its first row: cells that are no number,
        negative times, repeated pairs; and a question if several columns hold times, or their unit
        is unknown or makes them implausible.
    """
    path, answers = Path(path), answers or Answers()
    table = read_apart(read_table, path) if table is None else table.fillna("")
    if list(table.columns) == OURS and pd.api.types.is_numeric_dtype(table["minutes"]):
        return Pairs(table, path.name, FileIntake(path.name, "matrix", rows_read=len(table)))
    columns, faults = find_columns(table, path.name, answers)
    if faults:
        raise InputError(faults)
    if columns is None:
        long, unit_of_heading = _of_wide(table), ""
    else:
        headings = [columns.origin, columns.destination, columns.time]
        long, unit_of_heading = table[headings].set_axis([*OURS[:2], "value"], axis=1), columns.unit
    unit_of_file = answers.find(UNIT_KEY, path.name) or unit or unit_of_heading
    frame, unit_of_file, conversions = _minutes(long, unit_of_file, path.name, answers)
    record = _record(table, columns, unit_of_file, conversions)
    if table.attrs.get(SKIPPED):
        words = f"{plural(table.attrs[SKIPPED], 'row')} above the headings left out"
        record = record.with_event("left out", words, table.attrs[SKIPPED])
    if table.attrs.get(ENCODING):
        record = record.with_event("note", "read as Windows-1252 text, as it is not UTF-8")
    blank = frame.index[frame["minutes"].isna()]
    if len(blank):
        words = f"{plural(len(blank), 'cell')} blank or NA: no journey"
        rows = [f"row {n + 2}: {frame['origin'].loc[[n]].iloc[0]}" for n in blank[:3]]
        record = record.with_event("became blank", words, len(blank), rows)
    far = frame["minutes"][frame["minutes"] >= LONG]
    if len(far):
        words = f"{plural(len(far), 'pair')} of {LONG / 60:g} hours or more, e.g. {far.iloc[0]:g}"
        words += " minutes: leave the cells blank where there is no journey"
        record = record.with_event("doubt", words, len(far))
    none = frame["minutes"] == 0
    own = frame["origin"] == frame["destination"]
    if (none & ~own).any():
        count = int((none & ~own).sum())
        words = f"{plural(count, 'pair')} of 0 minutes: leave the cell blank if there is no journey"
        pairs = frame[none & ~own].head(3)
        examples = (pairs["origin"] + " to " + pairs["destination"]).tolist()
        record = record.with_event("doubt", words, count, examples)
    if own.any():
        record = record.with_event(
            "left out", f"{plural(int(own.sum()), 'pair')} of a point and itself", int(own.sum())
        )
    record = replace(record, file=path.name)
    return Pairs(frame[~own].reset_index(drop=True), path.name, record, columns is None)


def pairs_of_frame(frame: pd.DataFrame, answers: Answers) -> pd.DataFrame | None:
    """Return the pairs of a long table in memory, in minutes; None if the table is wide.

    Parameters
    ----------
    frame
        Any frame; an index with a name counts as a column.
    answers
        As for `read_pairs`.

    Returns
    -------
    pandas.DataFrame or None
        `origin`, `destination` (text) and `minutes` (NaN = no journey).

    Raises
    ------
    InputError
        As `read_pairs`.
    """
    with_index = frame.reset_index() if any(frame.index.names) else frame
    table = with_index.astype("str").mask(with_index.isna(), "").reset_index(drop=True)
    columns, faults = find_columns(table, "minutes", answers)
    if faults:
        raise InputError(faults)
    if columns is None:
        return None
    headings = [columns.origin, columns.destination, columns.time]
    long = table[headings].set_axis([*OURS[:2], "value"], axis=1)
    return _minutes(long, columns.unit, "minutes", answers)[0]


def _of_wide(table: pd.DataFrame) -> pd.DataFrame:
    """Convert a wide table to one row for each pair; the index is the row of the file."""
    frame = table.set_axis(["origin", *map(str, table.columns[1:])], axis=1)
    long = frame.reset_index().melt(["index", "origin"], var_name="destination")
    return long.set_index("index")


def _record(
    table: pd.DataFrame, columns: LongColumns | None, unit: str, conversions: Iterable[str]
) -> FileIntake:
    if columns is None:
        first, *sites = table.columns
        intakes = [ColumnIntake(str(first), "origin")]
        intakes.append(ColumnIntake(plural(len(sites), "column"), "minutes", unit))
        record = FileIntake("", "matrix", columns=tuple(intakes), rows_read=len(table))
    else:
        ours = {columns.origin: "origin", columns.destination: "destination"}
        ours |= {columns.time: "minutes"}
        intakes = [
            ColumnIntake(name, ours.get(name, ""), unit if name == columns.time else "")
            for name in table.columns
        ]
        record = FileIntake("", "matrix", columns=tuple(intakes), rows_read=len(table))
        if columns.statistic:
            words = f"{columns.time} is the {columns.statistic} of all departures, by its heading"
            record = record.with_event("assumed" if columns.is_chosen_by_user else "note", words)
        elif columns.is_chosen_by_user:
            record = record.with_event("assumed", f"{columns.time} is the column of times")
        if columns.convention and unit == columns.unit:
            words = f"{columns.time} is in {unit}, as {columns.convention} writes it"
            record = record.with_event("doubt", words)
    for words in conversions:
        record = record.with_event("converted", words)
    return record


def _minutes(
    long: pd.DataFrame, unit: str, file: str, answers: Answers
) -> tuple[pd.DataFrame, str, list[str]]:
    """Return the minutes of each pair, the unit of the file, and conversions in words."""
    text = long["value"].str.lower()
    halves = clock_fault(text, file)
    if halves:
        raise InputError(halves)
    values, unit, conversions = to_numbers(text, unit)
    faults = _faults(long, values, text.isin(NO_JOURNEY), file)
    if unit not in PER_MINUTE:
        problem = "says nothing of its unit"
        hint = "Say --matrix-unit minutes or --matrix-unit seconds"
        faults.append(Question(problem, file, hint=hint, key=UNIT_KEY, answers=tuple(PER_MINUTE)))
    if faults:
        raise InputError(faults)
    minutes = values / PER_MINUTE[unit]
    doubts = check_unit(minutes, unit, file, answers)
    if doubts:
        raise InputError(doubts)
    return long[OURS[:2]].assign(minutes=minutes), unit, conversions


def _faults(long: pd.DataFrame, values: pd.Series, blank: pd.Series, file: str) -> list[Fault]:
    checks = (
        (long["origin"].eq("") | long["destination"].eq(""), "have no code", "Give both codes"),
        (
            values.isna() & ~blank,
            "hold a time that is not a number",
            "Give a number, or leave the cell blank where there is no journey",
        ),
        (values < 0, "hold a negative time", "Leave the cell blank where there is no journey"),
        (
            long.duplicated(OURS[:2]),
            "give a pair of origin and destination again",
            "Give each pair once",
        ),
    )
    return [
        Fault(
            f"{int(rows.sum()):,} cells or rows {words}, first {_first(long[rows.to_numpy()])}",
            file, int(long.index[rows.to_numpy()][0]) + 2, hint=hint,
        )
        for rows, words, hint in checks
        if rows.any()
    ]  # fmt: skip


def _first(rows: pd.DataFrame) -> str:
    first = rows.iloc[0]
    return f"{first['origin']} to {first['destination']} ({first['value']})"
