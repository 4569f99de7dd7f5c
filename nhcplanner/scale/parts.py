"""Parts: a question parted by where people live, each part with a halo of the sites around it.

Shares: how many centres, and how much money, each part of a place is planned with.

Shared: one question shared out among the parts of a place, and their plans put together.
"""

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
from nhcplanner.domain.problem import Labels, Problem
from nhcplanner.domain.scenario import Scenario
from nhcplanner.scale.solving import PlanRequest

Rows = npt.NDArray[np.intp]
Names = npt.NDArray[np.str_]


@dataclass(frozen=True, eq=False)
class Part:
    """One part of a whole question.

    Parameters
    ----------
    name
        The part's label.
    rows
        Rows of the whole question whose people live in it.
    own
        Sites of the whole question that lie in it.
    around
        Its halo: sites of other parts that are open whatever is planned and that its people reach.
    """

    name: str
    rows: Rows
    own: Rows
    around: Rows

    @property
    def sites(self) -> Rows:
        """Sites that the part's question knows, ascending: its columns."""
        return np.union1d(self.own, self.around)


def parts_of(problem: Problem, homes: Names, grounds: Names) -> tuple[Part, ...]:
    """Part a question by a label.

    Parameters
    ----------
    problem
        The whole question.
    homes, grounds
        Label of each row and of each site.

    Returns
    -------
    tuple of Part
        One for each label that a row has, in order of the labels.
    """
    kept = np.zeros(problem.sites, dtype=bool)
    kept[list(problem.keep)] = True
    found = []
    for name in np.unique(homes):
        rows = np.flatnonzero(homes == name)
        reached = np.zeros(problem.sites, dtype=bool)
        reached[sparse.csr_array(problem.minutes[rows]).indices] = True
        inside = grounds == name
        around = np.flatnonzero(reached & kept & ~inside)
        found.append(Part(str(name), rows, np.flatnonzero(inside), around))
    return tuple(found)


def question_of(problem: Problem, part: Part, count: int | None, budget: float | None) -> Problem:
    """The question of one part.

    What is open around it serves its people and takes nothing of its count and budget; rules
    on alike sites (`at_most`, `at_least`) speak of its own sites alone.

    Parameters
    ----------
    problem
        The whole question.
    part
        Of `parts_of`.
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
        keep=_placed(problem.keep, sites),
        forbid=_placed(problem.forbid, sites),
        count=None if count is None else count + int(outside.sum()),
        budget=budget,
        site_groups=_own_labels(problem.site_groups, sites, outside),
        site_xy=None if problem.site_xy is None else problem.site_xy[sites],
    )


def _placed(positions: tuple[int, ...], sites: Rows) -> tuple[int, ...]:
    """Where some positions of the whole question stand in the part's."""
    return tuple(np.flatnonzero(np.isin(sites, positions)).tolist())


def _own_labels(groups: Labels, sites: Rows, outside: npt.NDArray[np.bool_]) -> Labels:
    """Labels of the part's own sites; sites around it are in no group but their own id's."""
    return {
        name: labels[sites] if name == "site_id" else np.where(outside, "", labels[sites])
        for name, labels in groups.items()
    }


Limits = tuple[int | None, float | None]

SHARES = ("each", "people", "first_band")
"""`each`: the scenario's count and budget are those of every part. `people`, `first_band`: they
are shared out by people, or by people of band 1."""


def shared_out(count: int, weight: Floats, already: Ints, most: Ints) -> Ints:
    """Share centres out in proportion, as seats are shared in a parliament (Sainte-Lague).

    Centres that are open already stay where they are and count; each further one goes to the
    part that has most weight for each centre, its next counted half. No part has more than it has
    sites for.

    Parameters
    ----------
    count
        Centres in all.
    weight
        Of each part: its people, or those of band 1.
    already, most
        Of each part: centres open already, and sites that may be open.

    Returns
    -------
    array of int
        Centres of each part; together `count`, or fewer where there are not so many sites.

    Raises
    ------
    InputError
        Where more centres than that are open already.

    Examples
    --------
    >>> shared_out(7, np.array([300.0, 200, 100]), np.array([0, 0, 3]), np.array([9, 9, 9]))
    array([2, 2, 3])
    """
    given = already.copy()
    left = count - int(given.sum())
    if left < 0:
        words = f"count is {count}, but {given.sum()} centres are open or committed already"
        raise InputError([Fault(words, "scenario", column="count")])
    for _ in range(left):
        claim = np.where(given < most, weight / (given + 0.5), -1.0)
        next_one = int(claim.argmax())
        if claim[next_one] <= 0:
            break
        given[next_one] += 1
    return given


