"""Shown: how a noun shows itself, as text in a console and as a small table in a notebook."""

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
    """What is shown of a noun.

    Parameters
    ----------
    title
        What it is, in a line.
    rows
        A small table; every row has the same keys, which are the heads of its columns. None is
        shown as blank, a number without decimals; write text where there must be some.
    notes
        What a reader must know of it, a line each.
    """

    title: str
    rows: Sequence[Row] = ()
    notes: tuple[str, ...] = ()

    def text(self) -> str:
        """The card as plain text.

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
        """The card as HTML; nothing in it is taken for HTML.

        Examples
        --------
        >>> Card("<Ely>", notes=("a & b",)).html()
        '<p><strong>&lt;Ely&gt;</strong></p><ul><li>a &amp; b</li></ul>'
        """
        table = self._frame().to_html(index=False, border=0) if self.rows else ""
        notes = "".join(f"<li>{escape(note)}</li>" for note in self.notes)
        listed = f"<ul>{notes}</ul>" if notes else ""
        return f"<p><strong>{escape(self.title)}</strong></p>{table}{listed}"

    def _frame(self) -> pd.DataFrame:
        rows = [{head: _written(cell) for head, cell in row.items()} for row in self.rows]
        return pd.DataFrame(rows)


class Display(ABC):
    """A noun that shows itself as a card; its dataclass says `repr=False`."""

    @abstractmethod
    def _card(self) -> Card:
        """What is shown of it."""

    def __repr__(self) -> str:
        return self._card().text()

    def _repr_html_(self) -> str:
        return self._card().html()


def share(value: float | None) -> str:
    """A share in per cent; blank where there is none.

    Examples
    --------
    >>> share(0.1234), share(float("nan"))
    ('12.3%', '')
    """
    return "" if value is None or pd.isna(value) else f"{100 * value:.1f}%"


def _written(cell: object) -> str:
    if cell is None or cell != cell:  # noqa: PLR0124  (NaN alone differs from itself)
        return ""
    return f"{cell:,.0f}" if isinstance(cell, Real) else str(cell)
