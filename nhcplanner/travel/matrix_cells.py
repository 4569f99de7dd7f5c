"""Cells of a matrix: numbers, clock times and blanks as minutes."""

from __future__ import annotations

import re

import pandas as pd

from nhcplanner.base.errors import Fault
from nhcplanner.domain.intake import Answers, Question
from nhcplanner.travel.matrix_columns import UNIT_KEY

PER_MINUTE = {"minutes": 1.0, "seconds": 60.0, "hours": 1 / 60}
NO_JOURNEY = ("", "na", "n/a", "nan", "null", "none", "-", "inf")
"""Cells that mean that there is no journey, in lower case."""
LONG = 600.0
"""Minutes that the median journey of a matrix for planning a place does not take."""
SHORT = 0.5
"""Minutes that the median journey takes at least."""
CLOCK = re.compile(r"(\d{1,3}):([0-5]\d):([0-5]\d(?:\.\d+)?)")
HALF_CLOCK = re.compile(r"\d{1,3}:[0-5]\d")
DECIMAL_COMMA = re.compile(r"-?\d+,\d{1,2}|-?\d+,\d{4,}")


def to_numbers(text: pd.Series, unit: str) -> tuple[pd.Series, str, list[str]]:
    """Numbers of cells, the unit that they are in, and conversions in words.

    Parameters
    ----------
    text
        Cells in lower case.
    unit
        The unit of plain numbers; empty where nothing tells.

    Returns
    -------
    pandas.Series
        NaN where a cell has no journey or is no number.
    str
        "seconds" where the cells are hours:minutes:seconds.
    list of str
        What was converted.
    """
    filled = text[~text.isin(NO_JOURNEY)]
    if len(filled) and filled.str.fullmatch(CLOCK.pattern).all():
        parts = text.str.extract(CLOCK).astype(float)
        words = f"{len(filled):,} cells are hours:minutes:seconds, as {filled.iloc[0]}"
        return 3600 * parts[0] + 60 * parts[1] + parts[2], "seconds", [words]
    converted = []
    comma = text.str.fullmatch(DECIMAL_COMMA.pattern)
    if comma.any():
        converted.append(
            f"{int(comma.sum()):,} cells have a decimal comma, as {text[comma].iloc[0]}"
        )
        text = text.where(~comma, text.str.replace(",", "."))
    return pd.to_numeric(text.mask(text.isin(NO_JOURNEY)), errors="coerce"), unit, converted


def clock_fault(text: pd.Series, file: str) -> list[Fault]:
    """A fault where cells are two numbers with a colon, of which nothing tells the units."""
    half = text.str.fullmatch(HALF_CLOCK.pattern)
    if not half.any():
        return []
    problem = f"{int(half.sum()):,} cells are like {text[half].iloc[0]}, minutes or hours first"
    row = int(text.index[half.to_numpy()][0]) + 2
    return [Fault(problem, file, row, hint="Give hours:minutes:seconds, or a number")]


def check_unit(minutes: pd.Series, unit: str, file: str, answers: Answers) -> list[Fault]:
    """A question where the median journey is implausibly long or short for the unit."""
    median = minutes[minutes > 0].median()
    if pd.isna(median) or SHORT <= median <= LONG or answers.find(UNIT_KEY, file):
        return []
    problem = f"its median is {median:,.4g} minutes if its times are {unit}: are they?"
    return [Question(problem, file, key=UNIT_KEY, answers=tuple(PER_MINUTE))]
