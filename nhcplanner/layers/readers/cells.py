"""Numerals: numbers as people type them.

Cells: what people type into a list - money, sizes, people, dates - as plain figures.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from datetime import date, datetime
from functools import lru_cache
from typing import Any

import numpy as np
import pandas as pd

from nhcplanner.base.errors import Fault
from nhcplanner.layers.readers.tables import Table

THOUSANDS = r"^([-+]?\d{1,3}(?:,\d{3})+(?:\.\d+)?)$"


def numbers(cells: pd.Series) -> pd.Series:
    """Read cells as float64; "1,234" is 1234, what is no number becomes NaN.

    Examples
    --------
    >>> numbers(pd.Series(["1,234", "5.5", "many", None])).tolist()
    [1234.0, 5.5, nan, nan]
    """
    if pd.api.types.is_numeric_dtype(cells):
        return cells.astype("float64").replace([np.inf, -np.inf], np.nan)
    text = cells.astype("str").str.strip().str.removeprefix("£")
    grouped = text.str.match(THOUSANDS, na=False)
    text = text.mask(grouped, text.str.replace(",", "", regex=False))
    values = pd.to_numeric(text, errors="coerce").astype("float64")
    return values.replace([np.inf, -np.inf], np.nan)


def numbers_where_sound(cells: pd.Series) -> pd.Series:
    """Read cells as numbers where all that are filled can be; else leave them as they are."""
    cells = cells.where(cells.astype("str").str.strip() != "")
    values = numbers(cells)
    return cells if (values.isna() & cells.notna()).any() else values


Read = Callable[[str], Any]
"""Reads the text of one cell; raises `ValueError` with what is wrong, in words."""

BLANK = ("tbc", "tbd", "to be confirmed", "to be determined", "n/a", "na", "n.a.", "unknown",
         "not known", "not available", "nk", "-", "--", "\N{EN DASH}", "?")  # fmt: skip
"""Words that say that a cell is blank."""

NUMBER = r"[-+]?(?:\d{1,3}(?:,\d{3})+|\d+)?(?:\.\d+)?(?:e[-+]?\d{1,3})?"
MONEY = re.compile(rf"(?:£|gbp)?\s*({NUMBER})\s*(bn|m|mn|million|k|thousand)?\s*(?:gbp|pounds)?")
TIMES = {"bn": 1e9, "m": 1e6, "mn": 1e6, "million": 1e6, "k": 1e3, "thousand": 1e3}
IN_MILLIONS = re.compile(r"(£|gbp|\b)\s*(m|mn|million|millions)\b")
IN_THOUSANDS = re.compile(r"(£|gbp|\b)\s*('?000'?s?|k|thousands?)(\b|$)")
MOST_POUNDS = 5e9

SIZE = re.compile(rf"({NUMBER})\s*(.*)")
METRES2 = re.compile(r"m2|m²|sq\.? ?m|sqm|square met(?:re|er)s?|sq\.? met(?:re|er)s?|m_?2")
FEET2 = re.compile(r"ft2|ft²|sq\.? ?ft|sqft|square f(?:oo|ee)t|sq\.? f(?:oo|ee)t")
FOOT2 = 0.3048**2

PEOPLE = re.compile(rf"({NUMBER})\s*(k|thousand)?\s*(?:people|patients|persons)?")

DAYS = ("%Y-%m-%d", "%d/%m/%Y", "%d/%m/%y", "%d-%m-%Y", "%d-%m-%y", "%d.%m.%Y", "%d.%m.%y",
        "%d %B %Y", "%d %b %Y", "%d-%b-%Y", "%d-%b-%y", "%Y/%m/%d")  # fmt: skip
MONTHS = ("%Y-%m", "%m/%Y", "%B %Y", "%b %Y", "%b-%y", "%b-%Y")
FIRST, LAST = 1990, 2100


def read_cells(
    table: Table, column: str, read: Read, hint: str
) -> tuple[pd.Series, list[Fault], int]:
    """Read every filled cell of a column.

    Parameters
    ----------
    table
        Cells as text, blanks missing.
    column
        Its column.
    read
        Reads one cell.
    hint
        What to do about a cell that cannot be read.

    Returns
    -------
    tuple
        What was read, None where blank or unreadable; a fault for each that is unreadable; how
        many cells say in words that they are blank.
    """
    values: list[Any] = []
    faults: list[Fault] = []
    said_blank = 0
    for row, cell in enumerate(table.frame[column]):
        value = None
        if not _is_blank(cell):
            text = " ".join(str(cell).split()).lower()
            said_blank += text in BLANK
            try:
                value = None if text in BLANK else read(text)
            except ValueError as error:
                words = f"{str(cell)[:60]} {error}"
                faults.append(Fault(words, table.file, row + table.first_row, column, hint))
        values.append(value)
    return pd.Series(values, index=table.frame.index, dtype="object"), faults, said_blank


def pounds(header: str) -> Read:
    """Give a reader of money: £1.2m, 1,200,000, 750k; £m or £000 may stand in the header.

    Examples
    --------
    >>> pounds("Cost")("£1.2m"), pounds("Cost (£m)")("1.2"), pounds("Cost (£)")("1,200,000")
    (1200000.0, 1200000.0, 1200000.0)
    """
    plain = header.lower().replace("_", " ")
    thousands, millions = IN_THOUSANDS.search(plain), IN_MILLIONS.search(plain)
    unit = 1e3 if thousands else 1e6 if millions else 1.0

    def read(text: str) -> float:
        match = MONEY.fullmatch(text)
        if not match or not match[1].strip("+-"):
            raise ValueError("is not one sum of money")
        value = _number(match[1]) * (TIMES[match[2]] if match[2] else unit)
        if value > MOST_POUNDS:
            raise ValueError(f"is {value:,.0f} pounds, more than any building costs")
        return round(value, 2)

    return read


def square_metres(header: str) -> Read:
    """Give a reader of floor areas; square feet become metres where header or cell says feet.

    Examples
    --------
    >>> square_metres("GIA (m2)")("1,200"), round(square_metres("Area (sq ft)")("1000"), 2)
    (1200.0, 92.9)
    """
    unit = _area_unit(header)

    def read(text: str) -> float:
        match = SIZE.fullmatch(text)
        if not match or not match[1].strip("+-"):
            raise ValueError("is not a number")
        own = _area_unit(match[2]) if match[2] else unit
        if own is None and match[2]:
            raise ValueError("is not a number of square metres or square feet")
        if own is None:
            raise ValueError("has no unit: m2 or sq ft?")
        return _number(match[1]) * own

    return read


def people(text: str) -> float:
    """Read a number of people: 5,000 or 5k.

    Examples
    --------
    >>> people("5,000"), people("12k")
    (5000.0, 12000.0)
    """
    match = PEOPLE.fullmatch(text)
    if not match or not match[1].strip("+-"):
        raise ValueError("is not a number of people")
    return _number(match[1]) * (1e3 if match[2] else 1.0)


@lru_cache(maxsize=4_096)
def iso_date(text: str) -> str:
    """Read a day, a month or a year, day before month as in the UK, and write it as ISO.

    Examples
    --------
    >>> iso_date("1/4/2025"), iso_date("april 2025"), iso_date("2025-04-01t00:00:00")
    ('2025-04-01', '2025-04', '2025-04-01')
    """
    text = re.sub(r"[t ]\d{2}:\d{2}(:\d{2}(\.\d+)?)?$", "", text)
    text = re.sub(r"\bsept\b", "sep", re.sub(r"(?<=\d)(st|nd|rd|th)\b", "", text))
    found = _parsed(text, DAYS)
    if found is not None:
        return _in_range(found).isoformat()
    found = _parsed(text, MONTHS)
    if found is not None:
        return _in_range(found).isoformat()[:7]
    if re.fullmatch(r"[1-9]\d{3}", text):
        return str(_in_range(date(int(text), 1, 1)).year)
    if re.fullmatch(r"\d{5}(\.\d+)?", text):
        raise ValueError("looks like Excel's count of days, not a date")
    raise ValueError("is not a date")


def _parsed(text: str, formats: tuple[str, ...]) -> date | None:
    for pattern in formats:
        try:
            return datetime.strptime(text, pattern).date()  # noqa: DTZ007  (a date has no zone)
        except ValueError:
            continue
    return None


def _in_range(found: date) -> date:
    if not FIRST <= found.year <= LAST:
        raise ValueError(f"is not between {FIRST} and {LAST}")
    return found


def _area_unit(words: str) -> float | None:
    plain = words.lower().replace("_", " ")
    if FEET2.search(plain):
        return FOOT2
    return 1.0 if METRES2.search(plain) else None


def _number(text: str) -> float:
    try:
        value = float(text.replace(",", ""))
    except ValueError:
        raise ValueError("is not a number") from None
    if not math.isfinite(value):
        raise ValueError("is not a number")
    return value


def _is_blank(cell: object) -> bool:
    if isinstance(cell, str):
        return not cell.strip()
    return pd.api.types.is_scalar(cell) and bool(pd.isna(cell))
