"""Service: people sent to centres that serve so many and no more, as a rule and as goals."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import pulp
from scipy import optimize, sparse

from nhcplanner.domain.problem import Problem
from nhcplanner.models.cover import Floats, Mask, Positions, within
from nhcplanner.models.goals import Goal
from nhcplanner.models.program import Arcs, Program
from nhcplanner.models.rules import Rule
from nhcplanner.models.sending import sent

SECONDS = 5.0  # to send people to given centres
WHOLE = 0.5
ROUNDING = 1e-9


@dataclass(frozen=True)
class Service:
    """How people are sent to centres.

    Parameters
    ----------
    everyone
        All people are sent, however far, with the least travel; else those within reach are
        sent, as many as there is room for.
    split
        A row may be shared among centres; else all its people go to one.
    least, most
        People whom each open centre serves; `most` is beside each site's own capacity.
    price
        What each person counts whom a centre serves beyond that: minutes where everyone is sent,
        people (less than 1, for more is never worth it) where those within reach are. None where
        no centre may serve more.
    """

    everyone: bool = False
    split: bool = False
    least: float = 0.0
    most: float | None = None
    price: float | None = None

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
        return ", ".join(parts)

    @property
    def price_words(self) -> str:
        """What a person beyond a centre's room counts, in words; empty where there is none."""
        if self.price is None:
            return ""
        if self.everyone:
            return f"each person beyond a centre's room counts {self.price:,.10g} minutes more"
        return f"each person beyond a centre's room counts {self.price:,.10g} people less"

    @property
    def sign(self) -> int:
        """1 where the goal is least travel, -1 where it is most people."""
        return 1 if self.everyone else -1

    def arcs(self, problem: Problem) -> Arcs:
        """Pairs of a row with people and an allowed site that it may be sent to."""
        table = within(problem, np.inf if self.everyone else problem.reach)
        rows = np.repeat(np.arange(problem.areas), np.diff(table.indptr))
        some = problem.people[rows] > 0
        return Arcs(rows[some], table.indices[some].astype(np.intp), table.data[some])

    def room(self, problem: Problem) -> Floats:
        """Most people that each site may serve; all people where nothing limits it."""
        room = np.full(problem.sites, float(problem.people.sum()))
        for limit in (problem.capacity, self.most):
            if limit is not None:
                room = np.fmin(room, limit)
        return room

    def worth(self, problem: Problem, arcs: Arcs) -> Floats:
        """What a row sent along each arc counts: person-minutes, or people."""
        people = problem.people[arcs.rows]
        return people * arcs.minutes if self.everyone else people

    def over(self, problem: Problem, arcs: Arcs, shares: Floats) -> Floats:
        """People whom each site serves beyond its room (shape sites)."""
        load = np.bincount(arcs.sites, problem.people[arcs.rows] * shares, problem.sites)
        return np.maximum(load - self.room(problem), 0.0)

    def value(self, problem: Problem, shares: Floats) -> float:
        """What people sent along the arcs count, those beyond room at their price."""
        arcs = self.arcs(problem)
        beyond = 0.0 if self.price is None else self.price * self.over(problem, arcs, shares).sum()
        return float(shares @ self.worth(problem, arcs) + self.sign * beyond)


@lru_cache(maxsize=64)
def send(problem: Problem, service: Service, opened: tuple[int, ...]) -> Floats | None:
    """The best shares, one an arc, for the centres opened; None where none keep the limits."""
    arcs = service.arcs(problem)
    here = np.isin(arcs.sites, opened)
    some = problem.people > 0
    if service.everyone and len(np.unique(arcs.rows[here])) < some.sum():
        return None
    shares = np.zeros(len(here))
    if not here.any():
        return None if service.least and opened else shares
    quick, used = _auctioned(problem, service, arcs, here)
    if quick is not None:
        return quick
    found = _best_shares(
        problem, service, opened, Arcs(arcs.rows[used], arcs.sites[used], arcs.minutes[used])
    )
    if found is None:
        return None
    shares[used] = found if service.split else np.round(found)
    return shares


def _best_shares(
    problem: Problem, service: Service, opened: tuple[int, ...], arcs: Arcs
) -> Floats | None:
    """The best share of each arc to the centres opened."""
    number, sites = len(arcs.rows), problem.sites
    index, people = np.arange(number), problem.people[arcs.rows]
    by_row = sparse.csr_array((np.ones(number), (arcs.rows, index)), (problem.areas, number))
    by_site = sparse.csr_array((people, (arcs.sites, index)), (sites, number))
    beyond = np.full(sites, 0.0 if service.price is None else np.inf)
    none = sparse.csr_array((sites, sites))
    least = np.where(np.isin(np.arange(sites), opened), service.least, 0.0)
    limits = optimize.LinearConstraint
    found = optimize.milp(
        np.append(
            service.sign * service.worth(problem, arcs), np.full(sites, service.price or 0.0)
        ),
        integrality=np.append(np.full(number, 0 if service.split else 1), np.zeros(sites)),
        bounds=optimize.Bounds(0, np.append(np.ones(number), beyond)),
        constraints=[
            limits(
                sparse.hstack([by_row, sparse.csr_array((problem.areas, sites))]),
                (problem.people > 0) * float(service.everyone),
                1,
            ),
            limits(sparse.hstack([by_site, -sparse.identity(sites)]), ub=service.room(problem)),
            limits(sparse.hstack([by_site, none]), lb=least),
        ],
        options={"time_limit": SECONDS, "mip_rel_gap": 0.0},
    )
    if found.x is None:
        return None
    shares: Floats = found.x[:number]
    return shares


