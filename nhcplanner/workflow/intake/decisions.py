"""Decisions of a user about an uploaded list."""

from __future__ import annotations

from dataclasses import dataclass

NOT_USED = ""
"""Choice for a column that is not read."""
CHANGE, ADD, LEAVE_OUT = "change", "add", "leave out"
MATCHES = (CHANGE, LEAVE_OUT, ADD)
"""What to do with a row that may be a site of the place already."""


@dataclass(frozen=True)
class Decisions:
    """Decisions about an upload; tuples of pairs, so that two can be compared.

    Parameters
    ----------
    columns
        Heading -> column of the schema, or `NOT_USED`; others are used as guessed.
    words
        (column of the schema, word of the list) -> word of the schema.
    answers
        Key of a question, or "COLUMN.unit" -> answer.
    cells
        (row, heading) -> corrected text.
    left_out
        Numbers of the rows to leave out.
    no_faulty, no_far
        Whether to leave out all rows with problems, and all rows outside the place.
    matches
        Row number -> one of `MATCHES`, for rows that may be in the place already; row 0 stands for
        all that have no entry.
    """

    columns: tuple[tuple[str, str], ...] = ()
    words: tuple[tuple[tuple[str, str], str], ...] = ()
    answers: tuple[tuple[str, str], ...] = ()
    cells: tuple[tuple[tuple[int, str], str], ...] = ()
    left_out: frozenset[int] = frozenset()
    no_faulty: bool = False
    no_far: bool = False
    matches: tuple[tuple[int, str], ...] = ()
