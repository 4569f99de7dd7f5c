"""Display of objects: as text in a console, and as a small table in a notebook."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape
from numbers import Real

import pandas as pd

Row = Mapping[str, object]


@dataclass(frozen=True)
class Card:
    """A title, a small table and notes.

    Parameters
    ----------
    title
        One line that describes the object.
    rows
        A table; all rows have the same keys, which are its column headings. None is shown as
        blank, and numbers without decimals; give text where decimals matter.
    notes
        Lines that a reader must know.
    """

    title: str
    rows: Sequence[Row] = ()
    notes: tuple[str, ...] = ()

    def text(self) -> str:
        """Return the card as plain text.

        Examples
        --------
        >>> print(Card("Ely", [{"minutes": 20, "people": 1234.0}], ("Made by hand",)).text())
        Ely
        minutes people
             20  1,234
        Made by hand
        """
        table = [self._frame().to_string(index=False)] if self.rows else []
        return "\n".join([self.title, *table, *self.notes])

    def html(self) -> str:
        """Return the card as HTML, with all text escaped.

        Examples
        --------
        >>> Card("<Ely>", notes=("a & b",)).html()
        '<p><strong>&lt;Ely&gt;</strong></p><ul><li>a &amp; b</li></ul>'
        """
        table = self._frame().to_html(index=False, border=0) if self.rows else ""
        notes = "".join(f"<li>{escape(note)}</li>" for note in self.notes)
        items = f"<ul>{notes}</ul>" if notes else ""
        return f"<p><strong>{escape(self.title)}</strong></p>{table}{items}"

    def _frame(self) -> pd.DataFrame:
        rows = [{head: _format_cell(cell) for head, cell in row.items()} for row in self.rows]
        return pd.DataFrame(rows)


class Display(ABC):
    """An object that is shown as a card; its dataclass needs `repr=False`."""

    @abstractmethod
    def _card(self) -> Card:
        """Return the card of the object."""

    def __repr__(self) -> str:
        return self._card().text()

    def _repr_html_(self) -> str:
        return self._card().html()


def share(value: float | None) -> str:
    """Write a share as a percentage; blank if it is missing.

    Examples
    --------
    >>> share(0.1234), share(float("nan"))
    ('12.3%', '')
    """
    return "" if value is None or pd.isna(value) else f"{100 * value:.1f}%"


def _format_cell(cell: object) -> str:
    if cell is None or cell != cell:  # noqa: PLR0124  (NaN alone differs from itself)
        return ""
    return f"{cell:,.0f}" if isinstance(cell, Real) else str(cell)
