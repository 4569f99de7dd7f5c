"""Blocks of areas that stay together, and a quick search for a division of them.

References
----------
Maranzana FE (1964), On the location of supply points to minimize transport costs, Operational
Research Quarterly 15(3): middles and assignments in turn.
Openshaw S (1977), A geographical solution to scale and aggregation problems in region-building,
partitioning and spatial modelling, Transactions of the Institute of British Geographers 2(4):
moves of single blocks that keep footprints contiguous.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import sparse
from scipy.sparse.csgraph import connected_components

from nhcplanner.base.arrays import Floats, Ints
from nhcplanner.domain.neighbourhoods import Bounds


@dataclass(frozen=True, eq=False)
class Block:
    """The blocks of one part of a place.

    Parameters
    ----------
    of_area
        Block of each area of the part.
    people
        Of each block.
    cost
        Block x block: total minutes of a block's people to the middle of another block; inf if
        one of its areas cannot reach it.
    neighbours
        Blocks that touch each block, ascending.
    """

    of_area: Ints
    people: Floats
    cost: Floats
    neighbours: tuple[Ints, ...]

    @property
    def number(self) -> int:
        """Number of blocks."""
        return len(self.people)

    def pieces(self, blocks: Ints) -> list[Ints]:
        """Return the contiguous pieces of some blocks."""
        left = set(blocks.tolist())
        pieces = []
        while left:
            start = min(left)
            left.remove(start)
            piece, queue = [start], [start]
            while queue:
                for other in self.neighbours[queue.pop()].tolist():
                    if other in left:
                        left.remove(other)
                        piece.append(other)
                        queue.append(other)
            pieces.append(np.array(sorted(piece), dtype=np.int64))
        return pieces


def whole_blocks(labels: Ints, people: Floats, contact: sparse.csr_array, most: float) -> Ints:
    """Return blocks that are contiguous and have no more people than `most`.

    Parameters
    ----------
    labels
        Label of the block of each area.
    people
        Of each area.
    contact
        CSR, area x area.
    most
        People; a block with more is broken up into its areas.

    Returns
    -------
    array of int
        Block of each area, 0 to n-1, in the order of their first areas.
    """
    pairs = sparse.coo_array(contact)
    same = labels[pairs.row] == labels[pairs.col]
    inside = sparse.csr_array(
        (pairs.data[same], (pairs.row[same], pairs.col[same])), shape=pairs.shape
    )
    _, piece = connected_components(inside, directed=False)
    heavy = np.bincount(piece, weights=people)[piece] > most
    split = np.where(heavy, len(labels) + np.arange(len(labels)), piece)
    _, first, block = np.unique(split, return_index=True, return_inverse=True)
    rank = np.empty(len(first), dtype=np.int64)
    rank[np.argsort(first)] = np.arange(len(first))
    return np.asarray(rank[block], dtype=np.int64)


def middles_of(block: Ints, people: Floats, points: Floats) -> Ints:
    """Return the middle of each block: the area with the least straight-line distance to all."""
    middles = []
    for one in range(int(block.max()) + 1):
        rows = np.flatnonzero(block == one)
        here = points[rows]
        far = np.hypot(*(here[:, None, :] - here[None, :, :]).transpose(2, 0, 1))
        middles.append(int(rows[np.argmin(people[rows] @ far)]))
    return np.array(middles, dtype=np.int64)


def make_block(block: Ints, people: Floats, minutes: Floats, contact: sparse.csr_array) -> Block:
    """Make the blocks of a part.

    Parameters
    ----------
    block
        Block of each area, 0 to n-1.
    people
        Of each area.
    minutes
        Area x block: minutes to the block's middle; inf = beyond the horizon.
    contact
        CSR, area x area.
    """
    number = minutes.shape[1]
    is_known = np.isfinite(minutes)
    person_minutes = np.where(is_known, minutes, 0.0) * people[:, None]
    of_block = sparse.csr_array(
        (np.ones(len(block)), (block, np.arange(len(block)))), shape=(number, len(block))
    )
    cost = np.asarray(of_block @ person_minutes)
    has_gap = np.asarray(of_block @ (~is_known & (people[:, None] > 0)).astype(np.float64)) > 0
    cost[has_gap] = np.inf
    touch = sparse.coo_array(of_block @ contact.astype(np.float64) @ of_block.T)
    apart = touch.row != touch.col
    rows, columns = touch.row[apart], touch.col[apart]
    neighbours = tuple(np.sort(columns[rows == one]).astype(np.int64) for one in range(number))
    heads = np.bincount(block, weights=people, minlength=number).astype(np.float64)
    return Block(block, heads, cost, neighbours)


PASSES = 60
STARTS = 40
SPREAD = 0.25
"""Share by which later starts vary the costs, at random with a fixed seed."""
PENALTY = 60.0
"""Minutes that each person beyond the bounds counts as."""


def search(block: Block, number: int, bounds: Bounds) -> Ints:
    """Return a contiguous division: the best of a few starts.

    Parameters
    ----------
    block
        The blocks of a part, which are one piece.
    number
        Of neighbourhoods.
    bounds
        Bounds of people; the search keeps them if it can.

    Returns
    -------
    array of int
        Middle of each block's neighbourhood.
    """
    return candidates(block, number, bounds)[0]


def candidates(block: Block, number: int, bounds: Bounds) -> list[Ints]:
    """Return the division of each start, the one with the lowest price first."""
    rng = np.random.default_rng(0)
    cost = np.where(np.isfinite(block.cost), block.cost, 1e6 * block.people[:, None])
    divisions = []
    for start in range(STARTS):
        noise = 1.0 if start == 0 else 1 + SPREAD * rng.random(cost.shape)
        divisions.append(improve(block, grow(block, seeds(cost * noise, number)), bounds))
    return sorted(divisions, key=lambda label: price(block, label, bounds))


def seeds(cost: Floats, number: int) -> Ints:
    """Return middles added one by one, each where it saves most, then exchanged once each."""
    middles = [int(np.argmin(cost.sum(axis=0)))]
    nearest = cost[:, middles[0]]
    while len(middles) < number:
        savings = np.maximum(nearest[:, None] - cost, 0).sum(axis=0)
        savings[middles] = -1.0
        middles.append(int(np.argmax(savings)))
        nearest = np.minimum(nearest, cost[:, middles[-1]])
    for place in range(number):
        others = [one for i, one in enumerate(middles) if i != place]
        rest = cost[:, others].min(axis=1) if others else np.full(len(cost), np.inf)
        total = np.minimum(rest[:, None], cost).sum(axis=0)
        total[others] = np.inf
        middles[place] = int(np.argmin(total))
    return np.array(sorted(middles), dtype=np.int64)


def grow(block: Block, middles: Ints) -> Ints:
    """Return a contiguous division: the smallest footprint adds its nearest free neighbour."""
    label = np.full(block.number, -1, dtype=np.int64)
    label[middles] = middles
    people = {int(one): float(block.people[one]) for one in middles}
    border = {one: set(block.neighbours[one].tolist()) for one in people}
    while people:
        one = min(people, key=lambda name: (people[name], name))
        free = [other for other in border[one] if label[other] < 0]
        if not free:
            del people[one]
            continue
        nearest = min(free, key=lambda other: (block.cost[other, one], other))
        label[nearest] = one
        people[one] += float(block.people[nearest])
        border[one] |= set(block.neighbours[nearest].tolist())
    return label


def improve(block: Block, label: Ints, bounds: Bounds) -> Ints:
    """Return the division after moves of single blocks, until no move lowers its price.

    Middles are chosen anew before each round of moves (Maranzana 1964, Openshaw 1977).
    """
    label = label.copy()
    for _ in range(PASSES):
        label = _at_medoids(block, label)
        before = price(block, label, bounds)
        for one in range(block.number):
            _move(block, label, one, bounds)
        if price(block, _at_medoids(block, label), bounds) >= before - 1e-9:
            break
    return _at_medoids(block, label)


def price(block: Block, label: Ints, bounds: Bounds) -> float:
    """Return the minutes of all people to their middles, and the penalty for breaking bounds."""
    minutes = float(block.cost[np.arange(block.number), label].sum())
    people = np.bincount(label, weights=block.people)[np.unique(label)]
    return minutes + PENALTY * float(sum(_beyond(one, bounds) for one in people))


def _beyond(people: float, bounds: Bounds) -> float:
    return max(bounds.least - people, people - bounds.most, 0.0)


def _at_medoids(block: Block, label: Ints) -> Ints:
    medoids = np.empty_like(label)
    for one in np.unique(label):
        rows = np.flatnonzero(label == one)
        medoids[rows] = rows[np.argmin(block.cost[np.ix_(rows, rows)].sum(axis=0))]
    return medoids


def _move(block: Block, label: Ints, one: int, bounds: Bounds) -> None:
    """Move a block to the neighbouring footprint that lowers the price most, if one does."""
    here = label[one]
    mates = np.flatnonzero(label == here)
    near = np.unique(label[block.neighbours[one]])
    near = near[near != here]
    if one == here or len(near) == 0 or len(block.pieces(mates[mates != one])) != 1:
        return
    people = float(block.people[one])
    mine = float(block.people[mates].sum())
    relief = PENALTY * (_beyond(mine - people, bounds) - _beyond(mine, bounds))
    gains = []
    for other in near.tolist():
        theirs = float(block.people[label == other].sum())
        penalty = PENALTY * (_beyond(theirs + people, bounds) - _beyond(theirs, bounds))
        gains.append(block.cost[one, other] - block.cost[one, here] + relief + penalty)
    best = int(np.argmin(gains))
    if gains[best] < -1e-9:
        label[one] = near[best]
