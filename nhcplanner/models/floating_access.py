"""The goal of most access by floating catchments: a share of a centre for as many as possible.

A centre is shared by everyone within its reach: each of n people in reach has 1/n of it. A person
has the sum of the shares of all centres in reach (2SFCA). Summed over people this is the number of
centres, wherever they are, so the sum is no goal. The goal counts how much of a full share people
have, at most all of it: sharing a centre with few counts no more than a full share.

References
----------
Luo W, Wang F (2003), Measures of spatial accessibility to health care in a GIS environment,
Environment and Planning B 30(6): two-step floating catchment areas.
"""

from __future__ import annotations

import numpy as np
import pulp
from scipy import sparse

from nhcplanner.base.arrays import Floats, Mask, Positions
from nhcplanner.base.errors import Fault, InputError
from nhcplanner.domain.problem import Problem
from nhcplanner.models.equity import number_of_argument
from nhcplanner.models.goal_types import AnyGoal, Goal, NamedGoal, allowed_sites
from nhcplanner.models.program import Program, columns

DIGITS = 6  # of the people a centre, so that the goal's name states them exactly


def most_access(people_a_centre: float) -> Goal:
    """Return the goal of most people with a full share of a centre, counted by their shares.

    Parameters
    ----------
    people_a_centre
        People for one centre: a full share is one over them. A person with half of it counts as
        half a person.
    """

    def score(problem: Problem, opened: Positions) -> float:
        access = problem.covers[:, opened] @ _shares(problem, people_a_centre)[opened]
        return float(problem.people @ np.minimum(access, 1.0))

    def express(program: Program) -> pulp.LpAffineExpression:
        problem, groups = program.problem, program.groups
        shares = _shares(problem, people_a_centre)

        def make() -> list[pulp.LpVariable]:
            variables = []
            for g, sites in enumerate(columns(groups.sites)):
                variable = program.lp.add_variable(f"access_{g}", 0, 1)
                terms = [(program.opens[j], float(shares[j])) for j in sites]
                program.at_least([*terms, (variable, -1.0)], 0.0)
                variables.append(variable)
            return variables

        def value(mask: Mask) -> Floats:
            access: Floats = np.minimum(groups.sites @ (shares * mask), 1.0)
            return access

        access = program.own(f"access {people_a_centre}", make, value)
        people = groups.total(problem.people).tolist()
        return pulp.LpAffineExpression(list(zip(access, people, strict=True)))

    def limit(problem: Problem) -> float:
        """Return what all sites give, at most a full share for the people of every centre."""
        most = score(problem, allowed_sites(problem))
        return most if problem.count is None else min(most, people_a_centre * problem.count)

    return Goal(
        f"people with their share of a centre ({people_a_centre:,.10g} people a centre)",
        "most", "people", score, express, limit, lambda _: False,
    )  # fmt: skip


def _shares(problem: Problem, people_a_centre: float) -> Floats:
    """Return the part of a full share that each site gives to each person in its reach."""
    demand: Floats = sparse.csr_array(problem.covers.T) @ problem.people
    return np.divide(people_a_centre, demand, out=np.zeros(len(demand)), where=demand > 0)


def _most_access(problem: Problem, argument: str) -> tuple[AnyGoal, ...]:
    people = float(problem.people.sum())
    if argument:
        return (most_access(number_of_argument(argument, 0.0)),)
    if not problem.count or not people:
        fault = "goals: most_access needs a count, or people a centre such as most_access:50000"
        raise InputError([Fault(fault, "scenario")])
    return (most_access(float(f"{people / problem.count:.{DIGITS}g}")),)


MOST_ACCESS = NamedGoal(
    "most_access",
    "Most people with their share of a centre",
    _most_access,
    "People with their share of a centre",
    with_argument="Most people with their share of a centre for {argument} people",
    fault=lambda argument: (
        ""
        if not argument or 1e-30 < number_of_argument(argument, 0.0) < 1e30
        else "should be like most_access:50000 (people a centre)"
    ),
    literature="Two-step floating catchments (2SFCA): Luo and Wang 2003",
)
