"""Results of a plan: need, assessment, comparison, and the whole outcome."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Literal

import pandas as pd

from nhcplanner.base.text import shortened
from nhcplanner.domain.display import Card, Display, Row, share
from nhcplanner.domain.place import Place
from nhcplanner.domain.plan import Plan
from nhcplanner.domain.problem import Problem
from nhcplanner.domain.scenario import Scenario
from nhcplanner.domain.travel_times import TravelTimes
from nhcplanner.domain.verdict import Verdict


@dataclass(frozen=True, eq=False, repr=False)
class Need(Display):
    """The order of need of a place's areas.

    Parameters
    ----------
    band
        Band of each area, 1 first, 0 = in none; on the index of the place's areas.
    by
        The measure of need: "hle", "imd", or "none" if the place has neither.
    basis
        A sentence on the measure.
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


_FEW = ("everyone", "band", "imd_quintile")
"""Groupings that have few groups in every place."""


@dataclass(frozen=True, eq=False, repr=False)
class Comparison(Display):
    """The differences between two outcomes, called a and b.

    Parameters
    ----------
    centres
        One row for each site that is open in either: `site_id`, `name`, `in_a`, `in_b`.
    groups
        One row for each group: `grouping`, `group`, `people`, `within_a`, `within_b` (people
        within reach), `difference` (b minus a), `mean_minutes_a`, `mean_minutes_b`.
    areas
        One row for each area of both: `area_code`, `area_name`, `people`, `minutes_a`, `minutes_b`
        (NaN = beyond the horizon), `change` (b minus a, NaN if either is beyond), `verdict`
        ("nearer", "farther", "same", "comes within the horizon", "falls beyond it").
    words
        Sentences on the differences, the most important first.
    """

    centres: pd.DataFrame
    groups: pd.DataFrame
    areas: pd.DataFrame
    words: tuple[str, ...]

    def _card(self) -> Card:
        rows = [
            {
                "by": one.grouping,
                "group": one.group,
                "people": one.people,
                "within reach in a": one.within_a,
                "in b": one.within_b,
                "difference": one.difference,
            }
            for one in self.groups.itertuples()
            if one.grouping in _FEW
        ]
        return Card("Two plans, a and b", rows, self.words)

    @property
    def same_centres(self) -> bool:
        """Whether both open the same sites."""
        return bool((self.centres["in_a"] == self.centres["in_b"]).all())


THRESHOLDS = (10, 15, 20, 30)


@dataclass(frozen=True, eq=False, repr=False)
class Assessment(Display):
    """Access to centres before and after the plan.

    Parameters
    ----------
    areas
        A row for each area, in the place's order: `area_code`, `people`, `band` (0 = none),
        `minutes_before`, `minutes_after` (to the nearest centre, within which half of the area's
        people come; inf = beyond the horizon), `share_before`, `share_after` (of the area's people
        within reach, 0 to 1), `centre` (site_id of the centre that serves most of them after, "" =
        none is served), `nearest_centre` (the one that is nearest for most of them, however far).
    people_within
        Rows = minutes (10, 15, 20, 30 and the reach), columns `people_before`,
        `people_after`, `share_before`, `share_after`.
    by_band, by_imd_quintile, by_rural_urban
        Rows = groups, columns `people`, then `share_before_N` and `share_after_N` for each of
        the minutes N; None if the place lacks the columns of the groups.
    catchments
        A row for each open centre: `site_id`, `people` (served by it, by the plan's allocation;
        without an allocation, those for whom it is the nearest within
        reach), `people_nearest` (for whom it is the nearest within reach), `capacity` (NaN =
        unknown), `over_capacity` (people served beyond capacity; NaN = unknown).
    thresholds
        The minutes of `people_within`.
    need
        Bands of the areas.
    notes
        Notes for readers.
    by_car
        As `by_band`, for households "without a car" and "with a car"; None if people are not
        split by car availability.

    Examples
    --------
    >>> from nhcplanner import Scenario, demo_place, run
    >>> scenario = Scenario(model="max_coverage", count=4, engine="estimate")
    >>> outcome = run(demo_place(), scenario)
    >>> outcome.assessment.people_within.index.tolist()
    [10.0, 15.0, 20.0, 30.0]
    """

    areas: pd.DataFrame
    people_within: pd.DataFrame
    by_band: pd.DataFrame | None
    by_imd_quintile: pd.DataFrame | None
    by_rural_urban: pd.DataFrame | None
    catchments: pd.DataFrame
    thresholds: tuple[float, ...]
    need: Need
    notes: tuple[str, ...] = ()
    by_car: pd.DataFrame | None = None

    def _card(self) -> Card:
        title = "People within each number of minutes of a centre, before and after the plan"
        return Card(title, self._within(), self.notes)

    def _within(self) -> list[Row]:
        return [
            {
                "minutes": f"{limit:g}",
                "before": row["people_before"],
                "after": row["people_after"],
                "share before": share(row["share_before"]),
                "share after": share(row["share_after"]),
            }
            for limit, row in self.people_within.iterrows()
        ]


