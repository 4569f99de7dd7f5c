"""An order of points along a space-filling curve: near in space, near in memory.

Web: the streets that hang together, as a graph to search and as lines to tie points to.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TypeVar

import numpy as np
import scipy
from scipy import sparse

from nhcplanner.base.arrays import BoolArray, FloatArray, IntArray
from nhcplanner.travel.search.request import Links, link
from nhcplanner.travel.streets.lines import Lines
from nhcplanner.travel.streets.turns import (
    NO_TURNS,
    ForbiddenTurns,
    MultiEdgeRestriction,
    TurnArcs,
    expand,
    follow,
)

BITS = 16


def morton_order(xy: np.ndarray) -> np.ndarray:
    """Positions of points sorted along a Z-curve, on which a search runs several times faster.

    Parameters
    ----------
    xy
        Points x 2.

    Examples
    --------
    >>> morton_order(np.array([[9.0, 9], [0, 0], [9, 0], [0, 9], [1, 0]])).tolist()
    [1, 4, 2, 3, 0]
    """
    low, high = xy.min(axis=0), xy.max(axis=0)
    span = max(float((high - low).max()), 1.0)
    cell = ((xy - low) / span * (2**BITS - 1)).astype(np.uint32)
    return np.argsort(_spread(cell[:, 0]) | (_spread(cell[:, 1]) << 1), kind="stable")


def _spread(values: np.ndarray) -> np.ndarray:
    """Move each of 16 bits to every second place."""
    for shift, mask in ((8, 0x00FF00FF), (4, 0x0F0F0F0F), (2, 0x33333333), (1, 0x55555555)):
        values = (values | (values << shift)) & np.uint32(mask)
    return values


Number = TypeVar("Number", FloatArray, IntArray)


@dataclass(frozen=True, eq=False)
class RoutableGraph:
    """The largest part of a network in which every node can be reached from every other.

    Nodes come in an order in which neighbours lie close in memory; after them come the copies
    that forbidden turns ask for.

    Parameters
    ----------
    xy
        Nodes x 2, metres; copies have no row.
    node
        Position of each node among those that were given.
    copy_of
        The node of each copy.
    graph
        From each node or copy to those from which an arc leads to it: the arcs turned round.
    lines
        Streets that points may be tied to; their nodes are those of `xy`.
    minutes
        Streets x 2, along and against each; inf where it may not be gone.
    head
        Streets x 2, the node or copy at which one arrives along and against each.
    from_copies
        The arcs of those streets that begin at a copy.
    strays
        Streets that are cut off.
    inside
        True for each street as given that hangs together.
    """

    xy: FloatArray
    node: IntArray
    copy_of: IntArray
    graph: Links
    lines: Lines
    minutes: FloatArray
    head: IntArray
    from_copies: TurnArcs
    strays: Lines
    inside: BoolArray

    @cached_property
    def nodes(self) -> scipy.spatial.KDTree:
        """The nodes, to search by place."""
        return scipy.spatial.KDTree(self.xy, balanced_tree=False, compact_nodes=False)


def build_graph(
    lines: Lines,
    minutes: FloatArray,
    ties: BoolArray | None = None,
    turns: ForbiddenTurns = NO_TURNS,
    courses: Sequence[MultiEdgeRestriction] = (),
) -> RoutableGraph:
    """Keep the largest connected part of a network.

    Parameters
    ----------
    lines
        All streets.
    minutes
        Streets x 2, along and against each; inf where it may not be gone.
    ties
        Streets that points may be tied to; by default all.
    turns, courses
        Turns at a node and along streets, forbidden or the only ones allowed.
    """
    arcs, copy_of = expand(_arcs(lines, minutes), turns, len(lines.xy))
    arcs, copy_of = follow(arcs, copy_of, courses, len(lines.xy))
    node_of = np.concatenate([np.arange(len(lines.xy)), copy_of])
    sound = _largest_part(arcs, len(node_of))
    node, number = _order(lines.xy, node_of, sound)
    # A journey may begin or end on an arc that none can pass; points are tied to sound ones.
    to_tie = sound[arcs.tail] & sound[arcs.head]
    inside = np.zeros(len(lines), dtype=bool)
    inside[arcs.street[to_tie]] = True
    chosen = inside if ties is None or not (inside & ties).any() else inside & ties
    kept = (number[arcs.tail] >= 0) & (number[arcs.head] >= 0)
    arcs = arcs._replace(tail=number[arcs.tail], head=number[arcs.head])
    tied = _renumbered(_some(arcs, to_tie & chosen[arcs.street]), chosen)
    return RoutableGraph(
        lines.xy[node],
        node,
        number[copy_of[number[len(lines.xy) :] >= 0]],
        _turned_round(_some(arcs, kept), int(number.max()) + 1),
        lines.some(chosen).on_nodes(lines.xy[node], number),
        _by_street(tied, tied.minutes, chosen.sum(), np.inf),
        _by_street(tied, tied.head, chosen.sum(), -1),
        _some(tied, tied.tail >= len(node)),
        lines.some(np.isfinite(minutes).any(axis=1) & ~inside),
        inside,
    )


def _arcs(lines: Lines, minutes: FloatArray) -> TurnArcs:
    which = np.flatnonzero(np.isfinite(minutes))
    street, against = (which // 2).astype(np.int32), (which % 2).astype(np.int8)
    tail = np.where(against, lines.target[street], lines.source[street]).astype(np.int32)
    head = np.where(against, lines.source[street], lines.target[street]).astype(np.int32)
    return TurnArcs(tail, head, minutes.ravel()[which], street, against)


def _order(xy: FloatArray, node_of: IntArray, sound: BoolArray) -> tuple[IntArray, IntArray]:
    """The nodes of a part in Morton order; and a number for each, then for each of its copies."""
    main = np.zeros(len(xy), dtype=bool)
    main[node_of[sound]] = True
    node = np.flatnonzero(main)
    node = node[morton_order(xy[node])]
    kept = np.concatenate([node, len(xy) + np.flatnonzero(main[node_of[len(xy) :]])])
    number = np.full(len(node_of), -1, dtype=np.int32)
    number[kept] = np.arange(len(kept))
    return node, number


def _some(arcs: TurnArcs, chosen: BoolArray) -> TurnArcs:
    tail, head, minutes, street, against = arcs
    return TurnArcs(tail[chosen], head[chosen], minutes[chosen], street[chosen], against[chosen])


def _renumbered(arcs: TurnArcs, chosen: BoolArray) -> TurnArcs:
    """Arcs with their streets counted among those chosen."""
    return arcs._replace(street=(np.cumsum(chosen) - 1)[arcs.street])


def _by_street(arcs: TurnArcs, value: Number, streets: int, none: float) -> Number:
    """A value of each arc as streets x 2; of several arcs the last, which is on no path."""
    table: Number = np.full((streets, 2), none, dtype=value.dtype)
    table[arcs.street, arcs.against] = value
    return table


def _largest_part(arcs: TurnArcs, nodes: int) -> BoolArray:
    links = sparse.coo_array(
        (np.ones(len(arcs.tail), dtype=np.int8), (arcs.tail, arcs.head)), shape=(nodes, nodes)
    )
    _, part = sparse.csgraph.connected_components(links, connection="strong")
    main: BoolArray = part == np.bincount(part).argmax()
    return main


def _turned_round(arcs: TurnArcs, nodes: int) -> Links:
    moving = arcs.tail != arcs.head
    return link(arcs.head[moving], arcs.tail[moving], arcs.minutes[moving], nodes)
