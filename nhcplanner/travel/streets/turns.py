"""Turn restrictions: copies of nodes that remember the streets by which they were reached.

The graph with copies is the subgraph of the edge-based graph (Caldwell 1961, On finding minimum
routes in a network with turn penalties, CACM 4(2)) that restrictions need; other nodes stay single.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence, Set
from itertools import pairwise
from typing import NamedTuple

import numpy as np

from nhcplanner.base.arrays import BoolArray, FloatArray, IntArray, match
from nhcplanner.travel.streets.u_turns import TurnArcs, WayRound, join


class ForbiddenTurns(NamedTuple):
    """Turns at nodes that are forbidden, or the only ones allowed.

    Parameters
    ----------
    into, via, out
        The street before the turn, the node of the turn, and the street after it.
    only
        True where this is the only turn allowed, False where it is forbidden.
    """

    into: IntArray
    via: IntArray
    out: IntArray
    only: BoolArray


NOWHERE = np.empty(0, dtype=np.int64)
NO_TURNS = ForbiddenTurns(NOWHERE, NOWHERE, NOWHERE, np.empty(0, dtype=bool))


Steps = tuple[int, ...]
"""Streets one after another, each as twice its number, and 1 more where gone against."""


class MultiEdgeRestriction(NamedTuple):
    """A sequence of streets that is forbidden, or that must be completed once begun.

    Parameters
    ----------
    steps
        The streets, three or more.
    only
        True where each step is the only one allowed after those before it.
    """

    steps: Steps
    only: bool


class TurnRules(NamedTuple):
    """Restrictions of a mode at junctions.

    Parameters
    ----------
    turns, sequences
        Turns at a node and along streets, forbidden or the only ones allowed.
    u_turn
        Minutes that turning back takes where a street does not end; inf = never.
    """

    turns: ForbiddenTurns = NO_TURNS
    sequences: Sequence[MultiEdgeRestriction] = ()
    u_turn: float = math.inf


class _Followers(NamedTuple):
    """Arcs that follow some others.

    Parameters
    ----------
    first, then
        Position among the others, and the arc that leaves the node where it ends.
    may
        True where the turn may be made.
    extra
        Minutes to make it.
    """

    first: IntArray
    then: IntArray
    may: BoolArray
    extra: FloatArray


def apply_rules(arcs: TurnArcs, rules: TurnRules, nodes: int) -> tuple[TurnArcs, IntArray]:
    """Remove the forbidden turns from the graph.

    Each arc from which a turn is forbidden gets an end of its own: a copy of the node, left only
    by the arcs that may follow. So does each arc near it on which turning back would undo the
    restriction; those copies are reached only by who came past it, and are left by every arc but
    the one back, unless the street ends there (turns as arcs of a graph whose nodes are streets:
    Caldwell 1961, doi:10.1145/366199.366245).

    Parameters
    ----------
    arcs, rules
        As they are on the streets.
    nodes
        How many nodes there are; copies are numbered from there on.

    Returns
    -------
    tuple
        The arcs, those that begin at copies first, and of which node each copy is one.

    Examples
    --------
    From 0 to 1, and on to 2 or 3; the turn to 3 is forbidden.

    >>> arcs = TurnArcs(*np.array([[0, 1, 1], [1, 2, 3], [5, 5, 5], [0, 1, 2], [0, 0, 0]]))
    >>> turns = ForbiddenTurns(*np.array([[0], [1], [2]]), np.array([False]))
    >>> made, copy_of = apply_rules(arcs, TurnRules(turns), 4)
    >>> list(zip(made.tail.tolist(), made.head.tolist())), copy_of.tolist()
    ([(4, 5), (0, 4), (1, 2), (1, 3)], [1, 2])
    """
    position = {step: arc for arc, step in enumerate(arcs.step.tolist())} if rules.sequences else {}
    sequences = [sequence for sequence in rules.sequences if position.keys() >= {*sequence.steps}]
    ruled = _find_ruled_arcs(arcs, rules.turns)
    if not len(ruled) and not sequences:
        return arcs, NOWHERE
    banned = _find_banned(arcs, ruled, rules, position)
    starts = np.array([*banned, *ruled.tolist()], dtype=np.int64)
    firsts = {*ruled.tolist(), *(position[sequence.steps[0]] for sequence in sequences)}
    search = WayRound(arcs, banned, banned.keys() - firsts, rules.u_turn)
    state = np.union1d(starts, search.arcs_near())
    number = np.full(len(arcs.tail), -1, dtype=np.int64)
    number[state] = nodes + np.arange(len(state))
    arcs_with_copies = _with_copies(arcs, number, ruled, _followers(arcs, state, rules))
    if not sequences:
        return arcs_with_copies, arcs.head[state]
    end = np.where(number >= 0, number, arcs.head)
    ends = {step: int(end[position[step]]) for sequence in sequences for step in sequence.steps}
    return _follow(arcs_with_copies, arcs.head[state], ends, sequences, nodes)


def _find_banned(
    arcs: TurnArcs, ruled: IntArray, rules: TurnRules, position: Mapping[int, int]
) -> dict[int, set[int]]:
    """Return the arcs that must not follow others, or not always."""
    followers = _followers(arcs, ruled, rules)
    is_shut = ~followers.may | (followers.extra > 0)
    banned: dict[int, set[int]] = {}
    pairs = zip(
        ruled[followers.first[is_shut]].tolist(), followers.then[is_shut].tolist(), strict=True
    )
    for arc, then in pairs:
        banned.setdefault(arc, set()).add(then)
    leaving = WayRound(arcs, {}).leaving if position else None
    for sequence in rules.sequences:
        for step, after in pairwise(sequence.steps):
            if leaving and step in position and after in position:
                arc, then = position[step], position[after]
                others = {*leaving(arc)} - {then}
                banned.setdefault(arc, set()).update(others if sequence.only else {then})
    return banned


def _find_ruled_arcs(arcs: TurnArcs, turns: ForbiddenTurns) -> IntArray:
    """Return the arcs from which a turn is forbidden, or is the only one allowed."""
    turn, arc = match(turns.into, arcs.street)
    return np.unique(arc[arcs.head[arc] == turns.via[turn]])


def _followers(arcs: TurnArcs, state: IntArray, rules: TurnRules) -> _Followers:
    """Return the arcs that follow others, in ascending order, and whether each may."""
    into, via, out, only = rules.turns
    first, then = match(arcs.head[state], arcs.tail)
    streets = int(arcs.street.max(initial=0)) + 1
    pair = first * streets + arcs.street[then]
    turn, arc = match(into, arcs.street)
    here = (arcs.head[arc] == via[turn]) & np.isin(arc, state)
    turn, row = turn[here], np.searchsorted(state, arc[here])
    pairs_of_rules = row * streets + np.clip(out[turn], 0, streets - 1)
    is_obeyed = only[turn] & np.isin(pairs_of_rules, pair)
    is_restricted = np.isin(first, row[is_obeyed])
    is_ordered = is_restricted & np.isin(pair, pairs_of_rules[is_obeyed])
    may = np.where(is_restricted, is_ordered, ~np.isin(pair, pairs_of_rules[~only[turn]]))
    exits = np.bincount(first, minlength=len(state))[first]
    back = (arcs.step[then] == arcs.step[state[first]] ^ 1) & ~is_ordered & (exits > 1)
    extra = np.where(back, rules.u_turn, 0.0)
    return _Followers(first, then, may & np.isfinite(extra), extra)


def _with_copies(
    arcs: TurnArcs, number: IntArray, ruled: IntArray, followers: _Followers
) -> TurnArcs:
    """Return the arcs from copies, then the others; an arc with a rule ends at a copy."""
    first, then = followers.first[followers.may], followers.then[followers.may]
    copies = TurnArcs(
        np.sort(number[number >= 0])[first],
        np.where(number[then] >= 0, number[then], arcs.head[then]),
        arcs.minutes[then] + followers.extra[followers.may],
        arcs.street[then],
        arcs.against[then],
    )
    head = arcs.head.astype(np.int64)
    head[ruled] = number[ruled]
    return join(copies, arcs._replace(head=head))


def _follow(
    arcs: TurnArcs,
    copy_of: IntArray,
    end: Mapping[int, int],
    sequences: Sequence[MultiEdgeRestriction],
    nodes: int,
) -> tuple[TurnArcs, IntArray]:
    """Remove the forbidden sequences of streets from the graph.

    For each beginning of a sequence there is a copy of the node where it leads: who is there has
    come that way. From a copy one goes to the copy of the longest beginning that one is then on.

    Parameters
    ----------
    arcs, copy_of
        With a copy for each step of a sequence.
    end
        The copy at which each step of a sequence ends.
    sequences
        The sequences, each step an arc.
    nodes
        How many nodes there are without copies.

    Returns
    -------
    tuple
        The arcs, those from the new copies first, and of which node each copy is one.
    """
    step = arcs.step
    beginnings = sorted({one.steps[:n] for one in sequences for n in range(1, len(one.steps))})
    number = {steps: nodes + len(copy_of) + i for i, steps in enumerate(beginnings)}
    law, head = _Law(sequences), arcs.head.copy()
    for arc in np.flatnonzero(np.isin(step, [steps[0] for steps in beginnings])).tolist():
        head[arc] = number[(int(step[arc]),)]
    leaving: dict[int, dict[int, int]] = {end[steps[-1]]: {} for steps in beginnings}
    for arc in np.flatnonzero(np.isin(arcs.tail, list(leaving))).tolist():
        leaving[int(arcs.tail[arc])][int(step[arc])] = arc
    new_arcs = [
        (number[steps], _longest((*steps, then), number, int(head[arc])), arc)
        for steps in beginnings
        for then, arc in leaving[end[steps[-1]]].items()
        if law.allows(steps, then, leaving[end[steps[-1]]].keys())
    ]
    tails, heads, rows = np.array(new_arcs, dtype=np.int64).reshape(-1, 3).T
    node_of = np.concatenate([np.arange(nodes), copy_of])
    copies = arcs.some(rows)._replace(tail=tails, head=heads)
    return join(copies, arcs._replace(head=head)), np.concatenate(
        [copy_of, node_of[[end[steps[-1]] for steps in beginnings]]]
    )


class _Law:
    """The restrictions that apply after each sequence of steps."""

    def __init__(self, sequences: Sequence[MultiEdgeRestriction]) -> None:
        self.banned = {sequence.steps for sequence in sequences if not sequence.only}
        self.next: dict[Steps, set[int]] = {}
        for sequence in (one for one in sequences if one.only):
            for n in range(1, len(sequence.steps)):
                self.next.setdefault(sequence.steps[:n], set()).add(sequence.steps[n])

    def allows(self, steps: Steps, then: int, choice: Set[int]) -> bool:
        """Whether a step may follow some others; an ordered one must be among the choice."""
        for first in range(len(steps)):
            musts = self.next.get(steps[first:], set[int]()) & choice
            if (*steps[first:], then) in self.banned or (musts and then not in musts):
                return False
        return True


def _longest(steps: Steps, number: dict[Steps, int], otherwise: int) -> int:
    """Return the copy for the longest beginning of a restriction that some steps end with."""
    copies = (number[steps[first:]] for first in range(len(steps)) if steps[first:] in number)
    return next(copies, otherwise)
