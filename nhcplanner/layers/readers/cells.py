"""Cells as plain figures: numbers, money, sizes, people and dates as people type them."""

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

THOUSANDS = r"^([-+]?[1-9]\d{0,2}(?:[, \u00a0\u2009\u202f]\d{3})+(?:\.\d+)?)$"
GROUPS = r"[, \u00a0\u2009\u202f]"
ROUNDED = re.compile(r"[-+]?\d(?:\.(\d+))?e\+?(\d+)", re.IGNORECASE)
"""A number in scientific form: its decimals and its exponent."""
EXCEL_DECIMALS = 2
ROUNDED_HINT = "Format the column as a plain number with all its digits in Excel, and save again"


def is_rounded(text: str) -> bool:
    """Whether a number is in scientific form with fewer digits than it may have had.

    Excel shows long numbers in this form and saves them to CSV: 331504 becomes 3.32E+05. Its form
    has two decimals, so that 59.25 becomes 5.93E+01 and two decimals are never taken as all.

    Examples
    --------
    >>> is_rounded("3.31E+05"), is_rounded("3.31504E+05"), is_rounded("5.93E+01")
    (True, False, True)
    """
    match = ROUNDED.fullmatch(text.strip())
    if match is None:
        return False
    decimals = len(match[1] or "")
    return decimals < int(match[2]) or decimals == EXCEL_DECIMALS


DOTTED = r"[1-9]\d{0,2}(?:\.\d{3})+"
"""A number that may have points as thousands separators: 1.200 for 1,200."""


def dotted_rows(cells: pd.Series) -> np.ndarray:
    """Return the positions of cells that may have points as thousands separators.

    Examples
    --------
    >>> dotted_rows(pd.Series(["1.200", "1200", "1.25", None]))
    array([0])
    """
    if pd.api.types.is_numeric_dtype(cells):
        return np.empty(0, dtype=np.intp)
    text = cells.astype("object").where(cells.notna(), "").astype("str").str.strip()
    return np.flatnonzero(text.str.fullmatch(DOTTED))


def rounded_faults(cells: pd.Series, table: Table, column: str) -> list[Fault]:
    """Return a fault for a column with rounded numbers in scientific form."""
    if not pd.api.types.is_string_dtype(cells) and cells.dtype != "object":
        return []
    rows = [n for n, cell in enumerate(cells) if isinstance(cell, str) and is_rounded(cell)]
    if not rows:
        return []
    more = f"; {len(rows):,} cells like this" if len(rows) > 1 else ""
    words = f"{cells.iloc[rows[0]]} is rounded, in scientific form{more}"
    return [Fault(words, table.file, rows[0] + table.first_row, column, ROUNDED_HINT)]


def numbers(cells: pd.Series) -> pd.Series:
    """Read cells as float64; "1,234" and "1 234" are 1234, other text becomes NaN.

    Examples
    --------
    >>> numbers(pd.Series(["1,234", "5.5", "many", None])).tolist()
    [1234.0, 5.5, nan, nan]
    """
    if pd.api.types.is_numeric_dtype(cells):
        return cells.astype("float64").replace([np.inf, -np.inf], np.nan)
    text = cells.astype("str").str.strip().str.removeprefix("£")
    grouped = text.str.match(THOUSANDS, na=False)
    text = text.mask(grouped, text.str.replace(GROUPS, "", regex=True))
    values = pd.to_numeric(text, errors="coerce").astype("float64")
    return values.replace([np.inf, -np.inf], np.nan)


def numbers_where_sound(cells: pd.Series) -> pd.Series:
    """Read cells as numbers if all filled cells are numbers; else leave them unchanged."""
    cells = cells.where(cells.astype("str").str.strip() != "")
    values = numbers(cells)
    return cells if (values.isna() & cells.notna()).any() else values


Read = Callable[[str], Any]
"""Reads the text of one cell; raises `ValueError` with a message."""

MADE_DATE = re.compile(
    r"\d{1,2}-(jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)(-\d{2,4})?"
    r"|(jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)-\d{2,4}"
    r"|(19|20)\d{2}-\d{2}-\d{2}(t.*)?",
    re.IGNORECASE,
)
"""A date that Excel made from a code or an age band: Oct-14, 01-May."""
DATE_HINT = "Format the column as text in Excel before the values are typed, and give them anew"


