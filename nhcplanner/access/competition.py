"""Competition: the people whom an opened centre draws from the centres or services near it."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from scipy import sparse

from nhcplanner.access.options import Ground, allocation_of
from nhcplanner.base.arrays import Floats, Ints
from nhcplanner.domain.plan import Plan

NOWHERE = "none within reach"
"""Name of the row of people who have no other centre within reach."""


def competition(ground: Ground, plan: Plan, rivals: Sequence[int] | None = None) -> pd.DataFrame:
    """Return where the people of each new centre would otherwise go.

    The people of a centre are those whom it serves. Otherwise each would go to the nearest of the
    others, if it is within reach.

    Parameters
    ----------
    ground
        Place, minutes and need.
    plan
        The plan.
    rivals
        Positions of the sites that people might use instead; None = the other open centres.

    Returns
    -------
    DataFrame
        `site_id`, `name`, `from_site_id`, `from_name` ("" and "none within reach" = they have no
        other within reach), `people`, `share` (of the people of the centre), `minutes_here`,
        `minutes_there` (means over these people; NaN = none within reach). Rows of a centre begin
        with the site that it draws most people from. Existing centres have no rows.
    """
    place, allocation = ground.place, allocation_of(ground, plan)
    heads = place.origins["people"].to_numpy(dtype=np.float64)
    status = place.sites["status"].to_numpy()
    some = (heads[allocation.rows] > 0) & (status[allocation.sites] != "existing")
    rows, sites = allocation.rows[some], allocation.sites[some]
    others = plan.opened if rivals is None else rivals
    first, second = _two_nearest(ground.times.minutes, others)
    is_own = first[0][rows] == sites
    there = np.where(is_own, second[0][rows], first[0][rows])
    minutes = np.where(is_own, second[1][rows], first[1][rows])
    there = np.where(minutes <= np.float32(ground.reach), there, -1)
    people = heads[rows] * allocation.shares[some]
    here = np.zeros(0)
    if len(rows):  # without rows the result would stay sparse
        here = np.asarray(ground.times.minutes[rows, sites]).ravel().astype(np.float64)
    pairs = pd.DataFrame({"site": sites, "there": there, "people": people})
    pairs["minutes_here"] = people * here
    pairs["minutes_there"] = np.where(there >= 0, people * minutes, np.nan)
    sums = pairs.groupby(["site", "there"]).sum(min_count=1).reset_index()
    means = ["minutes_here", "minutes_there"]
    sums[means] = sums[means].div(sums["people"], axis=0)
    sums["share"] = sums["people"] / sums.groupby("site")["people"].transform("sum")
    sums = sums.sort_values(["site", "people", "there"], ascending=[True, False, True])
    ids = np.append(place.sites["site_id"].to_numpy(dtype=object), "")
    names = np.append(place.site_names.to_numpy(dtype=object), NOWHERE)
    site, other = sums["site"].to_numpy(), sums["there"].to_numpy()
    return pd.DataFrame(
        {
            "site_id": ids[site],
            "name": names[site],
            "from_site_id": ids[other],
            "from_name": names[other],
            "people": sums["people"].to_numpy(),
            "share": sums["share"].to_numpy(),
            "minutes_here": sums["minutes_here"].to_numpy(),
            "minutes_there": sums["minutes_there"].to_numpy(),
        }
    )


def _two_nearest(
    minutes: sparse.csr_array, sites: Sequence[int]
) -> tuple[tuple[Ints, Floats], tuple[Ints, Floats]]:
    """Return the nearest and second nearest of some sites of each row, with the minutes.

    Ties go to the site that is listed first; -1 and inf = none.
    """
    is_site = np.zeros(minutes.shape[1], dtype=bool)
    is_site[np.asarray(sites, dtype=np.intp)] = True
    entries = np.flatnonzero(is_site[minutes.indices])
    rows = np.searchsorted(minutes.indptr, entries, side="right") - 1
    order = np.lexsort((minutes.indices[entries], minutes.data[entries], rows))
    rows, entries = rows[order], entries[order]
    starts = np.searchsorted(rows, np.arange(minutes.shape[0]))
    ends = np.searchsorted(rows, np.arange(minutes.shape[0]), side="right")
    found = []
    for rank in range(2):
        has = starts + rank < ends
        at = entries[(starts + rank)[has]]
        site, time = np.full(len(has), -1, dtype=np.int64), np.full(len(has), np.inf)
        site[has], time[has] = minutes.indices[at], minutes.data[at]
        found.append((site, time))
    return found[0], found[1]
