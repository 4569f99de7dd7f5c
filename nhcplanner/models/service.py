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
    """

    everyone: bool = False
    split: bool = False
    least: float = 0.0
    most: float | None = None

    @property
    def words(self) -> str:
        """The rule in words."""
        who = "everyone must be sent to a centre" if self.everyone else "people are sent to centres"
        parts = [f"{who} that has room for them"]
        if self.least:
            parts.append(f"each centre serves at least {self.least:,.10g} people")
        if self.most is not None:
            parts.append(f"each centre serves at most {self.most:,.10g} people")
        return ", ".join(parts)

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


@lru_cache(maxsize=64)
def send(problem: Problem, service: Service, opened: tuple[int, ...]) -> Floats | None:
    """The best shares, one an arc, for the centres opened; None where none keep the limits."""
    arcs = service.arcs(problem)
    rows, sites = len(problem.people), problem.sites
    here = np.isin(arcs.sites, opened)
    some = problem.people > 0
    if service.everyone and len(np.unique(arcs.rows[here])) < some.sum():
        return None
    if not here.any():
        return None if service.least and opened else np.zeros(len(here))
    here = _worthwhile(problem, service, (arcs, here))
    index = np.arange(len(here))
    by_row = sparse.csr_array((np.ones(len(here)), (arcs.rows, index)), (rows, len(here)))
    load = (problem.people[arcs.rows], (arcs.sites, index))
    by_site = sparse.csr_array(load, (sites, len(here)))
    least = np.where(np.isin(np.arange(sites), opened), service.least, 0.0)
    found = optimize.milp(
        service.worth(problem, arcs) * (1 if service.everyone else -1),
        integrality=np.full(len(here), 0 if service.split else 1),
        bounds=optimize.Bounds(0, here.astype(np.float64)),
        constraints=[
            optimize.LinearConstraint(by_row, some * float(service.everyone), 1),
            optimize.LinearConstraint(by_site, least, service.room(problem)),
        ],
        options={"time_limit": SECONDS, "mip_rel_gap": 0.0},
    )
    if found.x is None:
        return None
    shares: Floats = found.x if service.split else np.round(found.x)
    return shares


def _worthwhile(problem: Problem, service: Service, given: tuple[Arcs, Mask]) -> Mask:
    """Flag of the arcs of open sites that the best way to send whole rows may need."""
    arcs, here = given
    if service.split or service.least or not service.everyone:
        return here
    rows, row = np.unique(arcs.rows[here], return_inverse=True)
    sites, column = np.unique(arcs.sites[here], return_inverse=True)
    minutes = np.full((len(rows), len(sites)), np.inf)
    minutes[row, column] = arcs.minutes[here]
    people = problem.people[rows]
    way = sent(minutes, people, service.room(problem)[sites])
    if (way.centre == len(sites)).any():
        return here
    needed = here.copy()
    added = way.slack(minutes, people)[row, column]
    needed[here] = added <= way.total * (1 + ROUNDING) - way.bound
    return needed


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
        return float(shares @ service.worth(problem, service.arcs(problem)))

    def express(program: Program) -> pulp.LpAffineExpression:
        worth = service.worth(program.problem, _arcs(program, service)).tolist()
        return pulp.LpAffineExpression(list(zip(_write(program, service), worth, strict=True)))

    def limit(problem: Problem) -> float:
        table = within(problem, np.inf if service.everyone else problem.reach)
        some = np.flatnonzero((problem.people > 0) & (np.diff(table.indptr) > 0))
        if not service.everyone:
            return float(problem.people[some].sum())
        nearest = np.array([table.data[table.indptr[i] : table.indptr[i + 1]].min() for i in some])
        return float(problem.people[some] @ nearest) if len(some) else 0.0

    def whole(problem: Problem) -> bool:
        parts = (problem.people, problem.minutes.data if service.everyone else np.zeros(1))
        return not service.split and not any((part % 1).any() for part in parts)

    if service.everyone:
        name = "travel of all people"
        return Goal(name, "least", "person-minutes", score, express, limit, whole)
    return Goal("people served within reach", "most", "people", score, express, limit, whole)


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
        for j, room in enumerate(service.room(problem).tolist()):
            program.at_most([*load[j], (program.opens[j], -room)], 0.0)
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
