"""Corrections: cells that a user typed anew on screen, and rows that they left out."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np

from nhcplanner.base.errors import InputError
from nhcplanner.base.text import plural
from nhcplanner.layers.readers.tables import Reading, Table, read_table


@dataclass(frozen=True)
class Corrections:
    """What a user corrected in one file.

    Parameters
    ----------
    cells
        (row, heading) -> text, as pairs, so that two corrections can be compared.
    left_out
        Numbers of the rows to leave out.
    """

    cells: tuple[tuple[tuple[int, str], str], ...] = ()
    left_out: frozenset[int] = field(default_factory=frozenset)


def correct(table: Table, corrections: Corrections) -> Table:
    """Return a table with the cells corrected and without the rows left out.

    Faults of corrected cells and of rows left out are removed.
    """
    frame = table.frame.copy()
    rows = {table.row_number(n): n for n in range(len(frame))}
    corrected = set()
    for (row, heading), text in corrections.cells:
        if row in rows and heading in frame:
            if frame[heading].dtype != "object":
                frame[heading] = frame[heading].astype("object")
            frame.loc[rows[row], heading] = text.strip() or None
            corrected.add((row, heading))
    corrected_rows = {row for row, _ in corrected}
    faults = tuple(
        fault
        for fault in table.faults
        if fault.row not in corrections.left_out
        and (
            (fault.row, fault.column) not in corrected
            if fault.column
            else fault.row not in corrected_rows
        )
    )
    return drop_rows(replace(table, frame=frame, faults=faults), corrections.left_out)


def drop_rows(table: Table, rows: Iterable[int | None]) -> Table:
    """Return a table without some rows, by their numbers."""
    excluded = set(rows)
    if not excluded:
        return table
    numbers = [table.row_number(n) for n in range(len(table.frame))]
    return table.select_rows(np.array([number not in excluded for number in numbers], dtype=bool))


def read_corrected(path: Path, reading: Reading, corrections: Corrections | None) -> Table:
    """Read a table with the corrections of a user, which its record lists.

    Raises
    ------
    InputError
        As `read_table`; faults of single rows only where the corrections leave them.
    """
    if corrections is None or corrections == Corrections():
        return read_table(path, reading=reading)
    table = correct(read_table(path, reading=replace(reading, lenient=True)), corrections)
    if table.faults and not reading.lenient:
        raise InputError(table.faults)
    if corrections.cells:
        cells = [f"row {row}, {heading}: {text[:40]}" for (row, heading), text in corrections.cells]
        words = f"{plural(len(cells), 'cell')} corrected on screen"
        table = table.with_event("assumed", words, len(cells), cells)
    if corrections.left_out:
        rows = [f"row {row}" for row in sorted(corrections.left_out)]
        words = f"{plural(len(rows), 'row')} left out on screen"
        table = table.with_event("left out", words, len(rows), rows)
    return table
