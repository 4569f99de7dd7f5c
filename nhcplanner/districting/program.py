"""Districting as an integer program with medoids and contiguity cuts.

Each block is assigned to one block, the middle of its neighbourhood. Divisions that are not
contiguous are cut off when the solver finds them.

References
----------
Hess SW, Weaver JB, Siegfeldt HJ, Whelan JN, Zitlau PA (1965), Nonpartisan political redistricting
by computer, Operations Research 13(6): the program.
Oehrlein J, Haunert J-H (2017), A cutting-plane method for contiguity-constrained spatial
aggregation, Journal of Spatial Information Science 15: the cuts.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import highspy
import numpy as np
from scipy import sparse

from nhcplanner.base.arrays import Floats, Ints
from nhcplanner.districting.block_search import Block, improve, price
from nhcplanner.domain.neighbourhoods import Bounds
from nhcplanner.models.linear_program import LinearProgram, make_solver

NEAR = 30
"""Number of middles that a block may have: its nearest ones, or all if there are fewer."""
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
"""Options of HiGHS without its heuristics, restarts and root cuts: these took nearly all the time,
and a part of 18 blocks is solved in a third of it."""
PEOPLE = 1_000.0
"""Divisor of people, so that coefficients are of similar size."""


@dataclass(frozen=True, eq=False)
class Answer:
    """A division of one part.

    Parameters
    ----------
    label
        Middle of each block's neighbourhood; None if no division is within bounds.
    value, bound
        Minutes of all people to their middles, and a lower bound for every division; -inf =
        nothing proved.
    infeasible
        Whether it is proved that no division is within bounds.
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
    best, value = start, np.inf if start is None else total_minutes(block, start)
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
            label = improve(block, _join_stray_pieces(block, label), bounds)
        if is_within(block, label, number, bounds) and total_minutes(block, label) < value:
            best, value = label, total_minutes(block, label)
        if not cuts or left <= 0:
            break
        for row in cuts:
            _add_cut(model, *row)
    return Answer(best, value, min(bound, value))


def _variables(block: Block, start: Ints | None) -> _Variables:
    order = np.argsort(block.cost, axis=1, kind="stable")[:, :NEAR]
    is_allowed = np.zeros(block.cost.shape, dtype=bool)
    np.put_along_axis(is_allowed, order, values=True, axis=1)
    is_allowed &= np.isfinite(block.cost)
    np.fill_diagonal(is_allowed, val=True)
    if start is not None:
        is_allowed[np.arange(block.number), start] = True
    rows, middles = np.nonzero(is_allowed)
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
    links_of = every[~is_middle]
    row = np.arange(len(links_of))
    links = sparse.csr_array(
        (
            np.r_[np.ones(len(row)), -np.ones(len(row))],
            (np.r_[row, row], np.r_[links_of, own[links_of]]),
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
    is_barred = ~np.isfinite(cost)
    return LinearProgram(
        np.where(is_barred, 0.0, cost), np.zeros(size), np.where(is_barred, 0.0, 1.0),
        sparse.csc_array(sparse.vstack(parts)), np.concatenate(low), np.concatenate(high),
    )  # fmt: skip


def _set_options(model: Any, has_start: bool) -> None:
    """Switch off the heuristics of HiGHS if there is a start, which replaces them."""
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
    is_chosen = values > 0.5
    label[of.block[is_chosen]] = of.middle[is_chosen]
    return label


def _cuts(block: Block, of: _Variables, label: Ints) -> list[tuple[Ints, Floats]]:
    """Return the contiguity cuts that stray pieces violate (Oehrlein and Haunert 2017).

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


def _join_stray_pieces(block: Block, label: Ints) -> Ints:
    """Return a contiguous division: stray pieces join the neighbours that cost least."""
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


def total_minutes(block: Block, label: Ints) -> float:
    """Return the minutes of all people to their middles."""
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
