"""Parts: what a brief is made of, with no word of how it is drawn."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import TypeAlias


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
class Section:
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
    """

    title: str
    place: str
    marks: tuple[str, ...]
    sections: tuple[Section, ...]

    @property
    def contents(self) -> tuple[tuple[int, str], ...]:
        """Number and title of each section of level 1."""
        return tuple((n, one.title) for n, one in enumerate(self.sections) if one.level == 1)


def numbered(sections: Iterable[Section]) -> tuple[Section, ...]:
    """The sections with their tables and figures numbered from 1 in their captions."""
    counts = {"Table": 0, "Figure": 0}

    def called(part: Part) -> Part:
        if not isinstance(part, Table | Figure):
            return part
        kind = type(part).__name__
        counts[kind] += 1
        return replace(part, caption=f"{kind} {counts[kind]}. {part.caption}")

    return tuple(replace(one, parts=tuple(map(called, one.parts))) for one in sections)
