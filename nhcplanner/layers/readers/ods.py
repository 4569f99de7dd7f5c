"""ODS: what its XML shows and its reader does not: hidden rows, merged cells, comments."""

from __future__ import annotations

import io
import zipfile
from dataclasses import dataclass, field
from xml.parsers import expat

from nhcplanner.base.archive import UNPACKING
from nhcplanner.base.errors import Fault, InputError
from nhcplanner.base.file_checks import DoctypeError, refuse_doctype
from nhcplanner.layers.readers.xlsx import (
    AGAIN,
    MOST_COMMENT,
    SAVE,
    Failed,
    Marks,
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
        The workbook as it lies on disk.
    file
        Its name, for the messages.

    Returns
    -------
    dict
        Name of a sheet -> its marks.

    Raises
    ------
    InputError
        Where it is packed too tightly or damaged.
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
                     merged=tuple(self.merged), struck=frozenset(self.struck),
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
            last += _repeated(attributes, "columns")
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
            shown = "".join(self._error).strip() or "#VALUE!"
            self._sheet.failed.append((self._sheet.row, self._sheet.column, shown))
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
