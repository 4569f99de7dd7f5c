"""Assignment of people to centres of limited capacity: its limits, and the best one.

References
----------
Current JR, Storbeck JE (1988), Capacitated covering models, Environment and Planning B 15(2).
Mulvey JM, Beck MP (1984), Solving capacitated clustering problems, European Journal of
Operational Research 18(3): the capacitated p-median.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import lru_cache

import numpy as np
import scipy
from scipy import sparse

from nhcplanner.base.arrays import Floats, Positions
from nhcplanner.base.clock import seconds_for
from nhcplanner.domain.problem import Problem
from nhcplanner.models.capacity.search import assign
from nhcplanner.models.capacity.sizes import best_way, cost_of, largest_rooms, sizes_of
from nhcplanner.models.coverage import open_mask
from nhcplanner.models.linear_program import unit_of
from nhcplanner.models.program import Arcs

SECONDS = 5.0  # time to assign people to given centres if no assignment is known
ARCS_A_SECOND = 50_000  # more arcs take longer to write than there is time
MORE_SECONDS = 1.0  # time to improve an assignment
BEYOND_REACH = 1_000.0
"""Minutes that a journey beyond reach counts more where reach comes first."""
ROUNDING = 1e-9


@dataclass(frozen=True, eq=False)
class Assignment:
    """Pairs of a row and a site, and the share of the row's people assigned along each."""

    arcs: Arcs
    shares: Floats

    def load(self, problem: Problem) -> Floats:
        """Return the people whom each site serves (shape site)."""
        people = problem.people[self.arcs.rows] * self.shares
        return np.bincount(self.arcs.sites, people, problem.sites).astype(np.float64)

    def along(self, arcs: Arcs, sites: int) -> Floats:
        """Return the share along each of some arcs; 0 along unused arcs.

        Parameters
        ----------
        arcs
            Arcs in order of row, then of site.
        sites
            Number of sites.
        """
        keys = arcs.rows * sites + arcs.sites
        used_keys = self.arcs.rows * sites + self.arcs.sites
        place = np.minimum(np.searchsorted(keys, used_keys), max(len(keys) - 1, 0))
        is_known = np.flatnonzero(keys[place] == used_keys) if len(keys) else place[:0]
        shares = np.zeros(len(keys))
        shares[place[is_known]] = self.shares[is_known]
        return shares


@dataclass(frozen=True)
class AssignmentRule:
    """Rule by which people are assigned to centres.

    Parameters
    ----------
    everyone
        Whether all people are assigned, however far, with the least travel. Otherwise as many
        people within reach are assigned as there is room for.
    split
        Whether a row may be shared among centres; otherwise all its people go to one centre.
    least, most
        Fewest and most people of each open centre; `most` applies in addition to a site's capacity.
    price
        Price of each person beyond a centre's room: in minutes if everyone is assigned, otherwise
        in people (less than 1). None if no centre may serve more.
    reach_first
        Whether people are kept within reach before travel is made least, those of earlier bands
        with more weight. Goals that count people within reach would else be missed by an
        assignment that sends some of them farther to shorten the journeys of others.
    sized
        Whether each centre has one of the sizes that the problem offers.
    by_cost
        Whether the least cost of sizes comes before travel, as a goal counts it.
    """

    everyone: bool = False
    split: bool = False
    least: float = 0.0
    most: float | None = None
    price: float | None = None
    reach_first: bool = False
    sized: bool = False
    by_cost: bool = False

    @property
    def words(self) -> str:
        """The rule in words."""
        who = "everyone must be sent to a centre" if self.everyone else "people are sent to centres"
        parts = [f"{who} that has room for them" if self.price is None else who]
        if self.least:
            parts.append(f"each centre serves at least {self.least:,.10g} people")
        if self.most is not None:
            parts.append(f"each centre serves at most {self.most:,.10g} people")
        if self.sized:
            parts.append("each centre has one of the sizes offered")
        if self.price is not None:
            parts.append(self.price_words)
        return ", and ".join([", ".join(parts[:-1]), parts[-1]] if len(parts) > 1 else parts)

    @property
    def price_words(self) -> str:
        """The price of a person beyond a centre's room, in words; "" if there is no price."""
        if self.price is None:
            return ""
        if self.everyone:
            return f"each person beyond a centre's room counts {self.price:,.10g} minutes more"
        return f"each person beyond a centre's room counts {self.price:,.10g} people less"

    @property
    def decides(self) -> bool:
        """Whether it limits whom a centre serves, apart from the capacity of sites."""
        return bool(self.least or self.most is not None or self.sized)

    @property
    def sign(self) -> int:
        """1 if the goal is least travel, -1 if it is most people."""
        return 1 if self.everyone else -1

    def arcs(self, problem: Problem, opened: Iterable[int] | None = None) -> Arcs:
        """Return pairs of a row with people and an allowed site that it may be assigned to.

        Parameters
        ----------
        problem
            People and minutes.
        opened
            Positions of the sites to include; all by default.
        """
        is_allowed = np.ones(problem.sites, dtype=bool)
        if opened is not None:
            is_allowed = open_mask(problem, list(opened))
        is_allowed[list(problem.forbid)] = False
        table, farthest = problem.minutes, np.inf if self.everyone else problem.reach
        used = np.flatnonzero((table.data <= np.float32(farthest)) & is_allowed[table.indices])
        rows = np.searchsorted(table.indptr, used, side="right") - 1
        some = problem.people[rows] > 0
        rows, used = rows[some], used[some]
        minutes = table.data[used].astype(np.float64)
        return Arcs(rows, table.indices[used].astype(np.intp), minutes)

    def room(self, problem: Problem) -> Floats:
        """Return the most people that each site may serve; all people if there is no limit."""
        room = np.full(problem.sites, float(problem.people.sum()))
        for limit in (problem.capacity, self.most):
            if limit is not None:
                room = np.fmin(room, limit)
        return room

    def worth(self, problem: Problem, arcs: Arcs) -> Floats:
        """Return the value of assigning a row along each arc: person-minutes, or people."""
        people = problem.people[arcs.rows]
        return people * arcs.minutes if self.everyone else people

    def with_reach_first(self, problem: Problem, arcs: Arcs) -> Arcs:
        """Return the pairs, with more minutes for those beyond reach if reach comes first."""
        if not (self.everyone and self.reach_first):
            return arcs
        band = problem.bands
        weight = np.where(band > 0, 1 + band.max(initial=0) - band, 1)[arcs.rows]
        beyond = arcs.minutes > np.float32(problem.reach)
        return Arcs(arcs.rows, arcs.sites, arcs.minutes + BEYOND_REACH * weight * beyond)

    def over(self, problem: Problem, way: Assignment) -> Floats:
        """Return the people beyond each site's room (shape sites)."""
        return np.maximum(way.load(problem) - self.room(problem), 0.0)

    def value(self, problem: Problem, way: Assignment) -> float:
        """Return the value of an assignment, with the price of people beyond room."""
        more = 0.0 if self.price is None else self.price * self.over(problem, way).sum()
        return float(way.shares @ self.worth(problem, way.arcs) + self.sign * more)


