"""Arcs: streets by direction of travel."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from nhcplanner.base.arrays import BoolArray, FloatArray, IntArray


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

    def some(self, chosen: BoolArray | IntArray) -> TurnArcs:
        """Some of the arcs, by mask or position."""
        tail, head, minutes, street, against = self
        return TurnArcs(
            tail[chosen], head[chosen], minutes[chosen], street[chosen], against[chosen]
        )

    @property
    def step(self) -> IntArray:
        """Twice the number of the street, and 1 more where it is gone against."""
        step: IntArray = 2 * self.street.astype(np.int64) + self.against
        return step


def join(one: TurnArcs, other: TurnArcs) -> TurnArcs:
    """Arcs one after the other."""
    return TurnArcs(*(np.concatenate(pair) for pair in zip(one, other, strict=True)))
