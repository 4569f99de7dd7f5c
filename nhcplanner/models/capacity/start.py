"""The bound on travel where each site has only so much room.

A plan to start from where all should travel least and each site has only so much room.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from scipy import sparse

from nhcplanner.base.arrays import Floats, Mask, Positions
from nhcplanner.domain.problem import Problem
from nhcplanner.models.bounds.lagrangian import NEAREST, LagrangianBound
from nhcplanner.models.capacity.assign import FAR, SingleAssignment, assign
from nhcplanner.models.coverage import open_mask, within
from nhcplanner.models.search.start import SearchLimits, SearchState


@dataclass(frozen=True, eq=False)
class _Packed:
    """Rows packed into each site as they pay most for their people, the last perhaps in part."""

    entry: Positions
    share: Floats
    fee: Floats


class CapacitatedBound(LagrangianBound):
    """Lagrangian bound where sites have only so much room.

    As `LagrangianBound`, but a site earns no more than its room allows: rows that pay most for
    each of their people come first, and the last may be let in in part, so the bound holds whether
    rows may be split or not.

    Parameters
    ----------
    problem, nearest
        As for `LagrangianBound`.
    room
        People whom each site takes at most.
    price
        Minutes that each person counts whom a site takes beyond that; infinite where it may not.
    """

    def __init__(
        self, problem: Problem, room: Floats, price: float = np.inf, nearest: int = NEAREST
    ) -> None:
        super().__init__(problem, nearest)
        self.room, self.price = room, price

    def reduced(self, prices: Floats) -> Floats:
        """What opening each site adds to the sum of prices (0 or less)."""
        packed = self._packed(prices)
        entry = packed.entry
        worth = (self.travel[entry] - prices[self.row[entry]]) * packed.share
        load = self.people[self.row[entry]] * packed.share
        earned = np.bincount(self.site[entry], worth, self.problem.sites).astype(np.float64)
        if not np.isfinite(self.price):
            return earned
        over = np.bincount(self.site[entry], load, self.problem.sites) - self.room
        return earned + self.price * np.maximum(over, 0.0)

    def served(self, prices: Floats, chosen: Positions) -> Floats:
        """How often the chosen sites would take each row, parts counted."""
        packed = self._packed(prices)
        here = open_mask(self.problem, chosen)[self.site[packed.entry]]
        rows = self.row[packed.entry[here]]
        return np.bincount(rows, packed.share[here], len(prices)).astype(np.float64)

    def fees(self, prices: Floats) -> Floats:
        """Minutes that a person must give for a place at each site, 0 where there is room."""
        return self._packed(prices).fee

    def _packed(self, prices: Floats) -> _Packed:
        worth = self.travel - prices[self.row]
        entry = np.flatnonzero(worth < 0)
        each = worth[entry] / self.people[self.row[entry]]
        order = np.lexsort((each, self.site[entry]))
        entry, each = entry[order], each[order]
        site, people = self.site[entry], self.people[self.row[entry]]
        total = np.cumsum(people)
        first = np.searchsorted(site, np.arange(self.problem.sites))
        before = total - people - np.append(0.0, total)[first][site]
        share = np.clip((self.room[site] - before) / people, 0.0, 1.0)
        share[each < -self.price] = 1.0
        fee = np.zeros(self.problem.sites)
        np.maximum.at(fee, site[share < 1], -each[share < 1])
        return _Packed(entry, share, fee)


TRIED = 30  # exchanges tried in full before a plan counts as one that no exchange betters
LEAST_SAVING = 1e-9
MOST_PAIRS = 20_000_000  # of an open and another site that are held in memory


class CapacitatedTravel:
    """Travel of all people with some sites open, each taking no more than it has room for.

    Parameters
    ----------
    problem
        With people and minutes.
    room
        People whom each site takes at most.
    """

    def __init__(self, problem: Problem, room: Floats) -> None:
        self.prices = CapacitatedBound(problem, room)
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

    def send(self, sites: Positions) -> SingleAssignment:
        """A good way to send all rows to some sites."""
        return assign(self.minutes(sites), self.people, self.room[sites])

    def gains(self, paid: Floats) -> Floats:
        """Person-minutes that each site would save at most if rows now paid so many minutes."""
        return -self.prices.reduced(self.people * np.minimum(paid, self.far))

    def exchanges(self, sites: Positions, now: SingleAssignment) -> Floats:
        """Person-minutes that no exchange can go below: site out (of those open) x site in."""
        net = np.column_stack([self.minutes(sites) + now.fees, np.full(len(self.people), self.far)])
        rented = now.fees * self.room[sites]
        bounds = np.empty((len(sites), len(self.room)))
        for column in range(len(sites)):
            left = np.delete(net, column, axis=1).min(axis=1)
            rent = rented.sum() - rented[column]
            bounds[column] = self.people @ left - rent - self.gains(left)
        return bounds


def least_travel_with_room(problem: Problem, state: SearchState, room: Floats) -> Positions | None:
    """Open the site that saves most while one may open, then exchange sites while that saves.

    Parameters
    ----------
    problem, state
        As for every start.
    room
        People whom each site takes at most.
    """
    costs, limits = CapacitatedTravel(problem, room), SearchLimits(problem)
    fixed = open_mask(problem, (*problem.keep, *problem.forbid))
    first = problem.keep if state.opened is None else state.opened
    sites = _filled(costs, limits, np.array(first, dtype=np.intp), fixed)
    end = state.clock.seconds + state.seconds

    def over() -> bool:
        return state.clock.seconds > end or not state.clock.left

    plan: tuple[Positions, SingleAssignment] | None = sites, costs.send(sites)
    while plan is not None:
        sites, now = plan
        if over():
            break
        state.clock.tell(now.total, None)
        if len(sites) * problem.sites > MOST_PAIRS:
            break
        bounds = costs.exchanges(sites, now)
        bounds[fixed[sites]] = bounds[:, fixed] = bounds[:, sites] = np.inf
        if limits.budget is not None:
            spare = limits.budget - limits.cost[sites].sum()
            bounds[limits.cost - limits.cost[sites][:, None] > spare] = np.inf
        plan = _better(costs, plan, bounds, over)
    return np.sort(sites)


def _better(
    costs: CapacitatedTravel,
    plan: tuple[Positions, SingleAssignment],
    bounds: Floats,
    over: Callable[[], bool],
) -> tuple[Positions, SingleAssignment] | None:
    """The first exchange that saves, those with the lowest bounds tried first."""
    sites, now = plan
    for pair in np.argsort(bounds, axis=None, kind="stable")[:TRIED]:
        column, site = np.unravel_index(int(pair), bounds.shape)
        if bounds[column, site] >= now.total or over():
            return None
        other = sites.copy()
        other[column] = site
        found = costs.send(other)
        if found.total < now.total * (1 - LEAST_SAVING):
            return other, found
    return None


def _filled(
    costs: CapacitatedTravel, limits: SearchLimits, sites: Positions, fixed: Mask
) -> Positions:
    """Open the site that saves most as long as one may open and saves anything."""
    paid = costs.minutes(sites).min(axis=1, initial=costs.far)
    while True:
        opened = np.zeros(len(fixed), dtype=bool)
        opened[sites] = True
        allowed = limits.allows(opened) & ~fixed
        if not allowed.any():
            return sites
        gains = np.where(allowed, costs.gains(paid), 0.0)
        if gains.max() <= 0 and len(sites):
            # Sites are near enough but may be full: whoever has no place counts as far away.
            placed = costs.send(sites).centre < len(sites)
            paid = np.where(placed, paid, costs.far)
            gains = np.where(allowed, costs.gains(paid), 0.0)
        best = int(np.argmax(gains))
        if gains[best] <= 0:
            return sites
        sites = np.append(sites, best)
        paid = np.minimum(paid, costs.minutes(sites[-1:])[:, 0])
