"""Workbooks: the sheets of XLSX, XLSM, XLSB, XLS and ODS files as grids."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, time
from functools import partial
from pathlib import Path
from xml.parsers import expat

import python_calamine as calamine

from nhcplanner.base.errors import Fault, InputError
from nhcplanner.base.file_checks import UNPACKING, DoctypeError, refuse_doctype
from nhcplanner.base.text import bare
from nhcplanner.layers.readers.binary_workbooks import BOOK as BINARY
from nhcplanner.layers.readers.binary_workbooks import look_through_xls, look_through_xlsb
from nhcplanner.layers.readers.delimited import MOST_COLUMNS
from nhcplanner.layers.readers.sheet_layout import Failed, Grid, Marks
from nhcplanner.layers.readers.xlsx import (
    AGAIN,
    BOOK,
    MOST_COMMENT,
    SAVE,
    look_through,
    refuse_tight,
)

CONTENT = "content.xml"
HIDDEN = ("collapse", "filter")
MOST_STRUCK = 300
"""Rows or columns of one repeated cell that are marked as struck through, at most."""
MOST_REPEATED = 2_000_000
"""Rows or columns of a sheet, at most; blank ones to its end are written as one, repeated."""


def look_through_ods(raw: bytes, file: str) -> dict[str, Marks]:
    """Refuse a damaged or dangerous workbook; else what the XML of each sheet shows.

    Parameters
    ----------
    raw
        Content of the file.
    file
        Its name, for the messages.

    Returns
    -------
    dict
        Name of a sheet -> its marks.

    Raises
    ------
    InputError
        If it is packed too tightly or damaged.
    """
    sheets = _Sheets()
    try:
        with zipfile.ZipFile(io.BytesIO(raw)) as packed:
            refuse_tight(packed.infolist(), file)
            content = packed.read(CONTENT)
        parser = expat.ParserCreate()
        parser.StartElementHandler = sheets.start
        parser.EndElementHandler = sheets.end
        parser.CharacterDataHandler = sheets.text
        parser.StartDoctypeDeclHandler = refuse_doctype
        parser.Parse(content, True)
    except DoctypeError as error:
        raise InputError([Fault(str(error), file, hint=AGAIN)]) from None
    except (*UNPACKING, OSError, KeyError) as error:
        raise InputError([Fault(f"is no workbook: {error}", file, hint=SAVE)]) from None
    except (RuntimeError, ValueError, expat.ExpatError) as error:
        raise InputError([Fault(f"is damaged: {error}", file, hint=AGAIN)]) from None
    return {name: sheet.marks() for name, sheet in sheets.found.items()}


@dataclass(eq=False)
class _Sheet:
    """One table while it is read; `row` and `column` count from 1."""

    row: int = 0
    column: int = 0
    rows: int = 1
    columns: int = 1
    failed: list[Failed] = field(default_factory=list)
    unsaved: list[tuple[int, int]] = field(default_factory=list)
    hidden: set[int] = field(default_factory=set)
    hidden_columns: set[int] = field(default_factory=set)
    merged: list[tuple[int, int, int, int]] = field(default_factory=list)
    struck: set[tuple[int, int]] = field(default_factory=set)
    comments: dict[tuple[int, int], list[str]] = field(default_factory=dict)
    column_styles: list[tuple[int, str]] = field(default_factory=list)
    row_style: str = ""

    def style_of(self, column: int) -> str:
        """Default style of a column's cells."""
        return next((style for last, style in self.column_styles if column <= last), "")

    def marks(self) -> Marks:
        return Marks(tuple(self.failed), tuple(self.unsaved), frozenset(self.hidden),
                     frozenset(self.hidden_columns), merged=tuple(self.merged),
                     struck=frozenset(self.struck),
                     comments={at: " ".join("".join(pieces).split())[:MOST_COMMENT]
                               for at, pieces in self.comments.items()})  # fmt: skip


