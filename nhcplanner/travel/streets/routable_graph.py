"""The streets of one mode as a graph to search and as lines to tie points to."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TypeVar

import numpy as np
import scipy
from scipy import sparse

from nhcplanner.base.arrays import BoolArray, FloatArray, IntArray
from nhcplanner.travel.search.request import Links, link
from nhcplanner.travel.streets.lines import Lines
from nhcplanner.travel.streets.turns import TurnRules, apply_rules
from nhcplanner.travel.streets.u_turns import TurnArcs

BITS = 16


def morton_order(xy: np.ndarray) -> np.ndarray:
    """Return the positions of points sorted along a Z-curve (Morton 1966).

    Neighbours then lie close in memory, and a search runs several times faster.

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
    """The parts of a network that are searched.

    In each part every node can be reached from every other. A journey may lead from one part to
    another where a one-way street does.

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
        True for each street as given that belongs to a part.
    part
        Number of the part that each of `lines` belongs to, the longest part first.
    metres
        Metres of street of each part.
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
    part: IntArray
    metres: FloatArray

    @cached_property
    def nodes(self) -> scipy.spatial.KDTree:
        """Search tree of the nodes."""
        return scipy.spatial.KDTree(self.xy, balanced_tree=False, compact_nodes=False)


def build_graph(
    lines: Lines,
    minutes: FloatArray,
    ties: BoolArray | None = None,
    rules: TurnRules | None = None,
    least: float = 0.0,
) -> RoutableGraph:
    """Make a graph of the parts of a network in which one can get about.

    Parameters
    ----------
    lines
        All streets.
    minutes
        Streets x 2, along and against each; inf where it may not be gone.
    ties
        Streets that points may be tied to; by default all.
    rules
        Turns at a node and along streets, forbidden or the only ones allowed.
    least
        Metres of street from which on a part is searched; a part of a twentieth of the longest
        always is, and so is the longest.
    """
    arcs, copy_of = apply_rules(_arcs(lines, minutes), rules or TurnRules(), len(lines.xy))
    node_of = np.concatenate([np.arange(len(lines.xy)), copy_of])
    part, metres = _parts(arcs, len(node_of), lines.length, least)
    sound = part >= 0
    node, number = _order(lines.xy, node_of, sound)
    # A journey may begin or end on an arc that none can pass; points are tied to sound ones.
    to_tie = sound[arcs.tail] & (part[arcs.tail] == part[arcs.head])
    part_of = np.full(len(lines), -1, dtype=np.int64)
    part_of[arcs.street[to_tie]] = part[arcs.tail[to_tie]]
    inside = part_of >= 0
    may_tie = inside if ties is None or not (inside & ties).any() else inside & ties
    is_kept = (number[arcs.tail] >= 0) & (number[arcs.head] >= 0)
    arcs = arcs._replace(tail=number[arcs.tail], head=number[arcs.head])
    arcs_to_tie = _renumber_streets(arcs.some(to_tie & may_tie[arcs.street]), may_tie)
    return RoutableGraph(
        lines.xy[node],
        node,
        number[copy_of[number[len(lines.xy) :] >= 0]],
        _reverse(arcs.some(is_kept), int(number.max()) + 1),
        lines.some(may_tie).on_nodes(lines.xy[node], number),
        _by_street(arcs_to_tie, arcs_to_tie.minutes, may_tie.sum(), np.inf),
        _by_street(arcs_to_tie, arcs_to_tie.head, may_tie.sum(), -1),
        arcs_to_tie.some(arcs_to_tie.tail >= len(node)),
        lines.some(np.isfinite(minutes).any(axis=1) & ~inside),
        inside,
        part_of[may_tie],
        metres,
    )


def _arcs(lines: Lines, minutes: FloatArray) -> TurnArcs:
    which = np.flatnonzero(np.isfinite(minutes))
    street, against = (which // 2).astype(np.int32), (which % 2).astype(np.int8)
    tail = np.where(against, lines.target[street], lines.source[street]).astype(np.int32)
    head = np.where(against, lines.source[street], lines.target[street]).astype(np.int32)
    return TurnArcs(tail, head, minutes.ravel()[which], street, against)


def _order(xy: FloatArray, node_of: IntArray, sound: BoolArray) -> tuple[IntArray, IntArray]:
    """Return the nodes in Morton order, and a number for each node and then each copy."""
    main = np.zeros(len(xy), dtype=bool)
    main[node_of[sound]] = True
    node = np.flatnonzero(main)
    node = node[morton_order(xy[node])]
    rows = np.concatenate([node, len(xy) + np.flatnonzero(main[node_of[len(xy) :]])])
    number = np.full(len(node_of), -1, dtype=np.int32)
    number[rows] = np.arange(len(rows))
    return node, number


def _renumber_streets(arcs: TurnArcs, selection: BoolArray) -> TurnArcs:
    """Return the arcs with the numbers of their streets in a selection."""
    return arcs._replace(street=(np.cumsum(selection) - 1)[arcs.street])


def _by_street(arcs: TurnArcs, value: Number, streets: int, none: float) -> Number:
    """Return a value of each arc as streets x 2; the last of several arcs, which is on no path."""
    table: Number = np.full((streets, 2), none, dtype=value.dtype)
    table[arcs.street, arcs.against] = value
    return table


LEAST_SHARE = 0.05
"""Share of the longest part from which on a part is searched, however short it is."""


def _parts(
    arcs: TurnArcs, nodes: int, length: FloatArray, least: float
) -> tuple[IntArray, FloatArray]:
    """Return the part of each node or copy (-1 = too short), and the metres of each part.

    Parts are strongly connected components (Pearce 2005, in scipy).
    """
    links = sparse.coo_array(
        (np.ones(len(arcs.tail), dtype=np.int8), (arcs.tail, arcs.head)), shape=(nodes, nodes)
    )
    count, label = sparse.csgraph.connected_components(links, connection="strong")
    within = label[arcs.tail] == label[arcs.head]
    street, first = np.unique(arcs.street[within], return_index=True)
    metres: FloatArray = np.bincount(
        label[arcs.tail[within][first]], length[street].astype(np.float64), minlength=count
    ).astype(np.float64)
    size = np.bincount(label, minlength=count)
    order = np.lexsort((-size, -metres.round(2)))
    long = metres[order] >= min(least, LEAST_SHARE * float(metres.max(initial=0.0)))
    long &= metres[order] > 0
    long[0] = True
    number = np.full(count, -1, dtype=np.int64)
    number[order[long]] = np.arange(long.sum())
    return number[label], metres[order[long]]


def _reverse(arcs: TurnArcs, nodes: int) -> Links:
    moving = arcs.tail != arcs.head
    return link(arcs.head[moving], arcs.tail[moving], arcs.minutes[moving], nodes)
