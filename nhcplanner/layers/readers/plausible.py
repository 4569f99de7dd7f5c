"""Plausibility: figures that no building or area has are questions, not data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from nhcplanner.base.text import plural, shortened
from nhcplanner.domain.intake import Answers, Question
from nhcplanner.layers.readers import cells
from nhcplanner.layers.readers.tables import Table

ACCEPT = "accept"


@dataclass(frozen=True)
class Span:
    """The usual range of a figure of one building.

    Parameters
    ----------
    low, high
        Ends, in the column's own unit; 0 is always allowed.
    noun
        What it is the figure of, for the message.
    unit
        Words of the unit.
    units
        Units that the figures may be in; empty where there is one only.
    """

    low: float
    high: float
    noun: str
    unit: str
    units: tuple[str, ...] = ()


MONEY = tuple(cells.UNITS)
SPANS: Mapping[str, Span] = {
    "cost": Span(10_000, 100_000_000, "capital cost", "pounds", MONEY),
    "running_cost": Span(1_000, 20_000_000, "yearly cost", "pounds", MONEY),
    "capacity": Span(50, 1_000_000, "capacity", "people"),
    "floor_area_m2": Span(10, 100_000, "floor area", "m2"),
}
"""Column -> its usual range: from a kiosk to the largest hospital."""


def figure_questions(
    table: Table, column: str, ours: str, values: pd.Series, answers: Answers, unit: str = ""
) -> list[Question]:
    """Questions about figures outside the usual range, one a column.

    Parameters
    ----------
    table
        The rows, for their numbers.
    column
        The file's heading.
    ours
        The schema's column.
    values
        What was read, in the schema's unit (float64, NaN = blank).
    answers
        `COLUMN.check=accept` takes the figures as they are.
    unit
        The unit that the user named; small figures are then taken as they are.
    """
    span = SPANS.get(ours)
    if span is None or answers.find(f"{ours}.check", table.file) == ACCEPT:
        return []
    figures = values.to_numpy(dtype=np.float64)
    low = np.flatnonzero((figures > 0) & (figures < span.low))
    high = np.flatnonzero(figures > span.high)
    found = []
    if len(low) and not unit:
        tiny = 2 * len(low) > np.count_nonzero(figures > 0)
        key = f"{ours}.unit" if tiny and span.units else f"{ours}.check"
        choices = span.units if tiny and span.units else (ACCEPT,)
        found.append(_question(table, column, span, (figures, low), key, choices))
    if len(high):
        found.append(_question(table, column, span, (figures, high), f"{ours}.check", (ACCEPT,)))
    return found


RATIOS = (("capacity", "floor_area_m2"), ("cost", "floor_area_m2"), ("cost", "running_cost"))
"""Pairs of figures of one building that are of similar proportion in all buildings of a list."""
ODD, FEWEST = 10.0, 4
"""Factor off the median of a list from which it is reported, and the fewest known rows for that."""


def report_proportions(table: Table, frame: pd.DataFrame) -> Table:
    """Report buildings whose figures are out of proportion, such as two swapped cells.

    Parameters
    ----------
    table
        The rows, for their numbers and the record.
    frame
        The same rows with the schema's names and units.
    """
    for first, second in RATIOS:
        if not {first, second} <= set(frame):
            continue
        both = frame[[first, second]].to_numpy(dtype=np.float64)
        known = np.flatnonzero((both > 0).all(axis=1))
        if len(known) < FEWEST:
            continue
        ratio = both[known, 0] / both[known, 1]
        times = ratio / np.median(ratio)
        odd = known[(times > ODD) | (times < 1 / ODD)]
        if not len(odd):
            continue
        rows = [f"row {table.row_number(int(n))}: {both[n, 0]:,.10g} to {both[n, 1]:,.10g}"
                for n in odd]  # fmt: skip
        words = (
            f"{SPANS[first].noun} and {SPANS[second].noun} out of proportion to the other rows "
            f"in {plural(len(odd), 'row')}: were cells swapped?"
        )
        table = table.with_event("doubt", words, len(odd), rows)
    return table


def _question(
    table: Table,
    column: str,
    span: Span,
    at: tuple[np.ndarray, np.ndarray],
    key: str,
    choices: tuple[str, ...],
) -> Question:
    figures, rows = at
    shown = shortened((f"row {table.row_number(int(r))}: {figures[r]:,.10g}" for r in rows), 3)
    words = (
        f"gives a {span.noun} of {figures[rows[0]]:,.10g} {span.unit} "
        f"({plural(len(rows), 'row')}: {shown}); usual are {span.low:,.0f} to {span.high:,.0f}"
    )
    first = int(rows[0]) + table.first_row
    hint = ""
    if choices == (ACCEPT,):
        hint = f"Correct the cells or the heading's unit; or --assume {key}={ACCEPT}"
    return Question(words, table.file, first, column, hint, key, choices)