@dataclass(eq=False)
class _Sheets:
    """The tables of a document while its XML is read."""

    found: dict[str, _Sheet] = field(default_factory=dict)
    _sheet: _Sheet | None = None
    _error: list[str] | None = None
    struck_styles: set[str] = field(default_factory=set)
    _named: str = ""
    _style: str = ""
    _is_annotation: bool = False
    _paragraphs: int = 0
    _spans: list[bool] = field(default_factory=list)
    _has_struck: bool = False
    _has_plain: bool = False

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        name = tag.rpartition(":")[2]
        self._start_of_text(name, attributes)
        if name == "table" and self._sheet is None:
            self._sheet = self.found.setdefault(attributes.get("table:name", ""), _Sheet())
        sheet = self._sheet
        if sheet is None:
            return
        if name == "table-row":
            sheet.row += sheet.rows if sheet.row else 1
            sheet.rows = _repeated(attributes, "rows")
            sheet.column, sheet.columns = 0, 1
            sheet.row_style = attributes.get("table:default-cell-style-name", "")
            if attributes.get("table:visibility") in HIDDEN and sheet.rows < MOST_REPEATED // 100:
                sheet.hidden.update(range(sheet.row, sheet.row + sheet.rows))
        elif name in ("table-cell", "covered-table-cell"):
            sheet.column += sheet.columns if sheet.column else 1
            sheet.columns = _repeated(attributes, "columns")
            self._cell(sheet, attributes)
        elif name == "table-column":
            last = sheet.column_styles[-1][0] if sheet.column_styles else 0
            first, last = last + 1, last + _repeated(attributes, "columns")
            if attributes.get("table:visibility") in HIDDEN:
                sheet.hidden_columns.update(range(first, min(last, MOST_COLUMNS) + 1))
            style = attributes.get("table:default-cell-style-name", "")
            sheet.column_styles.append((last, style))

    def _start_of_text(self, name: str, attributes: dict[str, str]) -> None:
        """Take the beginning of a style, a comment or a piece of text."""
        if name == "style":
            self._named = attributes.get("style:name", "")
        elif name == "text-properties":
            if attributes.get("style:text-line-through-style", "none") != "none":
                self.struck_styles.add(self._named)
        elif name == "annotation":
            self._is_annotation = True
        elif name == "p":
            self._paragraphs += 1
        elif name == "span":
            self._spans.append(attributes.get("text:style-name", "") in self.struck_styles)

    def _cell(self, sheet: _Sheet, attributes: dict[str, str]) -> None:
        self._has_struck = self._has_plain = False
        self._style = (attributes.get("table:style-name", "") or sheet.row_style
                       or sheet.style_of(sheet.column))  # fmt: skip
        down = int(attributes.get("table:number-rows-spanned", 1))
        across = int(attributes.get("table:number-columns-spanned", 1))
        if down > 1 or across > 1:
            last = sheet.row + down - 1, sheet.column + across - 1
            sheet.merged.append((sheet.row, sheet.column, *last))
        if attributes.get("calcext:value-type") == "error":
            self._error = []
        elif "table:formula" in attributes and "office:value-type" not in attributes:
            sheet.unsaved.append((sheet.row, sheet.column))

    def text(self, words: str) -> None:
        if self._is_annotation:
            if self._paragraphs and self._sheet is not None:
                at = self._sheet.row, self._sheet.column
                self._sheet.comments.setdefault(at, []).append(words)
            return
        if self._error is not None:
            self._error.append(words)
        if self._paragraphs and words.strip():
            is_struck = self._style in self.struck_styles or any(self._spans)
            self._has_struck |= is_struck
            self._has_plain |= not is_struck

    def end(self, tag: str) -> None:
        name = tag.rpartition(":")[2]
        if name == "table":
            self._sheet = None
        elif name == "annotation":
            self._is_annotation = False
        elif name == "p":
            self._paragraphs -= 1
        elif name == "span":
            self._spans.pop()
        elif name == "table-cell" and self._error is not None and self._sheet is not None:
            word = "".join(self._error).strip() or "#VALUE!"
            self._sheet.failed.append((self._sheet.row, self._sheet.column, word))
            self._error = None
        if name == "table-cell" and self._has_struck and not self._has_plain:
            self._strike()

    def _strike(self) -> None:
        sheet = self._sheet
        if sheet is not None:
            rows = range(sheet.row, sheet.row + min(sheet.rows, MOST_STRUCK))
            columns = range(sheet.column, sheet.column + min(sheet.columns, MOST_STRUCK))
            sheet.struck.update((row, column) for row in rows for column in columns)


def _repeated(attributes: dict[str, str], what: str) -> int:
    number = int(attributes.get(f"table:number-{what}-repeated", 1))
    if not 0 < number <= MOST_REPEATED:
        raise ValueError(f"{what} repeated {number:,} times")
    return number


WORKBOOKS = (".xlsx", ".xlsm", ".xlsb", ".xls", ".ods")
"""Workbooks that are read; macros in them are never run."""
MOST_BYTES = 20_000_000
OLD = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
"""First bytes of compound files: XLS, and encrypted workbooks ([MS-CFB] 2.2)."""
ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
"""Name of the stream that holds an encrypted workbook ([MS-OFFCRYPTO] 2.3.4.4)."""
UNLOCK = (
    "Open it in Excel, choose File, Info, Protect Workbook, Encrypt with Password, delete the "
    "password, and save it"
)
_UNSEEN = "comments and formulas without a saved value cannot be seen in this format"
_UNSEEN_MARKS = (
    "hidden rows and columns, errors of formulas, leading zeros, struck-through text, comments and "
    "formulas without a saved value cannot be seen in this file"
)
_VISIBLE = calamine.SheetVisibleEnum.Visible


@dataclass(frozen=True)
class Workbook:
    """The sheets of a workbook.

    Parameters
    ----------
    grids
        The visible sheets, in their order.
    hidden
        Names of the sheets that it does not show.
    notes
        Notes on content that could not be checked.
    """

    grids: tuple[Grid, ...]
    hidden: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