def _auctioned(
    problem: Problem, service: Service, arcs: Arcs, here: Mask
) -> tuple[Floats | None, Positions]:
    """The best shares where an auction finds them, and the arcs that the best may need if not.

    Where people within reach are sent, a way that takes everybody is the best there is.
    """
    used = np.flatnonzero(here)
    if service.least or service.price is not None:
        return None, used
    rows, row = np.unique(arcs.rows[used], return_inverse=True)
    sites, column = np.unique(arcs.sites[used], return_inverse=True)
    minutes = np.full((len(rows), len(sites)), np.inf)
    minutes[row, column] = arcs.minutes[used]
    people = problem.people[rows]
    way = sent(minutes, people, service.room(problem)[sites])
    if (way.centre == len(sites)).any():
        return None, used
    if not service.everyone:
        shares = np.zeros(len(here))
        shares[used[way.centre[row] == column]] = 1.0
        return shares, used
    if service.split:
        return None, used
    added = way.slack(minutes, people)[row, column]
    return None, used[added <= way.total * (1 + ROUNDING) - way.bound]


def served(service: Service) -> Rule:
    """People can be sent to the centres so that each serves no more and no fewer than it may."""

    def write(program: Program) -> None:
        _write(program, service)

    return Rule(
        lambda _: service.words,
        write,
        lambda problem, opened: _shares(problem, service, opened) is not None,
    )


def serve(service: Service) -> Goal:
    """Most people served within reach, or least travel where everyone is served."""

    def score(problem: Problem, opened: Positions) -> float:
        shares = _shares(problem, service, opened)
        if shares is None:
            return np.inf if service.everyone else 0.0
        return service.value(problem, shares)

    def express(program: Program) -> pulp.LpAffineExpression:
        worth = service.worth(program.problem, _arcs(program, service)).tolist()
        terms = list(zip(_write(program, service), worth, strict=True))
        price = service.sign * (service.price or 0.0)
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


def sent_to(problem: Problem, service: Service, opened: Positions) -> Positions:
    """Site that most of each row's people are sent to; -1 for none."""
    arcs, shares = service.arcs(problem), _shares(problem, service, opened)
    site = np.full(problem.areas, -1, dtype=np.int64)
    if shares is not None:
        order = np.argsort(shares, kind="stable")
        order = order[shares[order] > (0.0 if service.split else WHOLE)]
        site[arcs.rows[order]] = arcs.sites[order]
    return site


def _shares(problem: Problem, service: Service, opened: Positions) -> Floats | None:
    return send(problem, service, tuple(sorted(opened.tolist())))


def _arcs(program: Program, service: Service) -> Arcs:
    return program.arcs if service.everyone else service.arcs(program.problem)


def _write(program: Program, service: Service) -> list[pulp.LpVariable]:
    problem, arcs = program.problem, _arcs(program, service)

    def make() -> list[pulp.LpVariable]:
        kind = pulp.LpContinuous if service.split else pulp.LpInteger
        pairs = list(zip(arcs.rows.tolist(), arcs.sites.tolist(), strict=True))
        made = [program.lp.add_variable(f"sent_{i}_{j}", 0, 1, kind) for i, j in pairs]
        of_row: dict[int, list[tuple[pulp.LpVariable, float]]] = {}
        load: dict[int, list[tuple[pulp.LpVariable, float]]] = {j: [] for j in program.opens}
        for i in np.flatnonzero(problem.people > 0).tolist():
            of_row[i] = []
        for (i, j), variable in zip(pairs, made, strict=True):
            program.at_least([(program.opens[j], 1.0), (variable, -1.0)], 0.0)
            of_row[i].append((variable, 1.0))
            load[j].append((variable, float(problem.people[i])))
        for terms in of_row.values():
            (program.exactly if service.everyone else program.at_most)(terms, 1.0)
        beyond = _beyond(program, service)
        for j, room in enumerate(service.room(problem).tolist()):
            more = [(beyond[j], -1.0)] if beyond else []
            program.at_most([*load[j], (program.opens[j], -room), *more], 0.0)
            program.at_least([*load[j], (program.opens[j], -service.least)], 0.0)
        return made

    def value(mask: Mask) -> Floats:
        shares = _shares(problem, service, np.flatnonzero(mask))
        if shares is None:
            return np.zeros(len(arcs.rows))
        every = service.arcs(problem)
        order = np.searchsorted(
            every.rows * problem.sites + every.sites, arcs.rows * problem.sites + arcs.sites
        )
        return shares[order]

    return program.own(f"sent {service}", make, value)


def _beyond(program: Program, service: Service) -> list[pulp.LpVariable]:
    """Variable of each site: people whom it serves beyond its room; none where that may not be."""
    if service.price is None:
        return []
    problem = program.problem

    def make() -> list[pulp.LpVariable]:
        return [program.lp.add_variable(f"beyond_{j}", 0) for j in range(problem.sites)]

    def value(mask: Mask) -> Floats:
        shares = _shares(problem, service, np.flatnonzero(mask))
        if shares is None:
            return np.zeros(problem.sites)
        return service.over(problem, service.arcs(problem), shares)

    return program.own(f"beyond {service}", make, value)
