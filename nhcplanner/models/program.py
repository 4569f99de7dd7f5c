"""The mixed-integer program of a problem, with variables that are added when first needed."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

import numpy as np
import pulp
from scipy import sparse

from nhcplanner.base.arrays import Floats, Mask, Positions
from nhcplanner.domain.problem import Problem
from nhcplanner.domain.travel_times import nearest_site
from nhcplanner.models.coverage import Groups, flag_implied_rows, group_rows, open_mask, within


@dataclass(frozen=True, eq=False)
class Arcs:
    """Pairs of a row and a site, sorted by row: row, site and minutes of each."""

    rows: Positions
    sites: Positions
    minutes: Floats


@dataclass(frozen=True, eq=False)
class Covering:
    """Groups of rows, and the variable of each group: 1 if it has an open site in reach."""

    groups: Groups
    variables: list[pulp.LpVariable]

    def total(self, weights: Floats) -> list[tuple[pulp.LpVariable, float]]:
        """Return the terms of the sum of weights of rows that have an open site in reach."""
        sums = self.groups.total(weights).tolist()
        return [(v, w) for v, w in zip(self.variables, sums, strict=True) if w]


class Opens(dict[int, pulp.LpVariable]):
    """Variable of each site; a missing variable is added, and fixed at 0, when a rule needs it."""

    def __init__(self, lp: pulp.LpProblem) -> None:
        super().__init__()
        self._lp = lp

    def __missing__(self, site: int) -> pulp.LpVariable:
        self[site] = self._lp.add_variable(f"open_{site}", 0, 0, pulp.LpInteger)
        return self[site]


class Program:
    """A mixed-integer program that goals and rules write into.

    Its variables are `opens` (1 if a site opens), `covered` (1 if a group of rows has an open site
    within reach), `assigned` (1 if a row is assigned to a site), and those of single goals or
    rules. Each kind is added when it is first needed, with the rows that link it to `opens`, so a
    program of coverage alone has no assignments.

    Parameters
    ----------
    problem
        The problem to plan.
    arcs
        Pairs along which rows may be assigned; None for all.
    is_lean
        Whether sites that must stay shut have a variable only if a rule needs it.
    """

    def __init__(
        self, problem: Problem, arcs: Arcs | None = None, *, is_lean: bool = False
    ) -> None:
        self.problem, self._is_lean = problem, is_lean
        if arcs is not None:
            self.arcs = arcs
        self.lp = pulp.LpProblem("plan", pulp.LpMinimize)
        self._coverings: dict[float, Covering] = {}
        self._own: dict[str, tuple[list[pulp.LpVariable], Callable[[Mask], Floats]]] = {}

    @cached_property
    def opens(self) -> dict[int, pulp.LpVariable]:
        """Variable of each site."""
        shut = set(self.problem.forbid) if self._is_lean else set()
        opens = Opens(self.lp)
        for j in range(self.problem.sites):
            if j not in shut:
                opens[j] = self.lp.add_variable(f"open_{j}", 0, 1, pulp.LpInteger)
        return opens

    @property
    def groups(self) -> Groups:
        """Groups of the rows with people that some allowed site reaches."""
        return self.covering(self.problem.reach).groups

    @property
    def covered(self) -> list[pulp.LpVariable]:
        """Variable of each group; continuous, because it is whole if `opens` are whole."""
        return self.covering(self.problem.reach).variables

    def covering(self, minutes: float) -> Covering:
        """Return groups with variables that are 0 unless an open site is within some minutes.

        They may be 0 although a site is open, so they suit goals and rules of more coverage.
        """
        if minutes not in self._coverings:
            groups = group_rows(within(self.problem, minutes), self.problem.people > 0)
            name = f"covered_{len(self._coverings)}"
            variables = [self.lp.add_variable(f"{name}_{g}", 0, 1) for g in range(groups.number)]
            for variable, sites in zip(variables, columns(groups.sites), strict=True):
                terms = [(self.opens[j], 1.0) for j in sites]
                self.at_least([*terms, (variable, -1.0)], 0.0)
            self._coverings[minutes] = Covering(groups, variables)
        return self._coverings[minutes]

    @cached_property
    def exactly_covered(self) -> Covering:
        """Groups with variables that are exactly 1 if an open site is within reach, else 0."""
        covering = self.covering(self.problem.reach)
        for variable, sites in zip(covering.variables, columns(covering.groups.sites), strict=True):
            for j in sites:
                self.at_least([(variable, 1.0), (self.opens[j], -1.0)], 0.0)
        return covering

    def own(
        self, name: str, make: Callable[[], list[pulp.LpVariable]], value: Callable[[Mask], Floats]
    ) -> list[pulp.LpVariable]:
        """Return variables of one goal or rule, added when first needed.

        Parameters
        ----------
        name
            Key under which they are stored.
        make
            Adds the variables to the program, with the rows that link them to the others.
        value
            Returns their values for a plan, from the flag of each site.
        """
        if name not in self._own:
            self._own[name] = make(), value
        return self._own[name][0]

    @cached_property
    def arcs(self) -> Arcs:
        """Pairs of a row with people and an allowed site that it can travel to."""
        table = within(self.problem)
        rows = np.repeat(np.arange(self.problem.areas), np.diff(table.indptr))
        some = self.problem.people[rows] > 0
        return Arcs(rows[some], table.indices[some].astype(np.intp), table.data[some])

    @cached_property
    def assigned(self) -> list[pulp.LpVariable]:
        """Variable of each arc: the share of the row's people assigned to the site."""
        variables = []
        for i, j in zip(self.arcs.rows.tolist(), self.arcs.sites.tolist(), strict=True):
            variable = self.lp.add_variable(f"assigned_{i}_{j}", 0, 1)
            self.at_least([(self.opens[j], 1.0), (variable, -1.0)], 0.0)
            variables.append(variable)
        return variables

    def at_least(self, terms: Iterable[tuple[pulp.LpVariable, float]], least: float) -> None:
        """Require a sum of terms to be no less than a number."""
        self._add(terms, pulp.LpConstraintGE, least)

    def at_most(self, terms: Iterable[tuple[pulp.LpVariable, float]], most: float) -> None:
        """Require a sum of terms to be no more than a number."""
        self._add(terms, pulp.LpConstraintLE, most)

    def exactly(self, terms: Iterable[tuple[pulp.LpVariable, float]], number: float) -> None:
        """Require a sum of terms to equal a number."""
        self._add(terms, pulp.LpConstraintEQ, number)

    def exclude(self, opened: Positions) -> None:
        """Exclude the plan that opens exactly some sites, by a no-good cut.

        Balas E, Jeroslow R (1972), Canonical cuts on the unit hypercube, SIAM Journal on Applied
        Mathematics 23(1).
        """
        mask = open_mask(self.problem, opened)
        terms = [(v, -1.0 if mask[j] else 1.0) for j, v in self.opens.items()]
        self.at_least(terms, 1.0 - float(mask.sum()))

    def everyone_within(self, minutes: float) -> None:
        """Require an open site within some minutes of each row with people."""
        row_groups = group_rows(within(self.problem, minutes), self.problem.people > 0)
        for sites in columns(
            sparse.csr_array(row_groups.sites[~flag_implied_rows(row_groups.sites)])
        ):
            self.at_least([(self.opens[j], 1.0) for j in sites], 1.0)
        if (self.problem.people[row_groups.of_row < 0] > 0).any():
            self.at_least([], 1.0)  # somebody has no such site, so no plan can satisfy this

    @property
    def size(self) -> int:
        """Number of terms in all rows, as a measure of difficulty."""
        return sum(len(row) for row in self.lp.constraints())

    def opened(self) -> Positions:
        """Return the sites that the solver's values open."""
        sites = [j for j, v in self.opens.items() if (v.varValue or v.lowBound) > 0.5]
        return np.array(sites, dtype=np.intp)

    def values(self, opened: Iterable[int]) -> dict[str, float]:
        """Return the value of every variable added so far for a plan, by name."""
        mask = open_mask(self.problem, list(opened))
        values = {v.name: float(mask[j]) for j, v in self.opens.items()}
        for covering in self._coverings.values():
            centres_in_reach: Floats = covering.groups.sites @ mask.astype(np.float64)
            pairs = zip(covering.variables, centres_in_reach > 0, strict=True)
            values |= {v.name: float(some) for v, some in pairs}
        for variables, value in self._own.values():
            pairs = zip(variables, value(mask).tolist(), strict=True)
            values |= {v.name: amount for v, amount in pairs}
        if "assigned" in self.__dict__:
            values |= self._nearest(mask)
        return values

    def _nearest(self, mask: Mask) -> dict[str, float]:
        nearest = nearest_site(self.problem.minutes, np.flatnonzero(mask))
        is_nearest = (nearest[self.arcs.rows] == self.arcs.sites).astype(float).tolist()
        return {v.name: share for v, share in zip(self.assigned, is_nearest, strict=True)}

    def _add(
        self, terms: Iterable[tuple[pulp.LpVariable, float]], sense: int, number: float
    ) -> None:
        self.lp.addConstraint(
            pulp.LpConstraint(pulp.LpAffineExpression(list(terms)), sense, rhs=number)
        )


def columns(matrix: sparse.csr_array) -> Iterator[list[int]]:
    """Return the columns stored in each row of a matrix."""
    ends, columns = matrix.indptr.tolist(), matrix.indices.tolist()
    return (columns[a:b] for a, b in pairwise(ends))
