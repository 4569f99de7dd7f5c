"""Parts: a question parted by where people live, each part with a halo of the sites around it."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
from scipy import sparse

from nhcplanner.domain.problem import Labels, Problem

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
