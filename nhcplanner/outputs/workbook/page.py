"""Sheets of the workbook, written from the top down and ready to print, and their formats."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd
from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.utility import xl_rowcol_to_cell
from xlsxwriter.worksheet import Worksheet

from nhcplanner.domain.evidence_tables import Cell
from nhcplanner.outputs import style
from nhcplanner.outputs.sanitise import sanitise

UNITS = {
    "people": "#,##0",
    "spaces": "#,##0",
    "minutes": "0.0",
    "whole minutes": "0",
    "share": "0.0%",
    "ratio": "0.000",
    "pounds": "£#,##0",
    "pounds a year": "£#,##0",
    "year": "0",
    "mixed": "#,##0.00",
    "metres": "#,##0",
    "grid reference": "0",
    "years": "0.0",
    "m²": "#,##0",
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
    "input": _CELL | {"bg_color": style.TO_FILL, "text_wrap": True},
    "mark": {"bg_color": style.TO_FILL},
    "total": _CELL | {"bold": True, "bg_color": style.PALE},
}


class SheetStyle:
    """Cell formats of a workbook, each made once.

    Parameters
    ----------
    book
        The workbook.
    """

    def __init__(self, book: Workbook) -> None:
        self._book = book
        self._made: dict[str, Format] = {}

    def of(self, kind: str, unit: str = "") -> Format:
        """Return the format of a kind of cell ("title", "head", "text", "input"...) and a unit."""
        key = f"{kind}/{unit}"
        if key not in self._made:
            properties = dict(_KINDS[kind])
            if unit:
                properties |= {"num_format": UNITS[unit], "align": "right", "indent": 0}
            self._made[key] = self._book.add_format(properties)
        return self._made[key]


NARROW, WIDE = 7, 46
LINE = 14.5
SLIM = 0.88
"""Width of a common letter, in the unit of column widths."""
BOLD, INDENT = 1.08, 2
"""Width of a bold letter, in the unit of column widths, and letters of an indent."""
WORDS_ACROSS = 8
A4, A3 = 9, 8
_PICTURE = re.compile(r"&(?=[\[Gg])")


@dataclass(frozen=True)
class Block:
    """Position of a table on its sheet.

    Parameters
    ----------
    first, last
        Its first and last row of data, from 0; last < first if it has none.
    columns
        Column of each cell by name, from 0.
    """

    first: int
    last: int
    columns: dict[str, int]

    def at(self, row: int, name: str) -> tuple[int, int]:
        """Return row and column on the sheet of a cell in a row of the table."""
        return self.first + row, self.columns[name]

    def cell(self, row: int, name: str, fixed: bool = False) -> str:
        """Return the address of a cell; rows count from the first row of the table."""
        return str(xl_rowcol_to_cell(*self.at(row, name), fixed, fixed))

    def range(self, name: str) -> str:
        """Return the absolute address of a column of data."""
        ends = (self.cell(row, name, True) for row in (0, self.last - self.first))
        return ":".join(ends)


@dataclass(frozen=True)
class Blocks(Block):
    """Two tables with the same rows, one below the other, used as one table.

    Parameters
    ----------
    below
        The second table; `first`, `last` and `columns` belong to the first.
    """

    below: Block

    @classmethod
    def of(cls, above: Block, below: Block) -> Blocks:
        """Join two tables."""
        return cls(above.first, above.last, above.columns, below)

    def at(self, row: int, name: str) -> tuple[int, int]:
        """Return row and column of a cell, in the table that has the column."""
        if name in self.columns:
            return super().at(row, name)
        return self.below.at(row, name)


class SheetPage:
    """Sheet of the workbook, written from the top down.

    Parameters
    ----------
    book
        The workbook.
    look
        Its formats.
    name
        Name and title of the sheet.
    place
        Text above the title and in the header of each printed page.
    paper
        A4 or A3.
    """

    def __init__(
        self, book: Workbook, look: SheetStyle, name: str, place: str, paper: int = A4
    ) -> None:
        self.sheet: Worksheet = book.add_worksheet(name)
        self.name, self.look, self.row = name, look, 0
        self._widths: dict[int, float] = {}
        self._texts: dict[int, list[tuple[int, int, int]]] = {}
        self._heads: dict[int, list[tuple[int, str]]] = {}
        self._line(place, "place")
        self.sheet.set_row(self.row, 24)
        self._line(name, "title")
        self.row += 1
        self.sheet.hide_gridlines(2)
        self.sheet.set_landscape()
        self.sheet.set_paper(paper)
        self.sheet.fit_to_pages(1, 0)
        self.sheet.set_margins(left=0.4, right=0.4, top=0.7, bottom=0.6)
        self.sheet.set_header(f"&L{_as_typed(place[:90])}&R{name}")
        self.sheet.set_footer("&LNeighbourhood health centres, nhcplanner&RPage &P of &N")

    def heading(self, words: str) -> None:
        """Write a heading."""
        self.row += 1
        self._line(words, "heading")

    def words(self, *lines: str) -> None:
        """Write sentences, each over the width of the page."""
        for line in lines:
            safe = str(sanitise(line))
            self.across(self.row, 0, WORDS_ACROSS - 1, safe, "words")
            self.row += 1

    def across(self, row: int, first: int, last: int, words: str, kind: str) -> None:
        """Write a text over several columns, both ends included."""
        style = self.look.of(kind)
        self.sheet.merge_range(row, first, row, last, "", style)
        self.sheet.write_string(row, first, words, style)  # never a formula, a link or a number
        self._texts.setdefault(row, []).append((first, last, len(words)))

    def table(
        self,
        frame: pd.DataFrame,
        cells: Sequence[Cell],
        repeat: bool = False,
    ) -> Block:
        """Write a table with its headings; unknown values stay blank.

        Parameters
        ----------
        frame
            Table with a column for each cell; missing columns stay blank.
        cells
            Columns with their headings and units.
        repeat
            Whether the headings repeat on each printed page and stay visible on screen.
        """
        for column, cell in enumerate(cells):
            self.sheet.write_string(self.row, column, cell.label, self.look.of("head"))
            self._widen(column, max(*map(len, cell.label.split()), len(cell.label) / 3) + 2)
            self._heads.setdefault(self.row, []).append((column, cell.label))
        if repeat:
            self.sheet.repeat_rows(self.row)
            self.sheet.freeze_panes(self.row + 1, 0)
        first = self.row + 1
        for column, cell in enumerate(cells):
            values = frame[cell.name].tolist() if cell.name in frame else [None] * len(frame)
            units = _units(frame, cell)
            for number, value in enumerate(values):
                self.put(first + number, column, value, units[number])
        block = Block(first, first + len(frame) - 1, {cell.name: n for n, cell in enumerate(cells)})
        self.row = block.last + 2
        return block

    def put(self, row: int, column: int, value: Any, unit: str = "", kind: str = "text") -> None:
        """Write a cell: numbers as numbers, text that no spreadsheet runs, unknown values blank."""
        unknown = value is None or (isinstance(value, float) and not math.isfinite(value))
        if unknown or value == "" or value is pd.NA:
            self.sheet.write_blank(row, column, None, self.look.of(kind, unit))
        elif isinstance(value, bool):
            self.sheet.write_string(row, column, "yes" if value else "no", self.look.of(kind))
            self._widen(column, 4)
        elif isinstance(value, (int, float)):
            plain = kind == "text" and not unit
            style = self.look.of("number" if plain else kind, unit)
            self.sheet.write_number(row, column, value, style)
            self._widen(column, len(f"{value:,.0f}") + 3)
        else:
            safe = str(sanitise(str(value)))
            self.sheet.write_string(row, column, safe, self.look.of(kind))
            self._widen(column, len(safe) + 2)
            self._texts.setdefault(row, []).append((column, column, len(safe)))

    def formula(
        self, row: int, column: int, formula: str, value: Any, unit: str = "", kind: str = "number"
    ) -> None:
        """Write a formula with its value today, for readers that do not calculate.

        One of the kind "words" takes the width of the page.
        """
        known = value is not None and not (isinstance(value, float) and math.isnan(value))
        cached = value if known else ""
        style = self.look.of(kind, unit)
        if kind == "words":
            last = column + WORDS_ACROSS - 1
            self.sheet.merge_range(row, column, row, last, "", style)
            self._texts.setdefault(row, []).append((column, last, len(str(cached))))
        else:
            self._widen(column, 12)
        self.sheet.write_formula(row, column, formula, style, cached)

    def finish(self, **least: float) -> None:
        """Set the widths of columns and heights of rows; call this last.

        Parameters
        ----------
        least
            Least width of a column by its letter.
        """
        width = {n: min(max(wide, NARROW), WIDE) for n, wide in self._widths.items()}
        for letter, least_width in least.items():
            column = ord(letter) - ord("A")
            width[column] = max(width.get(column, NARROW), least_width)
        for column, wide in width.items():
            self.sheet.set_column(column, column, wide)
        for row, heads in self._heads.items():
            lines = max(_lines(label, width.get(column, NARROW)) for column, label in heads)
            self.sheet.set_row(row, LINE * lines)
        for row, texts in self._texts.items():
            lines = max(
                math.ceil(
                    SLIM * letters / sum(width.get(n, NARROW) for n in range(first, last + 1))
                )
                for first, last, letters in texts
            )
            if lines > 1:
                self.sheet.set_row(row, LINE * lines)

    def mark_blanks(self, block: Block, names: Sequence[str]) -> None:
        """Colour cells that people must fill, while they are blank."""
        marked = self.look.of("mark")
        for name in names:
            if block.last >= block.first:
                column = block.columns[name]
                self.sheet.conditional_format(
                    block.first, column, block.last, column, {"type": "blanks", "format": marked}
                )

    def choose(self, block: Block, name: str, words: Sequence[str]) -> None:
        """Add a drop-down list of words to a column; other words are allowed too."""
        if block.last < block.first:
            return
        column = block.columns[name]
        options = {
            "validate": "list",
            "source": list(words),
            "error_type": "information",
            "error_title": "Not in the list",
            "error_message": "You may keep it, or choose from the list.",
        }
        self.sheet.data_validation(block.first, column, block.last, column, options)

    def _line(self, words: str, kind: str) -> None:
        self.sheet.write_string(self.row, 0, str(sanitise(words)), self.look.of(kind))
        self.row += 1

    def _widen(self, column: int, letters: float) -> None:
        self._widths[column] = max(self._widths.get(column, 0.0), letters * 1.05)


def _lines(label: str, width: float) -> int:
    """Return the number of lines of a bold heading in a column, without dividing words."""
    lines, room = 1, width / BOLD - INDENT
    used = 0.0
    for word in label.split():
        if used and used + 1 + len(word) > room:
            lines, used = lines + 1, 0.0
        used += len(word) + (1 if used else 0)
    return lines


def _as_typed(words: str) -> str:
    """Escape a text for the header of a printed page, where & begins a code."""
    return _PICTURE.sub("& ", words).replace("&", "&&")


def _units(frame: pd.DataFrame, cell: Cell) -> list[str]:
    """Return the unit of each row of a column; rows of mixed units name theirs in `unit`."""
    if cell.unit == "mixed" and "unit" in frame:
        return [unit if unit in UNITS else "mixed" for unit in frame["unit"].tolist()]
    return [cell.unit] * len(frame)
