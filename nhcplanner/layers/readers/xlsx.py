"""XLSX files: refused if dangerous, with failed formulas, hidden rows and other marks."""

from __future__ import annotations

import io
import posixpath
import re
import zipfile
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from xml.parsers import expat

from nhcplanner.base.errors import Fault, InputError
from nhcplanner.base.file_checks import UNPACKING, DoctypeError, refuse_doctype, zip_problems
from nhcplanner.layers.readers.sheet_layout import Failed, Marks

MOST_UNPACKED = 100_000_000
MOST_ROWS, MOST_COLUMNS = 50_000, 300
MOST_TEXT = 50_000_000
"""Characters of all cells together, counting a text that cells share as often as it is shown."""
SAVE = "Save the list as an Excel workbook (.xlsx) or as CSV"
AGAIN = "Open it in Excel and save it again as .xlsx, or as CSV"
BOOK = "xl/workbook.xml"
LINKS = "xl/_rels/workbook.xml.rels"
SHEET_LINKS = "xl/worksheets/_rels/"
SHARED = "xl/sharedStrings.xml"
STYLES = "xl/styles.xml"
ZEROS = re.compile(r"0{2,20}")
"""A number format with leading zeros, as for codes."""

TRUE = ("1", "true")
MOST_HIDDEN = 16_384
"""Columns of a sheet, at most."""
MOST_COMMENT = 200
"""Characters kept of a comment."""
CELL = re.compile(r"([A-Za-z]{1,3})(\d{1,7})")


def look_through(raw: bytes, file: str) -> dict[str, Marks]:
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
        If it is not a packed workbook, is packed too tightly or damaged, has filled cells too far
        out to fit in memory, or has content that no workbook has.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(raw)) as packed:
            refuse_tight(packed.infolist(), file)
            parts = _parts(packed, file)
    except InputError:
        raise
    except DoctypeError as error:
        raise InputError([Fault(str(error), file, hint=AGAIN)]) from None
    except (*UNPACKING, OSError) as error:
        words = f"is not an Excel workbook: {error}"
        raise InputError([Fault(words, file, hint=SAVE)]) from None
    except (RuntimeError, ValueError, LookupError, expat.ExpatError) as error:
        raise InputError([Fault(f"is damaged: {error}", file, hint=AGAIN)]) from None
    _refuse_repeated(list(parts.values()), file)
    sheets = parts[BOOK].sheets if BOOK in parts else {}
    links = parts[LINKS].links if LINKS in parts else {}
    paths = {name: _resolve(BOOK, links.get(link, "")) for name, link in sheets.items()}
    widths = parts[STYLES].widths() if STYLES in parts else {}
    return {name: parts[path].marks(widths, _comments(parts, path))
            for name, path in paths.items() if path in parts}  # fmt: skip


