"""Parts of a brief, independent of the format, and tables of the evidence as such parts."""

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
    """Paragraph of a brief.

    Parameters
    ----------
    text
        Text of the paragraph.
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
        Text of each item.
    """

    items: tuple[str, ...]


@dataclass(frozen=True)
class Commands:
    """Commands to type.

    Parameters
    ----------
    lines
        One command for each line.
    """

    lines: tuple[str, ...]


@dataclass(frozen=True)
class Table:
    """A table.

    Parameters
    ----------
    caption
        Text of the caption.
    heads
        Heading of each column.
    rows
        Cells as text.
    numbers
        For each column, whether it holds figures.
    note
        Note under the table, such as that it is shortened or incomplete; "" = none.
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
        Text of the caption.
    png
        The picture.
    alt
        Text that replaces the picture for readers who do not see it.
    source
        Where its figures and shapes come from.
    width
        Width on paper in millimetres.
    """

    caption: str
    png: bytes
    alt: str
    source: str
    width: float = 160.0


Part: TypeAlias = "Paragraph | Bullets | Commands | Table | Figure"


@dataclass(frozen=True)
class BriefSection:
    """Section of a brief: a heading and its parts.

    Parameters
    ----------
    title
        The heading.
    parts
        In order.
    level
        1 or 2.
    fresh
        Whether it starts on a new page.
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
        Marks on every page: that the place is invented, that times are estimates.
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
        """Return the number and title of each section of level 1."""
        return tuple((n, one.title) for n, one in enumerate(self.sections) if one.level == 1)


def numbered(sections: Iterable[BriefSection]) -> tuple[BriefSection, ...]:
    """Return the sections with tables and figures numbered from 1 in their captions."""
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
"""Most rows of a table in the brief; the workbook has all of them."""
SHEETS = {
    "options": "Options appraisal", "price": "Options appraisal", "costs": "Costs",
    "long_list": "Long list", "areas": "Areas",
    "groups": "Equality", "furthest": "Equality", "losers": "Equality", "inequality": "Equality",
    "within": "Access", "windows": "Access", "curve": "Access", "catchments": "Access",
    "assignment": "Access", "centres": "Access", "competition": "Access",
    "patients": "Access",
    "waves": "Access", "wave_sites": "Access", "years": "Access",
    "robustness": "Sensitivity", "stays": "Sensitivity", "losses": "Sensitivity",
    "alternatives": "Sensitivity", "alternative_sites": "Sensitivity", "roles": "Long list",
}  # fmt: skip
"""Sheet of the workbook with all rows of each table."""


def people(value: float) -> str:
    """Format a number of people.

    Examples
    --------
    >>> people(12345.2), people(float("nan"))
    ('12,345', 'not known')
    """
    return UNKNOWN if pd.isna(value) else f"{value:,.0f}"


def cell(value: object, unit: str, blank: str = UNKNOWN) -> str:
    """Format a value of the evidence as text.

    Parameters
    ----------
    value
        Value in the table.
    unit
        Unit of the column, as in `Cell`.
    blank
        Text for a missing value.

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
    """Format a number with the decimals of its unit."""
    if unit == "share":
        return terms.share(number)
    if unit.startswith("pounds"):
        return f"{'-' if round(number) < 0 else ''}£{abs(number):,.0f}"
    if unit in ("grid reference", "year"):
        return f"{number:.0f}"
    return f"{number:z,.{_DIGITS.get(unit, 0)}f}"


_DIGITS = {"minutes": 1, "years": 1, "ratio": 3}


@dataclass(frozen=True)
class TableFormat:
    """Title and labels of a table of the evidence.

    Parameters
    ----------
    title
        Caption; by default the title of the table.
    labels, blanks
        By column: another heading, and the text of a missing value.
    most
        Largest number of rows.
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
    """Return some columns of a table of the evidence; a sentence if there is no table.

    Parameters
    ----------
    evidence
        Whose.
    name
        Name of the table, from `TABLES`.
    columns
        Names of the columns, in order.
    frame
        Rows to show; by default all rows of the table.
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
        reason = evidence.reasons.get(name, "")
        return (Paragraph(f"{title}: {f'not known. {_sentence(reason)}' if reason else 'none.'}"),)
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
