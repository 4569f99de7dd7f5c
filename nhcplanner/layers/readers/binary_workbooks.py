"""Binary workbooks: hidden rows, failed formulas and formats of XLS and XLSB.

The reader of the cells gives none of these. Formats: [MS-CFB] for the container of XLS, [MS-XLS]
for its records, [MS-XLSB] for the records of XLSB.
"""

from __future__ import annotations

import posixpath
import struct
import zipfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from xml.parsers import expat

from nhcplanner.base.file_checks import refuse_doctype
from nhcplanner.layers.readers.sheet_layout import Failed, Marks
from nhcplanner.layers.readers.xlsx import MOST_HIDDEN, ZEROS

ERRORS = {0x00: "#NULL!", 0x07: "#DIV/0!", 0x0F: "#VALUE!", 0x17: "#REF!", 0x1D: "#NAME?",
          0x24: "#NUM!", 0x2A: "#N/A"}  # fmt: skip
"""Codes of errors ([MS-XLS] 2.5.10)."""
STRUCK = 0x0008
"""Flag of a font that is struck through."""
END = 0xFFFFFFFE
"""First sector number that ends a chain or marks a free sector."""
DAMAGED = (struct.error, IndexError, ValueError, KeyError, expat.ExpatError)
"""Errors of records that are incomplete or point outside the file."""

Record = tuple[int, bytes]


@dataclass(eq=False)
class _Book:
    """Formats and fonts of a workbook.

    Parameters
    ----------
    formats
        Number of a format -> its code.
    fonts
        Whether each font is struck through.
    styles
        Number of the font and of the format of each style of cells.
    """

    formats: dict[int, str] = field(default_factory=dict)
    fonts: list[bool] = field(default_factory=list)
    styles: list[tuple[int, int]] = field(default_factory=list)

    def width(self, style: int) -> int:
        """Return digits to which a style fills up numbers with zeros; 0 where it does not."""
        code = self.formats.get(self.styles[style][1], "") if style < len(self.styles) else ""
        return len(code) if ZEROS.fullmatch(code) else 0

    def is_struck(self, style: int) -> bool:
        font = self.styles[style][0] if style < len(self.styles) else -1
        return 0 <= font < len(self.fonts) and self.fonts[font]


@dataclass(eq=False)
class _Sheet:
    """Marks of one sheet while its records are read; rows and columns count from 0."""

    book: _Book
    failed: list[Failed] = field(default_factory=list)
    rows: set[int] = field(default_factory=set)
    columns: set[int] = field(default_factory=set)
    merged: list[tuple[int, int, int, int]] = field(default_factory=list)
    padded: dict[tuple[int, int], int] = field(default_factory=dict)
    struck: set[tuple[int, int]] = field(default_factory=set)

    def cell(self, row: int, column: int, style: int, *, is_number: bool) -> None:
        """Take the style of a filled cell."""
        width = self.book.width(style) if is_number else 0
        if width:
            self.padded[row + 1, column + 1] = width
        if self.book.is_struck(style):
            self.struck.add((row + 1, column + 1))

    def error(self, row: int, column: int, code: int) -> None:
        """Take a cell that shows an error."""
        self.failed.append((row + 1, column + 1, ERRORS.get(code, "#VALUE!")))

    def hide_columns(self, first: int, last: int) -> None:
        """Take columns that the sheet does not show."""
        self.columns.update(range(first + 1, min(last, MOST_HIDDEN) + 2))

    def marks(self) -> Marks:
        return Marks(
            tuple(self.failed),
            hidden_rows=frozenset(self.rows),
            hidden_columns=frozenset(self.columns),
            merged=tuple(self.merged),
            padded=self.padded,
            struck=frozenset(self.struck),
        )


def look_through_xls(raw: bytes) -> dict[str, Marks]:
    """Return the marks of each sheet of an XLS, from its records.

    Parameters
    ----------
    raw
        Content of the file.

    Returns
    -------
    dict
        Name of a sheet -> its marks.

    Raises
    ------
    ValueError
        If the container or its records are damaged, or are older than Excel 97.
    """
    try:
        stream = _stream(raw, ("workbook", "book"))
        book, sheets = _Book(), list[tuple[str, int]]()
        for kind, body in _xls_records(stream, 0):
            _of_book(kind, body, book, sheets)
        return {name: _xls_sheet(stream, at, book) for name, at in sheets}
    except DAMAGED as error:
        raise ValueError(f"its records cannot be read: {error}") from None


def _xls_records(stream: bytes, at: int) -> Iterator[Record]:
    """Return the records from a start to its end, without those of charts inside."""
    depth = 0
    while at + 4 <= len(stream):
        kind, size = struct.unpack_from("<HH", stream, at)
        body = stream[at + 4 : at + 4 + size]
        at += 4 + size
        if kind == 0x0809:  # BOF
            if not depth and body[:2] != b"\x00\x06":
                raise ValueError("it is older than Excel 97")
            depth += 1
        elif kind == 0x000A:  # EOF
            depth -= 1
            if depth <= 0:
                return
        elif depth == 1:
            yield kind, body


