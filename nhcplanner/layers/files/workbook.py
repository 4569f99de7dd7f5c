"""Workbook: the sheets of a user's XLSX as rows of text, read without trusting the file."""

from __future__ import annotations

import io
from datetime import date, datetime, time
from pathlib import Path

import python_calamine as calamine

from nhcplanner.domain.errors import Fault, InputError
from nhcplanner.layers.files.packed import AGAIN, look_through

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
        raise InputError([Fault(words, path.name, mend="Keep to one sheet of sites")])
    errors = look_through(raw, path.name)
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
