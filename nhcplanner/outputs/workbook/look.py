"""Look: the workbook's colours and number formats, by what a cell holds."""

from __future__ import annotations

from typing import Any

from xlsxwriter import Workbook
from xlsxwriter.format import Format

from nhcplanner.outputs import style

FILL = "#FFF6D6"
"""Ground of a cell that people are to fill."""
UNITS = {
    "people": "#,##0",
    "minutes": "0.0",
    "share": "0.0%",
    "pounds": "£#,##0",
    "pounds a year": "£#,##0",
    "year": "0",
    "mixed": "#,##0.00",
    "metres": "#,##0",
    "m2": "#,##0",
}
_CELL = {
    "border": 1,
    "border_color": "#AEB7BD",
    "valign": "top",
    "font_name": "Arial",
    "font_size": 10,
}
_KINDS: dict[str, dict[str, Any]] = {
    "title": {"bold": True, "font_size": 16, "font_color": style.BLUE, "font_name": "Arial"},
    "place": {"bold": True, "font_size": 11, "font_color": style.INK, "font_name": "Arial"},
    "heading": {"bold": True, "font_size": 12, "font_color": style.BLUE, "font_name": "Arial"},
    "note": {"italic": True, "font_color": "#425563", "font_name": "Arial", "valign": "top"},
    "words": {"text_wrap": True, "valign": "top", "font_name": "Arial", "font_size": 10},
    "head": _CELL
    | {
        "bold": True,
        "text_wrap": True,
        "font_color": style.WHITE,
        "bg_color": style.BLUE,
        "valign": "vcenter",
        "align": "left",
        "indent": 1,
    },
    "text": _CELL | {"text_wrap": True, "align": "left", "indent": 1},
    "number": _CELL | {"align": "right"},
    "input": _CELL | {"bg_color": FILL, "text_wrap": True},
    "mark": {"bg_color": FILL},
    "total": _CELL | {"bold": True, "bg_color": style.PALE},
}


class Look:
    """Formats of one workbook, each made once.

    Parameters
    ----------
    book
        The workbook.
    """

    def __init__(self, book: Workbook) -> None:
        self._book = book
        self._made: dict[str, Format] = {}

    def of(self, kind: str, unit: str = "") -> Format:
        """The format of a kind of cell ("title", "head", "text", "input", ...) with a unit."""
        key = f"{kind}/{unit}"
        if key not in self._made:
            wanted = dict(_KINDS[kind])
            if unit:
                wanted |= {"num_format": UNITS[unit], "align": "right", "indent": 0}
            self._made[key] = self._book.add_format(wanted)
        return self._made[key]
