"""Assignment of people to centres of limited capacity: the rule, its goals and the best assignment.

References
----------
Current JR, Storbeck JE (1988), Capacitated covering models, Environment and Planning B 15(2).
Mulvey JM, Beck MP (1984), Solving capacitated clustering problems, European Journal of
Operational Research 18(3): the capacitated p-median.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import pulp
import scipy
from scipy import sparse

from nhcplanner.base.arrays import Floats, Mask, Positions
from nhcplanner.base.clock import seconds_for
from nhcplanner.domain.plan import Allocation
from nhcplanner.domain.problem import Problem
from nhcplanner.models.capacity.search import assign
from nhcplanner.models.coverage import open_mask, within
from nhcplanner.models.goal_types import Goal
from nhcplanner.models.linear_program import unit_of
from nhcplanner.models.program import Arcs, Program
from nhcplanner.models.rule_types import Rule

SECONDS = 5.0  # time to assign people to given centres if no assignment is known
ARCS_A_SECOND = 50_000  # more arcs take longer to write than there is time
MORE_SECONDS = 1.0  # time to improve an assignment
BEYOND_REACH = 1_000.0
"""Minutes that a journey beyond reach counts more where reach comes first."""
WHOLE = 0.5
LEAST_SHARE = 1e-9  # smaller shares of a row are rounding errors of the solver
ROUNDING = 1e-9
ROUNDING_OF_SOLVER = 1e-6  # shares of a row that differ from 1 by less are all of its people


@dataclass(frozen=True, eq=False)
class Assignment:
    """Pairs of a row and a site, and the share of the row's people assigned along each."""

    arcs: Arcs
    shares: Floats

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
    """

    everyone: bool = False
    split: bool = False
    least: float = 0.0
    most: float | None = None
    price: float | None = None
    reach_first: bool = False

    @property
    def words(self) -> str:
        """The rule in words."""
        who = "everyone must be sent to a centre" if self.everyone else "people are sent to centres"
        parts = [f"{who} that has room for them" if self.price is None else who]
        if self.least:
            parts.append(f"each centre serves at least {self.least:,.10g} people")
        if self.most is not None:
            parts.append(f"each centre serves at most {self.most:,.10g} people")
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
        people = problem.people[way.arcs.rows] * way.shares
        load = np.bincount(way.arcs.sites, people, problem.sites)
        return np.maximum(load - self.room(problem), 0.0)

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
    if not len(arcs.rows):
        return None if service.least and opened else Assignment(arcs, np.zeros(0))
    way, used = _auction(problem, service, arcs)
    if len(used):
        part = Arcs(arcs.rows[used], arcs.sites[used], arcs.minutes[used])
        seconds = seconds_for(SECONDS if way is None else MORE_SECONDS)
        if way is not None and len(used) > ARCS_A_SECOND * seconds:
            return way
        better_way = _best_way(problem, service, opened, part, seconds)
        if way is None or better_way is None:
            return better_way or way
        better = (
            service.sign * (service.value(problem, better_way) - service.value(problem, way)) < 0
        )
        return better_way if better else way
    return way


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


def assignment_within_limits(service: AssignmentRule) -> Rule:
    """Return the rule that people can be assigned within the limits of each centre."""

    def write(program: Program) -> None:
        _write(program, service)

    return Rule(
        lambda _: service.words,
        write,
        lambda problem, opened: _way(problem, service, opened) is not None,
        is_exact=False,  # time may be too short to find an assignment
    )


def serve(service: AssignmentRule) -> Goal:
    """Return the goal of most people served within reach, or of least travel of everyone.

    These are the capacitated maximal covering problem (Current and Storbeck 1988) and the
    capacitated p-median (Mulvey and Beck 1984).
    """

    def score(problem: Problem, opened: Positions) -> float:
        way = _way(problem, service, opened)
        if way is None:
            return np.inf if service.everyone else 0.0
        return service.value(problem, way)

    def express(program: Program) -> pulp.LpAffineExpression:
        worth = service.worth(program.problem, _arcs(program, service)).tolist()
        terms = list(zip(_write(program, service), worth, strict=True))
        price = service.sign * (service.price or 0.0) * float(program.problem.people.sum())
        terms += [(variable, price) for variable in _beyond(program, service)]
        return pulp.LpAffineExpression(terms)

    def limit(problem: Problem) -> float:
        table = within(problem, np.inf if service.everyone else problem.reach)
        some = np.flatnonzero((problem.people > 0) & (np.diff(table.indptr) > 0))
        if not service.everyone:
            return float(problem.people[some].sum())
        nearest = np.array([table.data[table.indptr[i] : table.indptr[i + 1]].min() for i in some])
        return float(problem.people[some] @ nearest) if len(some) else 0.0

    def whole(problem: Problem) -> bool:
        parts = (problem.people, problem.minutes.data if service.everyone else np.zeros(1))
        fractions = any((part % 1).any() for part in parts)
        return not (service.split or service.price or fractions)

    name = "travel of all people" if service.everyone else "people served within reach"
    name = name if service.price is None else f"{name}, where {service.price_words}"
    if service.everyone:
        return Goal(name, "least", "person-minutes", score, express, limit, whole)
    return Goal(name, "most", "people", score, express, limit, whole)


def find_main_sites(problem: Problem, service: AssignmentRule, opened: Positions) -> Positions:
    """Return the site that most of each row's people are assigned to; -1 for none."""
    way, site = _way(problem, service, opened), np.full(problem.areas, -1, dtype=np.int64)
    if way is not None:
        order = np.argsort(way.shares, kind="stable")
        order = order[way.shares[order] > (0.0 if service.split else WHOLE)]
        site[way.arcs.rows[order]] = way.arcs.sites[order]
    return site


