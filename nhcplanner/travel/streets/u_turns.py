"""Streets where a car must not turn back, so that no forbidden turn is undone at once."""

from __future__ import annotations

import heapq
import math
from collections.abc import Iterator, Mapping, Set
from typing import NamedTuple

import numpy as np

from nhcplanner.base.arrays import BoolArray, FloatArray, IntArray

MOST_MINUTES = 60.0
"""Minutes of the longest way round that is looked for."""
MOST_ARCS = 2_000
"""Streets by direction that are looked at for one way round, at most."""
AGAIN = -1  # stands for the street of the search itself, entered anew


class WayRound:
    """Search for the ways round forbidden turns.

    A search that forgets by which street it came to a node may go on a few metres, turn back and
    take the turn that was forbidden. It remembers the street on a copy of the node; from how many
    streets on it may forget depends on how long the allowed way round is. Whoever goes on for half
    of that, turns back and returns has lost as much as the way round takes.

    Parameters
    ----------
    arcs
        Streets by direction of travel.
    banned
        Of an arc that a restriction rules, the arcs that must not follow, by position.
    inner
        Arcs in the middle of a sequence, along which one may come without having begun it.
    u_turn
        Minutes that turning back takes where a street does not end.
    """

    def __init__(
        self,
        arcs: TurnArcs,
        banned: Mapping[int, set[int]],
        inner: Set[int] = frozenset(),
        u_turn: float = math.inf,
    ) -> None:
        self._minutes: list[float] = arcs.minutes.tolist()
        self._head: list[int] = arcs.head.tolist()
        self._order: list[int] = np.argsort(arcs.tail, kind="stable").tolist()
        nodes = int(max(arcs.tail.max(initial=0), arcs.head.max(initial=0))) + 1
        count = np.bincount(arcs.tail, minlength=nodes)
        self._start: list[int] = np.concatenate([[0], np.cumsum(count)]).tolist()
        self._side: list[int] = (2 * arcs.street.astype(np.int64) + arcs.against).tolist()
        self._banned, self._inner, self._u_turn = banned, inner, u_turn
        self._share = 1 / (1 + _least_return(arcs))

    def leaving(self, arc: int) -> list[int]:
        """Return the arcs that leave the node at which an arc ends."""
        node = self._head[arc]
        return self._order[self._start[node] : self._start[node + 1]]

    def arcs_near(self) -> IntArray:
        """Find the arcs at whose ends one must not turn back, by position and in order."""
        near: set[int] = set()
        for arc, banned in self._banned.items():
            targets = {each for each in banned if self._side[each] != self._side[arc] ^ 1}
            if targets:
                near |= self._ball(arc, targets)
        return np.array(sorted(near), dtype=np.int64)

    def _ball(self, start: int, targets: set[int]) -> set[int]:
        """Return the arcs from which turning back is quicker than the way round to some arcs.

        The search is Dijkstra's (1959), on arcs instead of nodes.
        """
        ends, missing = {start: 0.0}, set(targets)
        queue, settled = [(0.0, start)], set[int]()
        longest = MOST_MINUTES
        while queue and len(settled) < MOST_ARCS:
            now, arc = heapq.heappop(queue)
            if arc in settled:
                continue
            if arc == AGAIN or missing == {arc}:
                longest = now - (0.0 if arc == AGAIN else self._minutes[arc])
                break
            settled.add(arc)
            missing.discard(arc)
            for after, extra in self._after(arc):
                at = now + extra + self._minutes[after]
                name = AGAIN if after == start and start in self._inner else after
                if at < min(ends.get(name, math.inf), MOST_MINUTES):
                    ends[name] = at
                    heapq.heappush(queue, (at, name))
        within = longest * self._share
        return {arc for arc in settled if ends[arc] - self._minutes[arc] <= within} - {start}

    def _after(self, arc: int) -> Iterator[tuple[int, float]]:
        """Yield the arcs that may follow an arc, and the minutes to turn into them."""
        banned = self._banned.get(arc, frozenset[int]())
        leaving = self.leaving(arc)
        for after in leaving:
            if after in banned:
                continue
            back = self._side[after] == self._side[arc] ^ 1
            if not back or len(leaving) == 1:
                yield after, 0.0
            elif self._u_turn < math.inf:
                yield after, self._u_turn


def _least_return(arcs: TurnArcs) -> float:
    """Return the least share of a street's minutes that the way back takes; at most 1."""
    minutes = np.full((int(arcs.street.max(initial=-1)) + 1, 2), np.nan)
    minutes[arcs.street, arcs.against] = arcs.minutes
    both = minutes[np.isfinite(minutes).all(axis=1) & (minutes.max(axis=1) > 0)]
    if not len(both):
        return 1.0
    return float((both.min(axis=1) / both.max(axis=1)).min())


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

    def some(self, arcs: BoolArray | IntArray) -> TurnArcs:
        """Return some of the arcs, by mask or position."""
        tail, head, minutes, street, against = self
        return TurnArcs(tail[arcs], head[arcs], minutes[arcs], street[arcs], against[arcs])

    @property
    def step(self) -> IntArray:
        """Twice the number of the street, and 1 more where it is gone against."""
        step: IntArray = 2 * self.street.astype(np.int64) + self.against
        return step


def join(one: TurnArcs, other: TurnArcs) -> TurnArcs:
    """Return the arcs of both, one after the other."""
    return TurnArcs(*(np.concatenate(pair) for pair in zip(one, other, strict=True)))
