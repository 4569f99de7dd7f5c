"""Large-neighbourhood search: solve one part of the map while all other sites stay fixed.

References
----------
Shaw P (1998), Using constraint programming and local search methods to solve vehicle routing
problems, Principles and Practice of Constraint Programming, LNCS 1520: the search.
Uhlmann JK (1991), Satisfying general proximity/similarity queries with metric trees, Information
Processing Letters 40(4): halving a set between two points that are far apart.
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
from nhcplanner.models.linear_program import LinearProgram, make_solver

LEAST_ALIKE = 1e-3


def measure_distance(covers: sparse.csr_array) -> sparse.csr_array:
    """Return distances between sites that reach a common row; 1 if they reach the same rows.

    Parameters
    ----------
    covers
        CSR of ones, row x site.

    Returns
    -------
    scipy.sparse.csr_array
        Site x site: geometric mean of the numbers of rows that each site reaches, divided by the
        number of rows that both reach (the inverse of the cosine similarity of their rows).
    """
    rows_in_reach = np.maximum(covers.sum(axis=0), 1.0)
    overlaps = sparse.coo_array(covers.T @ covers)
    apart = overlaps.row != overlaps.col
    row, col = overlaps.row[apart], overlaps.col[apart]
    alike = overlaps.data[apart] / np.sqrt(rows_in_reach[row] * rows_in_reach[col])
    return sparse.csr_array((1 / np.maximum(alike, LEAST_ALIKE), (row, col)), shape=overlaps.shape)


def measure_distance_work(covers: sparse.csr_array) -> float:
    """Return the number of pairs of sites that `measure_distance` compares, over all rows."""
    sizes: Floats = np.diff(covers.indptr).astype(np.float64)
    return float(sizes @ sizes)


def divide(distance: sparse.csr_array, load: Floats, most: float) -> list[Positions]:
    """Halve the sites, and the halves, until no part has more than a given load.

    Each part is halved between two of its sites that are far apart (Uhlmann 1991).

    Parameters
    ----------
    distance
        Site x site, from `measure_distance`.
    load
        Load of each site.
    most
        Largest load of a part; a single site may have more.

    Returns
    -------
    list of numpy.ndarray
        Positions of the sites of each part; each site is in one part.
    """
    parts = []
    stack = [np.arange(len(load))]
    while stack:
        part = stack.pop()
        if len(part) < 2 or load[part].sum() <= most:
            parts.append(part)
            continue
        order = _across(sparse.csr_array(distance[part][:, part]))
        before = np.cumsum(load[part][order])
        half = int(np.clip(np.searchsorted(before, before[-1] / 2, side="right"), 1, len(part) - 1))
        stack += [part[order[half:]], part[order[:half]]]
    return parts


def _across(distance: sparse.csr_array) -> Positions:
    """Return the sites in order from one end of the map to the other, unconnected sites last."""
    end = _farthest(_lengths(distance, 0))
    to_end = _lengths(distance, end)
    to_other = _lengths(distance, _farthest(to_end))
    is_connected = np.isfinite(to_end) & np.isfinite(to_other)
    place = np.full(len(to_end), np.inf)
    place[is_connected] = to_end[is_connected] - to_other[is_connected]
    order: Positions = np.argsort(place, kind="stable")
    return order


def _lengths(distance: sparse.csr_array, site: int) -> Floats:
    lengths: Floats = sparse.csgraph.dijkstra(distance, indices=site)  # type: ignore[call-overload]
    return lengths


def _farthest(lengths: Floats) -> int:
    return int(np.argmax(np.where(np.isfinite(lengths), lengths, -1.0)))


SEED = 20
CENTRES = 14.0  # open centres of a part in the first round
GROWTH = 1.4  # growth of parts after a round without improvement
ALIKE = 1e-9
PART_SHARE = 0.05  # largest share of the time for one part


@dataclass(frozen=True, eq=False)
class Neighbourhoods:
    """Distances between sites, and the variable of each site.

    Parameters
    ----------
    distance
        Site x site, from `measure_distance`.
    opens
        Variable of each site in the program; sites without one stay shut.
    """

    distance: sparse.csr_array
    opens: Mapping[int, pulp.LpVariable]

    @property
    def columns(self) -> Positions:
        """Position of each site's variable, after the program is built; -1 for none."""
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

    Sites of other parts stay fixed, and so do variables that share no row with the part, so all
    rows of the program stay satisfied. Parts grow after a round without improvement, until one
    part has all centres.

    Parameters
    ----------
    box
        The program.
    whole
        Flag of each variable that must be a whole number.
    values
        Value of each variable; all rows are satisfied.
    neighbours
        Distances by which parts are formed.
    end
        Time to stop, on the monotonic clock.
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
        better_values = _solve(
            _restrict(box, free, values), whole[free], values[free], min(seconds, left)
        )
        if box.cost[free] @ (values[free] - better_values) > ALIKE * max(
            1.0, abs(float(box.cost @ values))
        ):
            values[free] = better_values
    return values


def _parts(neighbours: Neighbourhoods, values: Floats, cost: Floats) -> Iterator[Positions]:
    """Yield the variables of one part after another; each round divides by the current values."""
    random = np.random.default_rng(SEED)
    columns = neighbours.columns
    has_variable = columns >= 0
    centres = CENTRES
    while True:
        before = cost @ values
        load = has_variable * (values[columns] > 0.5) * random.uniform(0.5, 1.5, len(columns))
        parts = divide(neighbours.distance, load, centres)
        for part in parts:
            inside = columns[part[has_variable[part]]]
            if (values[inside] > 0.5).any():
                yield inside
        if len(parts) == 1:
            return
        if cost @ values >= before:
            centres *= GROWTH


def _restrict(box: LinearProgram, free: Positions, values: Floats) -> LinearProgram:
    """Return the program over some variables, with all others fixed."""
    columns = sparse.csc_array(box.rows[:, free])
    rows = np.unique(columns.indices)
    inside = sparse.csr_array(columns)[rows]
    others = (box.rows @ values)[rows] - inside @ values[free]
    return LinearProgram(
        box.cost[free], box.low[free], box.high[free], sparse.csc_array(inside),
        box.row_low[rows] - others, box.row_high[rows] - others,
    )  # fmt: skip


def _solve(box: LinearProgram, whole: Mask, values: Floats, seconds: float) -> Floats:
    """Return the best values found in some seconds, no worse than those given."""
    model = make_solver(box, whole)
    model.setOptionValue("time_limit", seconds)
    start = highspy.HighsSolution()
    start.col_value = values.tolist()
    model.setSolution(start)
    model.run()
    if model.getInfo().primal_solution_status != highspy.SolutionStatus.kSolutionStatusFeasible:
        return values
    solution = np.array(model.getSolution().col_value)
    return np.where(whole, np.round(solution), solution)
