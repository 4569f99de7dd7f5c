"""Today: who reaches some buildings as things are, before anything is planned."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial

import geopandas as gpd
import numpy as np
import pandas as pd

from nhcplanner import access, travel
from nhcplanner.access.need import UNITS
from nhcplanner.base.errors import Fault, InputError
from nhcplanner.domain.assessment import Assessment
from nhcplanner.domain.columns import OWN
from nhcplanner.domain.place import Place
from nhcplanner.domain.scenario import Mode, Scenario
from nhcplanner.workflow.plan import measure, rank
from nhcplanner.workflow.problem import check_names, starts_of
from nhcplanner.workflow.progress import report_progress

TRAVEL = (
    "engine", "profile", "reach", "horizon", "bands", "band_by", "walk_kmh", "walk_detour",
    "park_minutes", "peak_factor", "transit_day", "transit_window", "transit_statistic",
    "transit_access_walk", "transit_egress_walk", "transit_change_walk", "transit_slack",
    "transit_rides", "far_snap_m",
)  # fmt: skip
"""What of a scenario matters before anything is planned."""

EXISTING = "existing"
"""In place of a kind of building: centres that exist."""
GP = "gp_practice"


@dataclass(frozen=True, eq=False)
class Reached:
    """Who reaches some buildings by one mode.

    Parameters
    ----------
    mode
        How they travel.
    assessment
        Its "after" figures are of the buildings.
    horizon
        Minutes beyond which nothing was looked for.
    estimate
        Whether minutes are an estimate.
    """

    mode: Mode
    assessment: Assessment
    horizon: float
    estimate: bool


@dataclass(frozen=True, eq=False)
class Today:
    """Who reaches some buildings today.

    Parameters
    ----------
    sites
        The buildings.
    by_mode
        One a mode, in the order asked for.
    """

    sites: gpd.GeoDataFrame
    by_mode: tuple[Reached, ...]


def about(scenario: Scenario) -> Scenario:
    """A scenario without what it says of plans: the same for all that travel alike."""
    return Scenario().model_copy(update={key: getattr(scenario, key) for key in TRAVEL})


def kinds(place: Place) -> list[str]:
    """What may be asked about: existing centres, then kinds of building, the commonest first."""
    found = place.sites["kind"].value_counts().index.tolist()
    return [*([EXISTING] if (place.sites["status"] == EXISTING).any() else []), *found]


def modes(place: Place) -> list[Mode]:
    """Ways of travelling that minutes can be told of; public transport needs a timetable."""
    every: list[Mode] = ["walk", "cycle", "transit", "drive"]
    return [mode for mode in every if mode != "transit" or place.timetable is not None]


def usual(place: Place) -> list[str]:
    """What is asked about at first: centres that exist, else GP practices, else the commonest."""
    every = kinds(place)
    return [next((one for one in (EXISTING, GP) if one in every), *every[:1])] if every else []


def needs(place: Place) -> list[str]:
    """What may count as need: people of an age or a kind, and measures of one's own."""
    names = [str(name) for name in place.areas]
    known = [name for name in names if name in UNITS and name != "people"]
    counted = [f"{name}*people" if UNITS[name] == "share" else name for name in known]
    return [*counted, *(name for name in names if name.startswith(OWN))]


def buildings(place: Place, chosen: Sequence[str]) -> gpd.GeoDataFrame:
    """Buildings of some kinds, or existing centres.

    Raises
    ------
    InputError
        Where the place has none.
    """
    named = [one for one in chosen if one != EXISTING]
    check_names(place, Scenario(kinds=tuple(named)))
    there = place.sites["kind"].isin(named)
    if EXISTING in chosen:
        there |= place.sites["status"] == EXISTING
    if not there.any():
        hint = "Choose some kind of building"
        raise InputError([Fault(f"{place.name} has no such building", hint=hint)])
    return place.sites[there].reset_index(drop=True)


def today(
    place: Place,
    scenario: Scenario,
    chosen: tuple[str, ...],
    ways: tuple[Mode, ...],
    progress: Callable[[str], bool | None] | None = None,
) -> Today:
    """Say who reaches buildings of some kinds today, whether or not they are centres.

    Parameters
    ----------
    place, scenario
        Where; speeds, engine and reach.
    chosen
        Kinds of building, "existing" for existing centres.
    ways
        How people travel, each told apart.
    progress
        Is told in words what is being done.

    Raises
    ------
    InputError
        Where the place has no such building, or minutes cannot be measured.
    """
    sites = buildings(place, chosen)
    only = replace(place, sites=sites)
    found = tuple(_reached(only, scenario, mode, progress) for mode in ways)
    return Today(sites, found)


def ground(
    place: Place,
    scenario: Scenario,
    chosen: tuple[str, ...],
    mode: Mode,
    progress: Callable[[str], bool | None] | None = None,
) -> gpd.GeoDataFrame:
    """Draw from where buildings of some kinds are reached, by one mode.

    Returns
    -------
    GeoDataFrame
        Isochrones: `site_id`, `mode`, `minutes` and the polygon; empty where minutes do not come
        from streets or the buildings are very many.
    """
    sites = buildings(place, chosen)
    asked = scenario.model_copy(update={"mode": mode, "modes": ()})
    only = replace(place, sites=sites)
    return travel.around(only, asked, range(len(sites)), partial(report_progress, progress))


def unserved(place: Place, reached: Reached, reach: float) -> pd.DataFrame:
    """Areas from which most people reach no building in time, those in most need first.

    Parameters
    ----------
    place, reached
        Where, and what `today` found.
    reach
        Minutes that count as reached.

    Returns
    -------
    DataFrame
        `area_code`, `area_name`, `people`, `band`, `minutes` (NaN = beyond the horizon); ordered
        by band, then people.
    """
    areas = reached.assessment.areas
    minutes = areas["minutes_after"].replace(np.inf, np.nan)
    frame = areas[["area_code", "people", "band"]].assign(minutes=minutes)
    if "area_name" in place.areas:
        frame.insert(1, "area_name", place.areas["area_name"])
    far = frame[~(minutes <= reach) & (frame["people"] > 0)]
    last = far["band"].where(far["band"] > 0, np.inf)
    return (
        far.assign(last=last)
        .sort_values(["last", "people"], ascending=[True, False], kind="stable")
        .drop(columns="last")
    )


def _reached(
    place: Place,
    scenario: Scenario,
    mode: Mode,
    progress: Callable[[str], bool | None] | None,
) -> Reached:
    asked = scenario.model_copy(update={"mode": mode, "modes": ()})
    times = measure(place, asked, progress)
    every = range(len(place.sites))
    need = rank(place, asked)
    found = access.assess(starts_of(place, asked), times, every, need, asked.reach)
    return Reached(mode, found, times.horizon, times.estimate)
