"""Access today: who reaches existing buildings, before anything is planned."""

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
from nhcplanner.base.lazy import cache_by_identity
from nhcplanner.domain.assessment import Assessment
from nhcplanner.domain.choices import Mode
from nhcplanner.domain.columns import OWN
from nhcplanner.domain.place import Place
from nhcplanner.domain.scenario import Scenario
from nhcplanner.travel.windows import mix_words
from nhcplanner.workflow.plan import rank
from nhcplanner.workflow.problem import check_names, starts_of
from nhcplanner.workflow.progress import report_progress
from nhcplanner.workflow.windows import measure_windows, window_table

TRAVEL = (
    "engine", "profile", "reach", "horizon", "bands", "band_by", "walk_kmh", "walk_detour",
    "step_free", "slopes", "park_minutes", "peak_factor", "transit_day", "transit_window",
    "transit_statistic",
    "transit_access_walk", "transit_egress_walk", "transit_change_walk", "transit_slack",
    "transit_rides", "transit_windows", "transit_mix", "transit_weights", "open_only", "far_snap_m",
)  # fmt: skip
"""Keys of a scenario that matter before anything is planned."""

EXISTING = "existing"
"""Stands for existing centres among the kinds of building."""
GP = "gp_practice"


@dataclass(frozen=True, eq=False)
class Reached:
    """People who reach some buildings by one mode.

    Parameters
    ----------
    mode
        Mode of travel.
    assessment
        Its "after" figures refer to the buildings.
    horizon
        Longest measured journey in minutes.
    estimate
        Whether travel times are an estimate.
    half_within
        Minutes within which half of the official figures lie of an estimate at the reach; 0 for
        measured times.
    windows
        People within reach in each window, as `window_table` gives them; None if minutes do not
        depend on the window.
    hours
        Day and hours of public transport, and how windows were mixed; "" for other modes.
    notes
        Sentences on how the minutes were measured.
    measures
        Table of `access.measure_fairness`.
    note
        How the measures treat people beyond the horizon, and their parameters.
    """

    mode: Mode
    assessment: Assessment
    horizon: float
    estimate: bool
    half_within: float = 0.0
    windows: pd.DataFrame | None = None
    hours: str = ""
    notes: tuple[str, ...] = ()
    measures: pd.DataFrame | None = None
    note: str = ""


@dataclass(frozen=True, eq=False)
class Today:
    """People who reach some buildings today.

    Parameters
    ----------
    sites
        The buildings.
    by_mode
        One per mode, in the given order.
    """

    sites: gpd.GeoDataFrame
    by_mode: tuple[Reached, ...]


def travel_settings(scenario: Scenario) -> Scenario:
    """Return a scenario with its travel settings only, equal for all plans that travel alike."""
    return Scenario().model_copy(update={key: getattr(scenario, key) for key in TRAVEL})


def list_kinds(place: Place) -> list[str]:
    """List "existing" if there are existing centres, then kinds of building by frequency."""
    found = place.sites["kind"].value_counts().index.tolist()
    return [*([EXISTING] if (place.sites["status"] == EXISTING).any() else []), *found]


def list_modes(place: Place) -> list[Mode]:
    """List the modes that can be measured; public transport needs a timetable."""
    every: list[Mode] = ["walk", "cycle", "transit", "on_demand", "drive"]
    lacking = {
        "transit": place.timetable is None,
        "on_demand": place.zones is None,
    }
    return [mode for mode in every if not lacking.get(mode)]


def default_kinds(place: Place) -> list[str]:
    """Return the kind to show first: existing centres, else GP practices, else the commonest."""
    every = list_kinds(place)
    return [next((one for one in (EXISTING, GP) if one in every), *every[:1])] if every else []


def list_need_columns(place: Place) -> list[str]:
    """List what may count as need: groups of people, and columns of the user's own."""
    names = [str(name) for name in place.areas]
    known = [name for name in names if name in UNITS and name != "people"]
    counted = [f"{name}*people" if UNITS[name] == "share" else name for name in known]
    return [*counted, *(name for name in names if name.startswith(OWN))]


