"""Vintage: which year's areas a code is of, so that no table is joined to another's."""

from __future__ import annotations

import gzip
import re
from functools import cache
from importlib.resources import files

import numpy as np
import pandas as pd

from nhcplanner.domain.errors import Fault

LSOA21, LSOA11, OWN = "LSOA 2021", "LSOA 2011", "own codes"
MSOA21, MSOA11 = "MSOA 2021", "MSOA 2011"
LAST_2011 = {"E01": "E01033768", "W01": "W01001958", "E02": "E02006934", "W02": "W02000423"}
"""The last LSOA and MSOA codes of 2011; what was made for 2021 comes after them."""

KINDS = {"E01": "LSOA", "W01": "LSOA", "E02": "MSOA", "W02": "MSOA"}
LOOKUP = "give the ONS 2011 to 2021 lookup with --lookup"


@cache
def retired() -> frozenset[str]:
    """LSOA and MSOA codes of 2011 that no longer exist in 2021 (England and Wales)."""
    packed = files("nhcplanner.layers.codes").joinpath("codes11_retired.txt.gz").read_bytes()
    lines = gzip.decompress(packed).decode("utf-8").splitlines()
    return frozenset(line for line in lines if line and not line.startswith("#"))


def of_codes(codes: pd.Series) -> str:
    """Take the vintage from the codes: 2021 unless none is the code of an LSOA or MSOA."""
    kinds = codes.astype("str").str[:3].map(KINDS).dropna()
    return f"{kinds.iloc[0]} 2021" if len(kinds) else OWN


def other_year(vintage: str) -> str:
    """The vintage that a place's is mistaken for: LSOA 2011 for LSOA 2021, and so on.

    Examples
    --------
    >>> other_year("LSOA 2021"), other_year("MSOA 2011")
    ('LSOA 2011', 'MSOA 2021')
    """
    kind, _, year = vintage.partition(" ")
    return f"{kind} {'2011' if year == '2021' else '2021'}"


def of_name(column: str, vintage: str) -> str:
    """The vintage that a column of codes says it is of, where that is not the place's; else "".

    Examples
    --------
    >>> of_name("lsoa11_code", "LSOA 2021"), of_name("LSOA21CD", "LSOA 2021")
    ('LSOA 2011', '')
    """
    told = re.search(r"[lm]soa\D{0,10}(?:20)?(11|21)(?!\d)", column.lower())
    return other_year(vintage) if told and not vintage.endswith(told[1]) else ""


def foreign(codes: pd.Series, vintage: str) -> np.ndarray:
    """Rows whose code exists only in the other vintage (flags, shape codes)."""
    if vintage in (LSOA21, MSOA21):
        return codes.isin(retired()).to_numpy()
    if vintage in (LSOA11, MSOA11):
        last = codes.astype("str").str[:3].map(LAST_2011)
        return (last.notna() & (codes > last)).to_numpy(dtype=bool)
    return np.zeros(len(codes), dtype=bool)


def area_faults(codes: pd.Series, vintage: str, file: str, first_row: int) -> list[Fault]:
    """One fault for each area whose code is of another vintage than the place's."""
    place, year = vintage[-4:], other_year(vintage)[-4:]
    return [
        Fault(
            f"{codes.iloc[row]} is a {year} code among areas of {place}",
            file,
            int(row) + first_row,
            "area_code",
            f"Give areas of {place}; for tables by {year} code {LOOKUP}",
        )
        for row in np.flatnonzero(foreign(codes, vintage))
    ]


def table_faults(codes: pd.Series, vintage: str, file: str, first_row: int) -> list[Fault]:
    """At most one fault: the table is on codes of another vintage than the place."""
    rows = np.flatnonzero(foreign(codes, vintage))
    if not len(rows):
        return []
    place, year = vintage[-4:], other_year(vintage)[-4:]
    words = (
        f"is on {year} codes, the areas on {place}: {len(rows):,} of its {len(codes):,} codes "
        f"exist only in {year}, e.g. {codes.iloc[rows[0]]} is a {year} code"
    )
    mend = f"Bring it to {place} codes: {LOOKUP}"
    return [Fault(words, file, int(rows[0]) + first_row, "area_code", mend)]
