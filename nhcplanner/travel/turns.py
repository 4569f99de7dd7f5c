"""Forbidden turns: a node gets a copy for each street from which not every turn is allowed."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from nhcplanner.travel.arrays import BoolArray, FloatArray, IntArray, match


class Arcs(NamedTuple):
    """Streets by direction of travel.

    Parameters
    ----------
    tail, head
        Node at which each begins and ends.
    minutes
        Minutes along it.
    street, against
        The street it is of; 1 where it runs against the direction that was drawn, else 0.
    """

    tail: IntArray
    head: IntArray
    minutes: FloatArray
    street: IntArray
    against: IntArray


class Turns(NamedTuple):
    """Turns at nodes that are forbidden, or the only ones allowed.

    Parameters
    ----------
    into, via, out
        The street that one comes along, the node at which one turns, the street that one takes.
    only
        True where this is the only turn allowed, False where it is forbidden.
    """

    into: IntArray
    via: IntArray
    out: IntArray
    only: BoolArray


NOWHERE = np.empty(0, dtype=np.int64)
NO_TURNS = Turns(NOWHERE, NOWHERE, NOWHERE, np.empty(0, dtype=bool))


def expand(arcs: Arcs, turns: Turns, nodes: int) -> tuple[Arcs, IntArray]:
    """Make forbidden turns impossible.

    Each arc from which a turn is forbidden gets an end of its own: a copy of the node, left only
    by the arcs that may follow. Turning back along the same street stays possible where no rule
    forbids it.

    Parameters
    ----------
    arcs, turns
        As they are on the streets.
    nodes
        How many nodes there are; copies are numbered from there on.

    Returns
    -------
    tuple
        The arcs, more than before, and of which node each copy is one.

    Examples
    --------
    From 0 to 1, and on to 2 or 3; the turn to 3 is forbidden.

    >>> arcs = Arcs(*np.array([[0, 1, 1], [1, 2, 3], [5, 5, 5], [0, 1, 2], [0, 0, 0]]))
    >>> made, copy_of = expand(arcs, Turns(*np.array([[0], [1], [2]]), np.array([False])), 4)
    >>> list(zip(made.tail.tolist(), made.head.tolist())), copy_of.tolist()
    ([(0, 4), (1, 2), (1, 3), (4, 2)], [1])
    """
    into, via, out, only = turns
    if not len(into):
        return arcs, NOWHERE
    turn, arc = match(into, arcs.street)
    here = arcs.head[arc] == via[turn]
    turn, arc = turn[here], arc[here]
    ruled, which = np.unique(arc, return_inverse=True)
    which = which.ravel()
    first, then = match(arcs.head[ruled], arcs.tail)
    streets = int(arcs.street.max(initial=0)) + 1
    pair = first * streets + arcs.street[then]
    named = which * streets + np.clip(out[turn], 0, streets - 1)
    obeyed = only[turn] & np.isin(named, pair)
    narrowed = np.isin(first, which[obeyed])
    allowed = np.where(narrowed, np.isin(pair, named[obeyed]), ~np.isin(pair, named[~only[turn]]))
    head = arcs.head.copy()
    copy_of = head[ruled]
    head[ruled] = nodes + np.arange(len(ruled))
    first, then = first[allowed], then[allowed]
    return Arcs(
        np.concatenate([arcs.tail, nodes + first]),
        np.concatenate([head, head[then]]),
        np.concatenate([arcs.minutes, arcs.minutes[then]]),
        np.concatenate([arcs.street, arcs.street[then]]),
        np.concatenate([arcs.against, arcs.against[then]]),
    ), copy_of
