"""Tables behind all maps, charts and files: areas, sites, centres, shares."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd

from nhcplanner.domain.assessment import Outcome
from nhcplanner.domain.colocation import kinds_near, names_near, services_of
from nhcplanner.domain.journeys import trips
from nhcplanner.domain.place import Place
from nhcplanner.domain.services import services_to_add
from nhcplanner.domain.sizes import CHOSEN
from nhcplanner.domain.travel_times import nearest_site
from nhcplanner.domain.verdict import Verdict

TO_ADD = ("services_to_add", "rooms_needed", "staff_needed")
"""Columns of the sites where the scenario states the services of a centre."""
GROUPS = {
    "by_band": ("Band of need", "Band (1 = first)"),
    "by_imd_quintile": ("Deprivation", "IMD quintile (1 = most deprived)"),
    "by_rural_urban": ("Rural and urban", "Class"),
}
"""Groups of people in an assessment: a title, and the heading of their names."""


def areas(outcome: Outcome) -> gpd.GeoDataFrame:
    """Return the areas with the effect of the plan; minutes beyond the horizon are missing."""
    found = outcome.assessment.areas.drop(columns=["area_code", "people"]).reset_index(drop=True)
    found = found.replace([np.inf, -np.inf], np.nan)
    if not Verdict.of(outcome.plan).has_plan:
        found["share_after"] = np.nan
    return _named(outcome, outcome.place.areas.join(found))


def sites(outcome: Outcome) -> gpd.GeoDataFrame:
    """Return the sites with their role in the plan and the people whom they serve.

    `role` is "existing", "committed", "new" or "" (not opened); `people_served` and
    `people_nearest` are `people` and `people_nearest` of `Assessment.catchments`. Where the plan
    chooses sizes, `plan_size` is the size and `room_left` the people for whom a centre has room.
    """
    found = outcome.place.sites.copy()
    found["role"] = role(outcome)
    served = outcome.assessment.catchments.set_index("site_id")
    served = served.rename(columns={"people": "people_served"})
    columns = [c for c in ("people_served", "people_nearest", "over_capacity") if c in served]
    found = found.join(served[columns], on="site_id")
    near = services_of(outcome.place.sites, outcome.scenario)
    found["services_near"], found["services_near_kinds"] = kinds_near(near), names_near(near)
    if outcome.scenario.services:
        lacks = services_to_add(outcome.place.sites, outcome.scenario.services)
        found = found.assign(**{name: lacks[name] for name in TO_ADD})
    if CHOSEN in found:
        found["room_left"] = (found["capacity"] - found["people_served"]).clip(lower=0.0)
    return _named(outcome, found)


def origins(outcome: Outcome) -> gpd.GeoDataFrame:
    """Return starting points with minutes to a centre before and after the plan.

    Columns `minutes_before` (to the nearest centre), `minutes_after` (within which half of the
    point's people come to the centres that the plan sends them to, or to the nearest where it
    sends nobody; NaN = beyond the horizon, or no plan) and `centre`
    (site_id of the centre that the plan sends most of them to; where it sends nobody, the nearest
    one within reach; "" = none). Where people were divided by car, `car` says which ("without",
    "with") and each point has two rows.
    """
    place, times, plan = outcome.place, outcome.times, outcome.plan
    frame = place.origins.copy()
    if len(outcome.problem.people) == 2 * len(frame):
        halves = [frame.assign(car="without"), frame.assign(car="with")]
        frame = gpd.GeoDataFrame(pd.concat(halves, ignore_index=True), crs=frame.crs)
    frame["people"] = outcome.problem.people
    opened = np.array(plan.opened, dtype=np.intp)
    found = trips(times.minutes, frame["people"].to_numpy(np.float64), opened, plan.allocation)
    after = found.median_minutes(len(frame))
    before = times.nearest(place.existing)
    frame["minutes_before"] = np.where(np.isfinite(before), before, np.nan)
    frame["minutes_after"] = np.where(np.isfinite(after), after, np.nan)
    if not Verdict.of(plan).has_plan:
        frame["minutes_after"] = np.nan
    near = nearest_site(times.minutes, opened)
    destination = np.where(times.nearest(opened) <= outcome.scenario.reach, near, -1)
    if plan.allocation is not None:
        destination = np.full(len(frame), -1)
        order = np.argsort(plan.allocation.shares, kind="stable")  # the largest share comes last
        destination[plan.allocation.rows[order]] = plan.allocation.sites[order]
    ids = np.append(place.sites["site_id"].to_numpy(dtype=object), "")
    frame["centre"] = ids[destination]
    return _named(outcome, frame)


def isochrones(outcome: Outcome, ground: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Return isochrones with the name of each centre, the longest minutes first."""
    frame = ground.sort_values(["minutes", "site_id", "mode"], ascending=[False, True, True])
    frame = frame.reset_index(drop=True)
    frame.insert(1, "name", frame["site_id"].map(called(outcome.place)))
    return _named(outcome, frame)


