"""A problem divided into parts by where people live, with shares of its count and budget."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
from scipy import sparse

from nhcplanner import models
from nhcplanner.base.arrays import Floats, Ints
from nhcplanner.base.errors import Fault, InputError
from nhcplanner.base.text import shortened
from nhcplanner.domain.plan import Plan
from nhcplanner.domain.problem import Problem
from nhcplanner.domain.problem_inputs import Labels
from nhcplanner.domain.scenario import Scenario
from nhcplanner.scale.executor import PlanRequest

Rows = npt.NDArray[np.intp]
Names = npt.NDArray[np.str_]


@dataclass(frozen=True, eq=False)
class Part:
    """One part of a problem.

    Parameters
    ----------
    name
        The part's label.
    rows
        Rows of the whole problem whose people live in it.
    own
        Sites of the whole problem that lie in it.
    around
        Its halo: sites of other parts that stay open in every plan and that its people reach.
    """

    name: str
    rows: Rows
    own: Rows
    around: Rows

    @property
    def sites(self) -> Rows:
        """Sites of the part's problem, ascending: its columns."""
        return np.union1d(self.own, self.around)


def parts_of(problem: Problem, row_labels: Names, site_labels: Names) -> tuple[Part, ...]:
    """Divide a problem by a label.

    Parameters
    ----------
    problem
        The whole problem.
    row_labels, site_labels
        Label of each row and of each site.

    Returns
    -------
    tuple of Part
        One for each label of a row, in order of the labels.
    """
    must_open = np.zeros(problem.sites, dtype=bool)
    must_open[list(problem.keep)] = True
    parts = []
    for name in np.unique(row_labels):
        rows = np.flatnonzero(row_labels == name)
        in_reach = np.zeros(problem.sites, dtype=bool)
        in_reach[sparse.csr_array(problem.minutes[rows]).indices] = True
        inside = site_labels == name
        around = np.flatnonzero(in_reach & must_open & ~inside)
        parts.append(Part(str(name), rows, np.flatnonzero(inside), around))
    return tuple(parts)


def problem_of_part(
    problem: Problem, part: Part, count: int | None, budget: float | None
) -> Problem:
    """Return the problem of one part.

    Open centres around it serve its people and do not use its count and budget; rules on groups
    of sites (`at_most`, `at_least`) apply to its own sites only.

    Parameters
    ----------
    problem
        The whole problem.
    part
        One of `parts_of`.
    count, budget
        For the part's own sites; None = no limit.
    """
    sites = part.sites
    outside = np.isin(sites, part.around)
    minutes = sparse.csr_array(sparse.csr_array(problem.minutes[part.rows])[:, sites])
    minutes.sort_indices()
    if budget is not None and problem.cost is not None:
        budget += float(problem.cost[part.around].sum())
    return replace(
        problem.rows(part.rows),
        minutes=minutes,
        cost=None if problem.cost is None else problem.cost[sites],
        capacity=None if problem.capacity is None else problem.capacity[sites],
        keep=_positions_in(problem.keep, sites),
        forbid=_positions_in(problem.forbid, sites),
        count=None if count is None else count + int(outside.sum()),
        budget=budget,
        site_groups=_own_labels(problem.site_groups, sites, outside),
        site_xy=None if problem.site_xy is None else problem.site_xy[sites],
        sizes=None if problem.sizes is None else problem.sizes.at_sites(sites),
        near={kind: numbers[sites] for kind, numbers in problem.near.items()},
        staff=None if problem.staff is None else problem.staff[sites],
        today=_positions_in(problem.today, sites),
        hubs=_positions_in(problem.hubs, sites),
        hub_minutes=None
        if problem.hub_minutes is None
        else problem.hub_minutes[np.ix_(np.isin(problem.hubs, sites), sites)],
    )


def _positions_in(positions: tuple[int, ...], sites: Rows) -> tuple[int, ...]:
    """Translate positions of sites in the whole problem to positions in the part."""
    return tuple(np.flatnonzero(np.isin(sites, positions)).tolist())


def _own_labels(groups: Labels, sites: Rows, outside: npt.NDArray[np.bool_]) -> Labels:
    """Return the labels of the sites; sites around the part keep only the group of their id."""
    return {
        name: labels[sites] if name == "site_id" else np.where(outside, "", labels[sites])
        for name, labels in groups.items()
    }


Limits = tuple[int | None, float | None]

SHARES = ("each", "people", "first_band")
"""`each`: every part has the scenario's count and budget. `people`, `first_band`: they are shared
out in proportion to people, or to people of band 1."""


def apportion(count: int, weight: Floats, already: Ints, most: Ints) -> Ints:
    """Share centres out in proportion, as seats in a parliament (Sainte-Laguë 1910).

    Centres that are already open stay with their part. Each further one goes to the part with the
    largest weight / (centres + 1/2). No part gets more centres than it has sites.

    Parameters
    ----------
    count
        Number of centres in all.
    weight
        For each part, its people or those of band 1.
    already, most
        For each part, centres that are already open, and sites that may be open.

    Returns
    -------
    array of int
        Centres of each part; together `count`, or fewer if there are too few sites.

    Raises
    ------
    InputError
        If more centres than `count` are already open.

    References
    ----------
    Balinski and Young, Fair Representation, 2nd edition, Brookings Institution Press, 2001.

    Examples
    --------
    >>> apportion(7, np.array([300.0, 200, 100]), np.array([0, 0, 3]), np.array([9, 9, 9]))
    array([2, 2, 3])
    """
    centres = already.copy()
    left = count - int(centres.sum())
    if left < 0:
        words = f"count is {count}, but {centres.sum()} centres are open or committed already"
        raise InputError([Fault(words, "scenario", column="count")])
    for _ in range(left):
        claim = np.where(centres < most, weight / (centres + 0.5), -1.0)
        next_one = int(claim.argmax())
        if claim[next_one] <= 0:
            break
        centres[next_one] += 1
    return centres