def read_workbook(path: Path) -> Workbook:
    """Read every visible sheet of a workbook; its format is taken from its content.

    A formula has its last saved value; dates are in ISO, and whole numbers have no decimal point. A
    failed formula has the error that Excel shows, e.g. "#REF!".

    Raises
    ------
    InputError
        If the file is too large, packed too tightly, locked, damaged or not a workbook.
    """
    if path.stat().st_size > MOST_BYTES:
        words = f"is larger than {MOST_BYTES // 1_000_000} MB"
        raise InputError([Fault(words, path.name, hint="Keep to one sheet")])
    raw = path.read_bytes()
    marks, notes = _marks(raw, path.name)
    try:
        book = calamine.CalamineWorkbook.from_filelike(io.BytesIO(raw))
        sheets = [s for s in book.sheets_metadata if s.typ == calamine.SheetTypeEnum.WorkSheet]
        grids = tuple(_grid(book.get_sheet_by_name(s.name), marks.get(s.name, Marks()))
                      for s in sheets if s.visible == _VISIBLE)  # fmt: skip
    except calamine.PasswordError:
        raise InputError([_locked(path.name)]) from None
    except (calamine.CalamineError, OSError, ValueError, OverflowError, IndexError) as error:
        words = f"cannot be read as a workbook: {str(error).strip() or 'it is damaged'}"
        raise InputError([Fault(words, path.name, hint=AGAIN)]) from None
    if not grids:
        raise InputError([Fault("has no visible sheet", path.name, hint=AGAIN)])
    hidden = tuple(s.name for s in sheets if s.visible != _VISIBLE)
    return Workbook(grids, hidden, notes)


def _locked(file: str) -> Fault:
    return Fault("is protected by a password", file, hint=UNLOCK)


def _marks(raw: bytes, file: str) -> tuple[dict[str, Marks], tuple[str, ...]]:
    """Return the marks of each sheet from its XML, or a note if the format has none."""
    if raw.startswith(OLD):
        if ENCRYPTED in raw:
            raise InputError([_locked(file)])
        return _binary_marks(partial(look_through_xls, raw))
    try:
        with zipfile.ZipFile(io.BytesIO(raw)) as packed:
            members = packed.infolist()
            names = {member.filename for member in members}
            refuse_tight(members, file)
            if CONTENT in names and b"encryption-data" in _manifest(packed, names):
                raise InputError([_locked(file)])
            if BINARY in names:
                return _binary_marks(partial(look_through_xlsb, packed))
    except (*UNPACKING, OSError, RuntimeError) as error:
        raise InputError([Fault(f"is not an Excel workbook: {error}", file, hint=SAVE)]) from None
    if CONTENT in names and BOOK not in names:
        return look_through_ods(raw, file), ()
    return look_through(raw, file), ()


def _binary_marks(look: Callable[[], dict[str, Marks]]) -> tuple[dict[str, Marks], tuple[str, ...]]:
    """Return the marks of a binary workbook, and a note on what they do not cover."""
    try:
        return look(), (_UNSEEN,)
    except ValueError as error:
        return {}, (f"{_UNSEEN_MARKS}: {error}",)


def _manifest(packed: zipfile.ZipFile, names: set[str]) -> bytes:
    return packed.read("META-INF/manifest.xml") if "META-INF/manifest.xml" in names else b""


def _grid(sheet: calamine.CalamineSheet, marks: Marks) -> Grid:
    rows = [list(map(as_text, row)) for row in sheet.to_python(skip_empty_area=False)]
    for row, column, error in marks.failed:
        if row <= len(rows) and column <= len(rows[row - 1]):
            rows[row - 1][column - 1] = error
    for (row, column), width in marks.padded.items():
        if row <= len(rows) and column <= len(rows[row - 1]):
            text = rows[row - 1][column - 1]
            rows[row - 1][column - 1] = text.zfill(width) if text.isdigit() else text
    ranges = sheet.merged_cell_ranges or []
    merged = [(*first, *last) for first, last in ranges]
    merged += [(t - 1, left - 1, b - 1, r - 1) for t, left, b, r in marks.merged]
    return Grid(
        rows,
        sheet.name,
        frozenset(row - 1 for row in marks.hidden_rows),
        frozenset(column - 1 for column in marks.hidden_columns),
        tuple(sorted(merged)),
        tuple((row - 1, column - 1) for row, column in marks.unsaved),
        struck=frozenset((row - 1, column - 1) for row, column in marks.struck),
        comments={(row - 1, column - 1): words for (row, column), words in marks.comments.items()},
    )


def as_text(cell: object) -> str:
    """Return a cell as text, as the user sees it if it is plain.

    Examples
    --------
    >>> as_text(5000.0), as_text(1.5), as_text(date(2025, 4, 1)), as_text(" =1+1 ")
    ('5000', '1.5', '2025-04-01', '=1+1')
    """
    if isinstance(cell, bool):
        return "yes" if cell else "no"
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() else repr(cell)
    if isinstance(cell, datetime):
        return cell.date().isoformat() if cell.time() == time() else cell.isoformat()
    if isinstance(cell, date):
        return cell.isoformat()
    return bare(str(cell))