def _named(outcome: Outcome, frame: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Add the title of the place to every row, so that an invented place is always marked."""
    frame.insert(0, "place", outcome.place.title)
    return gpd.GeoDataFrame(frame, geometry="geometry", crs=outcome.place.areas.crs)


def role(outcome: Outcome) -> pd.Series:
    """Return the role of each site: "existing", "committed", "new" or "" (not opened)."""
    opened = np.zeros(len(outcome.place.sites), dtype=bool)
    opened[list(outcome.plan.opened)] = True
    return (
        status(outcome).where(lambda s: s.isin(["existing", "committed"]), "new").where(opened, "")
    )


def status(outcome: Outcome) -> pd.Series:
    """Return the status of each site; "candidate" if the place states none."""
    sites_of_place = outcome.place.sites
    if "status" not in sites_of_place:
        return pd.Series("candidate", index=sites_of_place.index)
    stated: pd.Series = sites_of_place["status"].fillna("candidate")
    return stated


def called(place: Place) -> dict[str, str]:
    """Return the name of each site by its id."""
    return dict(zip(place.sites["site_id"], place.site_names, strict=True))


def rows(frame: pd.DataFrame) -> Iterator[Any]:
    """Return the rows of a table as named tuples, whose values may be of any type."""
    return iter(frame.itertuples(index=False))


def centres(outcome: Outcome) -> pd.DataFrame:
    """Return the open sites, numbered from 1 as on the map.

    Columns `number`, `site_id`, `name`, `role`, `kind`, `people_served`, `people_nearest`,
    `capacity`, `over_capacity`, `services_near` (number of kinds) and `services_near_kinds`; blank
    where not known. Where the plan chooses sizes also
    `plan_size`, `cost` and `room_left`.
    """
    every = sites(outcome).assign(name=outcome.place.site_names)
    opened = every.loc[list(outcome.plan.opened)].reset_index(drop=True)
    opened.insert(0, "number", range(1, len(opened) + 1))
    columns = [
        "number",
        "site_id",
        "name",
        "role",
        "kind",
        "people_served",
        "people_nearest",
        "capacity",
        "over_capacity",
        "services_near",
        "services_near_kinds",
        *(TO_ADD if outcome.scenario.services else ()),
        *((CHOSEN, "cost", "room_left") if CHOSEN in opened else ()),
    ]
    return pd.DataFrame(opened.reindex(columns=columns))


def shares(outcome: Outcome, groups: str = "by_band") -> pd.DataFrame | None:
    """Return people within reach before and after, with a row for each group.

    Parameters
    ----------
    groups
        A key of `GROUPS`, or "by_car".

    Returns
    -------
    DataFrame or None
        Index = group, columns `people`, `before`, `after` (shares, 0 to 1); None if the
        place lacks the data for such groups.
    """
    table: pd.DataFrame | None = getattr(outcome.assessment, groups)
    if table is None:
        return None
    reach = f"{outcome.scenario.reach:g}"
    found = table[["people", f"share_before_{reach}", f"share_after_{reach}"]]
    return found.set_axis(["people", "before", "after"], axis=1)


def stages(outcome: Outcome) -> pd.DataFrame:
    """Return the goals of the plan in order: value, bound and certainty of each."""
    return pd.DataFrame(
        {
            "Goal": goal.name,
            "Reached": goal.stage.value,
            "Best possible": goal.stage.bound,
            "Counts": goal.stage.unit,
            "How sure": goal.sureness[0].upper() + goal.sureness[1:],
            "Seconds": round(goal.stage.seconds, 1),
        }
        for goal in Verdict.of(outcome.plan).goals
    )


def sources(place: Place) -> pd.DataFrame:
    """Return the sources of the place, without empty columns."""
    names = ("layer", "title", "publisher", "vintage", "licence", "attribution", "address", "file")
    rows = [{name: getattr(source, name) for name in names} for source in place.sources]
    table = pd.DataFrame(rows, columns=list(names))
    return table[[name for name in names if (table[name] != "").any()]]
