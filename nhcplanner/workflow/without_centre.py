"""Neighbourhoods and larger areas in which no centre is open, those in most need first."""

from __future__ import annotations

import numpy as np
import pandas as pd

from nhcplanner import access
from nhcplanner.base.errors import Fault, InputError
from nhcplanner.base.text import suggest
from nhcplanner.domain.assessment import Outcome
from nhcplanner.domain.neighbourhoods import LEVELS
from nhcplanner.domain.place import Place
from nhcplanner.domain.scenario import Scenario
from nhcplanner.workflow.neighbourhoods import COLUMN, inside_areas, names_in_areas
from nhcplanner.workflow.plan import rank
from nhcplanner.workflow.problem import people_of

NEIGHBOURHOOD = "neighbourhood"
"""The smallest level, below those of `LEVELS`."""


def levels_of(place: Place) -> tuple[str, ...]:
    """Return the levels that the areas of a place name, the smallest first."""
    columns = {NEIGHBOURHOOD: COLUMN, **{name: level.column for name, level in LEVELS.items()}}
    areas = place.areas
    return tuple(name for name, column in columns.items()
                 if column in areas and areas[column].notna().any())  # fmt: skip


def neighbourhoods_without_centre(
    place: Place, scenario: Scenario, plan: Outcome | None = None, level: str = NEIGHBOURHOOD
) -> pd.DataFrame:
    """Return the neighbourhoods in which no centre is open, those in most need first.

    Parameters
    ----------
    place
        With `neighbourhood` in its areas.
    scenario
        How need is ordered.
    plan
        Centres of a plan; None = those open or committed today.
    level
        "neighbourhood", or one of `LEVELS`: the larger areas that they nest in.

    Returns
    -------
    DataFrame
        `neighbourhood` (its name, or that of the larger area), `people`, `first_band_people`,
        `band` (mean of its people, 1 = first), `hle` (mean, if known), `imd_decile` (mean, if
        known) and `sites` (that could open).

    Raises
    ------
    InputError
        If areas have no neighbourhood, or for an unknown level.

    Examples
    --------
    >>> import nhcplanner as nhc
    >>> place = nhc.demo_place()
    >>> named = nhc.with_neighbourhoods(place, nhc.build_neighbourhoods(place))
    >>> "first_band_people" in nhc.neighbourhoods_without_centre(named, nhc.Scenario())
    True
    """
    place = people_of(place, scenario)
    names = _names(place, level)
    sites = (plan.place if plan else place).sites
    if plan is None:
        is_open = sites["status"].isin(["existing", "committed"]).to_numpy()
    else:
        is_open = np.isin(np.arange(len(sites)), plan.plan.opened)
    of_site = names.to_numpy()[access.area_of_site(sites, place.areas)]
    inside = inside_areas(sites, place.areas)
    served = set(of_site[is_open & inside])
    band = rank(place, scenario).band
    frame = pd.DataFrame({COLUMN: names, "people": place.areas["people"], "band": band})
    frame["first_band_people"] = frame["people"].where(frame["band"] == 1, 0)
    known = [name for name in ("hle", "imd_decile") if name in place.areas]
    measures = {"band": band.where(band > 0), **{name: place.areas[name] for name in known}}
    people = place.areas["people"]
    means = {name: _mean_by(names, people, values) for name, values in measures.items()}
    table = frame.groupby(COLUMN)[["people", "first_band_people"]].sum().assign(**means)
    may_open = (sites["status"] != "forbidden").to_numpy() & inside
    counts = pd.Series(of_site[may_open]).value_counts()
    table["sites"] = counts.reindex(table.index, fill_value=0).astype(int)
    without = table[~table.index.isin(served)].reset_index()
    return without.sort_values(["band", "people"], ascending=[True, False], ignore_index=True)


def _names(place: Place, level: str) -> pd.Series[str]:
    """Return the name of each area's neighbourhood or larger area."""
    if level == NEIGHBOURHOOD:
        return names_in_areas(place)
    if level not in LEVELS:
        hint = suggest(level, (NEIGHBOURHOOD, *LEVELS))
        raise InputError([Fault(f"no level is called {level}", hint=hint)])
    column = LEVELS[level].column
    if column not in place.areas or place.areas[column].isna().any():
        words = f"the areas of {place.name} do not name their {LEVELS[level].noun}"
        raise InputError([Fault(words, hint=f"Group neighbourhoods with --level {level}")])
    names: pd.Series[str] = place.areas[column].astype("str")
    return names


def _mean_by(names: pd.Series[str], people: pd.Series, values: pd.Series) -> pd.Series:
    numbers = pd.to_numeric(values, errors="coerce").astype("float64")
    heads = people.where(numbers.notna(), 0).astype("float64")
    sums = (numbers.fillna(0) * heads).groupby(names.to_numpy()).sum()
    return sums / heads.groupby(names.to_numpy()).sum()
