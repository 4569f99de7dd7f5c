"""People within some minutes of a centre: in total, by group and by minute."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
import pandas as pd

from nhcplanner.base.arrays import Floats
from nhcplanner.domain.place import Place
from nhcplanner.domain.travel_times import TravelTimes


def within(minutes: Floats, people: Floats, thresholds: Iterable[float]) -> pd.Series[float]:
    """Return the people within each threshold of minutes.

    Parameters
    ----------
    minutes
        Minutes from each row to the nearest centre; inf = none.
    people
        People of each row.
    thresholds
        Minutes; a journey of exactly a threshold is within it.

    Returns
    -------
    Series of float
        People, indexed by the minutes.
    """
    limits = list(thresholds)
    people_within = [float(people[minutes <= np.float32(limit)].sum()) for limit in limits]
    return pd.Series(people_within, index=pd.Index(limits, name="minutes"), name="people")


def before_and_after(
    people: Floats, before: Floats, after: Floats, thresholds: Iterable[float]
) -> pd.DataFrame:
    """Return the people within each threshold, before and after, and their share.

    Parameters
    ----------
    people, before, after
        People of each row, and its minutes to the nearest centre.
    thresholds
        Minutes.

    Returns
    -------
    DataFrame
        Indexed by the minutes: `people_before`, `people_after`, `share_before`, `share_after` (NaN
        where there are no people).
    """
    limits = list(thresholds)
    frame = pd.DataFrame(
        {
            "people_before": within(before, people, limits),
            "people_after": within(after, people, limits),
        }
    )
    total = people.sum()
    for when in ("before", "after"):
        frame[f"share_{when}"] = frame[f"people_{when}"] / total if total else np.nan
    return frame


def by_group(
    groups: pd.Series[int] | pd.Series[str],
    people: Floats,
    before: Floats,
    after: Floats,
    thresholds: Sequence[float],
) -> pd.DataFrame:
    """Return the share of each group's people within some minutes, before and after.

    Parameters
    ----------
    groups
        Group of each row; rows in group 0 or "" are left out.
    people, before, after
        People of each row, and its minutes to the nearest centre.
    thresholds
        Minutes.

    Returns
    -------
    DataFrame
        Rows = groups in order; columns `people`, then `share_before_N` and `share_after_N`.
    """
    frame = pd.DataFrame({"people": people})
    for limit in thresholds:
        frame[f"share_before_{limit:g}"] = people * (before <= np.float32(limit))
        frame[f"share_after_{limit:g}"] = people * (after <= np.float32(limit))
    labels = groups.to_numpy()
    has_group = (labels != 0) & (labels != "")
    sums: pd.DataFrame = frame[has_group].groupby(labels[has_group], sort=True).sum()
    shares = sums.columns.drop("people").tolist()
    sums[shares] = sums[shares].div(sums["people"].where(sums["people"] > 0), axis=0)
    sums.index.name = groups.name
    return sums


def by_minute(
    place: Place, times: TravelTimes, opened: Sequence[int], minutes: Iterable[float]
) -> pd.DataFrame:
    """Return the people within each limit of existing centres, and of the centres of a plan.

    Parameters
    ----------
    place
        With a row of its origins for each row of the minutes.
    times
        Minutes, origin x site.
    opened
        Positions of the sites open in the plan.
    minutes
        Limits in minutes; limits beyond the horizon of the times are left out.

    Returns
    -------
    DataFrame
        `minutes`, `people_before`, `people_after`, `share_before`, `share_after`.
    """
    people = place.origins["people"].to_numpy(dtype=np.float64)
    before, after = times.nearest(place.existing), times.nearest(opened)
    limits = [limit for limit in minutes if limit <= times.horizon]
    return before_and_after(people, before, after, limits).reset_index()
