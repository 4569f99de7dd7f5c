"""Vintage: which year's areas a code is of, so that no table is joined to another's."""

from __future__ import annotations

import gzip
from functools import cache
from importlib.resources import files

import numpy as np
import pandas as pd

from nhcplanner.domain.errors import Fault

LSOA21, LSOA11, OWN = "LSOA 2021", "LSOA 2011", "own codes"
LAST_2011 = {"E01": "E01033768", "W01": "W01001958"}
"""The last LSOA codes of 2011; what was made for 2021 comes after them."""

LOOKUP = "use the ONS LSOA 2011 to 2021 lookup"


@cache
def retired() -> frozenset[str]:
    """LSOA codes of 2011 that no longer exist in 2021 (England and Wales)."""
    packed = files("nhcplanner.layers").joinpath("lsoa11_retired.txt.gz").read_bytes()
    lines = gzip.decompress(packed).decode("utf-8").splitlines()
    return frozenset(line for line in lines if line and not line.startswith("#"))


def of_codes(codes: pd.Series) -> str:
    """Take the vintage from the codes: LSOA 2021 unless none is an LSOA code."""
    lsoa = codes.astype("str").str[:3].isin(LAST_2011)
    return LSOA21 if lsoa.any() else OWN


def foreign(codes: pd.Series, vintage: str) -> np.ndarray:
    """Rows whose code exists only in the other vintage (flags, shape codes)."""
    if vintage == LSOA21:
        return codes.isin(retired()).to_numpy()
    if vintage == LSOA11:
        last = codes.astype("str").str[:3].map(LAST_2011)
        return (last.notna() & (codes > last)).to_numpy(dtype=bool)
    return np.zeros(len(codes), dtype=bool)


def area_faults(codes: pd.Series, vintage: str, file: str, first_row: int) -> list[Fault]:
    """One fault for each area whose code is of another vintage than the place's."""
    year, place = ("2011", "2021") if vintage == LSOA21 else ("2021", "2011")
    return [
        Fault(
            f"{codes.iloc[row]} is a {year} code among areas of {place}",
            file,
            int(row) + first_row,
            "area_code",
            f"Give areas of {place}; for figures by {year} code {LOOKUP}",
        )
        for row in np.flatnonzero(foreign(codes, vintage))
    ]


def table_faults(codes: pd.Series, vintage: str, file: str, first_row: int) -> list[Fault]:
    """At most one fault: the table is on codes of another vintage than the place."""
    rows = np.flatnonzero(foreign(codes, vintage))
    if not len(rows):
        return []
    year, place = ("2011", "2021") if vintage == LSOA21 else ("2021", "2011")
    words = (
        f"is on {year} codes, the areas on {place}: {len(rows):,} of its {len(codes):,} codes "
        f"exist only in {year}, e.g. {codes.iloc[rows[0]]} is a {year} code"
    )
    mend = f"Bring it to {place} codes first: {LOOKUP}"
    return [Fault(words, file, int(rows[0]) + first_row, "area_code", mend)]
