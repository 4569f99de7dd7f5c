"""Spot: where something is, as a person types it: postcode, grid reference or metres."""

from __future__ import annotations

import re
from dataclasses import dataclass

import pandas as pd

from nhcplanner.domain.errors import Fault, InputError
from nhcplanner.layers.where import gridrefs
from nhcplanner.layers.where.geocode import located, normal

METRES = re.compile(r"(\d{1,6}(?:\.\d+)?)\s*[, ]\s*(\d{1,7}(?:\.\d+)?)")
MEND = "Give a postcode (LE15 6AA), a grid reference (SK 857 086) or metres (485700, 308600)"


@dataclass(frozen=True)
class Spot:
    """A point on the map, and how exactly it is known.

    Parameters
    ----------
    easting, northing
        Metres (EPSG:27700).
    words
        Where it comes from, in words.
    postcode
        As the Post Office writes it; empty where it was found otherwise.
    """

    easting: float
    northing: float
    words: str
    postcode: str = ""

    @property
    def point(self) -> tuple[float, float]:
        """Easting and northing."""
        return self.easting, self.northing


def spot(text: str) -> Spot:
    """Find a postcode, a grid reference, or easting and northing.

    Raises
    ------
    InputError
        Where the text is none of these, or a postcode that is not known.

    Examples
    --------
    >>> spot("SK 857 086").point, spot("485700, 308600").point
    ((485750.0, 308650.0), (485700.0, 308600.0))
    """
    given = " ".join(text.split())
    postcode = normal(given)
    if postcode:
        row = located(pd.Series([postcode])).iloc[0]
        if row["problem"]:
            mend = "Give the postcode in use today, or a grid reference"
            raise InputError([Fault(f"{postcode} {row['problem']}", mend=mend)])
        return Spot(float(row["x"]), float(row["y"]), f"the middle of {postcode}", postcode)
    pair = METRES.fullmatch(given)
    if pair:
        return Spot(float(pair[1]), float(pair[2]), "the metres given")
    try:
        easting, northing = gridrefs.metres(given)
    except ValueError as error:
        words = f"'{given[:40]}' {error}"
        raise InputError([Fault(words, mend=MEND)]) from None
    return Spot(easting, northing, f"the middle of square {given.upper()}")