def limits_of(problem: Problem, parts: Sequence[Part], share: str) -> list[Limits]:
    """How many centres and how many pounds each part is planned with, for its own sites.

    Parameters
    ----------
    problem
        The whole question: its count and budget.
    parts
        Of `parts_of`.
    share
        One of `SHARES`. Pounds are shared out once committed sites are paid for where they are.

    Returns
    -------
    list of tuple
        Count and budget of each part; None where there is no limit.

    Raises
    ------
    InputError
        Where there is no such share, nothing to share, or nobody to share out by.
    """
    _check(problem, share)
    if share == "each":
        return [(problem.count, problem.budget)] * len(parts)
    weight = np.array([_weight(problem, part, share) for part in parts])
    if not weight.sum() > 0:
        raise InputError([Fault("nobody is there to share out by", "--share")])
    counts: list[int | None] = [None] * len(parts)
    budgets: list[float | None] = [None] * len(parts)
    keep, forbid = list(problem.keep), list(problem.forbid)
    if problem.count is not None:
        already = np.array([np.isin(part.own, keep).sum() for part in parts])
        most = np.array([(~np.isin(part.own, forbid)).sum() for part in parts])
        counts = list(map(int, shared_out(problem.count, weight, already, most)))
    if problem.budget is not None and problem.cost is not None:
        spent = np.array([problem.cost[np.intersect1d(part.own, keep)].sum() for part in parts])
        given = spent + (problem.budget - spent.sum()) * weight / weight.sum()
        budgets = list(map(float, given))
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
class Shared:
    """One question shared out.

    Parameters
    ----------
    problem, scenario
        The whole question.
    parts, limits
        The parts, and the count and budget of each.
    """

    problem: Problem
    scenario: Scenario
    parts: Sequence[Part]
    limits: Sequence[Limits]

    def check(self) -> None:
        """Raise InputError where a part lacks what the scenario names: every fault at once."""
        faults = []
        for one in self.questions():
            try:
                models.build_model(one.problem, one.scenario)
            except InputError as error:
                faults += [replace(fault, file=one.name) for fault in error.faults]
        if faults:
            raise InputError(faults)

    def questions(self) -> Iterator[PlanRequest]:
        """The question of each part, made when it is asked for."""
        for part, limits in zip(self.parts, self.limits, strict=True):
            yield PlanRequest(part.name, question_of(self.problem, part, *limits), self.scenario)

    def on_whole(self, plans: Mapping[str, Plan]) -> dict[str, Plan]:
        """Plans of the parts, opening only their own sites, as positions in the whole question."""
        placed = {}
        for part in self.parts:
            opened = part.sites[list(plans[part.name].opened)]
            own = tuple(np.intersect1d(opened, part.own).tolist())
            placed[part.name] = replace(
                plans[part.name], opened=own, unreached=(), assignment=None, allocation=None
            )
        return placed

    def together(self, plans: Mapping[str, Plan]) -> Plan:
        """All plans of `on_whole` as one; of the whole nothing is proved."""
        without = [name for name, plan in plans.items() if plan.status in NO_PLAN]
        one = next(iter(plans.values()))
        none = len(without) == len(plans)
        opened = set(self.problem.keep).union(*(plan.opened for plan in plans.values()))
        reason = f"No plan for {shortened(without)}; what is open there stays so" if without else ""
        return Plan(
            opened=() if none else tuple(sorted(map(int, opened))),
            status=one.status if none else "feasible",
            stages=(),
            model=one.model,
            solver=f"{SOLVER}: {one.solver}",
            seconds=sum(plan.seconds for plan in plans.values()),
            reason=reason,
        )

    def as_one(self) -> Scenario:
        """The scenario that asks the same of the whole place: count and budget of all parts."""
        sums = {
            name: None if None in column else sum(column)
            for name, column in zip(
                ("count", "budget"), zip(*self.limits, strict=True), strict=True
            )
        }
        return self.scenario.model_copy(update=sums)
