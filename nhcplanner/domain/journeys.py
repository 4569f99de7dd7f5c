"""Journeys of people to the centres of a plan: the nearest ones, or those it sends people to."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
from scipy import sparse

from nhcplanner.domain.place import Place
from nhcplanner.domain.plan import Allocation
from nhcplanner.domain.travel_times import TravelTimes, nearest_minutes

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]

LEAST_SHARE = 1e-6
"""A smaller share of a row that no centre serves is rounding of the solver."""


@dataclass(frozen=True, eq=False)
class Trips:
    """People of each row by the centre that they go to, with their minutes.

    A row whose people go to several centres has a trip for each of them, and one more for people
    whom the plan sends to no centre.

    Parameters
    ----------
    rows
        Row of each trip, ascending (shape trips).
    people
        People who make it (shape trips).
    minutes
        Minutes to the centre; inf = beyond the horizon, or sent to no centre (shape trips).
    served
        Whether a centre serves the people of the trip, however far (shape trips).
    """

    rows: Ints
    people: Floats
    minutes: Floats
    served: npt.NDArray[np.bool_]

    def sums(self, flags: npt.NDArray[np.bool_], rows: int) -> Floats:
        """Return the people of each row on flagged trips (shape rows)."""
        return np.bincount(self.rows[flags], self.people[flags], rows).astype(np.float64)

    def median_minutes(self, rows: int) -> Floats:
        """Return the minutes within which half of each row's people come; may be inf."""
        heads = np.bincount(self.rows, self.people, rows)
        weight = np.where(heads[self.rows] > 0, self.people, 1.0)
        return median_of_groups(self.minutes, weight, self.rows, rows)


def trips(
    minutes: sparse.csr_array,
    people: Floats,
    opened: npt.ArrayLike,
    allocation: Allocation | None = None,
) -> Trips:
    """Return the trips of people to open centres.

    Parameters
    ----------
    minutes
        CSR, row x site.
    people
        People of each row.
    opened
        Positions of the open sites.
    allocation
        Whom each centre serves; None = everyone goes to the nearest open site. People sent to a
        site that is not open, or to none, are not served. Rows without people have one trip
        without people to the nearest open site.
    """
    nearest = nearest_minutes(minutes, opened)
    every = np.arange(len(people))
    if allocation is None:
        return Trips(every, people, nearest, np.isfinite(nearest))
    used = (people[allocation.rows] > 0) & np.isin(allocation.sites, np.asarray(opened))
    rows, sites, shares = allocation.rows[used], allocation.sites[used], allocation.shares[used]
    rest = 1.0 - np.bincount(rows, shares, len(people))
    left = np.flatnonzero((rest > LEAST_SHARE) & (people > 0))
    empty = np.flatnonzero(people <= 0)
    all_rows = np.concatenate([rows, left, empty])
    heads = people[all_rows] * np.concatenate([shares, rest[left], np.ones(len(empty))])
    nowhere = np.full(len(left), np.inf)
    found = np.concatenate([pair_minutes(minutes, rows, sites), nowhere, nearest[empty]])
    served = np.ones(len(all_rows), dtype=bool)
    served[len(rows) : len(rows) + len(left)] = False
    order = np.argsort(all_rows, kind="stable")
    return Trips(all_rows[order].astype(np.int64), heads[order], found[order], served[order])


def median_of_groups(minutes: Floats, weight: Floats, group: Ints, groups: int) -> Floats:
    """Return the weighted median of each group: at least half have no more; may be inf.

    Parameters
    ----------
    minutes, weight, group
        Value, weight and group of each row (shape rows).
    groups
        Number of groups.
    """
    order = np.lexsort((minutes, group))
    heads = np.bincount(group, weight, groups)
    earlier = np.cumsum(heads) - heads
    so_far = np.cumsum(weight[order]) - earlier[group[order]]
    enough = order[so_far >= heads[group[order]] / 2 * (1 - 1e-9)]
    which, first = np.unique(group[enough], return_index=True)
    medians = np.full(groups, np.inf)
    medians[which] = minutes[enough[first]]
    return medians


def pair_minutes(minutes: sparse.csr_array, rows: Ints, sites: Ints) -> Floats:
    """Return the minutes of some pairs of a row and a site; inf = beyond the horizon.

    Parameters
    ----------
    minutes
        CSR with sites in order, row x site.
    rows, sites
        Positions of each pair (shape pairs).
    """
    columns = minutes.shape[1]
    entries = np.repeat(np.arange(minutes.shape[0], dtype=np.int64), np.diff(minutes.indptr))
    keys = entries * columns + minutes.indices
    wanted = rows.astype(np.int64) * columns + sites
    place = np.minimum(np.searchsorted(keys, wanted), max(len(keys) - 1, 0))
    found = np.full(len(wanted), np.inf)
    known = keys[place] == wanted if len(keys) else np.zeros(len(wanted), dtype=bool)
    found[known] = minutes.data[place[known]]
    return found


def on_points(allocation: Allocation, people: Floats, points: int) -> Allocation:
    """Return the allocation for points whose people were split by car availability.

    Parameters
    ----------
    allocation
        With a row for the first part of each point, then one for the second.
    people
        People of each of its rows.
    points
        Number of points.
    """
    heads = np.bincount(np.arange(len(people)) % points, people, points)
    rows = allocation.rows % points
    some = heads[rows] > 0
    shares = people[allocation.rows[some]] * allocation.shares[some] / heads[rows[some]]
    return Allocation(rows[some], allocation.sites[some], shares)


@dataclass(frozen=True, eq=False)
class Journeys:
    """Minutes of people to a centre before the plan and after it.

    Before, everyone goes to the nearest existing centre, however many people it has room for.
    After, they go to the centre that the plan sends them to; without an allocation, to the nearest
    open one. People whom the plan sends to no centre are not served: they are not within reach,
    and their minutes are beyond the horizon.

    Parameters
    ----------
    before, after
        Minutes; inf = beyond the horizon.
    reach
        Minutes that count as within reach.
    horizon
        Minutes beyond which journeys are not measured.
    """

    before: Floats
    after: Floats
    reach: float
    horizon: float


def journeys_of(
    place: Place,
    times: TravelTimes,
    opened: npt.ArrayLike,
    reach: float,
    allocation: Allocation | None = None,
) -> tuple[Place, Journeys]:
    """Return journeys before and after a plan, and the place with an origin for each of them.

    All measures of access take both, so that each counts people along the plan's own assignment.

    Parameters
    ----------
    place
        With a row of its origins for each row of the minutes.
    times
        Minutes, origin x site.
    opened
        Positions of the sites open in the plan.
    reach
        Minutes that count as within reach.
    allocation
        Whom each centre serves; None = everyone goes to the nearest open site.

    Returns
    -------
    tuple of Place and Journeys
        Without an allocation the place itself. Otherwise an origin whose people go to several
        centres, or partly to none, is repeated, each time with the people of one trip.
    """
    before = times.nearest(place.existing)
    if allocation is None:
        return place, Journeys(before, times.nearest(opened), reach, times.horizon)
    people = place.origins["people"].to_numpy(dtype=np.float64)
    found = trips(times.minutes, people, opened, allocation)
    origins = place.origins.iloc[found.rows].assign(people=found.people).reset_index(drop=True)
    journeys = Journeys(before[found.rows], found.minutes, reach, times.horizon)
    return replace(place, origins=origins), journeys
