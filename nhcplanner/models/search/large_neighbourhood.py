"""Large-neighbourhood search: one part of the map planned exactly while the rest stays fixed.

References
----------
Shaw P (1998), Using constraint programming and local search methods to solve vehicle routing
problems, Principles and Practice of Constraint Programming, LNCS 1520.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

import highspy
import numpy as np
import pulp
from scipy import sparse

from nhcplanner.base.arrays import Floats, Mask, Positions
from nhcplanner.models.linear_program import LinearProgram, solver_of

LEAST_ALIKE = 1e-3


def likeness(covers: sparse.csr_array) -> sparse.csr_array:
    """Return the distance of sites that share a reached row: 1 where they reach the same.

    Parameters
    ----------
    covers
        CSR of ones, row x site.

    Returns
    -------
    scipy.sparse.csr_array
        Site x site: geometric mean of the rows that each reaches, over the rows shared.
    """
    reached = np.maximum(covers.sum(axis=0), 1.0)
    shared = sparse.coo_array(covers.T @ covers)
    apart = shared.row != shared.col
    row, col = shared.row[apart], shared.col[apart]
    alike = shared.data[apart] / np.sqrt(reached[row] * reached[col])
    return sparse.csr_array((1 / np.maximum(alike, LEAST_ALIKE), (row, col)), shape=shared.shape)


def likeness_work(covers: sparse.csr_array) -> float:
    """Return the number of pairs of sites that `likeness` compares, once for each shared row."""
    sizes: Floats = np.diff(covers.indptr).astype(np.float64)
    return float(sizes @ sizes)


def divide(distance: sparse.csr_array, load: Floats, most: float) -> list[Positions]:
    """Halve the sites, and the halves, until no part carries more than a load.

    Sites are halved across the line between two that are far apart.

    Parameters
    ----------
    distance
        Site x site, as `likeness` gives it.
    load
        Of each site.
    most
        Load of a part; a single site may carry more.

    Returns
    -------
    list of numpy.ndarray
        Positions of the sites of each part; each site is in one.
    """
    found = []
    waiting = [np.arange(len(load))]
    while waiting:
        part = waiting.pop()
        if len(part) < 2 or load[part].sum() <= most:
            found.append(part)
            continue
        order = _across(sparse.csr_array(distance[part][:, part]))
        before = np.cumsum(load[part][order])
        half = int(np.clip(np.searchsorted(before, before[-1] / 2, side="right"), 1, len(part) - 1))
        waiting += [part[order[half:]], part[order[:half]]]
    return found


def _across(distance: sparse.csr_array) -> Positions:
    """Order of sites from one end of the map to the other; unconnected ones come last."""
    end = _farthest(_lengths(distance, 0))
    to_end = _lengths(distance, end)
    to_other = _lengths(distance, _farthest(to_end))
    linked = np.isfinite(to_end) & np.isfinite(to_other)
    place = np.full(len(to_end), np.inf)
    place[linked] = to_end[linked] - to_other[linked]
    order: Positions = np.argsort(place, kind="stable")
    return order


def _lengths(distance: sparse.csr_array, site: int) -> Floats:
    lengths: Floats = sparse.csgraph.dijkstra(distance, indices=site)  # type: ignore[call-overload]
    return lengths


def _farthest(lengths: Floats) -> int:
    return int(np.argmax(np.where(np.isfinite(lengths), lengths, -1.0)))


SEED = 20
CENTRES = 14.0  # open in a part at first
GROWTH = 1.4  # of parts, after a round without improvement
ALIKE = 1e-9
PART_SHARE = 0.05  # of the time, for one part at most


@dataclass(frozen=True, eq=False)
class Neighbourhoods:
    """Sites, and how far they are from each other.

    Parameters
    ----------
    distance
        Site x site, as `likeness` gives it.
    opens
        Variable of each site in the program; sites without one stay shut.
    """

    distance: sparse.csr_array
    opens: Mapping[int, pulp.LpVariable]

    @property
    def columns(self) -> Positions:
        """Position of each site's variable, known once the program is built; -1 for none."""
        columns = np.full(self.distance.shape[0], -1, dtype=np.intp)
        for site, variable in self.opens.items():
            columns[site] = variable.index
        return columns


def rebuild(
    box: LinearProgram,
    whole: Mask,
    values: Floats,
    neighbours: Neighbourhoods,
    end: float,
    tell: Callable[[float], bool],
) -> Floats:
    """Improve a program's values by solving one part after another while the rest stays fixed.

    Sites of other parts stay fixed, and so does whatever shares no row with the part, so all rows
    of the program stay satisfied. Parts grow after a round without improvement, until one holds
    all centres.

    Parameters
    ----------
    box
        The program.
    whole
        Flag of each variable that must be a whole number.
    values
        Of each variable, satisfying all rows.
    neighbours
        Which sites make a part.
    end
        On the monotonic clock.
    tell
        Called with the objective before each part; returning True stops.

    Returns
    -------
    numpy.ndarray
        Values no worse than those given.
    """
    values = values.copy()
    by_row = sparse.csr_array(box.rows)
    seconds = PART_SHARE * (end - time.monotonic())
    for part in _parts(neighbours, values, box.cost):
        left = end - time.monotonic()
        if left <= 0 or tell(float(box.cost @ values)):
            break
        rows = np.unique(box.rows[:, part].indices)
        near = np.unique(by_row[rows].indices)
        free = np.union1d(part, np.setdiff1d(near, neighbours.columns))
        found = _solve(_restrict(box, free, values), whole[free], values[free], min(seconds, left))
        if box.cost[free] @ (values[free] - found) > ALIKE * max(
            1.0, abs(float(box.cost @ values))
        ):
            values[free] = found
    return values


def _parts(neighbours: Neighbourhoods, values: Floats, cost: Floats) -> Iterator[Positions]:
    """Variables of one part after another, round after round, by the values of the moment."""
    random = np.random.default_rng(SEED)
    columns = neighbours.columns
    known = columns >= 0
    centres = CENTRES
    while True:
        before = cost @ values
        load = known * (values[columns] > 0.5) * random.uniform(0.5, 1.5, len(columns))
        parts = divide(neighbours.distance, load, centres)
        for part in parts:
            inside = columns[part[known[part]]]
            if (values[inside] > 0.5).any():
                yield inside
        if len(parts) == 1:
            return
        if cost @ values >= before:
            centres *= GROWTH


def _restrict(box: LinearProgram, free: Positions, values: Floats) -> LinearProgram:
    """The program over some variables, with all others fixed."""
    columns = sparse.csc_array(box.rows[:, free])
    rows = np.unique(columns.indices)
    inside = sparse.csr_array(columns)[rows]
    others = (box.rows @ values)[rows] - inside @ values[free]
    return LinearProgram(
        box.cost[free], box.low[free], box.high[free], sparse.csc_array(inside),
        box.row_low[rows] - others, box.row_high[rows] - others,
    )  # fmt: skip


def _solve(box: LinearProgram, whole: Mask, values: Floats, seconds: float) -> Floats:
    """The best values found in some seconds, no worse than those given."""
    model = solver_of(box, whole)
    model.setOptionValue("time_limit", seconds)
    start = highspy.HighsSolution()
    start.col_value = values.tolist()
    model.setSolution(start)
    model.run()
    if model.getInfo().primal_solution_status != highspy.SolutionStatus.kSolutionStatusFeasible:
        return values
    found = np.array(model.getSolution().col_value)
    return np.where(whole, np.round(found), found)
