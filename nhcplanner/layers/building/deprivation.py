"""Deprivation: which index the ranks are of, and deciles made of ranks."""

from __future__ import annotations

import re

import numpy as np
import pandas as pd

from nhcplanner.domain.deprivation import RANKED, part_of
from nhcplanner.layers.codes.vintage import LSOA21


def index_name(column: str, codes: pd.Series, vintage: str, file: str = "") -> str:
    """Take the index from the column's own name, the file's, or from the areas that it ranks.

    Parameters
    ----------
    column
        The user's name of the rank or decile, "" for none.
    codes
        The areas' codes.
    vintage
        Vintage of the codes that it is given by.
    file
        Name of the file that it stands in.

    Returns
    -------
    str
        E.g. "WIMD 2019"; "" where there is no index.

    Examples
    --------
    >>> index_name("wimd2019_IMD_rank", pd.Series(["W01001600"]), "LSOA 2021")
    'WIMD 2019'
    >>> index_name("IMD_rank", pd.Series(["E01000001"]), "LSOA 2021")
    'IMD 2025'
    >>> index_name("IMD_rank", pd.Series(["E01000001"]), "LSOA 2011", "File_7_IoD2019.csv")
    'IMD 2019'
    """
    if not column:
        return ""
    for name in (column, file):
        told = re.search(r"(wimd|imd|iod)_?(\d{4})", name.lower())
        if told:
            return f"{told[1].upper().replace('IOD', 'IMD')} {told[2]}"
    if vintage == LSOA21 and codes.str.startswith("E01").all():
        return "IMD 2025"  # the only English index on areas of 2021
    return "WIMD" if codes.str.startswith("W01").all() else "IMD"


def with_decile(areas: pd.DataFrame, index: str) -> tuple[pd.DataFrame, tuple[str, ...]]:
    """Fill deciles from ranks where an index's number of areas is known.

    Returns
    -------
    areas, notes
        The areas, and what was done in words.
    """
    if "imd_rank" not in areas or index not in RANKED:
        return areas, ()
    decile = part_of(areas["imd_rank"], index, 10)
    had = areas.get("imd_decile", pd.Series(np.nan, index=areas.index))
    filled = had.fillna(decile)
    made = int((had.isna() & filled.notna()).sum())
    if not made:
        return areas, ()
    notes = (f"IMD decile made from the rank of {RANKED[index]:,} in {made:,} areas",)
    return areas.assign(imd_decile=filled), notes