def limits_of(problem: Problem, parts: Sequence[Part], share: str) -> list[Limits]:
    """Return the count and budget of each part, for its own sites.

    Parameters
    ----------
    problem
        The whole problem, with its count and budget.
    parts
        All of `parts_of`.
    share
        One of `SHARES`. The cost of sites that stay open is deducted from the budget first.

    Returns
    -------
    list of tuple
        Count and budget of each part; None = no limit.

    Raises
    ------
    InputError
        If the share is unknown, there is nothing to share out, or no people to share it by.
    """
    _check(problem, share)
    if share == "each":
        return [(problem.count, problem.budget)] * len(parts)
    weight = np.array([_weight(problem, part, share) for part in parts])
    if not weight.sum() > 0:
        raise InputError([Fault("there are no people to share out by", "--share")])
    counts: list[int | None] = [None] * len(parts)
    budgets: list[float | None] = [None] * len(parts)
    keep, forbid = list(problem.keep), list(problem.forbid)
    if problem.count is not None:
        already = np.array([np.isin(part.own, keep).sum() for part in parts])
        most = np.array([(~np.isin(part.own, forbid)).sum() for part in parts])
        counts = list(map(int, apportion(problem.count, weight, already, most)))
    if problem.budget is not None and problem.cost is not None:
        fixed_cost = np.array(
            [problem.cost[np.intersect1d(part.own, keep)].sum() for part in parts]
        )
        shares = fixed_cost + (problem.budget - fixed_cost.sum()) * weight / weight.sum()
        budgets = list(map(float, shares))
    return list(zip(counts, budgets, strict=True))


def _check(problem: Problem, share: str) -> None:
    if share not in SHARES:
        hint = f"Use one of {', '.join(SHARES)}"
        raise InputError([Fault(f"there is no share '{share}'", "--share", hint=hint)])
    if share != "each" and problem.count is None and problem.budget is None:
        hint = "Set count or budget, for instance --set count=42"
        raise InputError([Fault("there is nothing to share out", "--share", hint=hint)])


def _weight(problem: Problem, part: Part, share: str) -> float:
    people = problem.people[part.rows]
    return float(people.sum() if share == "people" else people[problem.bands[part.rows] == 1].sum())


SOLVER = "parts planned each by itself"
NO_PLAN = ("infeasible", "stopped")


@dataclass(frozen=True, eq=False)
class PartedProblem:
    """A problem divided into parts.

    Parameters
    ----------
    problem, scenario
        The whole problem.
    parts, limits
        The parts, and the count and budget of each.
    """

    problem: Problem
    scenario: Scenario
    parts: Sequence[Part]
    limits: Sequence[Limits]

    def check(self) -> None:
        """Raise InputError if a part lacks what the scenario names, with all faults at once."""
        faults = []
        for request in self.requests():
            try:
                models.build_model(request.problem, request.scenario)
            except InputError as error:
                faults += [replace(fault, file=request.name) for fault in error.faults]
        if faults:
            raise InputError(faults)

    def requests(self) -> Iterator[PlanRequest]:
        """Yield the request of each part; its problem is built only then."""
        for part, limits in zip(self.parts, self.limits, strict=True):
            problem = problem_of_part(self.problem, part, *limits)
            yield PlanRequest(part.name, problem, self.scenario)

    def to_whole(self, plans: Mapping[str, Plan]) -> dict[str, Plan]:
        """Translate the parts' plans to the whole problem, with only their own sites open."""
        whole_plans = {}
        for part in self.parts:
            opened = part.sites[list(plans[part.name].opened)]
            own = tuple(np.intersect1d(opened, part.own).tolist())
            whole_plans[part.name] = replace(
                plans[part.name], opened=own, unreached=(), assignment=None, allocation=None
            )
        return whole_plans

    def combine(self, plans: Mapping[str, Plan]) -> Plan:
        """Combine all plans of `to_whole` into one; it carries no proof for the whole."""
        without = [name for name, plan in plans.items() if plan.status in NO_PLAN]
        one = next(iter(plans.values()))
        none = len(without) == len(plans)
        opened = set(self.problem.keep).union(*(plan.opened for plan in plans.values()))
        reason = f"No plan for {shortened(without)}; open centres stay open" if without else ""
        return Plan(
            opened=() if none else tuple(sorted(map(int, opened))),
            status=one.status if none else "feasible",
            stages=(),
            model=one.model,
            solver=f"{SOLVER}: {one.solver}",
            seconds=sum(plan.seconds for plan in plans.values()),
            reason=reason,
        )

    def combined_scenario(self) -> Scenario:
        """Return the scenario of the whole place, with the sums of the parts' limits."""
        sums = {
            name: None if None in column else sum(column)
            for name, column in zip(
                ("count", "budget"), zip(*self.limits, strict=True), strict=True
            )
        }
        return self.scenario.model_copy(update=sums)
