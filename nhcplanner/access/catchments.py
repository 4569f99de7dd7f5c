"""Catchments: whom each centre of a plan serves, by fifth of deprivation."""

from __future__ import annotations

import numpy as np
import pandas as pd

from nhcplanner.access.groups import imd_quintile, site_labels
from nhcplanner.access.options import Ground
from nhcplanner.domain.assessment import Assessment
from nhcplanner.domain.times import nearest_site


def by_fifth(ground: Ground, opened: tuple[int, ...], found: Assessment) -> pd.DataFrame:
    """Count the people for whom each centre is the nearest within reach, by fifth.

    Parameters
    ----------
    ground
        What the plan is measured on.
    opened
        Positions of the sites open in the plan.
    found
        Its assessment.

    Returns
    -------
    DataFrame
        A row an open centre, in order: `site_id`, `council` (of the area it stands in, "" =
        unknown), `people`, `people_q1` (most deprived) to `people_q5` (NaN where the place tells
        no fifths), `capacity`, `over_capacity`.
    """
    place, rows = ground.place, np.asarray(opened, dtype=np.intp)
    table = found.catchments.reset_index(drop=True).copy()
    council = site_labels(place.sites, place.areas).get("council")
    table["council"] = "" if council is None else council.to_numpy()[rows]
    fifth = imd_quintile(place.areas, place.index_name)
    nearest = nearest_site(ground.times.minutes, opened)
    within = ground.times.nearest(opened) <= np.float32(ground.reach)
    people = place.origins["people"].to_numpy(dtype=np.float64)
    for number in range(1, 6):
        if fifth is None:
            table[f"people_q{number}"] = np.nan
            continue
        served = within & (nearest >= 0) & (fifth.to_numpy()[place.area_of_origin] == number)
        heads = np.bincount(nearest[served], people[served], minlength=len(place.sites))
        table[f"people_q{number}"] = heads[rows]
    return table