def _of_book(kind: int, body: bytes, book: _Book, sheets: list[tuple[str, int]]) -> None:
    """Take a record of the part that all sheets share."""
    if kind == 0x0085:  # BoundSheet8
        at, _, _, length, is_wide = struct.unpack_from("<IBBBB", body)
        sheets.append((_text(body[8:], length, is_wide), at))
    elif kind == 0x041E:  # Format
        number, length, is_wide = struct.unpack_from("<HHB", body)
        book.formats[number] = _text(body[5:], length, is_wide)
    elif kind == 0x0031:  # Font; number 4 is never used
        book.fonts.append(bool(struct.unpack_from("<HH", body)[1] & STRUCK))
        if len(book.fonts) == 4:
            book.fonts.append(False)
    elif kind == 0x00E0:  # XF
        book.styles.append(struct.unpack_from("<HH", body))


def _text(raw: bytes, length: int, is_wide: int) -> str:
    return raw[: 2 * length].decode("utf-16-le") if is_wide & 1 else raw[:length].decode("latin-1")


NUMBERS = (0x0203, 0x027E)
"""Records Number and RK."""
TEXTS = (0x00FD, 0x0204)
"""Records LabelSst and Label."""


def _xls_sheet(stream: bytes, at: int, book: _Book) -> Marks:
    sheet = _Sheet(book)
    for kind, body in _xls_records(stream, at):
        if kind == 0x0208 and struct.unpack_from("<H", body, 12)[0] & 0x20:  # Row
            sheet.rows.add(struct.unpack_from("<H", body)[0] + 1)
        elif kind == 0x007D and struct.unpack_from("<H", body, 8)[0] & 1:  # ColInfo
            sheet.hide_columns(*struct.unpack_from("<HH", body))
        elif kind in (*NUMBERS, *TEXTS, 0x0205, 0x0006):
            row, column, style = struct.unpack_from("<HHH", body)
            sheet.cell(row, column, style, is_number=kind in (*NUMBERS, 0x0006))
            if kind == 0x0205 and body[7]:  # BoolErr
                sheet.error(row, column, body[6])
            elif kind == 0x0006 and body[12:14] == b"\xff\xff" and body[6] == 2:  # Formula
                sheet.error(row, column, body[8])
        elif kind == 0x00BD:  # MulRk
            row, first = struct.unpack_from("<HH", body)
            for n in range((len(body) - 6) // 6):
                style = struct.unpack_from("<H", body, 4 + 6 * n)[0]
                sheet.cell(row, first + n, style, is_number=True)
    return sheet.marks()


def _stream(raw: bytes, names: tuple[str, ...]) -> bytes:
    """Return a stream of a compound file by its name in lower case ([MS-CFB] 2.2 to 2.6)."""
    size = 1 << struct.unpack_from("<H", raw, 30)[0]
    if size not in (512, 4096):
        raise ValueError("its sectors are of no known size")
    directory, cutoff, mini_at = (struct.unpack_from("<I", raw, n)[0] for n in (48, 56, 60))

    def sector(number: int) -> bytes:
        return raw[(number + 1) * size : (number + 2) * size]

    table = _sector_table(raw, sector)
    root, entry = _entries(_chain(table, directory, sector), names)
    start, length = struct.unpack_from("<II", entry, 116)
    if length >= cutoff:
        return _chain(table, start, sector)[:length]
    small = _chain(table, struct.unpack_from("<I", root, 116)[0], sector)
    mini = list(_words(_chain(table, mini_at, sector)))
    return _chain(mini, start, lambda n: small[64 * n : 64 * n + 64])[:length]


def _sector_table(raw: bytes, sector: Callable[[int], bytes]) -> list[int]:
    """Return the sector that follows each sector."""
    listed, more = list(struct.unpack_from("<109I", raw, 76)), struct.unpack_from("<I", raw, 68)[0]
    visited: set[int] = set()
    while more < END and more not in visited:
        visited.add(more)
        *numbers, more = _words(sector(more))
        listed += numbers
    return [number for each in listed if each < END for number in _words(sector(each))]


def _entries(directory: bytes, names: tuple[str, ...]) -> tuple[bytes, bytes]:
    """Return the directory's entries of the root and of the first stream with one of the names."""
    entries = [directory[n : n + 128] for n in range(0, len(directory) - 127, 128)]
    root = next((entry for entry in entries if entry[66] == 5), None)
    match = next(
        (entry for entry in entries if entry[66] == 2 and _entry_name(entry) in names), None
    )
    if root is None or match is None:
        raise ValueError("it holds no workbook")
    return root, match


def _entry_name(entry: bytes) -> str:
    length = struct.unpack_from("<H", entry, 64)[0]
    return entry[: max(length - 2, 0)].decode("utf-16-le").lower()


def _words(block: bytes) -> tuple[int, ...]:
    return struct.unpack(f"<{len(block) // 4}I", block[: len(block) // 4 * 4])


def _chain(table: list[int], start: int, sector: Callable[[int], bytes]) -> bytes:
    """Return the sectors that follow one on another; a chain that turns back ends there."""
    sectors, visited, number = [], set(), start
    while number < len(table) and number not in visited:
        visited.add(number)
        sectors.append(sector(number))
        number = table[number]
    return b"".join(sectors)


BOOK = "xl/workbook.bin"
LINKS = "xl/_rels/workbook.bin.rels"
STYLES = "xl/styles.bin"
CELLS = range(2, 12)
"""Records of filled cells, from BrtCellRk to BrtFmlaError."""
FIGURES = (2, 5, 9)
"""BrtCellRk, BrtCellReal and BrtFmlaNum."""


def look_through_xlsb(packed: zipfile.ZipFile) -> dict[str, Marks]:
    """Return the marks of each sheet of an XLSB, from its records.

    Parameters
    ----------
    packed
        The workbook, whose sizes are checked.

    Returns
    -------
    dict
        Name of a sheet -> its marks.

    Raises
    ------
    ValueError
        If its records are damaged.
    """
    try:
        names = set(packed.namelist())
        book = _xlsb_styles(packed.read(STYLES)) if STYLES in names else _Book()
        links = _links(packed.read(LINKS))
        sheets = {}
        for kind, body in _xlsb_records(packed.read(BOOK)):
            if kind == 156:  # BrtBundleSh
                link, rest = _wide(body, 8)
                path = posixpath.normpath(posixpath.join("/xl", links[link]))[1:]
                sheets[_wide(body, rest)[0]] = _xlsb_sheet(packed.read(path), book)
        return sheets
    except DAMAGED as error:
        raise ValueError(f"its records cannot be read: {error}") from None


def _links(raw: bytes) -> Mapping[str, str]:
    links: dict[str, str] = {}

    def start(_: str, attributes: dict[str, str]) -> None:
        links[attributes.get("Id", "")] = attributes.get("Target", "")

    parser = expat.ParserCreate()
    parser.StartElementHandler = start
    parser.StartDoctypeDeclHandler = refuse_doctype
    parser.Parse(raw, True)
    return links


def _xlsb_records(raw: bytes) -> Iterator[Record]:
    at = 0
    while at < len(raw):
        kind = raw[at]
        at += 1
        if kind & 0x80:
            kind, at = kind & 0x7F | (raw[at] & 0x7F) << 7, at + 1
        size = shift = 0
        for _ in range(4):
            byte, at = raw[at], at + 1
            size |= (byte & 0x7F) << shift
            shift += 7
            if not byte & 0x80:
                break
        yield kind, raw[at : at + size]
        at += size


def _wide(body: bytes, at: int) -> tuple[str, int]:
    """Return a text of wide characters, and where it ends."""
    end = at + 4 + 2 * struct.unpack_from("<I", body, at)[0]
    return body[at + 4 : end].decode("utf-16-le"), end


def _xlsb_styles(raw: bytes) -> _Book:
    book, in_cells = _Book(), False
    for kind, body in _xlsb_records(raw):
        if kind == 44:  # BrtFmt
            book.formats[struct.unpack_from("<H", body)[0]] = _wide(body, 2)[0]
        elif kind == 43:  # BrtFont
            book.fonts.append(bool(struct.unpack_from("<HH", body)[1] & STRUCK))
        elif kind in (617, 618):  # BrtBeginCellXFs, BrtEndCellXFs
            in_cells = kind == 617
        elif kind == 47 and in_cells:  # BrtXF
            _, number, font = struct.unpack_from("<HHH", body)
            book.styles.append((font, number))
    return book


def _xlsb_sheet(raw: bytes, book: _Book) -> Marks:
    sheet, row = _Sheet(book), 0
    for kind, body in _xlsb_records(raw):
        if kind == 0:  # BrtRowHdr
            row = struct.unpack_from("<I", body)[0]
            if body[11] & 0x10:
                sheet.rows.add(row + 1)
        elif kind == 60 and body[16] & 1:  # BrtColInfo
            sheet.hide_columns(*struct.unpack_from("<II", body))
        elif kind == 176:  # BrtMergeCell
            top, bottom, left, right = (n + 1 for n in struct.unpack_from("<4I", body))
            sheet.merged.append((top, left, bottom, right))
        elif kind in CELLS:
            column, style = struct.unpack_from("<II", body)
            sheet.cell(row, column, style & 0xFFFFFF, is_number=kind in FIGURES)
            if kind in (3, 11):  # BrtCellError, BrtFmlaError
                sheet.error(row, column, body[8])
    return sheet.marks()
