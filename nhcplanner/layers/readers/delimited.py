"""Delimited text: CSV with any usual separator and encoding, as a grid of cells."""

from __future__ import annotations

import codecs
import csv
import gzip
import io
import re
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from nhcplanner.base.errors import Fault, InputError
from nhcplanner.base.file_checks import MOST_RATIO, UNPACKING, is_bomb
from nhcplanner.base.text import bare
from nhcplanner.layers.readers.sheet_layout import Grid, Knows

CSV = (".csv", ".csv.gz", ".tsv", ".txt")
SEPARATORS = {",": "commas", ";": "semicolons", "\t": "tabs", "|": "bars"}
TRIED = 200
"""Rows of a file on which each separator is tried."""
MOST_COLUMNS = 2_000
"""Columns of one table, at most: shared by every format."""
MOST_ROWS = 5_000_000
LONGEST_CELL = 2**31 - 1
"""Characters of a cell: shapes as text are longer than the csv module's default."""


@contextmanager
def _long_cells() -> Iterator[None]:
    """Allow long cells in the csv module while one file is read."""
    before = csv.field_size_limit(LONGEST_CELL)
    try:
        yield
    finally:
        csv.field_size_limit(before)


def read_delimited(path: Path, knows: Knows) -> tuple[Grid, tuple[str, ...]]:
    """Read a delimited text file; notes say which encoding and separator it has.

    Raises
    ------
    InputError
        If it is not text, has an open quote, or has too many rows or columns.
    """
    text, notes = csv_text(path)
    text, separator = _declared(text)
    with _long_cells():
        separator = separator or _separator(text, knows)
        check_width(text, path.name, separator=separator)
        rows = _rows(text, separator, path.name)
    if separator != ",":
        notes = (*notes, f"cells separated by {SEPARATORS.get(separator, separator)}")
    return Grid(rows, ragged=True), notes


def check_width(text: str, file: str, most: int = MOST_COLUMNS, separator: str = ",") -> None:
    """Refuse text whose first row has more columns than any table, before it is parsed.

    Raises
    ------
    InputError
        If it has more.
    """
    first = re.split(r"[\r\n]", text[: 100 * 200 * most], maxsplit=1)[0]
    columns = first.count(separator) + 1
    if columns > most:
        words = f"has {columns:,} columns, more than {most:,}"
        raise InputError([Fault(words, file, hint="Keep the columns that are needed")])


def csv_text(path: Path) -> tuple[str, tuple[str, ...]]:
    """Return the text of a CSV in UTF-8, UTF-16 or Windows encoding, with a note on which.

    Raises
    ------
    InputError
        If it is not text, or cannot be read or unpacked.
    """
    try:
        raw = _unpacked(path) if path.suffix.lower() == ".gz" else path.read_bytes()
    except OSError as error:
        words = f"cannot be read: {error.strerror or error}"
        raise InputError([Fault(words, path.name)]) from None
    text, notes = _decoded(raw, path.name)
    if "\x00" in text:
        raise InputError([Fault("is not a text file", path.name, hint="Save it as CSV")])
    return text, notes


def _decoded(raw: bytes, file: str) -> tuple[str, tuple[str, ...]]:
    hint = "Save it as CSV in UTF-8"
    wide = _utf16(raw)
    try:
        if wide:
            return raw.decode(wide).removeprefix("\ufeff"), (f"read as {wide.upper()} text",)
        return raw.decode("utf-8-sig"), ()
    except UnicodeDecodeError:
        pass
    try:
        return raw.decode("cp1252"), ("read as Windows-1252 text, as it is not UTF-8",)
    except UnicodeDecodeError:
        raise InputError([Fault("is not a text file", file, hint=hint)]) from None


def _utf16(raw: bytes) -> str:
    """Return the name of UTF-16 if the bytes show it, by their mark or by zeros; else ""."""
    if raw.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    start = raw[:2_000]
    odd, even = start[1::2], start[::2]
    if len(start) >= 4 and odd.count(0) > 0.8 * len(odd) and not even.count(0):
        return "utf-16-le"
    if len(start) >= 4 and even.count(0) > 0.8 * len(even) and not odd.count(0):
        return "utf-16-be"
    return ""


def _unpacked(path: Path) -> bytes:
    size = path.stat().st_size
    try:
        with gzip.open(path) as packed:
            raw = packed.read(max(1_000_000, MOST_RATIO * size) + 1)
    except (*UNPACKING, gzip.BadGzipFile) as error:
        raise InputError([Fault(f"cannot be unpacked: {error}", path.name)]) from None
    if is_bomb(size, len(raw)):
        words = f"unpacks to more than {MOST_RATIO} times its size"
        raise InputError([Fault(words, path.name, hint="Give it unpacked")])
    return raw


def _declared(text: str) -> tuple[str, str]:
    """Return the text below Excel's line `sep=;`, and the separator that it names."""
    first, _, rest = text.partition("\n")
    line = first.strip("\r").strip('"')
    if line[:4].lower() == "sep=" and len(line) == 5:
        return rest, line[4]
    return text, ""


def _separator(text: str, knows: Knows) -> str:
    """Return the separator under which most headings are known and most rows are of one width."""
    start = "\n".join(text.split("\n", TRIED)[:TRIED])
    return max(SEPARATORS, key=lambda separator: _score(start, separator, knows))


def _score(start: str, separator: str, knows: Knows) -> tuple[int, float, int]:
    try:
        rows = [row for row in csv.reader(io.StringIO(start, newline=""), delimiter=separator)
                if any(row)]  # fmt: skip
    except csv.Error:
        return 0, 0.0, 0
    if not rows:
        return 0, 0.0, 0
    known = max(sum(knows(cell.strip()) for cell in row if cell) for row in rows[:30])
    width, times = Counter(map(len, rows)).most_common(1)[0]
    return (known if width > 1 else 0), (times / len(rows) if width > 1 else 0.0), width


def _rows(text: str, separator: str, file: str) -> list[list[str]]:
    rows: list[list[str]] = []
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    try:
        for row in reader:
            rows.append(list(map(bare, row)))
            if len(rows) > MOST_ROWS:
                words = f"has more than {MOST_ROWS:,} rows"
                raise InputError([Fault(words, file, hint="Keep the rows of the place")])
    except csv.Error as error:
        words = f"cannot be read as CSV from this row on: {error}"
        hint = "Check the quotes: double a quote inside a quoted cell, and close each"
        raise InputError([Fault(words, file, len(rows) + 1, hint=hint)]) from None
    return rows
