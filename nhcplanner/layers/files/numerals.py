"""Numerals: numbers as people type them."""

from __future__ import annotations

import numpy as np
import pandas as pd

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
