"""Floating catchments: the supply of buildings that people can reach, shared with each other."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import geopandas as gpd
import numpy as np
import pandas as pd

from nhcplanner import access
from nhcplanner.access import CATCHMENT, METHODS
from nhcplanner.base.arrays import Floats
from nhcplanner.base.errors import Fault, InputError
from nhcplanner.base.text import suggest
from nhcplanner.domain.choices import Mode
from nhcplanner.domain.place import Place
from nhcplanner.domain.scenario import Scenario
from nhcplanner.domain.travel_times import nearest_site
from nhcplanner.workflow.access import select_buildings
from nhcplanner.workflow.plan import rank
from nhcplanner.workflow.problem import starts_of
from nhcplanner.workflow.windows import measure_windows

__all__ = [
    "BUILDINGS", "CATCHMENT", "METHODS", "CatchmentAccess", "floating_catchments", "glossary",
    "list_measures", "list_supplies",
]  # fmt: skip

BUILDINGS = "buildings"
"""Supply of 1 for each building."""
PER = 1000
"""People for whom supply is stated."""


@dataclass(frozen=True, eq=False)
class CatchmentAccess:
    """Access to buildings by floating catchments.

    Parameters
    ----------
    method, supply, catchment
        Name of the method, name of the supply, and minutes of a catchment.
    mode
        Mode of travel.
    sites
        The buildings.
    areas
        `area_code`, `area_name` (where known), `people`, `band`, `supply` (for 1,000 people, mean
        over the area's people; 0 = no building in the catchment), `share_without` (share of its
        people with no building in the catchment).
    use
        Table of `access.building_use` for each building.
    by_fifth
        Rows = national fifth of deprivation, columns `people` and `supply`; None if the place has
        no fifths.
    measures
        `people`, `without` (people with no building in the catchment), `mean` (supply for 1,000
        people), `gini` (of supply between people, where those without have 0), `left_out`
        (buildings whose supply is not known), `unreached` (buildings that nobody reaches).
    estimate
        Whether minutes are an estimate.
    """

    method: str
    supply: str
    catchment: float
    mode: Mode
    sites: gpd.GeoDataFrame
    areas: pd.DataFrame
    use: pd.DataFrame
    by_fifth: pd.DataFrame | None
    measures: dict[str, float]
    estimate: bool


def list_measures() -> pd.DataFrame:
    """List every measure of fairness and method of floating catchments.

    Returns
    -------
    DataFrame
        `name`, `measure`, `says` (a sentence), `unit`, `better`, `symbol`, `formula` (TeX),
        `source`.

    Examples
    --------
    >>> from nhcplanner import list_measures
    >>> list_measures().set_index("name").loc["gini", "better"]
    'lower is fairer, 0 is equal'
    """
    rows = [
        {
            "name": one.name,
            "measure": one.title,
            "says": one.sentence,
            "unit": one.unit,
            "better": one.direction,
            "symbol": one.symbol,
            "formula": one.formula,
            "source": one.source,
        }
        for one in (*access.MEASURES.values(), *METHODS.values())
    ]
    return pd.DataFrame(rows)


def glossary() -> dict[str, str]:
    """Return a sentence for a board on every measure, by its title."""
    table = list_measures()
    titles = [f"{title[0].upper()}{title[1:]}" for title in table["measure"]]
    return dict(zip(titles, table["says"], strict=True))


def list_supplies(sites: pd.DataFrame) -> list[str]:
    """List what may count as supply: "buildings", then columns of numbers with a figure above 0."""
    columns = [
        str(name)
        for name in sites
        if pd.api.types.is_numeric_dtype(sites[name]) and (sites[name] > 0).any()
    ]
    return [BUILDINGS, *columns]


def floating_catchments(  # noqa: PLR0913, PLR0917  (one call describes the whole question)
    place: Place,
    scenario: Scenario,
    kinds: Sequence[str] = ("existing",),
    mode: Mode | None = None,
    method: str = "e2sfca",
    supply: str = BUILDINGS,
    catchment: float = CATCHMENT,
    progress: Callable[[str], bool | None] | None = None,
) -> CatchmentAccess:
    """Measure how much of some buildings each area can reach, shared with everyone else.

    Parameters
    ----------
    place, scenario
        The place; speeds, engine and reach.
    kinds
        Kinds of building, "existing" for existing centres.
    mode
        Mode of travel; by default the scenario's.
    method
        "2sfca", "e2sfca", "3sfca" or "gaussian"; `list_measures` explains them.
    supply
        "buildings", or a column of numbers of the sites, such as floor_area_m2, capacity,
        list_size or staff.
    catchment
        Minutes of a catchment.
    progress
        Receives a sentence about the current step.

    Returns
    -------
    CatchmentAccess
        Access of each starting point and area, and use of each building.

    Raises
    ------
    InputError
        If the place has no such building, the method or supply is not known, or the catchment is
        not within the horizon.

    Examples
    --------
    >>> from nhcplanner import Scenario, demo_place, floating_catchments
    >>> scenario = Scenario(engine="estimate")
    >>> found = floating_catchments(demo_place(), scenario, ["gp_practice"], supply="capacity")
    >>> found.method, found.catchment, len(found.use)
    ('e2sfca', 30.0, 35)
    """
    by_mode = scenario.model_copy(update={"mode": mode or scenario.mode, "modes": ()})
    sites = select_buildings(place, kinds)
    _check(sites, by_mode, method, supply, catchment)
    only = replace(place, sites=sites)
    times, _ = measure_windows(only, by_mode, progress)
    starts = starts_of(only, by_mode)
    people = starts.origins["people"].to_numpy(dtype=np.float64)
    amount = _supply(sites, supply)
    found = access.floating_access(times.minutes, people, amount, METHODS[method], catchment)
    every = range(len(sites))
    nearest, near = nearest_site(times.minutes, every), times.nearest(every)
    inside = (nearest >= 0) & (near <= np.float32(by_mode.reach))
    heads = np.bincount(nearest[inside], people[inside], len(sites))
    use = access.building_use(sites, heads, amount, found)
    has_some = found.access > 0
    areas = _areas(starts, rank(only, by_mode).band, found.access, has_some)
    total = float(people.sum())
    measures = {
        "people": total,
        "without": float(people[~has_some].sum()),
        "mean": float(PER * (people @ found.access) / total) if total else np.nan,
        "gini": access.gini(found.access, people),
        "left_out": float(np.isnan(amount).sum()),
        "unreached": float((np.isfinite(amount) & (found.demand <= 0)).sum()),
    }
    fifths = _by_fifth(starts, people, found.access)
    return CatchmentAccess(
        method, supply, catchment, by_mode.mode, sites, areas, use, fifths, measures,
        times.estimate,
    )  # fmt: skip


def _check(
    sites: pd.DataFrame, scenario: Scenario, method: str, supply: str, catchment: float
) -> None:
    """Raise InputError for an unknown method or supply, and for a catchment beyond the horizon."""
    faults = []
    if method not in METHODS:
        hint = suggest(method, METHODS) or f"Methods: {', '.join(METHODS)}"
        faults.append(Fault(f"no method of floating catchments is called '{method}'", hint=hint))
    supplies = list_supplies(sites)
    if supply not in supplies:
        words = f"these buildings have no figures above 0 in a column '{supply}'"
        faults.append(Fault(words, hint=f"Supply may be: {', '.join(supplies)}"))
    elif supply != BUILDINGS and (sites[supply] < 0).any():
        faults.append(Fault(f"'{supply}' has figures below 0, so it cannot be a supply"))
    if not 0 < catchment <= scenario.horizon:
        words = f"a catchment of {catchment:g} minutes is not above 0 and within the horizon"
        faults.append(Fault(words, hint=f"Give at most {scenario.horizon:g}, or set horizon"))
    if faults:
        raise InputError(faults)


def _supply(sites: pd.DataFrame, supply: str) -> Floats:
    if supply == BUILDINGS:
        return np.ones(len(sites))
    return sites[supply].to_numpy(dtype=np.float64, na_value=np.nan)


def _areas(
    starts: Place, band: pd.Series[int], supply: Floats, has_some: np.ndarray
) -> pd.DataFrame:
    area, size = starts.area_of_origin, len(starts.areas)
    people = starts.origins["people"].to_numpy(dtype=np.float64)
    heads = np.bincount(area, people, size)
    weight = np.where(heads[area] > 0, people, 1.0)  # areas without people have a mean too
    total = np.bincount(area, weight, size)
    frame = starts.areas[["area_code", "people"]].assign(band=band)
    frame["supply"] = PER * np.bincount(area, weight * supply, size) / total
    frame["share_without"] = np.bincount(area, weight * ~has_some, size) / total
    if "area_name" in starts.areas:
        frame.insert(1, "area_name", starts.areas["area_name"])
    return pd.DataFrame(frame)


def _by_fifth(starts: Place, people: Floats, supply: Floats) -> pd.DataFrame | None:
    fifth = access.imd_quintile(starts.areas, starts.index_name)
    if fifth is None:
        return None
    frame = pd.DataFrame({"people": people, "supply": PER * people * supply})
    group = fifth.to_numpy()[starts.area_of_origin]
    sums = frame[group > 0].groupby(group[group > 0]).sum().rename_axis("imd_quintile")
    return sums.assign(supply=sums["supply"] / sums["people"].where(sums["people"] > 0))
