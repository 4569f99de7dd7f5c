"""Workbook: the sheets of a user's XLSX as rows of text, read without trusting the file."""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from datetime import date, datetime, time
from pathlib import Path
from xml.parsers import expat

import python_calamine as calamine

from nhcplanner.domain.errors import Fault, InputError

MOST_BYTES = 20_000_000
MOST_UNPACKED = 100_000_000
MOST_RATIO = 200
MOST_MEMBERS = 2_000
MOST_ROWS, MOST_COLUMNS = 50_000, 300
OTHERS = (".xls", ".xlsb", ".ods", ".numbers")
SAVE = "Save the list as an Excel workbook (.xlsx) or as CSV"
AGAIN = "Open it in Excel and save it again as .xlsx, or as CSV"


def read_sheets(path: Path) -> dict[str, list[list[str]]]:
    """Read every visible sheet of a workbook.

    Parameters
    ----------
    path
        XLSX. Formulas give the value that was last saved; a formula that failed is blank.

    Returns
    -------
    dict
        Name of the sheet -> its rows from row 1 on, each a list of its cells as text; dates in
        ISO, whole numbers without a decimal point, blank = "".

    Raises
    ------
    InputError
        Where the file is too large, packed too tightly, protected or no workbook.
    """
    raw = path.read_bytes()
    _refuse_bombs(raw, path.name)
    try:
        workbook = calamine.CalamineWorkbook.from_filelike(io.BytesIO(raw))
        visible = [s.name for s in workbook.sheets_metadata if s.visible == _VISIBLE]
        sheets = {name: workbook.get_sheet_by_name(name).to_python(False) for name in visible}
    except calamine.PasswordError:
        words = "is protected by a password"
        raise InputError([Fault(words, path.name, mend="Save it without the password")]) from None
    except (calamine.CalamineError, OSError, ValueError, OverflowError) as error:
        words = f"cannot be read as a workbook: {str(error).strip() or 'it is damaged'}"
        raise InputError([Fault(words, path.name, mend=AGAIN)]) from None
    if not sheets:
        raise InputError([Fault("has no visible sheet", path.name, mend=AGAIN)])
    return {name: [list(map(as_text, row)) for row in rows] for name, rows in sheets.items()}


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


def _refuse_bombs(raw: bytes, file: str) -> None:
    """Refuse what is no packed workbook, and what would not fit in memory once unpacked."""
    if len(raw) > MOST_BYTES:
        words = f"is larger than {MOST_BYTES // 1_000_000} MB"
        raise InputError([Fault(words, file, mend="Keep to one sheet of sites")])
    try:
        with zipfile.ZipFile(io.BytesIO(raw)) as packed:
            _refuse_tight(packed.infolist(), file)
            for member in packed.infolist():
                _refuse_far_cells(member.filename, packed.read(member), file)
    except InputError:
        raise
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError) as error:
        words = f"is no Excel workbook: {error}"
        raise InputError([Fault(words, file, mend=SAVE)]) from None
    except (RuntimeError, ValueError, LookupError, expat.ExpatError) as error:
        raise InputError([Fault(f"is damaged: {error}", file, mend=AGAIN)]) from None


def _refuse_tight(members: list[zipfile.ZipInfo], file: str) -> None:
    """Refuse a zip file by the sizes that it claims; reading it shows claims that are false."""
    unpacked = sum(member.file_size for member in members)
    tight = any(m.file_size > MOST_RATIO * max(m.compress_size, 1_000) for m in members)
    if len(members) > MOST_MEMBERS or unpacked > MOST_UNPACKED or tight:
        words = "unpacks to far more than it is: it may be a zip bomb"
        raise InputError([Fault(words, file, mend=AGAIN)])


def _refuse_far_cells(name: str, content: bytes, file: str) -> None:
    """Refuse a sheet with filled cells far out, for the reader holds the whole rectangle.

    A sheet may lie under any name that ends in .xml, and under no other. A document type
    declaration, which no workbook has, is refused before its entities are read.
    """
    row = column = 0

    def start(tag: str, attributes: dict[str, str]) -> None:
        nonlocal row, column
        name = tag.rpartition(":")[2]
        if name == "row":
            row, column = int(attributes.get("r", row + 1)), 0
        elif name == "c":
            at = re.fullmatch(r"([A-Za-z]{1,3})(\d{1,7})", attributes.get("r", ""))
            column = _number(at[1]) if at else column + 1
            row = int(at[2]) if at else row
        elif name in ("v", "f", "is") and (row > MOST_ROWS or column > MOST_COLUMNS):
            words = f"has a filled cell beyond row {MOST_ROWS:,} or column {MOST_COLUMNS}"
            mend = "Delete what lies far below or right of the list"
            raise InputError([Fault(words, file, row, mend=mend)])

    def doctype(*_: object) -> None:
        raise InputError([Fault("holds a document type declaration", file, mend=AGAIN)])

    if not name.lower().endswith(".xml"):
        if b"sheetData" in content:
            raise InputError([Fault("hides a sheet in another part", file, mend=AGAIN)])
        return
    parser = expat.ParserCreate()
    parser.StartElementHandler = start
    parser.StartDoctypeDeclHandler = doctype
    parser.Parse(content, True)


def _number(letters: str) -> int:
    number = 0
    for letter in letters.upper():
        number = number * 26 + ord(letter) - ord("A") + 1
    return number
