"""Packed: the parts of an XLSX looked through before it is read, for bombs and failed formulas.

Workbook: the sheets of a user's XLSX as rows of text, read without trusting the file.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections import Counter
from dataclasses import dataclass, field
from datetime import date, datetime, time
from pathlib import Path
from xml.parsers import expat

import python_calamine as calamine

from nhcplanner.base.errors import Fault, InputError
from nhcplanner.base.xml import DoctypeError, refuse_doctype
from nhcplanner.layers.readers.tables import UNPACKING

MOST_UNPACKED = 100_000_000
MOST_RATIO = 200
MOST_MEMBERS = 2_000
MOST_ROWS, MOST_COLUMNS = 50_000, 300
MOST_TEXT = 50_000_000
"""Characters of all cells together, counting a text that cells share as often as it is shown."""
SAVE = "Save the list as an Excel workbook (.xlsx) or as CSV"
AGAIN = "Open it in Excel and save it again as .xlsx, or as CSV"
BOOK = "xl/workbook.xml"
LINKS = "xl/_rels/workbook.xml.rels"

Failed = tuple[int, int, str]
"""Row and column (1 first) of a formula that failed, and the error that Excel shows."""


def look_through(raw: bytes, file: str) -> dict[str, list[Failed]]:
    """Refuse what is no sound workbook; else say which formulas failed.

    Parameters
    ----------
    raw
        The workbook as it lies on disk.
    file
        Its name, for the messages.

    Returns
    -------
    dict
        Name of a sheet -> its formulas that failed.

    Raises
    ------
    InputError
        Where it is no packed workbook, packed too tightly, damaged, has filled cells so far out
        that it would not fit in memory, or holds what no workbook does.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(raw)) as packed:
            _refuse_tight(packed.infolist(), file)
            parts = {m.filename: _looked(m.filename, packed.read(m), file)
                     for m in packed.infolist()}  # fmt: skip
    except InputError:
        raise
    except DoctypeError as error:
        raise InputError([Fault(str(error), file, hint=AGAIN)]) from None
    except (*UNPACKING, OSError) as error:
        words = f"is no Excel workbook: {error}"
        raise InputError([Fault(words, file, hint=SAVE)]) from None
    except (RuntimeError, ValueError, LookupError, expat.ExpatError) as error:
        raise InputError([Fault(f"is damaged: {error}", file, hint=AGAIN)]) from None
    _refuse_repeated(list(parts.values()), file)
    sheets = parts[BOOK].sheets if BOOK in parts else {}
    links = parts[LINKS].links if LINKS in parts else {}
    found = {name: parts.get(links.get(link, "")) for name, link in sheets.items()}
    return {name: part.failed for name, part in found.items() if part is not None}


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
        Name of a sheet -> its link, where the part is the book.
    links
        A link -> the part that it leads to, where the part is the book's links.
    lengths
        Characters of each text that cells share, where the part holds those.
    uses
        Number of a shared text -> how many cells show it.
    """

    file: str
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

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        """Take the beginning of an element."""
        name = tag.rpartition(":")[2]
        if name == "row":
            self._row, self._column = int(attributes.get("r", self._row + 1)), 0
        elif name == "c":
            self._cell(attributes)
        elif name in ("v", "f", "is"):
            self._refuse_far()
            self._text = [] if name == "v" and self._is_error else None
            self._number = [] if name == "v" and self._is_shared else None
        elif name == "si":
            self.lengths.append(0)
        elif name == "sheet":
            link = next((v for key, v in attributes.items() if key.endswith(":id")), "")
            self.sheets[attributes.get("name", "")] = link
        elif name == "Relationship":
            target = attributes.get("Target", "")
            whole = target.removeprefix("/") if target.startswith("/") else f"xl/{target}"
            self.links[attributes.get("Id", "")] = whole

    def text(self, words: str) -> None:
        """Take text inside an element."""
        if self._text is not None:
            self._text.append(words)
        if self._number is not None:
            self._number.append(words)
        if self.lengths:
            self.lengths[-1] += len(words)

    def end(self, tag: str) -> None:
        """Take the end of an element."""
        if tag.rpartition(":")[2] == "v" and self._text is not None:
            self.failed.append((self._row, self._column, "".join(self._text).strip()))
            self._text = None
        if self._number is not None:
            number = "".join(self._number).strip()
            self.uses[int(number) if number.isdecimal() else 0] += 1
            self._number = None

    def _cell(self, attributes: dict[str, str]) -> None:
        at = re.fullmatch(r"([A-Za-z]{1,3})(\d{1,7})", attributes.get("r", ""))
        self._column = _number(at[1]) if at else self._column + 1
        self._row = int(at[2]) if at else self._row
        self._is_error = attributes.get("t") == "e"
        self._is_shared = attributes.get("t") == "s"

    def _refuse_far(self) -> None:
        """Refuse a filled cell far out, for the reader holds the whole rectangle."""
        if self._row > MOST_ROWS or self._column > MOST_COLUMNS:
            words = f"has a filled cell beyond row {MOST_ROWS:,} or column {MOST_COLUMNS}"
            hint = "Delete what lies far below or right of the list"
            raise InputError([Fault(words, self.file, self._row, hint=hint)])


def _refuse_tight(members: list[zipfile.ZipInfo], file: str) -> None:
    """Refuse a zip file by the sizes that it claims; reading it shows claims that are false."""
    unpacked = sum(member.file_size for member in members)
    tight = any(m.file_size > MOST_RATIO * max(m.compress_size, 1_000) for m in members)
    if len(members) > MOST_MEMBERS or unpacked > MOST_UNPACKED or tight:
        words = "unpacks to far more than it is: it may be a zip bomb"
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


def _looked(name: str, content: bytes, file: str) -> _Part:
    """Look through one part; a sheet may lie under any name in .xml, and under no other."""
    part = _Part(file)
    if not name.lower().endswith(".xml") and name != LINKS:
        if b"sheetData" in content:
            raise InputError([Fault("hides a sheet in another part", file, hint=AGAIN)])
        return part
    parser = expat.ParserCreate()
    parser.StartElementHandler = part.start
    parser.EndElementHandler = part.end
    parser.CharacterDataHandler = part.text
    parser.StartDoctypeDeclHandler = refuse_doctype
    parser.Parse(content, True)
    return part


def _number(letters: str) -> int:
    number = 0
    for letter in letters.upper():
        number = number * 26 + ord(letter) - ord("A") + 1
    return number


MOST_BYTES = 20_000_000
OTHERS = (".xls", ".xlsb", ".ods", ".numbers")


def read_sheets(path: Path) -> dict[str, list[list[str]]]:
    """Read every visible sheet of a workbook.

    Parameters
    ----------
    path
        XLSX. Formulas give the value that was last saved.

    Returns
    -------
    dict
        Name of the sheet -> its rows from row 1 on, each a list of its cells as text; dates in
        ISO, whole numbers without a decimal point, blank = ""; a formula that failed is the error
        that Excel shows: "#REF!".

    Raises
    ------
    InputError
        Where the file is too large, packed too tightly, protected or no workbook.
    """
    raw = path.read_bytes()
    if len(raw) > MOST_BYTES:
        words = f"is larger than {MOST_BYTES // 1_000_000} MB"
        raise InputError([Fault(words, path.name, hint="Keep to one sheet of sites")])
    errors = look_through(raw, path.name)
    try:
        workbook = calamine.CalamineWorkbook.from_filelike(io.BytesIO(raw))
        visible = [s.name for s in workbook.sheets_metadata if s.visible == _VISIBLE]
        sheets = {name: workbook.get_sheet_by_name(name).to_python(False) for name in visible}
    except calamine.PasswordError:
        words = "is protected by a password"
        raise InputError([Fault(words, path.name, hint="Save it without the password")]) from None
    except (calamine.CalamineError, OSError, ValueError, OverflowError) as error:
        words = f"cannot be read as a workbook: {str(error).strip() or 'it is damaged'}"
        raise InputError([Fault(words, path.name, hint=AGAIN)]) from None
    if not sheets:
        raise InputError([Fault("has no visible sheet", path.name, hint=AGAIN)])
    texts = {name: [list(map(as_text, row)) for row in rows] for name, rows in sheets.items()}
    for name, grid in texts.items():
        for row, column, error in errors.get(name, ()):
            grid[row - 1][column - 1] = error
    return texts


_VISIBLE = calamine.SheetVisibleEnum.Visible


def as_text(cell: object) -> str:
    """Write a cell as text, as its user sees it where that is plain.

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
    return str(cell).strip()
