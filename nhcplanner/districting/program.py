"""Program: districting as an integer program with medoids and contiguity cuts.

Each block goes to one block that is the middle of its neighbourhood (Hess and others 1965,
Operations Research 13(6)); what is not contiguous is cut off when it is found (Oehrlein and
Haunert 2017, Journal of Spatial Information Science 15).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import highspy
import numpy as np
from scipy import sparse

from nhcplanner.base.arrays import Floats, Ints
from nhcplanner.districting.blocks import Block, improve, price
from nhcplanner.domain.neighbourhoods import Bounds
from nhcplanner.models.linear_program import LinearProgram, make_solver

NEAR = 30
"""Middles that a block may have: its nearest ones. All of them in parts of fewer blocks."""
ROUNDS = 40
OPTIONS: dict[str, float | bool] = {
    "mip_rel_gap": 1e-5,
    "mip_allow_restart": False,
    "mip_heuristic_effort": 0.0,
    "mip_heuristic_run_rens": False,
    "mip_heuristic_run_rins": False,
    "mip_heuristic_run_root_reduced_cost": False,
    "mip_pool_soft_limit": 200,
}
"""Of HiGHS: a third of the time for a part of 18 blocks, of which its heuristics, restarts and
cutting planes at the root took nearly all."""
PEOPLE = 1_000.0
"""People are counted in thousands, so that no coefficient is far from the others."""


@dataclass(frozen=True, eq=False)
class Answer:
    """A division of one part.

    Parameters
    ----------
    label
        Middle of each block's neighbourhood; None where there is none within bounds.
    value, bound
        Minutes of all people to their middles, and what no division has less than; -inf =
        nothing proved.
    infeasible
        Whether it is proved that there is none.
    """

    label: Ints | None
    value: float
    bound: float
    infeasible: bool = False


@dataclass(frozen=True, eq=False)
class _Variables:
    """Pairs of a block and a middle that it may have.

    Parameters
    ----------
    block, middle
        Of each variable.
    at
        Block x middle: number of the variable, -1 = none.
    """

    block: Ints
    middle: Ints
    at: Ints


def solve(
    block: Block, number: int, bounds: Bounds, start: Ints | None = None,
) -> Answer:  # fmt: skip
    """Divide the blocks of a part with the fewest minutes to the middles.

    Parameters
    ----------
    block, number, bounds
        As in `search`.
    start
        A contiguous division within bounds; None if there is none.
    """
    variables = _variables(block, start)
    model = make_solver(_program(block, variables, number, bounds), _whole(variables))
    _set_options(model, start is not None)
    left = bounds.nodes
    best, value = start, np.inf if start is None else _spent(block, start)
    bound = -np.inf
    for _ in range(ROUNDS):
        _give_start(model, variables, best)
        model.setOptionValue("mip_max_nodes", max(left, 1))
        model.run()
        status, info = model.getModelStatus(), model.getInfo()
        left -= max(int(info.mip_node_count), 1)
        if status == highspy.HighsModelStatus.kInfeasible:
            return Answer(best, value, bound, infeasible=best is None)
        if np.isfinite(info.mip_dual_bound):
            bound = max(bound, info.mip_dual_bound * PEOPLE)
        if info.primal_solution_status != highspy.SolutionStatus.kSolutionStatusFeasible:
            break
        label = _labels(variables, np.array(model.getSolution().col_value), block.number)
        cuts = _cuts(block, variables, label)
        if cuts:
            label = improve(block, _joined(block, label), bounds)
        if is_within(block, label, number, bounds) and _spent(block, label) < value:
            best, value = label, _spent(block, label)
        if not cuts or left <= 0:
            break
        for row in cuts:
            _add_cut(model, *row)
    return Answer(best, value, min(bound, value))


def _variables(block: Block, start: Ints | None) -> _Variables:
    order = np.argsort(block.cost, axis=1, kind="stable")[:, :NEAR]
    allowed = np.zeros(block.cost.shape, dtype=bool)
    np.put_along_axis(allowed, order, values=True, axis=1)
    allowed &= np.isfinite(block.cost)
    np.fill_diagonal(allowed, val=True)
    if start is not None:
        allowed[np.arange(block.number), start] = True
    rows, middles = np.nonzero(allowed)
    at = np.full(block.cost.shape, -1, dtype=np.int64)
    at[rows, middles] = np.arange(len(rows))
    return _Variables(rows.astype(np.int64), middles.astype(np.int64), at)


def _whole(variables: _Variables) -> np.ndarray:
    return np.ones(len(variables.block), dtype=bool)


def _program(
    block: Block, of: _Variables, number: int, bounds: Bounds
) -> LinearProgram:  # fmt: skip
    n, size = block.number, len(of.block)
    every = np.arange(size)
    own = of.at[of.middle, of.middle]
    is_middle = of.block == of.middle
    people = block.people[of.block] / PEOPLE
    one_each = sparse.csr_array((np.ones(size), (of.block, every)), shape=(n, size))
    heads = sparse.csr_array((people, (of.middle, every)), shape=(n, size))
    middles = sparse.csr_array(
        (np.ones(n), (of.middle[is_middle], every[is_middle])), shape=(n, size)
    )
    linked = every[~is_middle]
    row = np.arange(len(linked))
    links = sparse.csr_array(
        (
            np.r_[np.ones(len(row)), -np.ones(len(row))],
            (np.r_[row, row], np.r_[linked, own[linked]]),
        ),
        shape=(len(row), size),
    )
    count = sparse.csr_array(is_middle.astype(np.float64)[None, :])
    parts = [one_each, heads - bounds.most / PEOPLE * middles,
             heads - bounds.least / PEOPLE * middles, links, count]  # fmt: skip
    low: list[Floats] = [
        np.ones(n),
        np.full(n, -np.inf),
        np.zeros(n),
        np.full(len(row), -np.inf),
        np.array([number], float),
    ]
    high: list[Floats] = [
        np.ones(n),
        np.zeros(n),
        np.full(n, np.inf),
        np.zeros(len(row)),
        np.array([number], float),
    ]
    cost = block.cost[of.block, of.middle] / PEOPLE
    barred = ~np.isfinite(cost)
    return LinearProgram(
        np.where(barred, 0.0, cost), np.zeros(size), np.where(barred, 0.0, 1.0),
        sparse.csc_array(sparse.vstack(parts)), np.concatenate(low), np.concatenate(high),
    )  # fmt: skip


def _set_options(model: Any, has_start: bool) -> None:
    """Leave out the heuristics of HiGHS where a start stands in for them."""
    for name, choice in (OPTIONS if has_start else {"mip_rel_gap": 1e-3}).items():
        model.setOptionValue(name, choice)


def _give_start(model: Any, of: _Variables, label: Ints | None) -> None:
    if label is None:
        return
    values = np.zeros(len(of.block))
    values[of.at[np.arange(len(label)), label]] = 1.0
    solution = highspy.HighsSolution()
    solution.col_value = values.tolist()
    model.setSolution(solution)


def _labels(of: _Variables, values: Floats, number: int) -> Ints:
    label = np.zeros(number, dtype=np.int64)
    chosen = values > 0.5
    label[of.block[chosen]] = of.middle[chosen]
    return label


def _cuts(block: Block, of: _Variables, label: Ints) -> list[tuple[Ints, Floats]]:
    """Return rows that stray pieces break: a block needs a neighbour of the piece in its place.

    For a piece S that does not touch the middle j: x[v, j] <= sum of x[u, j] over the blocks u
    around S, for each v in S.
    """
    rows = []
    for middle in np.unique(label):
        for piece in block.pieces(np.flatnonzero(label == middle)):
            if middle not in piece:
                rows += _around(block, of, piece)
    return rows


def _around(block: Block, of: _Variables, piece: Ints) -> list[tuple[Ints, Floats]]:
    around = np.setdiff1d(np.concatenate([block.neighbours[one] for one in piece]), piece)
    rows = []
    for middle in np.setdiff1d(np.arange(block.number), np.r_[piece, around]):
        near = of.at[around, middle]
        near = near[near >= 0]
        for one in piece:
            if of.at[one, middle] >= 0:
                terms = np.r_[of.at[one, middle], near]
                rows.append((terms, np.r_[1.0, -np.ones(len(near))]))
    return rows


def _add_cut(model: Any, terms: Ints, values: Floats) -> None:
    model.addRow(-highspy.kHighsInf, 0.0, len(terms), terms.astype(np.int32), values)


def _joined(block: Block, label: Ints) -> Ints:
    """Return a contiguous division: stray pieces go to the neighbours that cost least."""
    label = label.copy()
    while True:
        stray = [
            piece
            for middle in np.unique(label)
            for piece in block.pieces(np.flatnonzero(label == middle))
            if middle not in piece
        ]
        if not stray:
            return label
        piece = stray[0]
        around = np.unique(label[np.concatenate([block.neighbours[one] for one in piece])])
        around = around[around != label[piece[0]]]
        if len(around) == 0:
            return label
        label[piece] = around[np.argmin(block.cost[np.ix_(piece, around)].sum(axis=0))]


def _spent(block: Block, label: Ints) -> float:
    return float(block.cost[np.arange(block.number), label].sum())


def is_within(block: Block, label: Ints, number: int, bounds: Bounds) -> bool:
    """Whether a division has the number, the bounds and contiguous footprints."""
    names = np.unique(label)
    people = np.bincount(label, weights=block.people)[names]
    return (
        len(names) == number
        and bool((people >= bounds.least).all() and (people <= bounds.most).all())
        and all(len(block.pieces(np.flatnonzero(label == one))) == 1 for one in names)
        and price(block, label, bounds) < np.inf
    )
