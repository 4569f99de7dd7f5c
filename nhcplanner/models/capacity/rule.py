"""Rule and goals of the assignment of people to centres of limited capacity."""

from __future__ import annotations

import numpy as np
import pulp

from nhcplanner.base.arrays import Floats, Mask, Positions
from nhcplanner.domain.plan import Allocation
from nhcplanner.domain.problem import Problem
from nhcplanner.models.capacity.assignment import Assignment, AssignmentRule, can_send, send, spent
from nhcplanner.models.capacity.sizes import cost_terms, size_variables, write_limits
from nhcplanner.models.coverage import within
from nhcplanner.models.goal_types import Goal
from nhcplanner.models.program import Arcs, Program
from nhcplanner.models.rule_types import Rule

WHOLE = 0.5
LEAST_SHARE = 1e-9  # smaller shares of a row are rounding errors of the solver
ROUNDING_OF_SOLVER = 1e-6  # shares of a row that differ from 1 by less are all of its people


def assignment_within_limits(service: AssignmentRule) -> Rule:
    """Return the rule that people can be assigned within the limits of each centre."""

    def write(program: Program) -> None:
        _write(program, service)

    return Rule(
        lambda _: service.words,
        write,
        lambda problem, opened: can_send(problem, service, tuple(sorted(opened.tolist()))),
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


def cost_with_sizes(service: AssignmentRule) -> Goal:
    """Return the goal of least cost of all centres in the sizes that have room for people."""

    def score(problem: Problem, opened: Positions) -> float:
        way = _way(problem, service, opened)
        return np.inf if way is None else spent(problem, opened, way)

    def express(program: Program) -> pulp.LpAffineExpression:
        return pulp.LpAffineExpression(cost_terms(program, _sizes(program, service)))

    def whole(problem: Problem) -> bool:
        pounds = np.zeros(1) if problem.sizes is None else problem.sizes.pounds()
        costs = np.zeros(1) if problem.cost is None else problem.cost
        return not ((pounds % 1).any() or (costs % 1).any())

    def limit(problem: Problem) -> float:
        return 0.0 if problem.cost is None else float(problem.cost[list(problem.keep)].sum())

    return Goal("cost", "least", "pounds", score, express, limit, whole)


def _sizes(program: Program, service: AssignmentRule) -> list[pulp.LpVariable]:
    def loads(mask: Mask) -> Floats | None:
        way = _way(program.problem, service, np.flatnonzero(mask))
        return None if way is None else way.load(program.problem)

    return size_variables(program, str(service), loads)


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
        rooms, sizes = service.room(problem).tolist(), _sizes(program, service)
        for j, people in load.items():
            more = [(beyond[j], -all_people)] if beyond else []
            program.at_most([*people, (program.opens[j], -rooms[j]), *more], 0.0)
            program.at_least([*people, (program.opens[j], -service.least)], 0.0)
            write_limits(program, sizes, j, people, rooms[j])
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