@dataclass(frozen=True)
class KeyFigures:
    """Figures of a plan for a list of plans.

    Parameters
    ----------
    made
        Date and time at which they were written (UTC, ISO).
    status
        As in `Plan`.
    centres, new
        Open centres, and how many of them are not open or committed today.
    reach
        Minutes that count as reach.
    people, share
        People within reach after the plan, and their share (0 to 1).
    first_band
        Share of band 1 within reach; None if there are no bands.
    estimate
        Whether minutes are an estimate.
    """

    made: str
    status: str
    centres: int
    new: int
    reach: float
    people: float
    share: float
    first_band: float | None
    estimate: bool

    @classmethod
    def of(cls, outcome: Outcome) -> KeyFigures:
        """Return the key figures of a plan, dated now."""
        reach, found = outcome.scenario.reach, outcome.assessment
        every = found.people_within.to_dict("index")[reach]
        bands = found.by_band
        first = None if bands is None else bands[f"share_after_{reach:g}"].to_dict().get(1)
        return cls(
            made=datetime.now(UTC).isoformat(timespec="seconds"),
            status=outcome.plan.status,
            centres=len(outcome.plan.opened),
            new=int((~outcome.centres["status"].isin(["existing", "committed"])).sum()),
            reach=reach,
            people=float(every["people_after"]),
            share=float(every["share_after"]),
            first_band=None if first is None else float(first),
            estimate=outcome.times.estimate,
        )


@dataclass(frozen=True, eq=False, repr=False)
class Outcome(Display):
    """Everything that belongs to one plan; all outputs are made from it.

    Parameters
    ----------
    scenario, place, times, problem, plan, assessment
        Inputs and results in order. `problem` has a row for each origin; `plan.opened` holds
        positions in `place.sites`.
    versions
        Name and version of the software.

    Examples
    --------
    >>> from nhcplanner import Scenario, demo_place, run
    >>> scenario = Scenario(model="max_coverage", count=4, engine="estimate")
    >>> outcome = run(demo_place(), scenario)
    >>> outcome.plan.status, len(outcome.centres)
    ('optimal', 4)
    """

    scenario: Scenario
    place: Place
    times: TravelTimes
    problem: Problem
    plan: Plan
    assessment: Assessment
    versions: dict[str, str]

    @property
    def centres(self) -> pd.DataFrame:
        """The rows of `place.sites` that the plan opens, in the order of the place."""
        centres: pd.DataFrame = self.place.sites.iloc[list(self.plan.opened)]
        return centres

    @property
    def estimate_note(self) -> str:
        """A sentence on estimated minutes and their error; "" if minutes are measured."""
        if not self.times.estimate:
            return ""
        words = "Travel times are an estimate from straight lines, not measured on streets"
        reach = self.scenario.reach
        minutes = self.times.half_within(reach)
        if minutes is None:
            return words
        return (
            f"{words}: where the estimate is {reach:g} minutes, half of the official figures are "
            f"within {minutes:.1f} minutes of it"
        )

    @property
    def notes(self) -> tuple[str, ...]:
        """Notes for readers of the figures; the first says if minutes are an estimate."""
        estimate = (self.estimate_note,) if self.times.estimate else ()
        return (*estimate, *self.assessment.notes)

    def _card(self) -> Card:
        plan, opened = self.plan, self.centres
        estimate = ", minutes are an estimate" if self.times.estimate else ""
        title = f"{self.place.title}: plan by {plan.model}, {plan.status}{estimate}"
        opens = (
            f"Opens {shortened(self.place.site_names.iloc[list(plan.opened)])}"
            if len(opened)
            else ""
        )
        notes = (opens, plan.reason, *self.notes)
        return Card(title, self._by_group(), tuple(note for note in notes if note))

    def _by_group(self) -> list[Row]:
        """Return the shares within reach before and after, by band and for all."""
        reach, assessment = self.scenario.reach, self.assessment
        bands = pd.DataFrame() if assessment.by_band is None else assessment.by_band
        rows: list[Row] = [
            {
                "band": f"{band}",
                "people": row["people"],
                f"within {reach:g} minutes before": share(row[f"share_before_{reach:g}"]),
                "after": self._after(row[f"share_after_{reach:g}"]),
            }
            for band, row in bands.iterrows()
        ]
        every = assessment.people_within.to_dict("index")[reach]
        return [
            *rows,
            {
                "band": "all",
                "people": float(assessment.areas["people"].sum()),
                f"within {reach:g} minutes before": share(every["share_before"]),
                "after": self._after(every["share_after"]),
            },
        ]

    def _after(self, value: float) -> str:
        """Return a share after the plan, or "no plan": a missing plan is not a share of 0."""
        return share(value) if Verdict.of(self.plan).has_plan else "no plan"
