"""Figures of areas: shares, ranks, counts and codes, read by unit and checked together."""

from __future__ import annotations

import re
from collections.abc import Mapping

import numpy as np
import pandas as pd

from nhcplanner.base.errors import Fault, InputError
from nhcplanner.base.text import plural, simple_name
from nhcplanner.domain.columns import LAYERS, OWN
from nhcplanner.domain.intake import Answers, Question
from nhcplanner.domain.need_measures import RANKED, part_of
from nhcplanner.layers.codes.vintages import LSOA21
from nhcplanner.layers.population.disagreements import AGES, find_disagreements
from nhcplanner.layers.readers import cells
from nhcplanner.layers.readers.column_map import ColumnMap
from nhcplanner.layers.readers.columns import (
    in_their_words,
    is_nameless_index,
    record_columns,
    rename_columns,
)
from nhcplanner.layers.readers.tables import Table

SHARES = tuple(column.name for column in LAYERS["areas"] if column.unit == "share")
NESTED = (
    ("district_code", "council_code"),
    ("council_code", "council_name"),
    ("district_code", "district_name"),
    ("icb_code", "icb_name"),
)
"""Columns of which the first fixes the second."""


def read_figures(
    table: Table, names: Mapping[str, str], column_map: ColumnMap
) -> tuple[Table, pd.DataFrame]:
    """The table with the record of its columns, and its rows with the schema's names.

    Parameters
    ----------
    table
        With the user's names.
    names
        Schema column -> the user's column.
    column_map
        Units and answers of the user.

    Raises
    ------
    InputError
        For rounded numbers, shares of an unclear unit, and columns that contradict each other:
        every one at once.
    """
    frame = rename_columns(table.frame, "areas", names)
    faults: list[Fault] = []
    units: dict[str, str] = {}
    table, frame = _upper_codes(table, frame, names)
    for ours, theirs in names.items():
        faults += cells.rounded_faults(table.frame[theirs], table, theirs)
        if ours in SHARES:
            frame[ours], units[ours], own = _shares(table, ours, theirs, column_map.answers)
            faults += own
    table = record_columns(table, names, frame, units)
    table = _report_blanks(table, names, frame)
    for ours, unit in units.items():
        if unit == "percent":
            table = table.with_event(
                "converted", f"'{names[ours]}' turned from per cent into shares"
            )
    table = _report_far(table, names, frame)
    table = _report_mixed(table, names, frame, units)
    bare = [c for c in map(str, table.frame.columns) if is_nameless_index(c, table.file)]
    for column in set(bare) - set(names.values()):
        words = f"'{column}' is not used: neither it nor the file's name says which index it is of"
        table = table.with_event("doubt", words)
    table = _report_periods(table, names)
    table, own = check_figures(table, frame, column_map.answers)
    if faults or own:
        raise InputError([*faults, *in_their_words(own, names)])
    return table, frame


PERIOD = r"(calendar_|financial_)?years?|(time_)?periods?|dates?|months?|quarters?|editions?"


def _report_periods(table: Table, names: Mapping[str, str]) -> Table:
    """The table with a line for a column of years or dates that is not used and not the same."""
    for column in map(str, table.frame.columns):
        if column in names.values() or not re.fullmatch(PERIOD, simple_name(column)):
            continue
        periods = table.frame[column].dropna().astype("str").unique()
        if len(periods) > 1:
            words = f"'{column}' has {len(periods):,} values: rows are of different times"
            table = table.with_event("doubt", words, len(periods), sorted(periods))
    return table


FAR, FEWEST = 1_000.0, 4
"""A figure so many times the median of its column, or less, is reported, if so many are known."""


def _report_far(table: Table, names: Mapping[str, str], frame: pd.DataFrame) -> Table:
    """The table with a line for shares and counts far from the others: a slip, or another unit."""
    for ours, theirs in names.items():
        if ours not in (*SHARES, *AGES, "people") and not ours.startswith(OWN):
            continue
        figures = pd.to_numeric(frame[ours], errors="coerce").to_numpy(np.float64)
        known = figures[figures > 0]
        if len(known) < FEWEST:
            continue
        times = figures / np.median(known)
        rows = np.flatnonzero((times >= FAR) | ((times > 0) & (times <= 1 / FAR)))
        if len(rows):
            examples = [f"row {table.row_number(int(n))}: {figures[n]:.4g}" for n in rows]
            words = f"'{theirs}' is {FAR:,.0f} times more or less than the median"
            words += f" in {plural(len(rows), 'row')}"
            table = table.with_event("doubt", words, len(rows), examples)
    return table


