"""Matrix: minutes that a user brings, from TRACC, TravelTime or any other tool."""

from __future__ import annotations

import codecs
import csv
from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field, replace
from itertools import islice
from pathlib import Path

import numpy as np
import pandas as pd
from scipy import sparse

from nhcplanner.base.errors import Fault, InputError
from nhcplanner.base.file_checks import parquet_problems
from nhcplanner.base.reader import read_apart
from nhcplanner.base.text import bare, plural, shortened
from nhcplanner.domain.intake import Answers, ColumnIntake, FileIntake, Question
from nhcplanner.domain.place import Place
from nhcplanner.domain.travel_times import TravelTimes
from nhcplanner.travel.matrix_format import (
    LONG,
    NO_JOURNEY,
    PER_MINUTE,
    UNIT_KEY,
    LongColumns,
    check_unit,
    clock_fault,
    find_columns,
    to_numbers,
)

MOST_PAIRS, MOST_COLUMNS, MOST_BYTES = 500_000_000, 20_000, 8_000_000_000
"""Pairs and columns of a matrix, and bytes that it may unpack to, at most."""
OURS = ["origin", "destination", "minutes"]
"""Columns of a matrix as a place folder keeps it."""
SEPARATORS = ",;\t|"
SEARCHED = 30
"""First lines of a CSV among which its headings are looked for."""
CHUNK = 1 << 20
MOST_NAMED = 5_000_000
"""Pairs of a place among which those that a matrix lacks are named."""
SKIPPED, ENCODING = "rows above the headings", "encoding"
"""Facts about the reading of a CSV, in the attributes of its table."""


@dataclass(frozen=True, eq=False)
class Pairs:
    """A matrix as its file has it, checked by itself.

    Parameters
    ----------
    frame
        `origin`, `destination` (codes) and `minutes` (NaN = no journey), each pair once.
    name
        The file's name.
    record
        Columns used, their unit and statistic, and what was left out or converted.
    wide
        True where the file had a row an origin and a column a destination.
    """

    frame: pd.DataFrame
    name: str
    record: FileIntake = field(default_factory=lambda: FileIntake(""))
    wide: bool = False

    @property
    def words(self) -> str:
        """Column, statistic and unit of the minutes; empty where the file is a place folder's."""
        used = [column for column in self.record.columns if column.ours == "minutes"]
        if not used:
            return ""
        return f"Minutes of the matrix {self.name}: {used[0].theirs}, in {used[0].unit}"


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
        Long: a row a pair, with columns for origin, destination and time, see `matrix_columns`.
        Or wide: a row an origin, whose code stands first, and a column a destination.
    unit
        "minutes" or "seconds"; empty = as the header of the time column says.
    answers
        The user's: `matrix.minutes` names the column of times, `matrix.unit` their unit.
    table
        The file's cells as text, where it is a workbook and has been read already; its index
        counts the rows of the file below the first.

    Raises
    ------
    InputError
        With every kind of fault, counted and with its first row: cells that are no number,
        negative times, pairs given twice; and a question where several columns hold times, or
        where nothing tells their unit, or the unit makes them implausible.
    """
    path, answers = Path(path), answers or Answers()
    table = read_apart(_read, path) if table is None else table.fillna("")
    if list(table.columns) == OURS and pd.api.types.is_numeric_dtype(table["minutes"]):
        return Pairs(table, path.name, FileIntake(path.name, "matrix", rows_read=len(table)))
    columns, faults = find_columns(table, path.name, answers)
    if faults:
        raise InputError(faults)
    if columns is None:
        long, named = _of_wide(table), ""
    else:
        used = [columns.origin, columns.destination, columns.time]
        long, named = table[used].set_axis([*OURS[:2], "value"], axis=1), columns.unit
    stated = answers.find(UNIT_KEY, path.name) or unit or named
    frame, stated, converted = _minutes(long, stated, path.name, answers)
    record = _record(table, columns, stated, converted)
    if table.attrs.get(SKIPPED):
        words = f"{plural(table.attrs[SKIPPED], 'row')} above the headings left out"
        record = record.with_event("left out", words, table.attrs[SKIPPED])
    if table.attrs.get(ENCODING):
        record = record.with_event("note", "read as Windows-1252 text, for it is not UTF-8")
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
    own = frame["origin"] == frame["destination"]
    if own.any():
        record = record.with_event(
            "left out", f"{plural(int(own.sum()), 'pair')} of a point and itself", int(own.sum())
        )
    record = replace(record, file=path.name)
    return Pairs(frame[~own].reset_index(drop=True), path.name, record, columns is None)


def pairs_of_frame(frame: pd.DataFrame, answers: Answers) -> pd.DataFrame | None:
    """Pairs of a long table in memory, in minutes; None where the table is wide.

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
    named = frame.reset_index() if any(frame.index.names) else frame
    table = named.astype("str").mask(named.isna(), "").reset_index(drop=True)
    columns, faults = find_columns(table, "minutes", answers)
    if faults:
        raise InputError(faults)
    if columns is None:
        return None
    used = [columns.origin, columns.destination, columns.time]
    long = table[used].set_axis([*OURS[:2], "value"], axis=1)
    return _minutes(long, columns.unit, "minutes", answers)[0]


