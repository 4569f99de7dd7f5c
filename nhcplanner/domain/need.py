"""Need: which areas come first."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import pandas as pd

from nhcplanner.domain.shown import Card, Shown


@dataclass(frozen=True, eq=False, repr=False)
class Need(Shown):
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

    def _card(self) -> Card:
        counts = self.band.value_counts().sort_index()
        rows = [
            {"band": f"{band}" if band else "none", "areas": int(areas)}
            for band, areas in counts.items()
        ]
        return Card("Who comes first", rows, (self.basis,))