def date_faults(cells: pd.Series, table: Table, column: str) -> list[Fault]:
    """Return a fault for a column of codes of which Excel made dates."""
    rows = [n for n, c in enumerate(cells) if isinstance(c, str) and MADE_DATE.fullmatch(c)]
    if not rows:
        return []
    words = f"{cells.iloc[rows[0]]} looks like a date that Excel made of a code"
    return [Fault(words, table.file, rows[0] + table.first_row, column, DATE_HINT)]


BLANK = frozenset({
    "tbc", "tbd", "to be confirmed", "to be determined", "n/a", "na", "n.a.", "unknown",
    "not known", "not available", "nk", "-", "--", "\N{EN DASH}", "?",
})  # fmt: skip
"""Words for a blank cell."""

NUMBER = r"[-+]?(?:\d{1,3}(?:,\d{3})+|\d{1,3}(?: \d{3})+|\d+)?(?:\.\d+)?(?:e[-+]?\d{1,3})?"
MONEY = re.compile(
    rf"(?:£|gbp)?\s*({NUMBER})\s*(bn|m|mn|mil|million|k|thousand)?\s*(?:gbp|pounds)?"
)
UNITS = {"pounds": 1.0, "thousands": 1e3, "millions": 1e6}
"""Units of money that a user may name."""
TIMES = {"bn": 1e9, "m": 1e6, "mn": 1e6, "mil": 1e6, "million": 1e6, "k": 1e3, "thousand": 1e3}
IN_MILLIONS = re.compile(r"(£|gbp|\b)\s*(m|mn|million|millions)\b")
IN_THOUSANDS = re.compile(r"(£|gbp|\b)\s*('?000'?s?|k|thousands?)(\b|$)")
MOST_POUNDS = 5e9

SIZE = re.compile(rf"({NUMBER})\s*(.*)")
METRES2 = re.compile(r"m2|m²|sq\.? ?m|sqm|square met(?:re|er)s?|sq\.? met(?:re|er)s?|m_?2")
FEET2 = re.compile(r"ft2|ft²|sq\.? ?ft|sqft|square f(?:oo|ee)t|sq\.? f(?:oo|ee)t")
FOOT2 = 0.3048**2


class NoUnitError(ValueError):
    """A size without a unit in its cell or its heading."""

    def __init__(self) -> None:
        super().__init__("has no unit: m2 or sq ft?")


PEOPLE = re.compile(rf"({NUMBER})\s*(k|thousand)?\s*(?:people|patients|persons)?")

DAYS = ("%Y-%m-%d", "%d/%m/%Y", "%d/%m/%y", "%d-%m-%Y", "%d-%m-%y", "%d.%m.%Y", "%d.%m.%y",
        "%d %B %Y", "%d %b %Y", "%d-%b-%Y", "%d-%b-%y", "%Y/%m/%d")  # fmt: skip
MONTHS = ("%Y-%m", "%m/%Y", "%B %Y", "%b %Y", "%b-%y", "%b-%Y")
FIRST, LAST = 1990, 2100


