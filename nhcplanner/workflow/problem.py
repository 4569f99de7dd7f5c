"""Problem of a place and a scenario, in the form that the models take."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd

from nhcplanner import access, models, travel
from nhcplanner.base.errors import Fault, InputError
from nhcplanner.domain.assessment import Need
from nhcplanner.domain.choices import ALL
from nhcplanner.domain.colocation import services_of
from nhcplanner.domain.place import Place
from nhcplanner.domain.problem import Problem
from nhcplanner.domain.scenario import Scenario
from nhcplanner.domain.services import services_to_add
from nhcplanner.domain.sizes import CHOSEN, as_listed, named_sites, size_rows, unused
from nhcplanner.domain.travel_times import TravelTimes

MOST_MINUTES = 240.0
"""Minutes by car beyond which no spoke is near a hub."""


def build_problem(place: Place, times: TravelTimes, scenario: Scenario, need: Need) -> Problem:
    """Build the problem: rows as in `measure`, one column per site.

    Existing and committed sites stay open; existing ones cost nothing more. Sites that
    are forbidden, of another kind, or without a cost under a budget stay closed.

    Parameters
    ----------
    place, times, scenario, need
        The place, results of `measure` and `rank` for it, and the settings.

    Returns
    -------
    Problem
        Numbers only, for `solve_scenario` and the functions of `nhcplanner.explore`.

    Raises
    ------
    InputError
        If the scenario names sites, kinds or columns of need that the place does not have.

    Examples
    --------
    >>> from nhcplanner import Scenario, demo_place, measure, build_problem, rank
    >>> place, scenario = demo_place(), Scenario(count=6)
    >>> problem = build_problem(place, measure(place, scenario), scenario, rank(place, scenario))
    >>> problem.count, problem.areas, problem.sites
    (6, 250, 90)
    """
    place = people_of(place, scenario)
    if CHOSEN in place.sites:  # a plan's sizes: its problem offers them all again
        place = replace(place, sites=as_listed(place.sites))
    sites = place.sites
    check_names(place, scenario)
    starts = starts_of(place, scenario)
    status = sites["status"]
    keep = (
        status.isin(["existing", "committed"]) | sites["site_id"].isin(scenario.keep)
    ).to_numpy()
    is_free = may_shut(sites, scenario)
    keep = keep & ~is_free
    forbid = ((status == "forbidden") | sites["site_id"].isin(scenario.forbid)).to_numpy()
    if scenario.kinds:
        forbid = forbid | (~sites["kind"].isin(scenario.kinds).to_numpy() & ~keep & ~is_free)
    lacks = services_to_add(sites, scenario.services)
    forbid = forbid | (~lacks["has_room"].to_numpy() & ~keep & ~is_free)
    counts = access.per_person(place, scenario)
    cost = _numbers(sites, "cost")
    cost[(status == "existing").to_numpy()] = 0.0
    options = _options(sites, scenario)
    if scenario.budget is not None:
        is_sized = np.isin(np.arange(len(sites)), [row["site"] for row in options])
        forbid = forbid | (np.isnan(cost) & ~keep & ~is_sized)
    problem = Problem.from_minutes(
        times.minutes,
        people=starts.origins["people"].to_numpy(),
        reach=scenario.reach,
        bands=need.band.to_numpy()[starts.area_of_origin],
        count=scenario.count,
        budget=scenario.budget,
        cost=np.nan_to_num(cost, nan=0.0),
        capacity=_numbers(sites, "capacity"),
        keep=np.flatnonzero(keep).tolist(),
        forbid=np.flatnonzero(forbid).tolist(),
        need=None if counts is None else counts[starts.area_of_origin],
        row_groups={
            name: labels.to_numpy()[starts.area_of_origin]
            for name, labels in access.area_labels(place.areas, place.index_name).items()
        },
        site_groups=access.site_labels(sites, place.areas),
        site_xy=_xy(sites),
        site_ids=sites["site_id"].tolist(),
        sizes=options,
        hubs=_hubs(sites, scenario),
        staff=lacks["staff_needed"].to_numpy() if scenario.services else None,
        today=np.flatnonzero((status == "existing").to_numpy()).tolist(),
        near={
            str(kind): counts.to_numpy() for kind, counts in services_of(sites, scenario).items()
        },
    )
    has_one_each = len(starts.origins) == len(place.areas)
    return problem if has_one_each else replace(problem, row_name="starting point")


def goal_lines(place: Place) -> list[str]:
    """Return the line of every goal, and of goals by group one for each grouping of the areas."""
    return models.goal_lines(access.area_labels(place.areas, place.index_name))


def check_names(place: Place, scenario: Scenario) -> None:
    """Raise InputError if the scenario names sites or kinds that the place does not have."""
    ids, kinds = set(place.sites["site_id"]), set(place.sites["kind"].dropna())
    faults = [
        Fault(f"{key} names site '{name}', which {place.name} does not have", "scenario")
        for key in ("keep", "forbid", "may_shut")
        for name in getattr(scenario, key)
        if name not in ids and (key, name) != ("may_shut", ALL)
    ]
    today = set(place.sites.loc[place.sites["status"] == "existing", "site_id"])
    faults += [
        Fault(f"may_shut names {name}, which is no centre of today", "scenario")
        for name in scenario.may_shut
        if name in ids - today
    ]
    faults += [
        Fault(
            f"no site is of the kind '{kind}'",
            "scenario",
            hint=f"Kinds: {', '.join(sorted(kinds))}",
        )
        for kind in scenario.kinds
        if kind not in kinds
    ]
    faults += [
        Fault(
            f"no site of {place.name} may have the size '{name}'", "scenario",
            hint="Name ids of its sites or a kind in `at`; an extension needs a site's capacity",
        )
        for name in unused(as_listed(place.sites), scenario.sizes)
    ]  # fmt: skip
    if faults:
        raise InputError(faults)


def _options(sites: pd.DataFrame, scenario: Scenario) -> list[dict[str, Any]]:
    """Return the sizes of the sites; under a budget, without those whose cost is not known."""
    rows = size_rows(sites, scenario.sizes)
    if scenario.budget is None:
        return rows
    return [row for row in rows if pd.notna(row["cost"])]


def _hubs(sites: gpd.GeoDataFrame, scenario: Scenario) -> dict[int, np.ndarray]:
    """Return estimated minutes by car from each site that may be a hub to every site."""
    places = named_sites(sites, scenario.hubs)
    if not scenario.hubs:
        return {}
    if not places:
        hint = "Name ids of its sites, or kind:hospital"
        raise InputError([Fault("hubs name no site of the place", "scenario", hint=hint)])
    points = _xy(sites)
    longest = travel.estimate(points[places], points, "drive", MOST_MINUTES).minutes.tocoo()
    minutes = np.full((len(places), len(sites)), np.inf)
    minutes[longest.row, longest.col] = longest.data
    return dict(zip(places, minutes, strict=True))


def may_shut(sites: pd.DataFrame, scenario: Scenario) -> np.ndarray:
    """Flag the centres of today that the plan may shut, unless the scenario keeps them."""
    named = sites["site_id"].isin(scenario.may_shut) | (ALL in scenario.may_shut)
    is_open = sites["status"] == "existing"
    return np.asarray(is_open & named & ~sites["site_id"].isin(scenario.keep), dtype=bool)


def need_basis(place: Place, scenario: Scenario) -> str:
    """Return what orders the areas of a place by need: "hle", "imd" or "none"."""
    try:
        return access.rank(people_of(place, scenario), scenario).by
    except InputError:  # `check_names` and `rank` report it when a plan is made
        return "none"


def starts_of(place: Place, scenario: Scenario) -> Place:
    """Return the place with one origin for each row of the scenario's travel times."""
    place = people_of(place, scenario)
    return access.part_by_car(place) if scenario.by_car else place


def people_of(place: Place, scenario: Scenario) -> Place:
    """Return the place with the people of the scenario's year.

    Raises
    ------
    InputError
        If the place has no projection of that year.
    """
    return place.in_year(scenario.year, scenario.housing)


def _xy(frame: pd.DataFrame) -> np.ndarray:
    return np.column_stack([frame.geometry.x, frame.geometry.y])


def _numbers(frame: pd.DataFrame, column: str) -> np.ndarray:
    if column not in frame:
        return np.full(len(frame), np.nan)
    return frame[column].to_numpy(dtype=np.float64, na_value=np.nan).copy()
