"""Blocks: areas that stay together, with their people, their contact and their minutes."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import sparse
from scipy.sparse.csgraph import connected_components

from nhcplanner.base.arrays import Floats, Ints


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
