"""Neighbourhoods: bounds of footprints, and divisions of a place into them."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Literal

import numpy as np
import pandas as pd
from scipy import sparse

from nhcplanner.base.arrays import Ints
from nhcplanner.base.errors import Fault, InputError
from nhcplanner.base.text import plural
from nhcplanner.domain.choices import Mode
from nhcplanner.domain.display import Card, Display

Blocks = Literal["msoa", "area"]
TARGET, LEAST, MOST = 50_000, 30_000, 70_000
"""People of a neighbourhood: "around 50,000, with local flexibility" (guidance of April 2026); the
10 Year Health Plan has 30,000 to 50,000."""


PROVED, GIVEN = ("proved", "one neighbourhood"), "given"
"""States of a part: no division has fewer minutes; or the footprints were not built here."""


@dataclass(frozen=True)
class Bounds:
    """Bounds of a division into neighbourhoods.

    Parameters
    ----------
    target, least, most
        People of a neighbourhood. The number of neighbourhoods of each part is the one that
        brings their mean nearest to `target`, as a ratio; `least` and `most` hold for each.
    within
        Columns of the areas whose borders no neighbourhood crosses, such as `district_code`.
        Empty = lower-tier councils, else upper-tier ones, else none.
    join_small
        Whether a part with fewer people than `least` joins the neighbour with which it shares
        the longest border.
    blocks
        Areas that stay whole: "msoa" (middle-layer areas, if known) or "area".
    mode
        How people travel to the middle of their neighbourhood.
    nodes
        Most nodes of the search tree of each part. A limit on nodes and not on time: the same
        input gives the same division on every machine.

    Examples
    --------
    >>> Bounds(target=40_000, most=50_000).keeps(55_000)
    False
    """

    target: float = TARGET
    least: float = LEAST
    most: float = MOST
    within: tuple[str, ...] = ()
    join_small: bool = True
    blocks: Blocks = "msoa"
    mode: Mode = "drive"
    nodes: int = 100

    def __post_init__(self) -> None:
        if not 0 < self.least <= self.target <= self.most < np.inf:
            words = (
                f"{self.least:,.0f} to {self.most:,.0f} people around {self.target:,.0f} are no "
                "bounds of a neighbourhood"
            )
            raise InputError([Fault(words, hint="Give 0 < least <= target <= most")])
        if self.nodes < 1:
            raise InputError([Fault("nodes should be 1 or more")])

    def keeps(self, people: float) -> bool:
        """Whether a number of people is within the bounds of a neighbourhood."""
        return self.least <= people <= self.most


@dataclass(frozen=True)
class Level:
    """A level of areas that neighbourhoods nest in.

    Parameters
    ----------
    noun
        One of its areas.
    column
        Column of a lookup that names the group of each area.
    bounds
        People of a group, by default.
    """

    noun: str
    column: str
    bounds: Bounds


LEVELS = {
    "multi": Level(
        "multi-neighbourhood area", "multi_neighbourhood", Bounds(300_000, 250_000, 500_000)
    ),
    "place": Level("place", "place_area", Bounds(375_000, 250_000, 500_000)),
    "system": Level("system", "system_area", Bounds(2_000_000, 1_000_000, 3_000_000)),
}
"""Levels from the smallest. The 10 Year Health Plan has 250,000 people and more for a
multi-neighbourhood provider, 250,000 to 500,000 for a place, and 1 to 3 million for an integrated
care board; the targets are the means, and a multi-neighbourhood area is no larger than a place."""


@dataclass(frozen=True, eq=False, repr=False)
class Division(Display):
    """A division of areas into neighbourhoods.

    Parameters
    ----------
    title
        Name of the place.
    bounds
        Bounds of the division.
    areas
        One row per area of the place, in its order: `area_code`, `area_name`, `people`, `part` (of
        the borders that hold), `block` and `neighbourhood` (its name).
    contact
        CSR, area x area: whether two areas touch, or are linked.
    minutes
        CSR, area x area: minutes from an area to the middle of a block, at the row of the area that
        the middle lies in; stored where both are of one part.
    footprints
        One row per neighbourhood; see `nhcplanner.districting.divisions.footprints`.
    parts
        One row per part: `part`, `people`, `neighbourhoods`, `minutes` (mean to the middle),
        `bound` (no division of these blocks has less; blank = not known), `status`.
    notes
        Sentences on links, joined areas, guesses and bounds that are not kept.
    noun
        What a footprint is called in sentences.
    year
        Year of the people, by the place's projection; None = the place's own people.

    Examples
    --------
    >>> from nhcplanner import build_neighbourhoods, demo_place
    >>> build_neighbourhoods(demo_place()).footprints["people"].sum()
    np.int64(350000)
    """

    title: str
    bounds: Bounds
    areas: pd.DataFrame
    contact: sparse.csr_array
    minutes: sparse.csr_array
    footprints: pd.DataFrame
    parts: pd.DataFrame
    notes: tuple[str, ...] = field(default=())
    noun: str = "neighbourhood"
    year: int | None = None

    def with_notes(self, notes: tuple[str, ...]) -> Division:
        """Return the division with further notes, first."""
        return replace(self, notes=(*notes, *self.notes))

    @property
    def names(self) -> pd.Series[str]:
        """Name of each area's neighbourhood, in the place's order."""
        names: pd.Series[str] = self.areas["neighbourhood"]
        return names

    @property
    def labels(self) -> Ints:
        """Row of `footprints` of each area."""
        rows = pd.Index(self.footprints["neighbourhood"]).get_indexer(self.areas["neighbourhood"])
        return np.asarray(rows, dtype=np.int64)

    @property
    def mean_minutes(self) -> float:
        """Mean minutes of people to the middle of their neighbourhood."""
        frame = self.footprints
        has_minutes = frame["minutes"].notna()
        if not frame.loc[has_minutes, "people"].sum():
            return float("nan")
        return float(
            np.average(frame["minutes"][has_minutes], weights=frame["people"][has_minutes])
        )

    @property
    def people_words(self) -> str:
        """What is counted: people, or people of a later year."""
        return "people" if self.year is None else f"people of {self.year}"

    @property
    def summary(self) -> str:
        """The division in two sentences."""
        frame = self.footprints
        inside = int(frame["in_bounds"].sum())
        whole = int((frame["pieces"] == 1).sum())
        proved = int(self.parts["status"].isin(PROVED).sum())
        proof = ""
        if proved == len(self.parts):
            proof = " It is proved that no other division has fewer minutes."
        elif not (self.parts["status"] == GIVEN).all():
            proof = (
                f" This is proved least for {proved:,} of the place's {len(self.parts):,} parts."
            )
        return (
            f"{plural(len(frame), self.noun)} of {frame['people'].min():,} to "
            f"{frame['people'].max():,} {self.people_words}: {_count(inside, len(frame))} within "
            f"{self.bounds.least:,.0f} to {self.bounds.most:,.0f} people, "
            f"{_count(whole, len(frame))} in one piece. People are on average "
            f"{self.mean_minutes:.1f} minutes ({self.bounds.mode}) from the middle of their "
            f"{self.noun}.{proof}"
        )

    def _card(self) -> Card:
        rows = [
            {
                "neighbourhood": row["neighbourhood"],
                "people": row["people"],
                "minutes": round(row["minutes"], 1),
                "pieces": row["pieces"],
            }
            for row in self.footprints.to_dict("records")
        ]
        return Card(f"{self.title}: {self.summary}", rows, self.notes)


def _count(some: int, every: int) -> str:
    return "all" if some == every else f"{some:,}"
