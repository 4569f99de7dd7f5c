"""Curve: people by minutes to the nearest centre, before and after."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
import pandas as pd

from nhcplanner.access.measure import before_and_after
from nhcplanner.domain.place import Place
from nhcplanner.domain.times import TravelTimes


def by_minute(
    place: Place, times: TravelTimes, opened: Sequence[int], minutes: Iterable[float]
) -> pd.DataFrame:
    """Count people within each of some minutes of existing centres and of a plan's.

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
