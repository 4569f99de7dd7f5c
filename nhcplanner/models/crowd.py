"""A plan to start from where all should travel least and each site has only so much room."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from scipy import sparse

from nhcplanner.domain.problem import Problem
from nhcplanner.models.cover import Floats, Mask, Positions, open_mask, within
from nhcplanner.models.room import RoomPrices
from nhcplanner.models.sending import FAR, Sent, sent
from nhcplanner.models.start import Hunt, Purse

TRIED = 30  # exchanges tried in full before a plan counts as one that no exchange betters
LEAST_SAVING = 1e-9
MOST_PAIRS = 20_000_000  # of an open and another site that are held in memory


class Crowd:
    """Travel of all people with some sites open, each taking no more than it has room for.

    Parameters
    ----------
    problem
        With people and minutes.
    room
        People whom each site takes at most.
    """

    def __init__(self, problem: Problem, room: Floats) -> None:
        self.prices = RoomPrices(problem, room)
        self.people, self.room = self.prices.people, room
        self.table = sparse.csc_array(within(problem)[problem.people > 0])
        self.far = FAR * (1.0 + float(self.table.data.max(initial=0.0)))

    def minutes(self, sites: Positions) -> Floats:
        """Row x some sites; infinite where there is no way."""
        minutes = np.full((len(self.people), len(sites)), np.inf)
        for column, site in enumerate(sites.tolist()):
            entries = slice(self.table.indptr[site], self.table.indptr[site + 1])
            minutes[self.table.indices[entries], column] = self.table.data[entries]
        return minutes

    def send(self, sites: Positions) -> Sent:
        """A good way to send all rows to some sites."""
        return sent(self.minutes(sites), self.people, self.room[sites])

    def gains(self, paid: Floats) -> Floats:
        """Person-minutes that each site would save at most if rows now paid so many minutes."""
        return -self.prices.reduced(self.people * np.minimum(paid, self.far))

    def exchanges(self, sites: Positions, now: Sent) -> Floats:
        """Person-minutes that no exchange can go below: site out (of those open) x site in."""
        net = np.column_stack([self.minutes(sites) + now.fees, np.full(len(self.people), self.far)])
        rented = now.fees * self.room[sites]
        bounds = np.empty((len(sites), len(self.room)))
        for column in range(len(sites)):
            left = np.delete(net, column, axis=1).min(axis=1)
            rent = rented.sum() - rented[column]
            bounds[column] = self.people @ left - rent - self.gains(left)
        return bounds


def least_travel_with_room(problem: Problem, hunt: Hunt, room: Floats) -> Positions | None:
    """Open the site that saves most while one may open, then exchange sites while that saves.

    Parameters
    ----------
    problem, hunt
        As for every start.
    room
        People whom each site takes at most.
    """
    crowd, purse = Crowd(problem, room), Purse(problem)
    fixed = open_mask(problem, (*problem.keep, *problem.forbid))
    first = problem.keep if hunt.opened is None else hunt.opened
    sites = _filled(crowd, purse, np.array(first, dtype=np.intp), fixed)
    end = hunt.clock.seconds + hunt.seconds

    def over() -> bool:
        return hunt.clock.seconds > end or not hunt.clock.left

    plan: tuple[Positions, Sent] | None = sites, crowd.send(sites)
    while plan is not None:
        sites, now = plan
        if over():
            break
        hunt.clock.tell(now.total, None)
        if len(sites) * problem.sites > MOST_PAIRS:
            break
        bounds = crowd.exchanges(sites, now)
        bounds[fixed[sites]] = bounds[:, fixed] = bounds[:, sites] = np.inf
        if purse.budget is not None:
            spare = purse.budget - purse.cost[sites].sum()
            bounds[purse.cost - purse.cost[sites][:, None] > spare] = np.inf
        plan = _better(crowd, plan, bounds, over)
    return np.sort(sites)


def _better(
    crowd: Crowd, plan: tuple[Positions, Sent], bounds: Floats, over: Callable[[], bool]
) -> tuple[Positions, Sent] | None:
    """The first exchange that saves, those with the lowest bounds tried first."""
    sites, now = plan
    for pair in np.argsort(bounds, axis=None, kind="stable")[:TRIED]:
        column, site = np.unravel_index(int(pair), bounds.shape)
        if bounds[column, site] >= now.total or over():
            return None
        other = sites.copy()
        other[column] = site
        found = crowd.send(other)
        if found.total < now.total * (1 - LEAST_SAVING):
            return other, found
    return None


def _filled(crowd: Crowd, purse: Purse, sites: Positions, fixed: Mask) -> Positions:
    """Open the site that saves most as long as one may open and saves anything."""
    paid = crowd.minutes(sites).min(axis=1, initial=crowd.far)
    while True:
        opened = np.zeros(len(fixed), dtype=bool)
        opened[sites] = True
        allowed = purse.allows(opened) & ~fixed
        if not allowed.any():
            return sites
        gains = np.where(allowed, crowd.gains(paid), 0.0)
        if gains.max() <= 0 and len(sites):
            # Sites are near enough but may be full: whoever has no place counts as far away.
            placed = crowd.send(sites).centre < len(sites)
            paid = np.where(placed, paid, crowd.far)
            gains = np.where(allowed, crowd.gains(paid), 0.0)
        best = int(np.argmax(gains))
        if gains[best] <= 0:
            return sites
        sites = np.append(sites, best)
        paid = np.minimum(paid, crowd.minutes(sites[-1:])[:, 0])
