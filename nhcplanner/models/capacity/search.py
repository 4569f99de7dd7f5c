"""Search with limited capacity: an auction for assignments, a Lagrangian bound and exchanges.

References
----------
Bertsekas DP (1988), The auction algorithm: a distributed relaxation method for the assignment
problem, Annals of Operations Research 14.
Dantzig GB (1957), Discrete-variable extremum problems, Operations Research 5(2): the continuous
knapsack of each site.
Mulvey JM, Beck MP (1984), Solving capacitated clustering problems, European Journal of
Operational Research 18(3): the relaxation and exchanges.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from scipy import sparse

from nhcplanner.base.arrays import Floats, Mask, Positions
from nhcplanner.base.clock import seconds_for
from nhcplanner.domain.problem import Problem
from nhcplanner.models.bounds.lagrangian import NEAREST, LagrangianBound
from nhcplanner.models.coverage import open_mask, within
from nhcplanner.models.search.coverage import SearchLimits, SearchState

ROUNDS = 300
LONGEST = 20.0  # seconds for the auction, and for moving rows nearer after it
STEP = 1e-4  # share of the median journey by which a fee rises beyond what moves a row
GROWTH = 1.03  # growth of this share from round to round, so that the bidding ends
FAR = 1000.0  # minutes of a row without a centre, in times of the longest journey


@dataclass(frozen=True, eq=False)
class SingleAssignment:
    """Rows assigned to one centre each.

    Parameters
    ----------
    centre
        Column of each row's centre; the number of columns for a row without a centre.
    fees
        Price of one person's place at each centre in minutes; 0 if the centre has room.
    total
        Person-minutes of all rows; a row without a centre counts as very far.
    bound
        Lower bound of the person-minutes of every assignment, even if rows may be split.
    """

    centre: Positions
    fees: Floats
    total: float
    bound: float

    def slack(self, minutes: Floats, people: Floats) -> Floats:
        """Return what assigning each row to each centre adds to the bound (row x centre)."""
        net = minutes + self.fees
        added: Floats = people[:, None] * (net - net.min(axis=1, keepdims=True))
        return added


def assign(minutes: Floats, people: Floats, room: Floats) -> SingleAssignment:
    """Assign each row to one centre so that no centre exceeds its capacity.

    Each row chooses the centre with the least sum of minutes and fee. A centre beyond its capacity
    raises its fee until the rows that lose least leave (the auction of Bertsekas 1988, with rows
    of several people). At the end rows move to nearer centres with room.

    Parameters
    ----------
    minutes
        Row x centre; infinite if there is no journey.
    people
        People of each row.
    room
        Capacity of each centre in people.
    """
    finite = minutes[np.isfinite(minutes)]
    far = FAR * (1.0 + float(finite.max(initial=0.0)))
    step = STEP * (float(np.median(finite)) if len(finite) else 1.0) or STEP
    wide = np.column_stack([minutes, np.full(len(minutes), far)])
    places = np.append(room, np.inf)
    fees = np.zeros(len(places))
    rows = np.arange(len(minutes))
    end = time.monotonic() + seconds_for(LONGEST)
    for number in range(ROUNDS):
        if number and time.monotonic() > end:
            break
        net = wide + fees
        centre = net.argmin(axis=1)
        first = net[rows, centre]
        load = np.bincount(centre, people, len(places))
        full = np.flatnonzero(load > places)
        if not len(full):
            break
        net[rows, centre] = np.inf
        losses = net.min(axis=1) - first
        for j in full.tolist():
            inside = np.flatnonzero(centre == j)
            inside = inside[np.argsort(losses[inside], kind="stable")]
            last = np.searchsorted(np.cumsum(people[inside]), load[j] - places[j])
            fees[j] += losses[inside[min(int(last), len(inside) - 1)]] + step * GROWTH**number
    least = (wide + fees).min(axis=1)
    bound = float(people @ least - fees[:-1] @ room)
    cost = people[:, None] * wide
    centre = _move_nearer(cost, people, places, _relieve(cost, people, places, centre))
    return SingleAssignment(centre, fees[:-1], float(cost[rows, centre].sum()), bound)


def _relieve(cost: Floats, people: Floats, places: Floats, centre: Positions) -> Positions:
    """Move rows from overfull centres, the largest first, to the nearest with room."""
    centre = centre.copy()
    load = np.bincount(centre, people, len(places))
    for j in np.flatnonzero(load > places).tolist():
        inside = np.flatnonzero(centre == j)
        for i in inside[np.argsort(-people[inside], kind="stable")].tolist():
            if load[j] <= places[j]:
                break
            fits = load + people[i] <= places
            fits[j] = False
            other = int(np.where(fits, cost[i], np.inf).argmin())
            centre[i] = other
            load[j] -= people[i]
            load[other] += people[i]
    return centre


def _move_nearer(cost: Floats, people: Floats, places: Floats, centre: Positions) -> Positions:
    """Move rows one by one to a nearer centre with room, the best move first."""
    centre = centre.copy()
    rows = np.arange(len(centre))
    load = np.bincount(centre, people, len(places))
    end = time.monotonic() + seconds_for(LONGEST)
    for _ in rows:
        if time.monotonic() > end:
            break
        gain = cost[rows, centre][:, None] - cost
        gain[people[:, None] > (places - load)[None, :]] = 0.0
        i, j = np.unravel_index(int(gain.argmax()), gain.shape)
        if gain[i, j] <= 0:
            break
        load[centre[i]] -= people[i]
        load[j] += people[i]
        centre[i] = j
    return centre


@dataclass(frozen=True, eq=False)
class _KnapsackFill:
    """Rows that fill each site's capacity: highest price a person first, the last row in part."""

    entry: Positions
    share: Floats
    fee: Floats