@dataclass(eq=False)
class _Part:
    """One part of a workbook while its XML is read.

    Parameters
    ----------
    file
        The workbook's name, for the messages.
    failed
        Formulas that failed.
    sheets
        Name of a sheet -> its link, if the part is the book.
    links
        A link -> the part that it leads to, if the part holds the book's links.
    lengths
        Characters of each shared text, if the part holds those.
    uses
        Number of a shared text -> number of cells that show it.
    struck_styles, struck_texts
        Styles of cells, and numbers of shared texts, that are struck through.
    struck
        Cells that are struck through.
    comments
        Row and column -> pieces of the comments on the cell, if the part holds comments.
    """

    file: str
    struck_styles: frozenset[str] = frozenset()
    struck_texts: frozenset[int] = frozenset()
    struck: set[tuple[int, int]] = field(default_factory=set)
    comments: dict[tuple[int, int], list[str]] = field(default_factory=dict)
    _comment: tuple[int, int] | None = None
    fonts: list[bool] = field(default_factory=list)
    font_of_style: list[str] = field(default_factory=list)
    _in_fonts: bool = False
    struck_si: set[int] = field(default_factory=set)
    _style: str = ""
    _is_run_struck: bool = False
    _has_struck: bool = False
    _has_plain: bool = False
    failed: list[Failed] = field(default_factory=list)
    sheets: dict[str, str] = field(default_factory=dict)
    links: dict[str, str] = field(default_factory=dict)
    _row: int = 0
    _column: int = 0
    _is_error: bool = False
    _is_shared: bool = False
    _text: list[str] | None = None
    lengths: list[int] = field(default_factory=list)
    uses: Counter[int] = field(default_factory=Counter)
    _number: list[str] | None = None
    unsaved: list[tuple[int, int]] = field(default_factory=list)
    hidden_rows: set[int] = field(default_factory=set)
    hidden_columns: set[int] = field(default_factory=set)
    _has_formula: bool = False
    _has_value: bool = False
    _is_string: bool = False
    _is_value: bool = False
    formats: dict[str, str] = field(default_factory=dict)
    styles: list[str] = field(default_factory=list)
    styled: list[tuple[int, int, str]] = field(default_factory=list)
    _in_styles: bool = False

    def marks(self, widths: Mapping[str, int], comments: Mapping[tuple[int, int], str]) -> Marks:
        """Return the marks of the sheet after reading its XML.

        Parameters
        ----------
        widths
            Style -> digits, for styles with leading zeros.
        comments
            Row and column -> the comment on the cell.
        """
        padded = {(r, c): widths[style] for r, c, style in self.styled if style in widths}
        return Marks(tuple(self.failed), tuple(self.unsaved), frozenset(self.hidden_rows),
                     frozenset(self.hidden_columns), padded=padded,
                     struck=frozenset(self.struck), comments=comments)  # fmt: skip

    def widths(self) -> dict[str, int]:
        """Return the digits of each style of this part with leading zeros."""
        codes = [self.formats.get(number, "") for number in self.styles]
        return {str(n): len(code) for n, code in enumerate(codes) if ZEROS.fullmatch(code)}

    def struck_fonts(self) -> frozenset[str]:
        """Return the styles of cells whose font is struck through."""
        struck = {str(n) for n, is_struck in enumerate(self.fonts) if is_struck}
        return frozenset(str(n) for n, font in enumerate(self.font_of_style) if font in struck)

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        """Take the beginning of an element."""
        name = tag.rpartition(":")[2]
        if name == "row":
            self._row, self._column = int(attributes.get("r", self._row + 1)), 0
            if attributes.get("hidden") in TRUE:
                self.hidden_rows.add(self._row)
        elif name == "col" and attributes.get("hidden") in TRUE:
            first, last = int(attributes.get("min", 0)), int(attributes.get("max", 0))
            self.hidden_columns.update(range(first, min(last, MOST_HIDDEN) + 1))
        elif name == "c":
            self._cell(attributes)
        elif name in ("v", "f", "is"):
            self._refuse_far()
            self._has_formula |= name == "f"
            self._is_value = name == "v"
            self._text = [] if name == "v" and self._is_error else None
            self._number = [] if name == "v" and self._is_shared else None
            self._start_of_text(name)
        elif name == "si":
            self.lengths.append(0)
            self._start_of_text(name)
        elif name in ("r", "strike"):
            self._strike(name, attributes)
        elif name in ("comment", "threadedComment"):
            at = CELL.fullmatch(attributes.get("ref", ""))
            self._comment = (int(at[2]), _number(at[1])) if at else None
        else:
            self._start_of_book(name, attributes)

    def _start_of_text(self, name: str) -> None:
        if name in ("si", "is"):
            self._is_run_struck = self._has_struck = self._has_plain = False

    def _strike(self, name: str, attributes: dict[str, str]) -> None:
        """Take the beginning of a run of text, or that a run or a font is struck through."""
        is_struck = name == "strike" and attributes.get("val", "1") in TRUE
        if self._in_fonts and self.fonts:
            self.fonts[-1] |= is_struck
        else:
            self._is_run_struck = is_struck

    def _start_of_book(self, name: str, attributes: dict[str, str]) -> None:
        """Take the beginning of an element of the book, its links or its styles."""
        if name == "numFmt":
            self.formats[attributes.get("numFmtId", "")] = attributes.get("formatCode", "")
        elif name == "cellXfs":
            self._in_styles = True
        elif name == "xf" and self._in_styles:
            self.styles.append(attributes.get("numFmtId", ""))
            self.font_of_style.append(attributes.get("fontId", ""))
        elif name == "fonts":
            self._in_fonts = True
        elif name == "font" and self._in_fonts:
            self.fonts.append(False)
        elif name == "sheet":
            link = next((v for key, v in attributes.items() if key.endswith(":id")), "")
            self.sheets[attributes.get("name", "")] = link
        elif name == "Relationship":
            self.links[attributes.get("Id", "")] = attributes.get("Target", "")

    def text(self, words: str) -> None:
        """Take text inside an element."""
        self._has_value |= self._is_value and bool(words.strip())
        if self._text is not None:
            self._text.append(words)
        if self._number is not None:
            self._number.append(words)
        if self.lengths:
            self.lengths[-1] += len(words)
        if words.strip():
            self._has_struck |= self._is_run_struck
            self._has_plain |= not self._is_run_struck
        if self._comment is not None:
            self.comments.setdefault(self._comment, []).append(words)

    def end(self, tag: str) -> None:
        """Take the end of an element."""
        name = tag.rpartition(":")[2]
        self._is_value &= name != "v"
        self._in_styles &= name != "cellXfs"
        self._in_fonts &= name != "fonts"
        if name in ("comment", "threadedComment"):
            self._comment = None
        if name == "si" and self._has_struck and not self._has_plain:
            self.struck_si.add(len(self.lengths) - 1)
        self._end_of_value(name)
        if name == "c" and self._has_formula and not self._has_value and not self._is_string:
            self.unsaved.append((self._row, self._column))
        if name == "v" and self._text is not None:
            self.failed.append((self._row, self._column, "".join(self._text).strip()))
            self._text = None
        if self._number is not None:
            number = "".join(self._number).strip()
            shared = int(number) if number.isdecimal() else 0
            self.uses[shared] += 1
            if shared in self.struck_texts:
                self.struck.add((self._row, self._column))
            self._number = None

    def _end_of_value(self, name: str) -> None:
        """Take the end of what a cell shows: whether all of it is struck through."""
        runs = name == "is" and self._has_struck and not self._has_plain
        if name in ("v", "is") and (runs or self._style in self.struck_styles):
            self.struck.add((self._row, self._column))

    def _cell(self, attributes: dict[str, str]) -> None:
        at = CELL.fullmatch(attributes.get("r", ""))
        self._column = _number(at[1]) if at else self._column + 1
        self._row = int(at[2]) if at else self._row
        self._has_formula = self._has_value = False
        self._style = attributes.get("s", "0")
        self._is_string = attributes.get("t") == "str"
        self._is_error = attributes.get("t") == "e"
        self._is_shared = attributes.get("t") == "s"
        if attributes.get("t", "n") == "n" and attributes.get("s", "0") != "0":
            self.styled.append((self._row, self._column, attributes["s"]))

    def _refuse_far(self) -> None:
        """Refuse a filled cell far out, for the reader holds the whole rectangle."""
        if self._row > MOST_ROWS or self._column > MOST_COLUMNS:
            words = f"has a filled cell beyond row {MOST_ROWS:,} or column {MOST_COLUMNS}"
            hint = "Delete cells far below or right of the list"
            raise InputError([Fault(words, self.file, self._row, hint=hint)])