@lru_cache(maxsize=64)
def send(problem: Problem, service: AssignmentRule, opened: tuple[int, ...]) -> Assignment | None:
    """Return the best assignment to the open centres; None if none keeps the limits.

    An auction finds an assignment, and the arcs that a better one may need. A program over these
    arcs is then solved for a short time, and the better result is returned.
    """
    arcs = service.with_reach_first(problem, service.arcs(problem, opened))
    if service.everyone and len(np.unique(arcs.rows)) < (problem.people > 0).sum():
        return None
    if problem.sizes is not None:
        return _send_with_sizes(problem, service, np.array(opened, dtype=np.intp), arcs)
    if not len(arcs.rows):
        return None if service.least and opened else Assignment(arcs, np.zeros(0))
    way, used = _auction(problem, service, arcs)
    if len(used):
        part = Arcs(arcs.rows[used], arcs.sites[used], arcs.minutes[used])
        seconds = seconds_for(SECONDS if way is None else MORE_SECONDS)
        if way is not None and len(used) > ARCS_A_SECOND * seconds:
            return way
        ways = [way, _best_way(problem, service, opened, part, seconds)]
        known = [one for one in ways if one is not None]
        return min(known, key=lambda one: service.sign * service.value(problem, one), default=None)
    return way


@lru_cache(maxsize=512)
def can_send(problem: Problem, service: AssignmentRule, opened: tuple[int, ...]) -> bool:
    """Whether an assignment to the open centres within the limits is known.

    If the auction finds one, no better one is searched for.
    """
    arcs = service.with_reach_first(problem, service.arcs(problem, opened))
    is_whole = not service.everyone or len(np.unique(arcs.rows)) >= (problem.people > 0).sum()
    if not (len(arcs.rows) and is_whole):
        return send(problem, service, opened) is not None
    sites = np.array(opened, dtype=np.intp)
    if problem.sizes is None:
        way, _ = _auction(problem, service, arcs)
        return way is not None or send(problem, service, opened) is not None
    rooms = _rooms(problem, service, sites)
    if rooms is None:
        return False
    way = _auction_with_sizes(problem, service, sites, arcs, rooms)
    return way is not None or send(problem, service, opened) is not None


def _rooms(problem: Problem, service: AssignmentRule, opened: Positions) -> Floats | None:
    """Return the largest capacities within the budget; None if they are certain not to suffice."""
    rooms = largest_rooms(problem, opened)
    if rooms is None:
        return None
    rooms = np.fmin(rooms, service.room(problem))
    people = float(problem.people.sum())
    return None if service.everyone and rooms.sum() < people * (1 - ROUNDING) else rooms


def _auction_with_sizes(
    problem: Problem, service: AssignmentRule, opened: Positions, arcs: Arcs, rooms: Floats
) -> Assignment | None:
    """Return the auction's assignment if some sizes suit it; None if none do."""
    way, _ = _auction(replace(problem, capacity=rooms), service, arcs)
    suits = way is not None and sizes_of(problem, way.load(problem), opened) is not None
    return way if suits else None