def matrix_times(pairs: Pairs, place: Place, horizon: float = 60.0, mode: str = "") -> TravelTimes:
    """Give minutes from a place's origins to its sites out of a matrix.

    Parameters
    ----------
    pairs
        The matrix. Its origins go by `origin_id`, or else by the code of their area, whose
        minutes then hold for all who start in it; its destinations by `site_id`.
    place
        The place.
    horizon
        Minutes beyond which no pair is kept.
    mode
        What the minutes are of, for the record.

    Returns
    -------
    TravelTimes
        `parameters` count the pairs of the place that the matrix does not hold, its origins and
        sites without any, and codes of the matrix that are none of the place's.

    Raises
    ------
    InputError
        Where no origin or no destination of the matrix is of the place, or where it leads from
        sites to areas: minutes there are not minutes back.
    """
    pairs, turned = _turned(pairs, place)
    frame, ids = pairs.frame, place.origins["origin_id"]
    by_id = ids.isin(frame["origin"].unique())
    key = ids.where(by_id, place.origins["area_code"])
    sites = pd.Index(place.sites["site_id"])
    known = pd.Index(key.unique())
    faults = _strangers(frame, known, sites, pairs.name)
    if faults:
        raise InputError(faults)
    row, col = known.get_indexer(frame["origin"]), sites.get_indexer(frame["destination"])
    ours = (row >= 0) & (col >= 0)
    held = np.zeros((len(known), len(sites)), dtype=bool)
    held[row[ours], col[ours]] = True
    in_time = ours & (frame["minutes"] <= horizon).to_numpy()
    minutes = sparse.coo_array(
        (frame["minutes"].to_numpy(np.float32)[in_time], (row[in_time], col[in_time])),
        shape=held.shape,
    ).tocsr()
    of_origin = known.get_indexer(key)
    missing = ~held[of_origin]
    return TravelTimes(
        sparse.csr_array(minutes[of_origin]),
        mode,
        f"matrix: {pairs.name}",
        estimate=False,
        horizon=horizon,
        parameters={
            "matrix": pairs.name,
            **({"matrix_turned": turned} if turned else {}),
            "pairs_missing": float(missing.sum()),
            "origins_missing": float(missing.all(axis=1).sum()),
            "sites_missing": float(missing.all(axis=0).sum()),
            "origins_unknown": float((~frame["origin"].drop_duplicates().isin(known)).sum()),
            "sites_unknown": float((~frame["destination"].drop_duplicates().isin(sites)).sum()),
        },
    )


def report_strangers(pairs: Pairs, place: Place) -> FileIntake:
    """The matrix's record with its codes that are not of the place, and pairs that it lacks."""
    record, frame = pairs.record, _turned(pairs, place)[0].frame
    sites = place.sites["site_id"]
    by_id = place.origins["origin_id"].isin(frame["origin"].unique())
    origins = place.origins["origin_id"].where(by_id, place.origins["area_code"]).unique()
    for column, known in (("origin", origins), ("destination", sites)):
        strange = frame[column][~frame[column].isin(known)].unique()
        if len(strange):
            words = f"{plural(len(strange), f'{column}')} not of the place left out"
            record = record.with_event("left out", words, len(strange), map(str, strange[:3]))
    if len(origins) * len(sites) > MOST_NAMED:
        return record
    whole = pd.MultiIndex.from_product([origins, sites])
    lacking = whole.difference(pd.MultiIndex.from_frame(frame[OURS[:2]]), sort=False)
    if len(lacking):
        words = f"{plural(len(lacking), 'pair')} not in the matrix: no journey"
        shown = [f"{origin} to {site}" for origin, site in lacking[:3]]
        record = record.with_event("doubt", words, len(lacking), shown)
    return record