class CapacitatedBound(LagrangianBound):
    """Lagrangian bound where sites have limited capacity.

    Unlike `LagrangianBound`, a site serves no more people than its capacity. Rows with the highest
    price a person come first, the last row in part (the continuous knapsack of Dantzig 1957), so
    the bound holds whether rows may be split or not.

    Parameters
    ----------
    problem, nearest
        As for `LagrangianBound`.
    room
        Capacity of each site in people.
    price
        Price in minutes of each person beyond the capacity; infinite if a site may not take more.
    """

    def __init__(
        self, problem: Problem, room: Floats, price: float = np.inf, nearest: int = NEAREST
    ) -> None:
        super().__init__(problem, nearest)
        self.room, self.price = room, price

    def reduced_costs(self, prices: Floats) -> Floats:
        """Return the reduced cost of opening each site (0 or less)."""
        filling = self._fill_capacity(prices)
        entry = filling.entry
        worth = (self.travel[entry] - prices[self.row[entry]]) * filling.share
        load = self.people[self.row[entry]] * filling.share
        earnings = np.bincount(self.site[entry], worth, self.problem.sites).astype(np.float64)
        if not np.isfinite(self.price):
            return earnings
        over = np.bincount(self.site[entry], load, self.problem.sites) - self.room
        return earnings + self.price * np.maximum(over, 0.0)

    def count_served(self, prices: Floats, sites: Positions) -> Floats:
        """Return how many of the sites would serve each row, with parts of rows."""
        filling = self._fill_capacity(prices)
        here = open_mask(self.problem, sites)[self.site[filling.entry]]
        rows = self.row[filling.entry[here]]
        return np.bincount(rows, filling.share[here], len(prices)).astype(np.float64)

    def fees(self, prices: Floats) -> Floats:
        """Return the price in minutes of one person's place at each site; 0 if it has room."""
        return self._fill_capacity(prices).fee

    def _fill_capacity(self, prices: Floats) -> _KnapsackFill:
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
        return _KnapsackFill(entry, share, fee)


MOST_TRIES = 30  # exchanges assigned in full before a plan counts as a local optimum
LEAST_SAVING = 1e-9
MOST_PAIRS = 20_000_000  # pairs of an open and another site held in memory