def select_buildings(place: Place, chosen: Sequence[str]) -> gpd.GeoDataFrame:
    """Return the sites of some kinds, or existing centres.

    Raises
    ------
    InputError
        If the place has none.
    """
    kinds = [one for one in chosen if one != EXISTING]
    check_names(place, Scenario(kinds=tuple(kinds)))
    is_chosen = place.sites["kind"].isin(kinds)
    if EXISTING in chosen:
        is_chosen |= place.sites["status"] == EXISTING
    if not is_chosen.any():
        what = "building of this kind" if kinds else "existing centre"
        hint = f"Choose another kind of building: {', '.join(list_kinds(place))}"
        raise InputError([Fault(f"{place.name} has no {what}", hint=hint)])
    return place.sites[is_chosen].reset_index(drop=True)


def today(
    place: Place,
    scenario: Scenario,
    chosen: tuple[str, ...],
    ways: tuple[Mode, ...],
    progress: Callable[[str], bool | None] | None = None,
) -> Today:
    """Assess who reaches buildings of some kinds today, whether or not they are centres.

    Parameters
    ----------
    place, scenario
        The place; speeds, engine and reach.
    chosen
        Kinds of building, "existing" for existing centres.
    ways
        Modes of travel, each assessed separately.
    progress
        Receives a sentence about the current step.

    Raises
    ------
    InputError
        If the place has no such building, or travel times cannot be measured.
    """
    sites = select_buildings(place, chosen)
    only = replace(place, sites=sites)
    by_mode = tuple(_assess(only, scenario, mode, progress) for mode in ways)
    return Today(sites, by_mode)


def ground(
    place: Place,
    scenario: Scenario,
    chosen: tuple[str, ...],
    mode: Mode,
    progress: Callable[[str], bool | None] | None = None,
) -> gpd.GeoDataFrame:
    """Return the areas from which buildings of some kinds are reached, by one mode.

    Returns
    -------
    GeoDataFrame
        Isochrones: `site_id`, `mode`, `minutes` and the polygon; empty if travel times do not
        come from streets or there are too many buildings.
    """
    sites = select_buildings(place, chosen)
    by_mode = scenario.model_copy(update={"mode": mode, "modes": ()})
    only = replace(place, sites=sites)
    return travel.around(only, by_mode, range(len(sites)), partial(report_progress, progress))


def ground_of_site(place: Place, scenario: Scenario, site: str, mode: Mode) -> gpd.GeoDataFrame:
    """Return the areas from which one building is reached, by one mode.

    Parameters
    ----------
    place, scenario
        The place, and the settings of travel.
    site
        Id of the building.
    mode
        Mode of travel.

    Returns
    -------
    GeoDataFrame
        As `ground`. It is kept, so that asking again takes no time.
    """
    known, key = _grounds(place), (scenario.model_dump_json(), site, mode)
    if key not in known:
        while len(known) >= _KEPT:
            known.pop(next(iter(known)), None)
        only = replace(place, sites=place.sites[place.sites["site_id"] == site])
        by_mode = scenario.model_copy(update={"mode": mode, "modes": ()})
        known[key] = travel.around(only, by_mode, range(len(only.sites)), lambda _: None)
    return known[key]


_KEPT = 40
"""Largest number of buildings whose ground is kept for a place."""


@cache_by_identity
def _grounds(place: Place) -> dict[tuple[str, str, str], gpd.GeoDataFrame]:  # noqa: ARG001
    """Return the ground of buildings asked for earlier."""
    return {}


def unserved(place: Place, reached: Reached, reach: float) -> pd.DataFrame:
    """List the areas from which most people reach no building, those in most need first.

    Parameters
    ----------
    place, reached
        The place, and a result of `today`.
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


def _assess(
    place: Place,
    scenario: Scenario,
    mode: Mode,
    progress: Callable[[str], bool | None] | None,
) -> Reached:
    by_mode = scenario.model_copy(update={"mode": mode, "modes": ()})
    times, parts = measure_windows(place, by_mode, progress)
    every = range(len(place.sites))
    need, starts = rank(place, by_mode), starts_of(place, by_mode)
    found = access.assess(starts, times, every, need, by_mode.reach)
    error = times.half_within(by_mode.reach) or 0.0
    windows = window_table(starts, need, parts, every, by_mode.reach) if parts else None
    mixed = mix_words(times)
    hours = mixed[0] if mixed else times.window
    near, reach = times.nearest(every), by_mode.reach
    return Reached(
        mode, found, times.horizon, times.estimate, error, windows, hours, travel.own_notes(times),
        access.measure_fairness(starts, near, reach, times.horizon),
        access.fairness_note(starts, near, reach, times.horizon),
    )  # fmt: skip