def read_matrix(
    path: Path,
    place: Place,
    unit: str = "",
    horizon: float = 60.0,
    answers: Answers | None = None,
) -> TravelTimes:
    """Read a matrix file as minutes of a place; see `read_pairs` and `matrix_times`."""
    return matrix_times(read_pairs(path, unit, answers), place, horizon)


def _read(path: Path) -> pd.DataFrame:
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
        raise InputError([Fault("is no table of times", path.name, hint=hint)])
    return table


def _parquet(path: Path) -> pd.DataFrame:
    """A place folder's matrix as it is; another tool's as text."""
    problems = parquet_problems(path, MOST_PAIRS, MOST_COLUMNS, MOST_BYTES)
    if problems:
        raise InputError([Fault(words, path.name) for words in problems])
    table = pd.read_parquet(path)
    if set(OURS) <= set(table.columns):
        return table[OURS]
    return table.astype("str").mask(table.isna(), "")


def _csv(path: Path) -> pd.DataFrame:
    """A table of text; its columns are named once and its rows no longer than its headings."""
    encoding = _encoding(path)
    with path.open(encoding=encoding, newline="", errors="replace") as opened:
        lines = list(islice(opened, SEARCHED))
    separator = max(SEPARATORS, key=lambda sign: sum(line.count(sign) for line in lines))
    rows = [[cell.strip() for cell in row] for row in csv.reader(lines, delimiter=separator)]
    skipped = _titles(rows)
    headings = rows[skipped] if rows else []
    if len(headings) > MOST_COLUMNS:
        words = f"has {len(headings):,} columns, more than {MOST_COLUMNS:,}"
        raise InputError([Fault(words, path.name, hint="Give a row a pair")])
    twice = sorted(name for name, count in Counter(headings).items() if count > 1 and name)
    if twice:
        words = f"{shortened(twice)} heads several columns"
        raise InputError([Fault(words, path.name, 1, hint="Keep one of them")])
    table = pd.read_csv(
        path, sep=separator, dtype="str", keep_default_na=False, encoding=encoding, header=None,
        skiprows=skipped + 1, names=headings, index_col=None, skip_blank_lines=False,
    )  # fmt: skip
    if not isinstance(table.index, pd.RangeIndex):
        words = "has rows with more cells than headings"
        raise InputError([Fault(words, path.name, 2, hint="Put cells with commas in quotes")])
    text: pd.DataFrame = table.fillna("").apply(lambda cells: cells.map(bare))
    text = text.set_index(text.index + skipped)[(text != "").any(axis=1).to_numpy()]
    text.attrs = {SKIPPED: skipped, ENCODING: encoding == "cp1252"}
    return text