def allocation_of(
    problem: Problem, service: AssignmentRule, opened: Positions
) -> Allocation | None:
    """Return whom each open centre serves under the rule; None if no assignment is known."""
    way = _way(problem, service, opened)
    if way is None:
        return None
    used = np.flatnonzero(way.shares > (LEAST_SHARE if service.split else WHOLE))
    rows, shares = way.arcs.rows[used].astype(np.int64), np.minimum(way.shares[used], 1.0)
    whole = np.bincount(rows, shares, problem.areas)[rows]
    is_rounding = np.abs(whole - 1.0) <= ROUNDING_OF_SOLVER
    return Allocation(
        rows, way.arcs.sites[used].astype(np.int64), np.where(is_rounding, shares / whole, shares)
    )


def _way(problem: Problem, service: AssignmentRule, opened: Positions) -> Assignment | None:
    return send(problem, service, tuple(sorted(opened.tolist())))


def _arcs(program: Program, service: AssignmentRule) -> Arcs:
    return program.arcs if service.everyone else service.arcs(program.problem)


def _write(program: Program, service: AssignmentRule) -> list[pulp.LpVariable]:
    problem, arcs = program.problem, _arcs(program, service)

    def make() -> list[pulp.LpVariable]:
        kind = pulp.LpContinuous if service.split else pulp.LpInteger
        pairs = list(zip(arcs.rows.tolist(), arcs.sites.tolist(), strict=True))
        variables = [program.lp.add_variable(f"sent_{i}_{j}", 0, 1, kind) for i, j in pairs]
        of_row: dict[int, list[tuple[pulp.LpVariable, float]]] = {}
        load: dict[int, list[tuple[pulp.LpVariable, float]]] = {j: [] for j in program.opens}
        for i in np.flatnonzero(problem.people > 0).tolist():
            of_row[i] = []
        for (i, j), variable in zip(pairs, variables, strict=True):
            program.at_least([(program.opens[j], 1.0), (variable, -1.0)], 0.0)
            of_row[i].append((variable, 1.0))
            load[j].append((variable, float(problem.people[i])))
        for terms in of_row.values():
            (program.exactly if service.everyone else program.at_most)(terms, 1.0)
        beyond, all_people = _beyond(program, service), float(problem.people.sum())
        rooms = service.room(problem).tolist()
        for j, people in load.items():
            more = [(beyond[j], -all_people)] if beyond else []
            program.at_most([*people, (program.opens[j], -rooms[j]), *more], 0.0)
            program.at_least([*people, (program.opens[j], -service.least)], 0.0)
        return variables

    def value(mask: Mask) -> Floats:
        way = _way(problem, service, np.flatnonzero(mask))
        if way is None:
            return np.zeros(len(arcs.rows))
        return way.along(arcs, problem.sites)

    return program.own(f"sent {service}", make, value)


def _beyond(program: Program, service: AssignmentRule) -> list[pulp.LpVariable]:
    """Return the share of all people beyond each site's room; empty if that is not allowed."""
    if service.price is None:
        return []
    problem = program.problem

    def make() -> list[pulp.LpVariable]:
        return [program.lp.add_variable(f"beyond_{j}", 0, 1) for j in range(problem.sites)]

    def value(mask: Mask) -> Floats:
        way = _way(problem, service, np.flatnonzero(mask))
        if way is None:
            return np.zeros(problem.sites)
        return service.over(problem, way) / (float(problem.people.sum()) or 1.0)

    return program.own(f"beyond {service}", make, value)
