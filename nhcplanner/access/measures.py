"""Row of the registry of measures: what a measure is called, what it says and how it is computed.

A module of this room lists its measures in a tuple; `fairness.MEASURES` joins the tuples. Tables,
page, brief, command and glossary read the rows, so that a new measure is one row and its function.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import numpy as np

from nhcplanner.base.arrays import Floats, Ints, Mask
from nhcplanner.domain.need_measures import DEVIATIONS

Of = Literal["share", "minutes"]
"""What is measured: the share of people within reach, or their minutes."""


@dataclass(frozen=True, eq=False)
class Sample:
    """Values of people whose fairness is measured.

    Parameters
    ----------
    value
        Value of each row: 1 within reach and 0 beyond it, or minutes, where those beyond the
        horizon are the horizon (shape rows).
    people
        People of each row, 0 or more (shape rows).
    of
        What the values are.
    area
        Number of the area of each row, for intervals (shape rows).
    beyond
        Whether each row is beyond the horizon (shape rows).
    rank
        Rank of deprivation of each row, the most deprived lowest; NaN = not known (shape rows).
        None if no row has one.
    fifth
        National fifth of deprivation of each row, 1 = most deprived, 0 = not known (shape rows);
        None if no row has one.
    limit
        Minutes beyond which a person counts as poor in access.
    kappa
        Aversion to inequality of the Kolm-Pollak measures, a minute.
    """

    value: Floats
    people: Floats
    of: Of
    area: Ints
    beyond: Mask
    rank: Floats | None = None
    fifth: Ints | None = None
    limit: float = np.nan
    kappa: float = np.nan

    @property
    def ranked(self) -> tuple[Floats, Floats, Floats]:
        """Value, rank and people of the rows with a rank."""
        assert self.rank is not None  # rows of measures by rank are left out without one
        some = np.isfinite(self.rank)
        return self.value[some], self.rank[some], self.people[some]


@dataclass(frozen=True, kw_only=True)
class Described:
    """What tables, documents and the glossary say of a measure.

    Parameters
    ----------
    name
        Its name on the command line.
    title
        Its name in tables and documents.
    symbol, formula
        In TeX, for the guide.
    source
        Author, year, journal.
    unit
        "value" (as the values), "share", "minutes", "ratio", or words.
    direction
        Which figures are better or fairer.
    sentence
        What it says, for a board.
    """

    name: str
    title: str
    symbol: str
    formula: str
    source: str
    unit: str
    direction: str
    sentence: str


@dataclass(frozen=True, kw_only=True)
class Measure(Described):
    """One measure of fairness of access.

    Parameters
    ----------
    of
        What it is a measure of.
    compute
        Function of a sample; NaN if the measure has no value.
    interval
        Function that returns both ends of its 95% interval; None = the measure has none.
    by
        "rank" or "fifth" of deprivation that it needs; "" = none.
    """

    of: tuple[Of, ...]
    compute: Callable[[Sample], float]
    interval: Callable[[Sample], tuple[float, float]] | None = None
    by: Literal["", "rank", "fifth"] = ""

    def unit_of(self, of: Of) -> str:
        """Return the unit of its figures for what is measured."""
        return of if self.unit == "value" else self.unit

    def fits(self, sample: Sample) -> bool:
        """Whether it can be computed from what is known about a sample."""
        is_known = {"": True, "rank": sample.rank is not None, "fifth": sample.fifth is not None}
        return sample.of in self.of and is_known[self.by]


def ends(middle: float, deviation: float) -> tuple[float, float]:
    """Return both ends of a 95% interval from its middle and standard deviation."""
    return middle - DEVIATIONS * deviation, middle + DEVIATIONS * deviation
