"""Refusal of columns that look like records of patients."""

from __future__ import annotations

import re

import pandas as pd

from nhcplanner.base.errors import Fault
from nhcplanner.base.text import simple_name

NUMBER = r"nhs_?(number|num|no|id|n_o)(_.*)?|.*_nhs_?(number|num|no)|chi_(number|no)"
BIRTH = r"(.*_)?(dob|d_o_b|date_of_birth|birth_?da(te|y)|birth_dt|born(_on)?)"
LAST = r"(patient_?)?(surname|family_?name)"
FIRST = r"(patient_?)?(forenames?(_s)?)"
PATIENT = (
    r"patient(_?(id|identifier|name|number|no|ref|reference|postcode|address|code))?"
    r"|(hospital|unit|medical_record)_?(number|no)|mrn"
)
PAIR = (r"(patient_?)?last_?names?(_s)?", r"(patient_?)?(first|given)_?names?(_s)?")
SHARE = 0.8
"""Share of valid NHS numbers from which a column counts as NHS numbers."""
FEWEST = 3
CHECKED = 500
REMOVE = (
    "This looks like data about patients. Do not use it here: remove these columns, and check "
    "with whoever looks after data protection before the file is shared"
)


def patient_faults(frame: pd.DataFrame, file: str) -> list[Fault]:
    """Return a fault for each column that looks like data about patients.

    By headings (NHS number, date of birth, surname, forename, patient, first beside last name),
    and by cells that are valid NHS numbers.
    """
    plain = {str(column): simple_name(str(column)) for column in frame.columns}
    personal = [name for name, text in plain.items() if _is_personal(text)]
    last, first = (
        [name for name, text in plain.items() if re.fullmatch(words, text)] for words in PAIR
    )
    personal += last + first if last and first else []
    numbers = [name for name in plain if name not in personal and _holds_nhs_numbers(frame[name])]
    return [
        *(Fault("looks like data about patients", file, None, name, REMOVE) for name in personal),
        *(Fault("holds valid NHS numbers", file, None, name, REMOVE) for name in numbers),
    ]


def is_nhs_number(text: str) -> bool:
    """Whether a text is ten digits whose last is the check digit of an NHS number.

    Modulus 11, NHS Data Dictionary: weights 10 to 2 on the first nine digits; the check digit is
    11 less the remainder, 11 counts as 0, and 10 is never given.

    Examples
    --------
    >>> is_nhs_number("943 476 5919"), is_nhs_number("943 476 5918")
    (True, False)
    """
    digits = re.sub(r"[ -]", "", text)
    if not re.fullmatch(r"\d{10}", digits) or len(set(digits)) == 1:
        return False
    total = sum(
        int(digit) * weight for digit, weight in zip(digits, range(10, 1, -1), strict=False)
    )
    return (11 - total % 11) % 11 == int(digits[9])


def _is_personal(name: str) -> bool:
    return any(re.fullmatch(pattern, name) for pattern in (NUMBER, BIRTH, LAST, FIRST, PATIENT))


def _holds_nhs_numbers(cells: pd.Series) -> bool:
    if str(cells.dtype) == "geometry" or pd.api.types.is_float_dtype(cells):
        return False
    texts = cells.dropna().head(CHECKED).astype("str").str.strip()
    if len(texts) < FEWEST or not texts.str.fullmatch(r"\d{3}[ -]?\d{3}[ -]?\d{4}").mean() > SHARE:
        return False
    return sum(map(is_nhs_number, texts)) >= SHARE * len(texts)