def _encoding(path: Path) -> str:
    """UTF-16 by its mark, UTF-8, or Windows-1252 where the file is not UTF-8."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    with path.open("rb") as opened:
        start = opened.read(CHUNK)
        if start[:2] in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE):
            return "utf-16"
        try:
            while start:
                decoder.decode(start)
                start = opened.read(CHUNK)
            decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            return "cp1252"
    return "utf-8-sig"


def _titles(rows: list[list[str]]) -> int:
    """How many rows stand above the headings: those with far fewer filled cells than most."""
    filled = [sum(map(bool, row)) for row in rows]
    usual = max(Counter(n for n in filled if n).items(), key=lambda item: (item[1], item[0]),
                default=(0, 0))[0]  # fmt: skip
    return next((n for n, cells in enumerate(filled) if cells and cells >= 0.6 * usual), 0)


def _of_wide(table: pd.DataFrame) -> pd.DataFrame:
    """A row a pair; the index is the row of the file."""
    frame = table.set_axis(["origin", *map(str, table.columns[1:])], axis=1)
    long = frame.reset_index().melt(["index", "origin"], var_name="destination")
    return long.set_index("index")


def _record(
    table: pd.DataFrame, columns: LongColumns | None, unit: str, converted: Iterable[str]
) -> FileIntake:
    if columns is None:
        first, *sites = table.columns
        listed = [ColumnIntake(str(first), "origin")]
        listed.append(ColumnIntake(plural(len(sites), "column"), "minutes", unit))
        record = FileIntake("", "matrix", columns=tuple(listed), rows_read=len(table))
    else:
        ours = {columns.origin: "origin", columns.destination: "destination"}
        ours |= {columns.time: "minutes"}
        listed = [
            ColumnIntake(name, ours.get(name, ""), unit if name == columns.time else "")
            for name in table.columns
        ]
        record = FileIntake("", "matrix", columns=tuple(listed), rows_read=len(table))
        if columns.statistic:
            words = f"{columns.time} is the {columns.statistic} of all departures, by its heading"
            record = record.with_event("assumed" if columns.chosen else "note", words)
        elif columns.chosen:
            record = record.with_event("assumed", f"{columns.time} is the column of times")
        if columns.convention and unit == columns.unit:
            words = f"{columns.time} is in {unit}, as {columns.convention} writes it"
            record = record.with_event("doubt", words)
    for words in converted:
        record = record.with_event("converted", words)
    return record


def _minutes(
    long: pd.DataFrame, unit: str, file: str, answers: Answers
) -> tuple[pd.DataFrame, str, list[str]]:
    """Minutes of each pair, the unit of the file, and conversions; rows keep their number."""
    text = long["value"].str.lower()
    halves = clock_fault(text, file)
    if halves:
        raise InputError(halves)
    values, unit, converted = to_numbers(text, unit)
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
    return long[OURS[:2]].assign(minutes=minutes), unit, converted


def _faults(long: pd.DataFrame, values: pd.Series, blank: pd.Series, file: str) -> list[Fault]:
    checks = (
        (long["origin"].eq("") | long["destination"].eq(""), "have no code", "Give both codes"),
        (
            values.isna() & ~blank,
            "hold a time that is no number",
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
            f"{int(rows.sum()):,} cells or rows {words}, first {_named(long[rows.to_numpy()])}",
            file, int(long.index[rows.to_numpy()][0]) + 2, hint=hint,
        )
        for rows, words, hint in checks
        if rows.any()
    ]  # fmt: skip


def _named(rows: pd.DataFrame) -> str:
    first = rows.iloc[0]
    return f"{first['origin']} to {first['destination']} ({first['value']})"


def _turned(pairs: Pairs, place: Place) -> tuple[Pairs, str]:
    """A wide matrix with a row an origin, and a line where it had a row a site."""
    frame, sites = pairs.frame, place.sites["site_id"]
    origins = pd.concat([place.origins["origin_id"], place.origins["area_code"]])
    lies = frame["destination"].isin(origins).any() and frame["origin"].isin(sites).any()
    if not (pairs.wide and lies) or frame["origin"].isin(origins).any():
        return pairs, ""
    names = {"origin": "destination", "destination": "origin"}
    words = f"{pairs.name} has a row a site and a column an area: it was turned"
    return replace(pairs, frame=frame.rename(columns=names)), words


def _strangers(
    frame: pd.DataFrame, origins: Collection[str], sites: Collection[str], file: str
) -> list[Fault]:
    """Faults where none of the matrix's codes is of the place."""
    faults = [
        Fault(f"none of its {column}s is {what} of the place, e.g. {frame[column].iloc[0]}", file,
              column=column, hint=hint)
        for column, codes, what, hint in (
            ("origin", origins, "an area", "Give the areas' codes; wide: a row an area"),
            ("destination", sites, "a site", "Give the sites' ids; wide: a column a site"),
        )
        if not frame[column].isin(codes).any()
    ]  # fmt: skip
    turned = frame["origin"].isin(sites).any() and frame["destination"].isin(origins).any()
    if faults and turned:
        problem = "lies the other way round: its origins are sites and its destinations areas"
        hint = "Turn it, with minutes from areas to sites; wide: a row an area, a column a site"
        return [Fault(problem, file, hint=hint)]
    return faults
