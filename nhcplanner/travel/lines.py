"""Lines: streets as shapes on the ground, from node to node."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import scipy
import shapely

from nhcplanner.travel.arrays import BoolArray, FloatArray, IntArray


@dataclass(frozen=True, eq=False)
class Lines:
    """Streets as lines, in the direction that they were drawn.

    Parameters
    ----------
    xy
        Nodes x 2, metres.
    source, target
        Node at which each street begins and ends.
    bend_start, bends
        Points between the ends of each street: rows `bend_start[i]` to `bend_start[i + 1]` of
        `bends` (points x 2, metres).
    """

    xy: FloatArray
    source: IntArray
    target: IntArray
    bend_start: IntArray
    bends: FloatArray

    @classmethod
    def straight(cls, xy: FloatArray, source: IntArray, target: IntArray) -> Lines:
        """Streets without bends."""
        return cls(xy, source, target, np.zeros(len(source) + 1, dtype=np.int64), np.empty((0, 2)))

    def __len__(self) -> int:
        return len(self.source)

    def some(self, chosen: BoolArray | IntArray) -> Lines:
        """Some of the streets, by mask or position."""
        which = np.arange(len(self))[chosen]
        row, _, start = _runs(self.bend_start, which)
        return Lines(self.xy, self.source[which], self.target[which], start, self.bends[row])

    def on_nodes(self, xy: FloatArray, number: IntArray) -> Lines:
        """The same streets on nodes that are numbered anew."""
        source, target = number[self.source], number[self.target]
        return Lines(xy, source, target, self.bend_start, self.bends)

    @cached_property
    def boxes(self) -> FloatArray:
        """West, south, east and north of each street, metres."""
        ends = self.xy[self.source], self.xy[self.target]
        low, high = np.minimum(*ends), np.maximum(*ends)
        bent = np.flatnonzero(np.diff(self.bend_start))
        if len(bent):
            at = self.bend_start[bent]
            low[bent] = np.minimum(low[bent], np.minimum.reduceat(self.bends, at))
            high[bent] = np.maximum(high[bent], np.maximum.reduceat(self.bends, at))
        return np.hstack([low, high])

    @cached_property
    def length(self) -> FloatArray:
        """Metres along each street, as drawn."""
        begin, end = self.xy[self.source], self.xy[self.target]
        length: FloatArray = np.hypot(*(end - begin).T)
        bent = np.flatnonzero(np.diff(self.bend_start))
        if len(bent):
            first, last = self.bend_start[bent], self.bend_start[bent + 1] - 1
            steps = np.append(np.hypot(*np.diff(self.bends, axis=0).T), 0.0)
            run = np.concatenate([[0.0], np.cumsum(steps)])
            length[bent] = (
                np.hypot(*(self.bends[first] - begin[bent]).T)
                + run[last] - run[first]
                + np.hypot(*(end[bent] - self.bends[last]).T)
            )  # fmt: skip
        return length

    @cached_property
    def ends(self) -> scipy.spatial.KDTree:
        """The nodes at which streets begin and end, to search by place."""
        used = np.unique(np.concatenate([self.source, self.target]))
        return scipy.spatial.KDTree(self.xy[used], balanced_tree=False, compact_nodes=False)

    def shapes(self, chosen: IntArray) -> np.ndarray:
        """Some of the streets as shapely lines."""
        row, owner, start = _runs(self.bend_start, chosen)
        points = np.empty((len(row) + 2 * len(chosen), 2))
        number = np.arange(len(chosen))
        first, last = start[:-1] + 2 * number, start[1:] + 2 * number + 1
        points[first], points[last] = self.xy[self.source[chosen]], self.xy[self.target[chosen]]
        points[np.arange(len(row)) + 2 * owner + 1] = self.bends[row]
        return np.asarray(
            shapely.linestrings(points, indices=np.repeat(number, np.diff(start) + 2))
        )


def _runs(start: IntArray, chosen: IntArray) -> tuple[IntArray, IntArray, IntArray]:
    """Rows of some runs, which run each belongs to, and where each run then starts."""
    count = start[chosen + 1] - start[chosen]
    fresh = np.concatenate([[0], np.cumsum(count)])
    owner = np.repeat(np.arange(len(chosen)), count)
    row = np.arange(fresh[-1]) - fresh[owner] + start[chosen][owner]
    return row, owner, fresh
