"""Need: which areas come first."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import pandas as pd


@dataclass(frozen=True, eq=False)
class Need:
    """Who comes first in a place.

    Parameters
    ----------
    band
        Band of each area, 1 first, 0 = in none; on the index of the place's areas.
    by
        What areas were ordered by: "hle", "imd", or "none" where the place has neither.
    basis
        The same in words, with what a reader must know of it.
    """

    band: pd.Series[int]
    by: Literal["hle", "imd", "none"]
    basis: str