def _send_with_sizes(
    problem: Problem, service: AssignmentRule, opened: Positions, arcs: Arcs
) -> Assignment | None:
    """Return the best assignment to open centres whose sizes are still to be chosen."""
    if problem.sizes is None:
        return None
    if not len(arcs.rows):
        nobody = Assignment(arcs, np.zeros(0))
        is_kept = not service.least or not len(opened)
        fits = sizes_of(problem, np.zeros(problem.sites), opened) is not None
        return nobody if is_kept and fits else None
    rooms = _rooms(problem, service, opened)
    if rooms is None:
        return None
    way = _auction_with_sizes(problem, service, opened, arcs, rooms)
    seconds = seconds_for(SECONDS if way is None else MORE_SECONDS)
    if way is not None and len(arcs.rows) > ARCS_A_SECOND * seconds:
        return way
    shares = best_way(
        problem, problem.sizes, opened, arcs, service.sign * service.worth(problem, arcs),
        service.least, service.room(problem), everyone=service.everyone, split=service.split,
        by_cost=service.by_cost, seconds=seconds,
    )  # fmt: skip
    better_way = None if shares is None else Assignment(arcs, shares)
    if better_way is None or sizes_of(problem, better_way.load(problem), opened) is None:
        return way
    ways = [one for one in (way, better_way) if one is not None]
    return min(ways, key=lambda one: _rank(problem, service, opened, one))


def _rank(
    problem: Problem, service: AssignmentRule, opened: Positions, way: Assignment
) -> tuple[float, float]:
    """Return the cost of an assignment, if it comes first, and its value; less is better."""
    value = service.sign * service.value(problem, way)
    return (spent(problem, opened, way) if service.by_cost else 0.0), value


def spent(problem: Problem, opened: Positions, way: Assignment) -> float:
    """Return the cost of open sites in the cheapest sizes that suit an assignment."""
    chosen = sizes_of(problem, way.load(problem), opened)
    return np.inf if chosen is None else cost_of(problem, chosen, opened)


def _best_way(
    problem: Problem, service: AssignmentRule, opened: tuple[int, ...], arcs: Arcs, seconds: float
) -> Assignment | None:
    """Return the best assignment along some arcs to the open centres, as far as time allows."""
    number, sites = len(arcs.rows), problem.sites
    unit = unit_of(problem.people[arcs.rows])
    index, people = np.arange(number), problem.people[arcs.rows] / unit
    worth = service.worth(problem, arcs)
    of_worth = unit_of(worth)
    by_row = sparse.csr_array((np.ones(number), (arcs.rows, index)), (problem.areas, number))
    by_site = sparse.csr_array((people, (arcs.sites, index)), (sites, number))
    beyond = np.full(sites, 0.0 if service.price is None else np.inf)
    none = sparse.csr_array((sites, sites))
    least = np.where(np.isin(np.arange(sites), opened), service.least / unit, 0.0)
    limits = scipy.optimize.LinearConstraint
    result = scipy.optimize.milp(
        np.append(
            service.sign * worth / of_worth,
            np.full(sites, (service.price or 0.0) * unit / of_worth),
        ),
        integrality=np.append(np.full(number, 0 if service.split else 1), np.zeros(sites)),
        bounds=scipy.optimize.Bounds(0, np.append(np.ones(number), beyond)),
        constraints=[
            limits(
                sparse.hstack([by_row, sparse.csr_array((problem.areas, sites))]),
                (problem.people > 0) * float(service.everyone),
                1,
            ),
            limits(
                sparse.hstack([by_site, -sparse.identity(sites)]), ub=service.room(problem) / unit
            ),
            limits(sparse.hstack([by_site, none]), lb=least),
        ],
        options={"time_limit": seconds, "mip_rel_gap": 0.0},
    )
    if result.x is None:
        return None
    shares = result.x[:number] if service.split else np.round(result.x[:number])
    return Assignment(arcs, shares)


def _auction(
    problem: Problem, service: AssignmentRule, arcs: Arcs
) -> tuple[Assignment | None, Positions]:
    """Return an assignment within the limits, and the arcs that a better one may need.

    There are no arcs if the assignment is the best, that is, if it serves everybody within reach.
    """
    every = np.arange(len(arcs.rows))
    if service.least or service.price is not None:
        return None, every
    rows, row = np.unique(arcs.rows, return_inverse=True)
    sites, column = np.unique(arcs.sites, return_inverse=True)
    minutes = np.full((len(rows), len(sites)), np.inf)
    minutes[row, column] = arcs.minutes
    people = problem.people[rows]
    auction = assign(minutes, people, service.room(problem)[sites])
    way = Assignment(arcs, (auction.centre[row] == column).astype(np.float64))
    if (auction.centre == len(sites)).any():
        return None if service.everyone else way, every
    if not service.everyone:
        return way, every[:0]
    if service.split:
        return way, every
    extra = auction.slack(minutes, people)[row, column]
    return way, np.flatnonzero(extra <= auction.total * (1 + ROUNDING) - auction.bound)
