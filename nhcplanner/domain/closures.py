"""Closures: practices that shut or move, with the journeys of their patients before and after."""

from __future__ import annotations

from dataclasses import dataclass, field

import pandas as pd

from nhcplanner.base.text import shortened
from nhcplanner.domain.display import Card, Display
from nhcplanner.domain.place import Place

FARTHER = 5.0
"""Minutes by which a journey is longer that count as farther."""
UNNAMED = 3
"""Codes of practices in the name of a file."""


@dataclass(frozen=True)
class ChoiceFit:
    """The choice model behind a closure, and its error.

    Parameters
    ----------
    overlap
        Share of patients whom it places at the right practice, in councils held out; NaN = no
        model was fitted, and people are taken to go to the nearest practice.
    overlap_nearest
        The same if all went to the nearest practice.
    patients
        Number of patients that it is fitted to.
    """

    overlap: float = float("nan")
    overlap_nearest: float = float("nan")
    patients: float = 0.0


@dataclass(frozen=True, eq=False, repr=False)
class Closure(Display):
    """Practices that shut or move, and what changes for patients.

    Parameters
    ----------
    place
        The place; it holds the areas.
    shut
        ODS codes of the practices that shut.
    moves
        ODS code of each practice that moves, and the site that it moves to.
    areas
        One row per area with patients of these practices, the most first: `area_code`,
        `area_name` (if known), `patients`, `minutes_before` (to their practice), `minutes_after`
        (to the practices that they would choose, or to the new address), `nearest_after` (to the
        nearest practice that stays), `more_minutes`, and `without_car` (patients in households
        without a car, if known).
    groups
        The same figures by `grouping` and `group`; also `farther` (patients who travel more than
        5 minutes farther) and `without_practice` (patients with no practice left within reach).
    practices
        One row per practice that changes or gains patients: `practice`, `name`, `change` ("shuts",
        "moves to ..." or "stays"), `list_size`, `patients_gained`, `list_change` (share of the
        list size), `easting` and `northing` (after the change), and `outside` (whether it lies
        outside the place).
    figures
        Totals; see `summary`.
    reach
        Minutes that count as within reach.
    mode
        How people travel.
    estimate
        Whether minutes are estimates from straight lines.
    half_within
        Minutes within which half of the estimates are of official figures; None = not known.
    fit
        The choice model.
    file, date
        Of the registered patients; the extract date is "" if the file does not state it.
    notes
        Sentences on the data.
    """

    place: Place
    shut: tuple[str, ...]
    moves: tuple[tuple[str, str], ...]
    areas: pd.DataFrame
    groups: pd.DataFrame
    practices: pd.DataFrame
    figures: dict[str, float]
    reach: float
    mode: str
    estimate: bool
    half_within: float | None = None
    fit: ChoiceFit = field(default=ChoiceFit())
    file: str = ""
    date: str = ""
    notes: tuple[str, ...] = ()

    @property
    def old_addresses(self) -> pd.DataFrame:
        """Practices that move, where they are today: `practice`, `name`, `easting`, `northing`."""
        sites = self.place.sites.set_index("site_id").loc[[code for code, _ in self.moves]]
        names = dict(zip(self.place.sites["site_id"], self.place.site_names, strict=True))
        return pd.DataFrame({
            "practice": sites.index, "name": [names[code] for code in sites.index],
            "easting": sites.geometry.x.to_numpy(), "northing": sites.geometry.y.to_numpy(),
        })  # fmt: skip

    @property
    def codes(self) -> tuple[str, ...]:
        """ODS codes of the practices that shut or move."""
        return (*self.shut, *(code for code, _ in self.moves))

    @property
    def code(self) -> str:
        """The codes in a short text for names of files.

        Examples
        --------
        "C83033", or "C83033-C83036-C83038-and-2-more".
        """
        more = len(self.codes) - UNNAMED
        names = "-".join(self.codes[:UNNAMED])
        return f"{names}-and-{more}-more" if more > 0 else names

    @property
    def title(self) -> str:
        """What shuts or moves, in words."""
        names = self.practices.set_index("practice")["name"]
        shut = [f"{names[code]} ({code})" for code in self.shut]
        moves = [
            f"{names[code]} ({code}) moves to {site}"
            for code, site in zip([code for code, _ in self.moves], self.sites, strict=True)
        ]
        verb = "shuts" if len(shut) == 1 else "shut"
        parts = [f"{shortened(shut, 4)} {verb}"] if shut else []
        return "; ".join([*parts, *moves])

    @property
    def sites(self) -> tuple[str, ...]:
        """Names of the sites that practices move to."""
        names = dict(zip(self.place.sites["site_id"], self.place.site_names, strict=True))
        return tuple(str(names[site]) for _, site in self.moves)

    @property
    def minutes_word(self) -> str:
        """The word minutes, after "estimated" if they are estimates."""
        return "estimated minutes" if self.estimate else "minutes"

    @property
    def destination(self) -> str:
        """Where the patients go after the change, in words."""
        chosen, address = "the practices that they would choose", "the new address"
        if len(self.moves) > 1:
            address = "the new addresses"
        if not self.moves:
            return chosen
        return f"{chosen} or {address}" if self.shut else address

    @property
    def summary(self) -> str:
        """The change in sentences for a board."""
        of = self.figures
        words = (
            f"{self.title}: {of['patients']:,.0f} patients, {of['from_elsewhere']:,.0f} of them "
            f"from outside the place. Mean {self.minutes_word} go from {of['minutes_before']:.1f} "
            f"to {of['minutes_after']:.1f}, at {self.destination}, and to "
            f"{of['nearest_after']:.1f} at the nearest that stays. {of['farther']:,.0f} patients "
            f"would travel more than {FARTHER:g} minutes farther, and "
            f"{of['without_practice']:,.0f} would have no practice within {self.reach:g} minutes "
            f"({of['newly_without']:,.0f} of them have one today)."
        )
        gain = self.practices[self.practices["patients_gained"] >= 0.5]
        if gain.empty:
            return words
        row = gain.sort_values("list_change", ascending=False, kind="stable").iloc[0]
        return (
            f"{words} The list of {row['name']} ({row['practice']}) would grow most, by "
            f"{row['list_change']:.1%}."
        )

    def _card(self) -> Card:
        rows = [
            {"practice": row["practice"], "change": row["change"],
             "gained": round(row["patients_gained"])}
            for row in self.practices.to_dict("records")
        ]  # fmt: skip
        return Card(self.summary, rows, self.notes)