def refuse_tight(members: list[zipfile.ZipInfo], file: str) -> None:
    """Refuse a zip file by the sizes that it claims; reading it shows claims that are false."""
    problems = zip_problems(members, MOST_UNPACKED)
    if problems:
        words = f"{problems[0]}: it may be a zip bomb"
        raise InputError([Fault(words, file, hint=AGAIN)])


def _refuse_repeated(parts: list[_Part], file: str) -> None:
    """Refuse a workbook whose cells repeat long texts, for the reader holds each of them."""
    uses = sum((part.uses for part in parts), Counter[int]())
    texts = [part.lengths for part in parts if part.lengths]
    longest = {number: max((t[number] for t in texts if number < len(t)), default=0)
               for number in uses}  # fmt: skip
    if sum(count * longest[number] for number, count in uses.items()) > MOST_TEXT:
        words = f"holds more than {MOST_TEXT:,} characters in its cells"
        raise InputError([Fault(words, file, hint="Keep the rows and columns that are needed")])


def _parts(packed: zipfile.ZipFile, file: str) -> dict[str, _Part]:
    """Return every part by its name, styles and shared texts first, as sheets refer to them."""
    members = sorted(packed.infolist(), key=lambda m: m.filename not in (STYLES, SHARED))
    parts: dict[str, _Part] = {}
    empty = _Part(file)
    for member in members:
        styles, texts = parts.get(STYLES, empty), parts.get(SHARED, empty)
        part = _Part(file, styles.struck_fonts(), frozenset(texts.struck_si))
        _look(part, member.filename, packed.read(member))
        parts[member.filename] = part
    return parts


def _resolve(part: str, target: str) -> str:
    """Return the name of the part that a link leads to."""
    return posixpath.normpath(posixpath.join("/", posixpath.dirname(part), target))[1:]


def _comments(parts: Mapping[str, _Part], sheet: str) -> dict[tuple[int, int], str]:
    """Return the comments of a sheet by row and column; threads replace copies of them."""
    folder, name = posixpath.split(sheet)
    links = f"{folder}/_rels/{name}.rels"
    links_of_sheet = parts[links].links.values() if links in parts else ()
    targets = [_resolve(sheet, one) for one in links_of_sheet]
    threads = [parts[one].comments for one in sorted(targets, key=_is_thread) if one in parts]
    return {at: " ".join("".join(pieces).split())[:MOST_COMMENT]
            for comments in threads for at, pieces in comments.items()}  # fmt: skip


def _is_thread(part: str) -> bool:
    return "threaded" in part.lower()


def _look(part: _Part, name: str, content: bytes) -> None:
    """Look through one part; a sheet may have any name that ends in .xml."""
    is_links = name == LINKS or name.startswith(SHEET_LINKS)
    if not name.lower().endswith(".xml") and not is_links:
        if b"sheetData" in content:
            raise InputError([Fault("hides a sheet in another part", part.file, hint=AGAIN)])
        return
    parser = expat.ParserCreate()
    parser.StartElementHandler = part.start
    parser.EndElementHandler = part.end
    parser.CharacterDataHandler = part.text
    parser.StartDoctypeDeclHandler = refuse_doctype
    parser.Parse(content, True)


def _number(letters: str) -> int:
    number = 0
    for letter in letters.upper():
        number = number * 26 + ord(letter) - ord("A") + 1
    return number
