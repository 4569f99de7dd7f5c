"""Files of a matrix, CSV or Parquet, as tables of text."""

from __future__ import annotations

import codecs
import csv
from collections import Counter
from itertools import islice
from pathlib import Path

import pandas as pd

from nhcplanner.base.errors import Fault, InputError
from nhcplanner.base.file_checks import parquet_problems
from nhcplanner.base.text import bare, shortened
from nhcplanner.travel.matrix_format import OURS

MOST_PAIRS, MOST_COLUMNS, MOST_BYTES = 500_000_000, 20_000, 8_000_000_000
"""Pairs and columns of a matrix, and bytes that it may unpack to, at most."""
SEPARATORS = ",;\t|"
SEARCHED = 30
"""First lines of a CSV among which its headings are looked for."""
CHUNK = 1 << 20
SKIPPED, ENCODING = "rows above the headings", "encoding"
"""Facts about the reading of a CSV, in the attributes of its table."""


def read_table(path: Path) -> pd.DataFrame:
    """Read a matrix file; a place folder's keeps its kinds, any other becomes text.

    Raises
    ------
    InputError
        Where it is missing, damaged, too large or holds no table.
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
