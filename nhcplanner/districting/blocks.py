"""Blocks: areas that stay together, with their people, their contact and their minutes."""

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
        Block x block: minutes of all people of a block to the middle of another, added up; inf
        where an area of it cannot get there.
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
        found = []
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
            found.append(np.array(sorted(piece), dtype=np.int64))
        return found


def whole_blocks(labels: Ints, people: Floats, contact: sparse.csr_array, most: float) -> Ints:
    """Return blocks that are contiguous and have no more people than `most`.

    Parameters
    ----------
    labels
        Wanted block of each area.
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
    """Return the middle of each block: its area nearest to its people, in a straight line."""
    found = []
    for one in range(int(block.max()) + 1):
        rows = np.flatnonzero(block == one)
        here = points[rows]
        far = np.hypot(*(here[:, None, :] - here[None, :, :]).transpose(2, 0, 1))
        found.append(int(rows[np.argmin(people[rows] @ far)]))
    return np.array(found, dtype=np.int64)


def make_block(block: Ints, people: Floats, minutes: Floats, contact: sparse.csr_array) -> Block:
    """Make the blocks of a part.

    Parameters
    ----------
    block
        Block of each area, 0 to n-1.
    people
        Of each area.
    minutes
        Area x block: minutes to the block's middle, inf = not in time.
    contact
        CSR, area x area.
    """
    number = minutes.shape[1]
    known = np.isfinite(minutes)
    weighted = np.where(known, minutes, 0.0) * people[:, None]
    of_block = sparse.csr_array(
        (np.ones(len(block)), (block, np.arange(len(block)))), shape=(number, len(block))
    )
    cost = np.asarray(of_block @ weighted)
    lost = np.asarray(of_block @ (~known & (people[:, None] > 0)).astype(np.float64)) > 0
    cost[lost] = np.inf
    touch = sparse.coo_array(of_block @ contact.astype(np.float64) @ of_block.T)
    apart = touch.row != touch.col
    rows, columns = touch.row[apart], touch.col[apart]
    neighbours = tuple(np.sort(columns[rows == one]).astype(np.int64) for one in range(number))
    heads = np.bincount(block, weights=people, minlength=number).astype(np.float64)
    return Block(block, heads, cost, neighbours)


PASSES = 60
STARTS = 40
SPREAD = 0.25
"""Starts after the first see costs that vary by so much, at random with a fixed seed."""
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
        People of each, kept where the search can.

    Returns
    -------
    array of int
        Middle of each block's neighbourhood.
    """
    return candidates(block, number, bounds)[0]


def candidates(block: Block, number: int, bounds: Bounds) -> list[Ints]:
    """Return the divisions that all starts lead to, the one with the lowest price first."""
    rng = np.random.default_rng(0)
    cost = np.where(np.isfinite(block.cost), block.cost, 1e6 * block.people[:, None])
    found = []
    for start in range(STARTS):
        noise = 1.0 if start == 0 else 1 + SPREAD * rng.random(cost.shape)
        found.append(improve(block, grow(block, seeds(cost * noise, number)), bounds))
    return sorted(found, key=lambda label: price(block, label, bounds))


def seeds(cost: Floats, number: int) -> Ints:
    """Return middles chosen one by one, each where it saves most, then exchanged once round."""
    chosen = [int(np.argmin(cost.sum(axis=0)))]
    nearest = cost[:, chosen[0]]
    while len(chosen) < number:
        saved = np.maximum(nearest[:, None] - cost, 0).sum(axis=0)
        saved[chosen] = -1.0
        chosen.append(int(np.argmax(saved)))
        nearest = np.minimum(nearest, cost[:, chosen[-1]])
    for place in range(number):
        others = [one for i, one in enumerate(chosen) if i != place]
        rest = cost[:, others].min(axis=1) if others else np.full(len(cost), np.inf)
        total = np.minimum(rest[:, None], cost).sum(axis=0)
        total[others] = np.inf
        chosen[place] = int(np.argmin(total))
    return np.array(sorted(chosen), dtype=np.int64)


def grow(block: Block, middles: Ints) -> Ints:
    """Return a contiguous division: the smallest takes the nearest free block that touches it."""
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
        taken = min(free, key=lambda other: (block.cost[other, one], other))
        label[taken] = one
        people[one] += float(block.people[taken])
        border[one] |= set(block.neighbours[taken].tolist())
    return label


def improve(block: Block, label: Ints, bounds: Bounds) -> Ints:
    """Return the division after moves of single blocks, until none lowers its price."""
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
    spent = float(block.cost[np.arange(block.number), label].sum())
    people = np.bincount(label, weights=block.people)[np.unique(label)]
    return spent + PENALTY * float(sum(_beyond(one, bounds) for one in people))


def _beyond(people: float, bounds: Bounds) -> float:
    return max(bounds.least - people, people - bounds.most, 0.0)


def _at_medoids(block: Block, label: Ints) -> Ints:
    moved = np.empty_like(label)
    for one in np.unique(label):
        rows = np.flatnonzero(label == one)
        moved[rows] = rows[np.argmin(block.cost[np.ix_(rows, rows)].sum(axis=0))]
    return moved


def _move(block: Block, label: Ints, one: int, bounds: Bounds) -> None:
    """Move a block to the neighbouring footprint that gains most, if any does."""
    here = label[one]
    mates = np.flatnonzero(label == here)
    near = np.unique(label[block.neighbours[one]])
    near = near[near != here]
    if one == here or len(near) == 0 or len(block.pieces(mates[mates != one])) != 1:
        return
    people = float(block.people[one])
    mine = float(block.people[mates].sum())
    freed = PENALTY * (_beyond(mine - people, bounds) - _beyond(mine, bounds))
    gains = []
    for other in near.tolist():
        theirs = float(block.people[label == other].sum())
        added = PENALTY * (_beyond(theirs + people, bounds) - _beyond(theirs, bounds))
        gains.append(block.cost[one, other] - block.cost[one, here] + freed + added)
    best = int(np.argmin(gains))
    if gains[best] < -1e-9:
        label[one] = near[best]
