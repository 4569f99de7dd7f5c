"""Forbidden turns: a node gets a copy for each street from which not every turn is allowed.

Forbidden courses: turns along a street or more, remembered from street to street.
"""

from __future__ import annotations

from collections.abc import Sequence, Set
from typing import NamedTuple

import numpy as np

from nhcplanner.base.arrays import BoolArray, FloatArray, IntArray, match


class TurnArcs(NamedTuple):
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


class ForbiddenTurns(NamedTuple):
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
NO_TURNS = ForbiddenTurns(NOWHERE, NOWHERE, NOWHERE, np.empty(0, dtype=bool))


def expand(arcs: TurnArcs, turns: ForbiddenTurns, nodes: int) -> tuple[TurnArcs, IntArray]:
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
    return TurnArcs(
        np.concatenate([arcs.tail, nodes + first]),
        np.concatenate([head, head[then]]),
        np.concatenate([arcs.minutes, arcs.minutes[then]]),
        np.concatenate([arcs.street, arcs.street[then]]),
        np.concatenate([arcs.against, arcs.against[then]]),
    ), copy_of


Steps = tuple[int, ...]
"""Streets one after another, each as twice its number, and 1 more where gone against."""


class MultiEdgeRestriction(NamedTuple):
    """Streets that may not be gone one after another, or that must be once one is on them.

    Parameters
    ----------
    steps
        The streets, three or more.
    only
        True where each step is the only one allowed after those before it.
    """

    steps: Steps
    only: bool


def follow(
    arcs: TurnArcs, copy_of: IntArray, courses: Sequence[MultiEdgeRestriction], nodes: int
) -> tuple[TurnArcs, IntArray]:
    """Make forbidden courses impossible.

    For each beginning of a course there is a copy of the node where it leads: who stands there has
    come that way. From a copy one goes to the copy of the longest beginning that one is then on.

    Parameters
    ----------
    arcs, copy_of, nodes
        As `expand` gives them, and as it was given them: every arc of a street by direction leads
        to the same node or copy.
    courses
        The courses; those of which a step is no arc are passed over.

    Returns
    -------
    tuple
        The arcs, those from the new copies first, and of which node each copy is one.
    """
    step = 2 * arcs.street.astype(np.int64) + arcs.against
    named = np.flatnonzero(np.isin(step, [one for course in courses for one in course.steps]))
    end = dict(zip(step[named].tolist(), arcs.head[named].tolist(), strict=True))
    sound = [course for course in courses if all(one in end for one in course.steps)]
    if not sound:
        return arcs, copy_of
    begun = sorted({one.steps[:n] for one in sound for n in range(1, len(one.steps))})
    number = {steps: nodes + len(copy_of) + i for i, steps in enumerate(begun)}
    law, head = _Law(sound), arcs.head.copy()
    for one in named.tolist():
        head[one] = number.get((int(step[one]),), head[one])
    leaving: dict[int, dict[int, int]] = {end[steps[-1]]: {} for steps in begun}
    for one in np.flatnonzero(np.isin(arcs.tail, list(leaving))).tolist():
        leaving[int(arcs.tail[one])][int(step[one])] = one
    made = [
        (number[steps], _longest((*steps, then), number, int(head[one])), one)
        for steps in begun
        for then, one in leaving[end[steps[-1]]].items()
        if law.allows(steps, then, leaving[end[steps[-1]]].keys())
    ]
    tails, heads, arc = np.array(made, dtype=np.int64).reshape(-1, 3).T
    node_of = np.concatenate([np.arange(nodes), copy_of])
    return TurnArcs(
        np.concatenate([tails, arcs.tail]),
        np.concatenate([heads, head]),
        np.concatenate([arcs.minutes[arc], arcs.minutes]),
        np.concatenate([arcs.street[arc], arcs.street]),
        np.concatenate([arcs.against[arc], arcs.against]),
    ), np.concatenate([copy_of, node_of[[end[steps[-1]] for steps in begun]]])


class _Law:
    """What some courses say at each of their steps."""

    def __init__(self, courses: Sequence[MultiEdgeRestriction]) -> None:
        self.banned = {course.steps for course in courses if not course.only}
        self.next: dict[Steps, set[int]] = {}
        for course in (one for one in courses if one.only):
            for n in range(1, len(course.steps)):
                self.next.setdefault(course.steps[:n], set()).add(course.steps[n])

    def allows(self, steps: Steps, then: int, choice: Set[int]) -> bool:
        """Whether one may go on so after some steps; what is ordered must be among the choice."""
        for first in range(len(steps)):
            musts = self.next.get(steps[first:], frozenset()) & choice
            if (*steps[first:], then) in self.banned or (musts and then not in musts):
                return False
        return True


def _longest(steps: Steps, number: dict[Steps, int], otherwise: int) -> int:
    """The copy of the longest beginning of a course that some steps end with."""
    found = (number[steps[first:]] for first in range(len(steps)) if steps[first:] in number)
    return next(found, otherwise)