class CapacitatedTravel:
    """Total travel to open sites within their capacity.

    Parameters
    ----------
    problem
        People and minutes.
    room
        Capacity of each site in people.
    """

    def __init__(self, problem: Problem, room: Floats) -> None:
        self.prices = CapacitatedBound(problem, room)
        self.people, self.room = self.prices.people, room
        self.table = sparse.csc_array(within(problem)[problem.people > 0])
        self.far = FAR * (1.0 + float(self.table.data.max(initial=0.0)))

    def minutes(self, sites: Positions) -> Floats:
        """Return minutes, row x some sites; infinite if there is no journey."""
        minutes = np.full((len(self.people), len(sites)), np.inf)
        for column, site in enumerate(sites.tolist()):
            entries = slice(self.table.indptr[site], self.table.indptr[site + 1])
            minutes[self.table.indices[entries], column] = self.table.data[entries]
        return minutes

    def send(self, sites: Positions) -> SingleAssignment:
        """Return a good assignment of all rows to some sites."""
        return assign(self.minutes(sites), self.people, self.room[sites])

    def gains(self, paid: Floats) -> Floats:
        """Return the most person-minutes each site can save if rows now pay these minutes."""
        return -self.prices.reduced_costs(self.people * np.minimum(paid, self.far))

    def exchanges(self, sites: Positions, now: SingleAssignment) -> Floats:
        """Return a lower bound of each exchange's person-minutes: site to shut x site to open."""
        net = np.column_stack([self.minutes(sites) + now.fees, np.full(len(self.people), self.far)])
        rents = now.fees * self.room[sites]
        bounds = np.empty((len(sites), len(self.room)))
        for column in range(len(sites)):
            left = np.delete(net, column, axis=1).min(axis=1)
            rent = rents.sum() - rents[column]
            bounds[column] = self.people @ left - rent - self.gains(left)
        return bounds


def least_travel_with_room(problem: Problem, state: SearchState, room: Floats) -> Positions | None:
    """Return sites with little total travel: greedy, then exchanges while they save.

    Parameters
    ----------
    problem, state
        As for every search.
    room
        Capacity of each site in people.
    """
    costs, limits = CapacitatedTravel(problem, room), SearchLimits(problem)
    fixed = open_mask(problem, (*problem.keep, *problem.forbid))
    first = problem.keep if state.opened is None else state.opened
    sites = _fill_greedily(costs, limits, np.array(first, dtype=np.intp), fixed)
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
        plan = _first_saving(costs, plan, bounds, over)
    return np.sort(sites)


def _first_saving(
    costs: CapacitatedTravel,
    plan: tuple[Positions, SingleAssignment],
    bounds: Floats,
    over: Callable[[], bool],
) -> tuple[Positions, SingleAssignment] | None:
    """Return the first exchange that saves, in order of their lower bounds; None if none does."""
    sites, now = plan
    for pair in np.argsort(bounds, axis=None, kind="stable")[:MOST_TRIES]:
        column, site = np.unravel_index(int(pair), bounds.shape)
        if bounds[column, site] >= now.total or over():
            return None
        other = sites.copy()
        other[column] = site
        assignment = costs.send(other)
        if assignment.total < now.total * (1 - LEAST_SAVING):
            return other, assignment
    return None


def _fill_greedily(
    costs: CapacitatedTravel, limits: SearchLimits, sites: Positions, fixed: Mask
) -> Positions:
    """Open the site that saves most, again and again while a site may open and saves travel."""
    paid = costs.minutes(sites).min(axis=1, initial=costs.far)
    while True:
        opened = np.zeros(len(fixed), dtype=bool)
        opened[sites] = True
        allowed = limits.allows(opened) & ~fixed
        if not allowed.any():
            return sites
        gains = np.where(allowed, costs.gains(paid), 0.0)
        if gains.max() <= 0 and len(sites):
            # Sites are near enough but may be full: rows without a place count as far away.
            has_place = costs.send(sites).centre < len(sites)
            paid = np.where(has_place, paid, costs.far)
            gains = np.where(allowed, costs.gains(paid), 0.0)
        best = int(np.argmax(gains))
        if gains[best] <= 0:
            return sites
        sites = np.append(sites, best)
        paid = np.minimum(paid, costs.minutes(sites[-1:])[:, 0])
