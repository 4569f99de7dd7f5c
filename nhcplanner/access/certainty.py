"""Certainty of the lowest band: how surely its people are among those with the lowest HLE."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

SURE = 0.8
"""Probability from which an area counts as surely in the lowest band."""
COLUMN = "lowest_band_probability"
BANDS = 5
"""Number of bands for which the probability is given: it is of the lowest fifth."""


@dataclass(frozen=True)
class BandCertainty:
    """People of band 1, and how likely they are in it.

    Parameters
    ----------
    people
        In band 1.
    sure
        Of these, in areas that are in the lowest fifth with a probability of `SURE` or more.
    expected
        Of these, expected in the lowest fifth: people weighted by probability.
    elsewhere
        Expected in the lowest fifth though their area is in another band.
    """

    people: float
    sure: float
    expected: float
    elsewhere: float

    @property
    def words(self) -> str:
        """The figures in a sentence."""
        return (
            f"Bands are uncertain because HLE of areas is modelled: of the {self.people:,.0f} "
            f"people in band 1, {self.sure:,.0f} live in areas that are among the fifth with the "
            f"lowest HLE with a probability of {SURE:.0%} or more. {self.expected:,.0f} are "
            f"expected to be there, and {self.elsewhere:,.0f} people of other bands"
        )

    def table(self) -> pd.DataFrame:
        """The figures as a table: columns `figure` and `people`."""
        rows = {
            "People in band 1": self.people,
            f"In areas surely there (probability {SURE:.0%} or more)": self.sure,
            "Expected in the lowest fifth, of band 1": self.expected,
            "Expected in the lowest fifth, of other bands": self.elsewhere,
        }
        return pd.DataFrame({"figure": list(rows), "people": list(rows.values())})


def band_certainty(
    areas: pd.DataFrame, band: pd.Series[int], by: str, cut: Any
) -> BandCertainty | None:
    """Return how certain band 1 is; None where the place does not say.

    Parameters
    ----------
    areas
        With `people` and, where it is known, `lowest_band_probability`.
    band
        Band of each area, on the same index.
    by
        The measure that the bands are made by.
    cut
        Number of bands, or years at which they begin.
    """
    if by != "hle" or cut != BANDS or COLUMN not in areas or areas[COLUMN].isna().all():
        return None
    chance = areas[COLUMN].fillna(0.0).to_numpy(dtype=np.float64)
    people = areas["people"].to_numpy(dtype=np.float64)
    first = (band == 1).to_numpy()
    likely = chance * people
    return BandCertainty(
        people=float(people[first].sum()),
        sure=float(people[first & (chance >= SURE)].sum()),
        expected=float(likely[first].sum()),
        elsewhere=float(likely[~first].sum()),
    )