def read_cells(
    table: Table, column: str, read: Read, hint: str, blank: frozenset[str] = BLANK
) -> tuple[pd.Series, list[Fault], list[int]]:
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
        Hint for a cell that cannot be read.
    blank
        Words for a blank cell, in lower case.

    Returns
    -------
    tuple
        Values, None if blank or unreadable; a fault for each unreadable cell; positions of cells
        with a word for blank.
    """
    values: list[Any] = []
    faults: list[Fault] = []
    blanks: list[int] = []
    for row, cell in enumerate(table.frame[column]):
        value = None
        if not _is_blank(cell):
            text = " ".join(str(cell).split()).lower()
            if text in blank:
                blanks.append(row)
                values.append(None)
                continue
            try:
                value = read(text)
            except ValueError as error:
                words = f"{str(cell)[:60]} {error}"
                faults.append(Fault(words, table.file, row + table.first_row, column, hint))
        values.append(value)
    return pd.Series(values, index=table.frame.index, dtype="object"), faults, blanks


def money_unit(header: str) -> str:
    """Return the unit of money in a heading; empty if it names none.

    Examples
    --------
    >>> money_unit("Cost (£m)"), money_unit("Capital £000s"), money_unit("Cost")
    ('millions', 'thousands', '')
    """
    plain = header.lower().replace("_", " ")
    if IN_THOUSANDS.search(plain):
        return "thousands"
    if IN_MILLIONS.search(plain):
        return "millions"
    return "pounds" if re.search(r"£|\bgbp\b|\bpounds?\b", plain) else ""


FOREIGN = re.compile(r"[€$¥]|\b(eur|euros?|usd|us dollars?|dollars?)\b")


def currency_faults(table: Table, column: str) -> list[Fault]:
    """Return a fault if a heading names a currency other than pounds."""
    if not FOREIGN.search(column.lower().replace("_", " ")):
        return []
    hint = "Give pounds, and the date of the exchange rate in your own notes"
    return [Fault("is in another currency than pounds", table.file, None, column, hint)]


OWN_UNIT = re.compile(rf"(?:£|gbp)?\s*{NUMBER}\s*[a-z²].*")
"""A cell with its own unit."""


def has_own_unit(cell: object) -> bool:
    """Whether a cell has a unit beside its figure: £1.2m, 900 sq ft.

    Examples
    --------
    >>> has_own_unit("£1.2m"), has_own_unit("900 sq ft"), has_own_unit("£1,200,000")
    (True, True, False)
    """
    return isinstance(cell, str) and OWN_UNIT.fullmatch(cell.strip().lower()) is not None


def pounds(header: str, unit: str = "") -> Read:
    """Return a reader of money: £1.2m, 1,200,000, 750k; the heading may state £m or £000.

    Parameters
    ----------
    header
        The column's heading.
    unit
        "pounds", "thousands" or "millions" if the user named it, which overrides the heading.

    Examples
    --------
    >>> pounds("Cost")("£1.2m"), pounds("Cost (£m)")("1.2"), pounds("Cost (£)")("1,200,000")
    (1200000.0, 1200000.0, 1200000.0)
    """
    times = UNITS.get(unit or money_unit(header), 1.0)

    def read(text: str) -> float:
        match = MONEY.fullmatch(text)
        if not match or not match[1].strip("+-"):
            raise ValueError("is not one sum of money")
        value = _number(match[1]) * (TIMES[match[2]] if match[2] else times)
        if value > MOST_POUNDS:
            raise ValueError(f"is {value:.4g} pounds, more than any building costs")
        return round(value, 2)

    return read


def square_metres(header: str) -> Read:
    """Return a reader of floor areas that converts square feet.

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
            raise NoUnitError
        return _number(match[1]) * own

    return read


def share(text: str) -> float:
    """Read a share; a per cent sign makes it a hundredth.

    Examples
    --------
    >>> share("0.25"), share("25%")
    (0.25, 0.25)
    """
    number = text.removesuffix("%").strip()
    return _number(number) / (100 if number != text else 1)


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

    A financial year such as 2025/26 is read as its first month.

    Examples
    --------
    >>> iso_date("1/4/2025"), iso_date("april 2025"), iso_date("2025-04-01t00:00:00")
    ('2025-04-01', '2025-04', '2025-04-01')
    >>> iso_date("2025/26 prices")
    '2025-04'
    """
    text = re.sub(r"\s*(price base|prices|price)$|^(fy|financial year)\s*", "", text)
    year = re.fullmatch(r"((?:19|20)\d{2})\s*[/-]\s*(?:20)?(\d{2})", text)
    if year and (int(year[1]) + 1) % 100 == int(year[2]) and "/" in text:
        return f"{_in_range(date(int(year[1]), 4, 1)).year}-04"
    text = re.sub(r"[t ]\d{2}:\d{2}(:\d{2}(\.\d+)?)?$", "", text)
    text = re.sub(r"\bsept\b", "sep", re.sub(r"(?<=\d)(st|nd|rd|th)\b", "", text))
    day = _parsed(text, DAYS)
    if day is not None:
        return _in_range(day).isoformat()
    day = _parsed(text, MONTHS)
    if day is not None:
        return _in_range(day).isoformat()[:7]
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


def _in_range(day: date) -> date:
    if not FIRST <= day.year <= LAST:
        raise ValueError(f"is not between {FIRST} and {LAST}")
    return day


def _area_unit(words: str) -> float | None:
    plain = words.lower().replace("_", " ")
    if FEET2.search(plain):
        return FOOT2
    return 1.0 if METRES2.search(plain) else None


def _number(text: str) -> float:
    try:
        value = float(re.sub(GROUPS, "", text))
    except ValueError:
        raise ValueError("is not a number") from None
    if not math.isfinite(value):
        raise ValueError("is not a number")
    return value


def _is_blank(cell: object) -> bool:
    if isinstance(cell, str):
        return not cell.strip()
    return pd.api.types.is_scalar(cell) and bool(pd.isna(cell))  # type: ignore[call-overload]
