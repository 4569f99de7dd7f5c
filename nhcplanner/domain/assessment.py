"""Assessment: what a plan means for people; and Outcome, the story's six nouns together."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from nhcplanner.domain.need import Need
from nhcplanner.domain.place import Place
from nhcplanner.domain.plan import Plan
from nhcplanner.domain.problem import Problem
from nhcplanner.domain.scenario import Scenario
from nhcplanner.domain.times import TravelTimes

THRESHOLDS = (10, 15, 20, 30)


@dataclass(frozen=True, eq=False)
class Assessment:
    """Who reaches a centre in how many minutes, before and after the plan.

    Parameters
    ----------
    areas
        A row an area, in the place's order: `area_code`, `people`, `band` (0 = none),
        `minutes_before`, `minutes_after` (to the nearest centre, within which half of the area's
        people come; inf = beyond the horizon), `share_before`, `share_after` (of the area's people
        within reach, 0 to 1), `centre` (site_id of the centre nearest for most of them after, "" =
        none).
    people_within
        Rows = minutes (10, 15, 20, 30 and the reach), columns `people_before`,
        `people_after`, `share_before`, `share_after`.
    by_band, by_imd_quintile, by_rural_urban
        Rows = groups, columns `people`, then `share_before_N` and `share_after_N` for each of
        the minutes N; None where the place lacks what groups are made of.
    catchments
        A row an open centre: `site_id`, `people` (for whom it is the nearest within reach),
        `capacity` (NaN = unknown), `over_capacity` (people beyond capacity; NaN = unknown).
    thresholds
        The minutes of `people_within`.
    need
        What the bands are made of.
    notes
        What a reader must know, in words.
    by_car
        As `by_band`, for households "without a car" and "with a car"; None where people were not
        parted so.
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


@dataclass(frozen=True, eq=False)
class Outcome:
    """One run of the story, whole: what every output is made from.

    Parameters
    ----------
    scenario, place, times, problem, plan, assessment
        The story's nouns in order; `problem` has a row an origin, `plan.opened` holds row
        positions in `place.sites`.
    versions
        Name and version of what computed it.
    """

    scenario: Scenario
    place: Place
    times: TravelTimes
    problem: Problem
    plan: Plan
    assessment: Assessment
    versions: dict[str, str]
