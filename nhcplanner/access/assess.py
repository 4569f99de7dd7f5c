"""What a plan means for people, before and after."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import pandas as pd

from nhcplanner.access.groups import imd_quintile
from nhcplanner.access.measure import Floats, by_group, nearest_site, within
from nhcplanner.domain.assessment import THRESHOLDS, Assessment
from nhcplanner.domain.need import Need
from nhcplanner.domain.place import Place
from nhcplanner.domain.times import TravelTimes


def assess(
    place: Place,
    times: TravelTimes,
    opened: Sequence[int],
    need: Need,
    reach: float,
) -> Assessment:
    """Say who reaches a centre before the plan (existing centres) and after.

    Parameters
    ----------
    place
        The place.
    times
        Minutes, origin x site.
    opened
        Positions in `place.sites` of the centres open in the plan.
    need
        Band of each area.
    reach
        Minutes that count as reached.

    Returns
    -------
    Assessment
    """
    people = place.origins["people"].to_numpy(dtype=np.float64)
    existing = np.flatnonzero(place.sites["status"].to_numpy() == "existing")
    before, after = times.nearest(existing), times.nearest(opened)
    limits = tuple(sorted({*map(float, THRESHOLDS), float(reach)}))
    limits = tuple(limit for limit in limits if limit <= times.horizon)
    area = place.area_of_origin

    def grouped(groups: pd.Series | None) -> pd.DataFrame | None:
        if groups is None:
            return None
        return by_group(groups.iloc[area], people, before, after, limits)

    by_band = grouped(need.band) if (need.band > 0).any() else None
    return Assessment(
        areas=_areas(place, times, opened, need.band, reach),
        people_within=_people_within(people, before, after, limits),
        by_band=by_band,
        by_imd_quintile=grouped(imd_quintile(place.areas, place.index_name)),
        by_rural_urban=grouped(_rural_urban(place.areas)),
        catchments=_catchments(place, times, opened, reach),
        thresholds=limits,
        need=need,
    )


def _people_within(
    people: Floats, before: Floats, after: Floats, limits: Sequence[float]
) -> pd.DataFrame:
    total = people.sum()
    frame = pd.DataFrame(
        {
            "people_before": within(before, people, limits),
            "people_after": within(after, people, limits),
        }
    )
    for when in ("before", "after"):
        frame[f"share_{when}"] = frame[f"people_{when}"] / total if total else np.nan
    return frame


def _areas(
    place: Place, times: TravelTimes, opened: Sequence[int], band: pd.Series[int], reach: float
) -> pd.DataFrame:
    area = place.area_of_origin
    people = place.origins["people"].to_numpy(dtype=np.float64)
    existing = np.flatnonzero(place.sites["status"].to_numpy() == "existing")
    frame = pd.DataFrame(
        {
            "area_code": place.areas["area_code"],
            "people": place.areas["people"],
            "band": band,
        }
    )
    for when, sites in (("before", existing), ("after", opened)):
        minutes = times.nearest(sites)
        frame[f"minutes_{when}"] = _rolled_up(minutes, people, area, len(frame))
        reached = (minutes <= np.float32(reach)).astype(np.float64)
        frame[f"share_{when}"] = _rolled_up(reached, people, area, len(frame))
    nearest = nearest_site(times.minutes, opened)
    first = pd.Series(nearest).groupby(area).first().reindex(range(len(frame)), fill_value=-1)
    ids = place.sites["site_id"].to_numpy()
    frame["centre"] = ["" if site < 0 else ids[site] for site in first]
    return frame


def _rolled_up(values: Floats, people: Floats, area: npt.NDArray[np.int64], areas: int) -> Floats:
    """People-weighted mean over each area's origins; plain mean where nobody lives."""
    heads = np.bincount(area, people, areas)
    weight = np.where(heads[area] > 0, people, 1.0)
    with np.errstate(invalid="ignore"):
        parts = np.where(weight > 0, values * weight, 0.0)
    return np.bincount(area, parts, areas) / np.bincount(area, weight, areas)


def _catchments(
    place: Place, times: TravelTimes, opened: Sequence[int], reach: float
) -> pd.DataFrame:
    people = place.origins["people"].to_numpy(dtype=np.float64)
    nearest = nearest_site(times.minutes, opened)
    served = (nearest >= 0) & (times.nearest(opened) <= np.float32(reach))
    heads = np.bincount(nearest[served], people[served], minlength=len(place.sites))
    rows = np.asarray(opened, dtype=np.intp)
    capacity = np.full(len(rows), np.nan)
    if "capacity" in place.sites:
        capacity = place.sites["capacity"].to_numpy(dtype=np.float64, na_value=np.nan)[rows]
    return pd.DataFrame(
        {
            "site_id": place.sites["site_id"].to_numpy()[rows],
            "people": heads[rows],
            "capacity": capacity,
            "over_capacity": np.maximum(heads[rows] - capacity, 0.0),
        }
    )


def _rural_urban(areas: pd.DataFrame) -> pd.Series[str] | None:
    if "rural_urban" not in areas or not areas["rural_urban"].notna().any():
        return None
    return areas["rural_urban"].fillna("").astype(str)
