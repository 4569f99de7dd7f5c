"""People within some minutes of a centre: in all, by group and minute by minute."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
import pandas as pd

from nhcplanner.base.arrays import Floats
from nhcplanner.domain.place import Place
from nhcplanner.domain.travel_times import TravelTimes


def within(minutes: Floats, people: Floats, thresholds: Iterable[float]) -> pd.Series[float]:
    """Return the people within each of some minutes.

    Parameters
    ----------
    minutes
        To the nearest centre, one for each row; inf = none.
    people
        People of each row.
    thresholds
        Minutes; the end counts as within.

    Returns
    -------
    Series of float
        People, indexed by the minutes.
    """
    limits = list(thresholds)
    reached = [float(people[minutes <= np.float32(limit)].sum()) for limit in limits]
    return pd.Series(reached, index=pd.Index(limits, name="minutes"), name="people")


def before_and_after(
    people: Floats, before: Floats, after: Floats, thresholds: Iterable[float]
) -> pd.DataFrame:
    """Return the people within each of some minutes, before and after, and their share.

    Parameters
    ----------
    people, before, after
        A value a row: people, and minutes to the nearest centre.
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
        A value a row: people, and minutes to the nearest centre.
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
    placed = (labels != 0) & (labels != "")
    summed: pd.DataFrame = frame[placed].groupby(labels[placed], sort=True).sum()
    shares = summed.columns.drop("people").tolist()
    summed[shares] = summed[shares].div(summed["people"].where(summed["people"] > 0), axis=0)
    summed.index.name = groups.name
    return summed


def by_minute(
    place: Place, times: TravelTimes, opened: Sequence[int], minutes: Iterable[float]
) -> pd.DataFrame:
    """Return the people within each of some minutes of existing centres and of a plan's.

    Parameters
    ----------
    place
        With a row of its origins for each row of the minutes.
    times
        Minutes, origin x site.
    opened
        Positions of the sites open in the plan.
    minutes
        Limits; those beyond the horizon of the times are left out.

    Returns
    -------
    DataFrame
        `minutes`, `people_before`, `people_after`, `share_before`, `share_after`.
    """
    people = place.origins["people"].to_numpy(dtype=np.float64)
    before, after = times.nearest(place.existing), times.nearest(opened)
    limits = [limit for limit in minutes if limit <= times.horizon]
    return before_and_after(people, before, after, limits).reset_index()
