"""Workbooks: the sheets of XLSX, XLSM, XLSB, XLS and ODS as grids, without trusting the file."""

from __future__ import annotations

import io
import zipfile
from dataclasses import dataclass
from datetime import date, datetime, time
from pathlib import Path

import python_calamine as calamine

from nhcplanner.base.archive import UNPACKING
from nhcplanner.base.errors import Fault, InputError
from nhcplanner.base.text import bare
from nhcplanner.layers.readers.grids import Grid
from nhcplanner.layers.readers.ods import CONTENT, look_through_ods
from nhcplanner.layers.readers.xlsx import AGAIN, BOOK, SAVE, Marks, look_through, refuse_tight

WORKBOOKS = (".xlsx", ".xlsm", ".xlsb", ".xls", ".ods")
"""Workbooks that are read; macros in them are never run."""
MOST_BYTES = 20_000_000
BINARY = "xl/workbook.bin"
OLD = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
"""How compound files begin: XLS, and workbooks that Excel has encrypted ([MS-CFB] 2.2)."""
ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
"""Name of the stream that holds an encrypted workbook ([MS-OFFCRYPTO] 2.3.4.4)."""
UNLOCK = (
    "Open it in Excel, choose File, Info, Protect Workbook, Encrypt with Password, delete the "
    "password, and save it"
)
_UNSEEN = (
    "hidden rows, struck-through text, comments and formulas without a value cannot be seen in "
    "this format"
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
        What could not be looked at, in words.
    """

    grids: tuple[Grid, ...]
    hidden: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


def read_workbook(path: Path) -> Workbook:
    """Read every visible sheet of a workbook; its format is taken from its content.

    Formulas give the value that was last saved; dates are in ISO, whole numbers without a decimal
    point; a formula that failed is the error that Excel shows, e.g. "#REF!".

    Raises
    ------
    InputError
        Where the file is too large, packed too tightly, locked, damaged or no workbook.
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
    """What each sheet's XML shows; a note where the format does not show it."""
    if raw.startswith(OLD):
        if ENCRYPTED in raw:
            raise InputError([_locked(file)])
        return {}, (_UNSEEN,)
    try:
        with zipfile.ZipFile(io.BytesIO(raw)) as packed:
            members = packed.infolist()
            names = {member.filename for member in members}
            refuse_tight(members, file)
            if CONTENT in names and b"encryption-data" in _manifest(packed, names):
                raise InputError([_locked(file)])
    except (*UNPACKING, OSError, RuntimeError) as error:
        raise InputError([Fault(f"is no Excel workbook: {error}", file, hint=SAVE)]) from None
    if CONTENT in names and BOOK not in names:
        return look_through_ods(raw, file), ()
    if BINARY in names:
        return {}, (_UNSEEN,)
    return look_through(raw, file), ()


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
    given = sheet.merged_cell_ranges or []
    merged = [(*first, *last) for first, last in given]
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
    return bare(str(cell))