def _report_mixed(
    table: Table, names: Mapping[str, str], frame: pd.DataFrame, units: Mapping[str, str]
) -> Table:
    """The table with a line for figures that may be of another unit than most of their column.

    Shares of 1 among per cent, and counts of people with decimals, such as 1.200 for 1,200.
    """
    for ours, theirs in names.items():
        if ours in (*AGES, "people"):
            figures = pd.to_numeric(frame[ours], errors="coerce").to_numpy(np.float64)
            odd = np.flatnonzero(np.isfinite(figures) & (figures % 1 != 0))
            dotted = cells.dotted_rows(table.frame[theirs])
            words = "with decimals: is a point a thousands separator?"
        elif units.get(ours) == "percent":
            figures = 100 * pd.to_numeric(frame[ours], errors="coerce").to_numpy(np.float64)
            odd, dotted = np.flatnonzero((figures > 0) & (figures < 1)), np.empty(0, dtype=np.intp)
            words = "below 1 per cent: are these shares of 1?"
        else:
            continue
        few = 2 * len(odd) < np.count_nonzero(figures > 0)
        odd = np.union1d(odd if few else dotted, dotted)
        if len(odd):
            examples = [f"row {table.row_number(int(n))}: {figures[n]:.4g}" for n in odd]
            words = f"{plural(len(odd), 'figure')} of '{theirs}' {words}"
            table = table.with_event("doubt", words, len(odd), examples)
    return table


UPPER_TIER = r"[EWSN](06|08|09|10|12|11)\d{6}"
"""Codes of councils: unitary, metropolitan, London, county; Scotland; Northern Ireland."""


def _report_blanks(table: Table, names: Mapping[str, str], frame: pd.DataFrame) -> Table:
    """The table with a line for blank cells of columns that are filled elsewhere, and odd codes."""
    for ours, theirs in names.items():
        blank = np.flatnonzero(frame[ours].isna())
        if 0 < len(blank) < len(frame):
            rows = [f"row {table.row_number(int(n))}" for n in blank[:3]]
            words = f"'{theirs}' blank in {plural(len(blank), 'row')}"
            table = table.with_event("note", words, len(blank), rows)
    if "council_code" in frame:
        codes = frame["council_code"].astype("str")
        odd = np.flatnonzero(frame["council_code"].notna() & ~codes.str.fullmatch(UPPER_TIER))
        if 0 < len(odd) < len(frame):
            rows = [f"row {table.row_number(int(n))}: {codes.iloc[n]}" for n in odd[:3]]
            words = f"{plural(len(odd), 'code')} of '{names['council_code']}' not of a council"
            table = table.with_event("doubt", words, len(odd), rows)
    return table


CODES = ("area_code", "council_code", "district_code", "icb_code")


def _upper_codes(
    table: Table, frame: pd.DataFrame, names: Mapping[str, str]
) -> tuple[Table, pd.DataFrame]:
    """The frame with official codes in capitals, and a line where the file has small letters."""
    for ours in (name for name in CODES if name in frame):
        small = frame[ours].astype("str").str.fullmatch(r"[ewsn]\d{8}").fillna(value=False)
        if small.any():
            rows = np.flatnonzero(small)
            examples = [f"row {table.row_number(int(n))}: {frame[ours].iloc[n]}" for n in rows]
            words = f"{plural(len(rows), 'code')} of '{names[ours]}' written in capitals"
            table = table.with_event("converted", words, len(rows), examples)
            frame = frame.assign(**{ours: frame[ours].mask(small, frame[ours].str.upper())})
    return table, frame


def _shares(  # noqa: PLR0911  (one return a unit)
    table: Table, ours: str, theirs: str, answers: Answers
) -> tuple[pd.Series, str, list[Fault]]:
    """A column of shares of 1, its unit, and a question where the unit is not clear."""
    column = table.frame[theirs]
    if not pd.api.types.is_numeric_dtype(column):
        text = column.astype("object").where(column.notna())
        signs = text.dropna().astype("str").str.strip().str.endswith("%")
        if len(signs) and signs.all():
            return _of_text(table, theirs), "per cent signs", []
    values = cells.numbers_where_sound(column)
    if not pd.api.types.is_numeric_dtype(values):
        return values, "", []
    unit = answers.find(f"{ours}.unit", table.file)
    filled = values.dropna()
    percent = "percent" if is_percent(theirs) else ""
    if unit in ("share", "percent"):
        return (values / 100 if unit == "percent" else values), unit, []
    if not len(filled) or (filled < 0).any() or (filled > 100).any():
        return (values / 100 if percent else values), percent, []
    if percent and (filled > 1).any():
        return values / 100, percent, []
    if not percent and (filled <= 1).all():
        return values, "", []
    words = f"has figures of {filled.min():g} to {filled.max():g}"
    words += " under a heading in per cent" if percent else ""
    words += ": are these shares of 1, or per cent?"
    question = Question(words, table.file, None, theirs, "", f"{ours}.unit", ("share", "percent"))
    return values, "", [question]


