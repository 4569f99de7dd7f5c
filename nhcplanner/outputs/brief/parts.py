"""Parts: what a brief is made of, with no word of how it is drawn.

Written: figures as text, and tables of the evidence as tables of a brief.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, TypeAlias

import numpy as np
import pandas as pd

from nhcplanner.domain.evidence import Evidence
from nhcplanner.domain.evidence_tables import TABLES, Cell
from nhcplanner.outputs.wording import terms


@dataclass(frozen=True)
class Paragraph:
    """A paragraph.

    Parameters
    ----------
    text
        Its words.
    look
        "plain", "lead" (the sentence that a board is asked to agree) or "small".
    """

    text: str
    look: str = "plain"


@dataclass(frozen=True)
class Bullets:
    """A list.

    Parameters
    ----------
    items
        One text a point.
    """

    items: tuple[str, ...]


@dataclass(frozen=True)
class Commands:
    """Lines to type as they stand.

    Parameters
    ----------
    lines
        One command a line.
    """

    lines: tuple[str, ...]


@dataclass(frozen=True)
class Table:
    """A table.

    Parameters
    ----------
    caption
        What it shows.
    heads
        A heading a column.
    rows
        Cells as text.
    numbers
        For each column, whether it holds figures.
    note
        What is said under it: that it is shortened, that it is not complete; "" = nothing.
    """

    caption: str
    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    numbers: tuple[bool, ...]
    note: str = ""


@dataclass(frozen=True)
class Figure:
    """A picture.

    Parameters
    ----------
    caption
        What it shows.
    png
        The picture.
    alt
        What it tells, in words.
    source
        Where its figures and shapes come from.
    width
        On paper, millimetres.
    """

    caption: str
    png: bytes
    alt: str
    source: str
    width: float = 160.0


Part: TypeAlias = "Paragraph | Bullets | Commands | Table | Figure"


@dataclass(frozen=True)
class BriefSection:
    """A heading and what stands under it.

    Parameters
    ----------
    title
        The heading.
    parts
        In order.
    level
        1 or 2.
    fresh
        Whether it begins a page.
    """

    title: str
    parts: tuple[Part, ...] = ()
    level: int = 1
    fresh: bool = False


@dataclass(frozen=True)
class Brief:
    """A brief.

    Parameters
    ----------
    title, place
        What it is, and of where.
    marks
        What every page must carry: that the place is invented, that times are estimates.
    sections
        In order.
    one_page
        Whether it is set small, without contents, so that it fits a page.
    """

    title: str
    place: str
    marks: tuple[str, ...]
    sections: tuple[BriefSection, ...]
    one_page: bool = False

    @property
    def contents(self) -> tuple[tuple[int, str], ...]:
        """Number and title of each section of level 1."""
        return tuple((n, one.title) for n, one in enumerate(self.sections) if one.level == 1)


def numbered(sections: Iterable[BriefSection]) -> tuple[BriefSection, ...]:
    """The sections with their tables and figures numbered from 1 in their captions."""
    counts = {"Table": 0, "Figure": 0}

    def called(part: Part) -> Part:
        if not isinstance(part, Table | Figure):
            return part
        kind = type(part).__name__
        counts[kind] += 1
        return replace(part, caption=f"{kind} {counts[kind]}. {part.caption}")

    return tuple(replace(one, parts=tuple(map(called, one.parts))) for one in sections)


UNKNOWN = "not known"
TO_FILL = "not known: to be filled in by the ICB"
MOST = 24
"""Rows of a table in the brief; the rest stands in the workbook."""
SHEETS = {
    "options": "Options appraisal", "price": "Options appraisal", "costs": "Costs",
    "long_list": "Long list", "areas": "Areas",
    "groups": "Equality", "furthest": "Equality", "losers": "Equality", "inequality": "Equality",
    "within": "Access", "curve": "Access", "catchments": "Access",
    "assignment": "Access", "centres": "Access",
    "waves": "Access", "wave_sites": "Access",
    "robustness": "Sensitivity", "stays": "Sensitivity", "losses": "Sensitivity",
    "alternatives": "Sensitivity", "alternative_sites": "Sensitivity", "roles": "Long list",
}  # fmt: skip
"""Sheet of the workbook that holds each table in full."""


def people(value: float) -> str:
    """A number of people.

    Examples
    --------
    >>> people(12345.2), people(float("nan"))
    ('12,345', 'not known')
    """
    return UNKNOWN if pd.isna(value) else f"{value:,.0f}"


def cell(value: object, unit: str, blank: str = UNKNOWN) -> str:
    """A cell of the evidence as text.

    Parameters
    ----------
    value
        As the table has it.
    unit
        As `Cell` states it.
    blank
        What is said where there is no value.

    Examples
    --------
    >>> cell(0.25, "share"), cell(1200000.0, "pounds"), cell(True, ""), cell(None, "people")
    ('25.0%', '£1,200,000', 'yes', 'not known')
    >>> cell(-0.2, "people"), cell(-0.2, "pounds"), cell(-0.02, "minutes")
    ('0', '£0', '0.0')
    """
    if value is None or value == "" or pd.isna(value):  # type: ignore[call-overload]
        return blank
    if isinstance(value, bool | np.bool_):
        return "yes" if value else "no"
    return value if isinstance(value, str) else _figure(float(value), unit)  # type: ignore[arg-type]


def _figure(number: float, unit: str) -> str:
    """A figure with the digits that its unit deserves."""
    if unit == "share":
        return terms.share(number)
    if unit.startswith("pounds"):
        return f"{'-' if round(number) < 0 else ''}£{abs(number):,.0f}"
    if unit == "grid reference":
        return f"{number:.0f}"
    return f"{number:z,.{_DIGITS.get(unit, 0)}f}"


_DIGITS = {"minutes": 1, "years": 1, "ratio": 3}


@dataclass(frozen=True)
class TableFormat:
    """How a table of the evidence is to be called.

    Parameters
    ----------
    title
        Its caption; the table's own by default.
    labels, blanks
        By column: another heading, and what is said of a cell without a value.
    most
        Rows, at most.
    """

    title: str = ""
    labels: Mapping[str, str] = field(default_factory=dict)
    blanks: Mapping[str, str] = field(default_factory=dict)
    most: int = MOST


def evidence_table(
    evidence: Evidence,
    name: str,
    columns: Sequence[str],
    frame: pd.DataFrame | None = None,
    layout: TableFormat | None = None,
) -> tuple[Part, ...]:
    """A table of the evidence with some of its columns; a sentence where there is none.

    Parameters
    ----------
    evidence
        Whose.
    name
        Of `TABLES`.
    columns
        Which, in order.
    frame
        Its rows where not all are wanted, or in another order; the table's own by default.
    layout
        Title, labels and blanks; those of `TABLES` by default.
    """
    layout = layout or TableFormat()
    title = layout.title or TABLES[name].title
    rows = evidence.table(name) if frame is None else frame
    if rows is None:
        reason = evidence.reasons.get(name, "it was not asked for")
        return (Paragraph(f"{title}: not known. {_sentence(reason)}"),)
    if rows.empty:
        return (Paragraph(f"{title}: none."),)
    cells = [field for key in columns for field in TABLES[name].cells if field.name == key]
    table = Table(
        title,
        tuple(layout.labels.get(field.name, field.label) for field in cells),
        tuple(_row(row, cells, layout.blanks) for row in rows.head(layout.most).to_dict("records")),
        tuple(_figures(field, rows) for field in cells),
        " ".join([*map(_sentence, evidence.notes_on(name)), *_rest(name, len(rows), layout.most)]),
    )
    return (table,)


def _row(row: dict[Any, Any], cells: Sequence[Cell], blanks: Mapping[str, str]) -> tuple[str, ...]:
    unit = {"mixed": str(row.get("unit", ""))}
    return tuple(
        cell(row[field.name], unit.get(field.unit, field.unit), blanks.get(field.name, UNKNOWN))
        for field in cells
    )


def _figures(field: Cell, rows: pd.DataFrame) -> bool:
    column = rows[field.name]
    return pd.api.types.is_numeric_dtype(column) and not pd.api.types.is_bool_dtype(column)


def _rest(name: str, rows: int, most: int) -> list[str]:
    return [shortened(name, rows, most)] if rows > most else []


def shortened(name: str, rows: int, most: int) -> str:
    """Return the note on where to find all rows of a table that is cut short."""
    where = f"the workbook, sheet {SHEETS[name]}, and tables/{name}.csv"
    return f"The first {most} of {rows:,} rows; all of them are in {where}."


def _sentence(text: str) -> str:
    text = text.strip()
    return text if text.endswith((".", "!", "?")) else f"{text}."
