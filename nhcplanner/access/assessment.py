"""The assessment of a plan: who reaches a centre before and after, with its notes."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from nhcplanner.access.coverage import before_and_after, by_group
from nhcplanner.access.groups import HOUSEHOLD, car_note, imd_quintile
from nhcplanner.access.need import need_note
from nhcplanner.base.arrays import Floats, Ints
from nhcplanner.base.text import plural
from nhcplanner.domain.assessment import THRESHOLDS, Assessment, Need
from nhcplanner.domain.journeys import journeys_of, median_of_groups, trips
from nhcplanner.domain.place import Place
from nhcplanner.domain.plan import Allocation, Plan
from nhcplanner.domain.scenario import Scenario
from nhcplanner.domain.travel_times import TravelTimes, nearest_site

ONE_PERSON = 1.0


def assess(
    place: Place,
    times: TravelTimes,
    opened: Sequence[int],
    need: Need,
    reach: float,
    allocation: Allocation | None = None,
) -> Assessment:
    """Return who reaches a centre before the plan (existing centres) and after.

    Parameters
    ----------
    place
        The place. Its origins may be split by car availability (`part_by_car`).
    times
        Minutes, origin x site.
    opened
        Positions in `place.sites` of the centres open in the plan.
    need
        Band of each area.
    reach
        Minutes that count as within reach.
    allocation
        People whom each centre serves; None = everyone within reach goes to the nearest centre.
        Figures "after" are then measured to the centre that people are sent to (`Journeys`).

    Returns
    -------
    Assessment
    """
    parts, journeys = journeys_of(place, times, opened, reach, allocation)
    people = parts.origins["people"].to_numpy(dtype=np.float64)
    before, after = journeys.before, journeys.after
    nearest = nearest_site(times.minutes, opened)
    limits = tuple(sorted({*map(float, THRESHOLDS), float(reach)}))
    limits = tuple(limit for limit in limits if limit <= times.horizon)
    area = parts.area_of_origin
    to_nearest = Allocation.to_nearest(nearest, times.nearest(opened) <= np.float32(reach))
    allocation_in_use = allocation or to_nearest

    def grouped(groups: pd.Series | None) -> pd.DataFrame | None:
        if groups is None:
            return None
        return by_group(groups.iloc[area], people, before, after, limits)

    by_band = grouped(need.band) if (need.band > 0).any() else None
    by_car = None
    if HOUSEHOLD in parts.origins:
        by_car = by_group(parts.origins[HOUSEHOLD], people, before, after, limits)
    return Assessment(
        areas=_areas(parts, need.band, {"before": before, "after": after}, reach).assign(
            **_centres_of_areas(place, nearest, allocation_in_use)
        ),
        people_within=before_and_after(people, before, after, limits),
        by_band=by_band,
        by_imd_quintile=grouped(imd_quintile(place.areas, place.index_name)),
        by_rural_urban=grouped(_rural_urban(place.areas)),
        by_car=by_car,
        catchments=_catchments(place, opened, allocation_in_use, to_nearest),
        thresholds=limits,
        need=need,
    )


def minutes_by_area(place: Place, minutes: Floats) -> Floats:
    """Return the median minutes of each area's people; may be inf.

    Parameters
    ----------
    place
        With a row of its origins for each of the minutes.
    minutes
        From each origin to its centre.
    """
    people, area = place.origins["people"].to_numpy(dtype=np.float64), place.area_of_origin
    areas = len(place.areas)
    return median_of_groups(minutes, _weight(people, area, areas), area, areas)


def _areas(
    place: Place, band: pd.Series[int], journeys: dict[str, Floats], reach: float
) -> pd.DataFrame:
    people, area = place.origins["people"].to_numpy(dtype=np.float64), place.area_of_origin
    weight = _weight(people, area, len(place.areas))
    frame = pd.DataFrame(
        {
            "area_code": place.areas["area_code"],
            "people": place.areas["people"],
            "band": band,
        }
    )
    for when, minutes in journeys.items():
        frame[f"minutes_{when}"] = median_of_groups(minutes, weight, area, len(frame))
        people_in_reach = np.bincount(area, (minutes <= np.float32(reach)) * weight, len(frame))
        frame[f"share_{when}"] = people_in_reach / np.maximum(
            np.bincount(area, weight, len(frame)), 1e-9
        )
    return frame


def _centres_of_areas(place: Place, nearest: Ints, allocation: Allocation) -> dict[str, list[str]]:
    """Return the centre that serves most people of each area, and the nearest one; "" = none."""
    people, area = place.origins["people"].to_numpy(dtype=np.float64), place.area_of_origin
    weight = _weight(people, area, len(place.areas))
    ids = place.sites["site_id"].to_numpy()

    def ids_of(rows: Ints, sites: Ints, weights: Floats) -> list[str]:
        common = _most_common(sites, weights, area[rows])
        return [ids[common[row]] if row in common else "" for row in range(len(place.areas))]

    closest = ids_of(np.arange(len(nearest)), nearest, weight)
    serves = ids_of(allocation.rows, allocation.sites, weight[allocation.rows] * allocation.shares)
    return {"centre": serves, "nearest_centre": closest}


def _weight(people: Floats, area: Ints, areas: int) -> Floats:
    """Return the people of each origin; 1 for each origin of an area where nobody lives."""
    heads = np.bincount(area, people, areas)
    return np.where(heads[area] > 0, people, 1.0)


def _most_common(sites: Ints, people: Floats, area: Ints) -> dict[int, int]:
    """Return the site of most people of each area; areas without a site are left out."""
    votes = pd.DataFrame({"area": area, "site": sites, "people": people})
    votes = votes[(votes["site"] >= 0) & (votes["people"] > 0)]
    heads = votes.groupby(["area", "site"])["people"].sum().reset_index()
    heads = heads.sort_values(["area", "people", "site"], ascending=[True, False, True])
    first = heads.drop_duplicates("area")
    return dict(zip(first["area"], first["site"], strict=True))


def _catchments(
    place: Place, opened: Sequence[int], allocation: Allocation, to_nearest: Allocation
) -> pd.DataFrame:
    people = place.origins["people"].to_numpy(dtype=np.float64)
    rows = np.asarray(opened, dtype=np.intp)
    heads, near = (
        one.people_at(people, len(place.sites))[rows] for one in (allocation, to_nearest)
    )
    capacity = np.full(len(rows), np.nan)
    if "capacity" in place.sites:
        capacity = place.sites["capacity"].to_numpy(dtype=np.float64, na_value=np.nan)[rows]
    return pd.DataFrame(
        {
            "site_id": place.sites["site_id"].to_numpy()[rows],
            "people": heads,
            "people_nearest": near,
            "capacity": capacity,
            "over_capacity": np.maximum(heads - capacity, 0.0),
        }
    )


def _rural_urban(areas: pd.DataFrame) -> pd.Series[str] | None:
    if "rural_urban" not in areas or not areas["rural_urban"].notna().any():
        return None
    return areas["rural_urban"].fillna("").astype(str)


def notes(
    place: Place, times: TravelTimes, plan: Plan, scenario: Scenario, assessment: Assessment
) -> tuple[str, ...]:
    """Return notes on bands, minutes and capacity for an assessment.

    Parameters
    ----------
    place
        With a row of its origins for each row of the minutes.
    times, plan, scenario, assessment
        Travel times, plan, scenario and assessment of the plan.
    """
    words = [assessment.need.basis]
    if scenario.need:
        words.append(need_note(place, scenario))
    if scenario.by_car:
        words.append(car_note(place))
    if times.snap is not None:
        for name, frame in (("starting point", times.snap.origins), ("site", times.snap.sites)):
            far, cut = int(frame["far"].sum()), int(frame["cut_off"].sum())
            if far or cut:
                parts = []
                if far:
                    lie = "lies" if far == 1 else "lie"
                    parts.append(
                        f"{plural(far, name)} {lie} over {scenario.far_snap_m:g} m from the streets"
                    )
                if cut:
                    be = "is" if cut == 1 else "are"
                    parts.append(f"{plural(cut, name)} {be} cut off from the streets")
                words.append("; ".join(parts))
    if plan.unreached:
        people = place.origins["people"].to_numpy()[list(plan.unreached)].sum()
        starts = plural(len(plan.unreached), "starting point")
        be = "is" if len(plan.unreached) == 1 else "are"
        words.append(f"{starts} ({people:,.0f} people) {be} reached by no allowed site")
    words += _unserved_words(place, times, plan)
    over = assessment.catchments["over_capacity"] > 0
    names = dict(zip(place.sites["site_id"], place.site_names, strict=True))
    words += [
        f"{_with_id(names[str(row.site_id)], str(row.site_id))}: {row.people:,.0f} people for a "
        f"capacity of {row.capacity:,.0f}"
        for row in assessment.catchments[over].itertuples()
    ]
    return tuple(words)


def _unserved_words(place: Place, times: TravelTimes, plan: Plan) -> list[str]:
    """Return a sentence on people whom the plan sends to no centre; none if it sends everyone."""
    if plan.allocation is None:
        return []
    people = place.origins["people"].to_numpy(dtype=np.float64)
    found = trips(times.minutes, people, plan.opened, plan.allocation)
    unserved = float(found.people[~found.served].sum())
    if unserved < ONE_PERSON / 2:
        return []
    words = (
        f"The plan sends {unserved:,.0f} people to no centre; they count as not served: not within "
        f"reach, and more than {times.horizon:g} minutes away"
    )
    return [words]


def _with_id(name: str, site_id: str) -> str:
    return name if name == site_id else f"{name} ({site_id})"