def is_percent(heading: str) -> bool:
    """Whether a heading says that its figures are per cent.

    Examples
    --------
    >>> is_percent("Households without a car (%)"), is_percent("no_car_share")
    (True, False)
    """
    words = set(simple_name(heading).split("_"))
    return "%" in heading or bool(words & {"percent", "pct", "percentage", "cent"})


def _of_text(table: Table, theirs: str) -> pd.Series:
    hint = "Give a share between 0 and 1, or per cent with its sign"
    values, faults, _ = cells.read_cells(table, theirs, cells.share, hint)
    if faults:
        raise InputError(faults)
    return values.astype("float64")


def check_figures(table: Table, frame: pd.DataFrame, answers: Answers) -> tuple[Table, list[Fault]]:
    """Check columns that state one fact against each other.

    Ranks against deciles, people against their ages, districts against councils, codes against
    names. Deciles that run the other way, and people that are not the sum of their ages, are
    questions; `FILE:agree=accept` takes both as they are. A rank and a decile that are merely far
    apart are a doubt.
    """
    questions: list[Fault] = []
    for each in find_disagreements(frame):
        if each.is_question and answers.find("agree", table.file) != "accept":
            questions.append(_question(table, each.rows, each.words, each.columns[0]))
        elif each.is_question:
            table = table.with_event("doubt", f"{each.columns[0]}: {each.words}")
        else:
            examples = [f"row {table.row_number(int(n))}: {text}"
                     for n, text in zip(each.rows, each.examples, strict=True)]  # fmt: skip
            words = f"{each.words} ({plural(len(each.rows), 'row')})"
            table = table.with_event("doubt", words, len(each.rows), examples)
    for first, second in NESTED:
        table = _nested(table, frame, first, second)
    return table, questions


def _question(table: Table, rows: np.ndarray, words: str, column: str) -> Question:
    more = f" ({plural(len(rows), 'row')} like this)" if len(rows) > 1 else ""
    hint = "Correct the rows; or --assume agree=accept"
    row = int(rows[0]) + table.first_row
    return Question(words + more, table.file, row, column, hint, "agree", ("accept",))


def _nested(table: Table, frame: pd.DataFrame, first: str, second: str) -> Table:
    """The table with a doubt where one code has two names, or one district two councils."""
    if not {first, second} <= set(frame.columns):
        return table
    pairs = frame[[first, second]].dropna().drop_duplicates()
    twice = pairs[pairs[first].duplicated(keep=False)]
    if twice.empty:
        return table
    examples = [
        f"{code}: {', '.join(map(str, rows[second]))}" for code, rows in twice.groupby(first)
    ]
    words = f"{plural(len(examples), first)} with more than one {second}"
    return table.with_event("doubt", words, len(examples), examples)


def index_name(column: str, codes: pd.Series, vintage: str, file: str = "") -> str:
    """Take the index from the column's own name, the file's, or from the areas that it ranks.

    Parameters
    ----------
    column
        The user's name of the rank or decile, "" for none.
    codes
        The areas' codes.
    vintage
        Vintage of the codes that it is given by.
    file
        Name of the file that it stands in.

    Returns
    -------
    str
        E.g. "WIMD 2019"; "" where there is no index.

    Examples
    --------
    >>> index_name("wimd2019_IMD_rank", pd.Series(["W01001600"]), "LSOA 2021")
    'WIMD 2019'
    >>> index_name("IMD_rank", pd.Series(["E01000001"]), "LSOA 2021")
    'IMD 2025'
    >>> index_name("IMD_rank", pd.Series(["E01000001"]), "LSOA 2011", "File_7_IoD2019.csv")
    'IMD 2019'
    """
    if not column:
        return ""
    for name in (column, file):
        match = re.search(r"(wimd|imd|iod)_?(\d{4})", name.lower())
        if match:
            return f"{match[1].upper().replace('IOD', 'IMD')} {match[2]}"
    if vintage == LSOA21 and codes.str.startswith("E01").all():
        return "IMD 2025"  # the only English index on areas of 2021
    return "WIMD" if codes.str.startswith("W01").all() else "IMD"


def with_decile(areas: pd.DataFrame, index: str) -> tuple[pd.DataFrame, tuple[str, ...]]:
    """Fill deciles from ranks where an index's number of areas is known.

    Returns
    -------
    areas, notes
        The areas, and what was done in words.
    """
    if "imd_rank" not in areas or index not in RANKED:
        return areas, ()
    decile = part_of(areas["imd_rank"], index, 10)
    had = areas.get("imd_decile", pd.Series(np.nan, index=areas.index))
    filled = had.fillna(decile)
    number = int((had.isna() & filled.notna()).sum())
    if not number:
        return areas, ()
    notes = (f"IMD decile made from the rank of {RANKED[index]:,} in {number:,} areas",)
    return areas.assign(imd_decile=filled), notes
