"""Rebuild: better a plan part by part, each part planned exactly while the rest stands."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

import highspy
import numpy as np
import pulp
from scipy import sparse

from nhcplanner.models.box import Box, solver_of
from nhcplanner.models.cover import Floats, Mask, Positions
from nhcplanner.models.parts import divide

SEED = 20
CENTRES = 14.0  # open in a part at first
WIDER = 1.4  # by which parts grow where a round betters nothing
ALIKE = 1e-9
PART_SHARE = 0.05  # of the time, for one part at most


@dataclass(frozen=True, eq=False)
class Neighbours:
    """Where sites lie to each other.

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
        """Number of each site's variable, known once the program is built; -1 for none."""
        columns = np.full(self.distance.shape[0], -1, dtype=np.intp)
        for site, variable in self.opens.items():
            columns[site] = variable.index
        return columns


def rebuild(
    box: Box,
    whole: Mask,
    values: Floats,
    neighbours: Neighbours,
    end: float,
    tell: Callable[[float], bool],
) -> Floats:
    """Better the values of a program by planning one part after the other anew.

    The sites of all other parts stay as they are, and so does whatever shares no row with the
    part: all rules that the program has are kept. Parts grow where a round betters
    nothing, until one holds all centres.

    Parameters
    ----------
    box
        The program.
    whole
        Flag of each variable that must be a whole number.
    values
        Of each variable, keeping all rows.
    neighbours
        Which sites make a part.
    end
        On the monotonic clock.
    tell
        Told the objective before each part; True stops.

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
        found = _solved(_cut(box, free, values), whole[free], values[free], min(seconds, left))
        if box.cost[free] @ (values[free] - found) > ALIKE * max(
            1.0, abs(float(box.cost @ values))
        ):
            values[free] = found
    return values


def _parts(neighbours: Neighbours, values: Floats, cost: Floats) -> Iterator[Positions]:
    """Variables of one part after the other, round after round; looks at the values each time."""
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
            centres *= WIDER


def _cut(box: Box, free: Positions, values: Floats) -> Box:
    """The program over some variables, where all others have their values."""
    columns = sparse.csc_array(box.rows[:, free])
    rows = np.unique(columns.indices)
    inside = sparse.csr_array(columns)[rows]
    others = (box.rows @ values)[rows] - inside @ values[free]
    return Box(
        box.cost[free], box.low[free], box.high[free], sparse.csc_array(inside),
        box.row_low[rows] - others, box.row_high[rows] - others,
    )  # fmt: skip


def _solved(box: Box, whole: Mask, values: Floats, seconds: float) -> Floats:
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
