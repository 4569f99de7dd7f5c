"""Sizes of centres in the assignment of people: rows of the program, and the size of each centre.

A centre's size is chosen with its site: it limits the people whom the centre serves, it may need a
least number of people, and it has a cost (the modular capacitated location problem of Correia and
Captivo 2003, A Lagrangean heuristic for a modular capacitated location problem, Annals of
Operations Research 122).
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pulp
import scipy
from scipy import sparse

from nhcplanner.base.arrays import Floats, Mask, Positions
from nhcplanner.domain.problem import Problem
from nhcplanner.domain.sizes import SiteSizes
from nhcplanner.models.linear_program import unit_of
from nhcplanner.models.program import Arcs, Program
from nhcplanner.models.rules import with_rounding


def sizes_of(problem: Problem, load: Floats, opened: Positions) -> Positions | None:
    """Return the cheapest size of each open site that suits its people.

    Parameters
    ----------
    problem
        The problem; its `sizes` are the options.
    load
        People whom each site serves (shape site).
    opened
        Positions of the open sites.

    Returns
    -------
    array of int or None
        Entry of `problem.sizes` for each site, -1 for sites without sizes or not open (shape
        site); None if some open site has no size that suits, or the budget does not suffice.
    """
    sizes = problem.sizes
    if sizes is None:
        return np.full(problem.sites, -1, dtype=np.intp)
    chosen = np.full(problem.sites, -1, dtype=np.intp)
    chosen[opened] = sizes.fit(load)[opened]
    if (chosen[np.intersect1d(opened, sizes.sites)] < 0).any():
        return None
    if problem.budget is not None and cost_of(problem, chosen, opened) > with_rounding(
        problem.budget
    ):
        return None
    return chosen


def cost_of(problem: Problem, chosen: Positions, opened: Positions) -> float:
    """Return the cost of open sites in the chosen sizes (entries of `sizes`, -1 = no size)."""
    if problem.cost is None or problem.sizes is None:
        return 0.0 if problem.cost is None else float(problem.cost[opened].sum())
    entries = chosen[opened]
    has_size = entries >= 0
    own = float(problem.cost[opened[~has_size]].sum())
    return own + float(problem.sizes.pounds()[entries[has_size]].sum())


def largest_rooms(problem: Problem, opened: Positions) -> Floats | None:
    """Return the capacities of sizes with the most room in all within the budget (shape site).

    None if the cheapest sizes cost more than the budget. Sites that are not open have no room, and
    a site without a limit has room for everyone.
    """
    sizes, everyone = problem.sizes, float(problem.people.sum())
    rooms = np.zeros(problem.sites)
    if sizes is None:
        return rooms
    if problem.capacity is not None:
        rooms[opened] = np.fmin(problem.capacity[opened], everyone)
    else:
        rooms[opened] = everyone
    some = np.flatnonzero(np.isin(sizes.site, opened))
    room = np.minimum(sizes.capacity[some], everyone)
    if problem.budget is None or not len(some):
        return rooms
    unsized = np.setdiff1d(opened, sizes.sites)
    left = with_rounding(problem.budget)
    left -= 0.0 if problem.cost is None else float(problem.cost[unsized].sum())
    pounds = sizes.pounds()[some]
    own, of_site = np.unique(sizes.site[some], return_inverse=True)
    one_each = sparse.csr_array((np.ones(len(some)), (of_site, np.arange(len(some)))))
    unit = unit_of(pounds)
    result = scipy.optimize.milp(
        -room / unit_of(room), integrality=np.ones(len(some), dtype=np.int64),
        bounds=scipy.optimize.Bounds(0, 1),
        constraints=[
            scipy.optimize.LinearConstraint(one_each, 1, 1),
            scipy.optimize.LinearConstraint(pounds[None, :] / unit, ub=left / unit),
        ],
    )  # fmt: skip
    if result.x is None:
        return None
    rooms[own] = np.bincount(of_site, room * np.round(result.x), len(own))
    return rooms


def best_way(  # noqa: PLR0913, PLR0917  (a whole program of an assignment)
    problem: Problem,
    sizes: SiteSizes,
    opened: Positions,
    arcs: Arcs,
    worth: Floats,
    least: float,
    rooms: Floats,
    *,
    everyone: bool,
    split: bool,
    by_cost: bool,
    seconds: float,
) -> Floats | None:
    """Return the best share along each arc with sizes to choose from; None if none is found.

    Parameters
    ----------
    problem, sizes, opened, arcs
        The problem, its sizes, the open sites, and pairs of a row and an open site.
    worth
        What assigning a row along each arc costs (shape arc).
    least, rooms
        Fewest people of each open site, and the most people of each (shape site).
    everyone, split
        Whether all people must be assigned, and whether a row may be divided.
    by_cost
        Whether the least cost of sizes comes before `worth`.
    seconds
        Time limit.
    """
    some = np.flatnonzero(np.isin(sizes.site, opened))
    number, rows = len(arcs.rows), problem.areas
    index, people = np.arange(number), problem.people[arcs.rows]
    unit = unit_of(people)
    most = float(problem.people.sum())
    by_row = sparse.csr_array((np.ones(number), (arcs.rows, index)), (rows, number))
    load = sparse.csr_array((people / unit, (arcs.sites, index)), (problem.sites, number))
    at = (sizes.site[some], np.arange(len(some)))
    shape = (problem.sites, len(some))
    room = np.minimum(sizes.capacity[some], most) / unit
    rooms_of = sparse.csr_array((room, at), shape)
    leasts_of = sparse.csr_array((sizes.least[some] / unit, at), shape)
    one_each = sparse.csr_array((np.ones(len(some)), at), shape)
    has_sizes = np.isin(np.arange(problem.sites), sizes.sites)
    is_open = np.isin(np.arange(problem.sites), opened)
    pounds = sizes.pounds()[some]
    of_cost = unit_of(pounds) if len(pounds) else 1.0
    limit = scipy.optimize.LinearConstraint
    empty = sparse.csr_array((rows, len(some)))
    constraints = [
        limit(sparse.hstack([by_row, empty]), (problem.people > 0) * float(everyone), 1),
        limit(sparse.hstack([load, -rooms_of]), ub=np.where(has_sizes, 0.0, rooms / unit)),
        limit(sparse.hstack([load, sparse.csr_array(shape)]), ub=rooms / unit),
        limit(sparse.hstack([load, -leasts_of]), lb=np.where(is_open, least / unit, 0.0)),
        limit(
            sparse.hstack([sparse.csr_array((problem.sites, number)), one_each]),
            (has_sizes & is_open) * 1.0, (has_sizes & is_open) * 1.0,
        ),
    ]  # fmt: skip
    prices = sparse.csr_array(np.append(np.zeros(number), pounds / of_cost)[None, :])
    unsized = opened[~has_sizes[opened]]
    fixed = 0.0 if problem.cost is None else float(problem.cost[unsized].sum())
    if problem.budget is not None:
        constraints.append(limit(prices, ub=(with_rounding(problem.budget) - fixed) / of_cost))
    whole = np.append(np.full(number, 0 if split else 1), np.ones(len(some)))
    goals = [np.append(worth / unit_of(worth), np.zeros(len(some)))]
    if by_cost and pounds.any():
        goals.insert(0, prices.toarray()[0])
    shares: Floats | None = None
    for goal in goals:
        result = scipy.optimize.milp(
            goal, integrality=whole, bounds=scipy.optimize.Bounds(0, 1), constraints=constraints,
            options={"time_limit": seconds / len(goals), "mip_rel_gap": 0.0},
        )  # fmt: skip
        if result.x is None:
            return shares
        shares = result.x[:number] if split else np.round(result.x[:number])
        spent = float(goal @ np.round(result.x)) if goal is not goals[-1] else 0.0
        constraints.append(limit(sparse.csr_array(goal[None, :]), ub=spent + ROUNDING))
    return shares


ROUNDING = 1e-9
"""Allowance for the cost that later goals must keep."""


def size_variables(
    program: Program, key: str, loads: Callable[[Mask], Floats | None]
) -> list[pulp.LpVariable]:
    """Return a variable for each entry of the problem's sizes: 1 if its site has that size.

    They are added when first needed, with the rows that give each open site one size, and with the
    budget. There are none if the problem has no sizes.

    Parameters
    ----------
    program
        The program.
    key
        Key of the assignment, as there may be several.
    loads
        Returns the people whom each site serves in a plan (shape site); None if it has no
        assignment.
    """
    problem = program.problem
    sizes = problem.sizes
    if sizes is None:
        return []

    def make() -> list[pulp.LpVariable]:
        variables = []
        for site in sizes.sites.tolist():
            is_shut = site not in program.opens
            own = [
                program.lp.add_variable(f"size_{site}_{entry}", 0, int(not is_shut), pulp.LpInteger)
                for entry in sizes.options(site).tolist()
            ]
            variables += own
            if not is_shut:
                program.exactly([*((v, 1.0) for v in own), (program.opens[site], -1.0)], 0.0)
        if problem.budget is not None:
            program.at_most(cost_terms(program, variables), with_rounding(problem.budget))
        return variables

    def value(mask: Mask) -> Floats:
        values = np.zeros(len(sizes.site))
        load = loads(mask)
        chosen = None if load is None else sizes_of(problem, load, np.flatnonzero(mask))
        if chosen is not None:
            values[chosen[chosen >= 0]] = 1.0
        return values

    return program.own(f"sizes {key}", make, value)


def cost_terms(
    program: Program, variables: list[pulp.LpVariable]
) -> list[tuple[pulp.LpVariable, float]]:
    """Return the terms of the cost of all open sites in their sizes.

    Parameters
    ----------
    program
        The program.
    variables
        From `size_variables`.
    """
    problem = program.problem
    sizes, cost = problem.sizes, problem.cost
    if cost is None:
        return []
    has_sizes = set() if sizes is None else set(sizes.sites.tolist())
    own = [(v, float(cost[j])) for j, v in program.opens.items() if j not in has_sizes]
    if sizes is None:
        return own
    return [*own, *zip(variables, sizes.pounds().tolist(), strict=True)]


def write_limits(
    program: Program,
    variables: list[pulp.LpVariable],
    site: int,
    people: list[tuple[pulp.LpVariable, float]],
    room: float,
) -> None:
    """Limit the people of a site by its size.

    Parameters
    ----------
    program, variables
        The program, and its variables from `size_variables`.
    site, people
        The site, and the terms of the people whom it serves.
    room
        Most people of the site in any size.
    """
    sizes = program.problem.sizes
    if sizes is None:
        return
    entries = sizes.options(site).tolist()
    if not entries:
        return
    rooms = [(variables[n], -min(float(sizes.capacity[n]), room)) for n in entries]
    program.at_most([*people, *rooms], 0.0)
    if sizes.least[entries].any():
        program.at_least([*people, *((variables[n], -float(sizes.least[n])) for n in entries)], 0.0)
