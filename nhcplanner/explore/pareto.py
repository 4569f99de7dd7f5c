"""The curve of a trade-off: its points in order, without dominated points, and its knees.

References
----------
Das I (1999), On characterizing the "knee" of the Pareto curve based on normal-boundary
intersection, Structural Optimization 18(2): distance from the line between the ends.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from nhcplanner.domain.plan import Plan, Stage
from nhcplanner.domain.verdict import GoalVerdict

STANDS_OUT = 0.05


@dataclass(frozen=True, eq=False)
class Point:
    """One plan of a trade-off.

    Parameters
    ----------
    plan
        Its two stages are the two goals. The first bound holds for every plan that reaches
        `level`; the second bound for every plan that is as good on the first goal.
    level
        Level that the second goal must reach; None for no level.
    """

    plan: Plan
    level: float | None

    @property
    def first(self) -> Stage:
        """Value of the first goal, with its bound."""
        return self.plan.stages[0]

    @property
    def second(self) -> Stage:
        """Value of the second goal, with its bound."""
        return self.plan.stages[1]

    @property
    def values(self) -> tuple[float, float]:
        """Values of the two goals."""
        return _value(self.first), _value(self.second)

    @property
    def worth(self) -> tuple[float, float]:
        """Values of the two goals, signed so that more is better."""
        return _worth(self.first), _worth(self.second)

    @property
    def gap(self) -> float | None:
        """Gap of the first goal to the best possible at this level; 0 is proved."""
        return GoalVerdict.of(self.first, self.plan.status).gap


@dataclass(frozen=True, eq=False)
class Curve:
    """A trade-off between two goals.

    Parameters
    ----------
    points
        Points that no other point dominates, the best on the first goal first.
    knees
        Positions in `points` where the curve bends: beyond them a small gain on one goal costs
        much of the other.
    """

    points: tuple[Point, ...]
    knees: tuple[int, ...]


def curve(points: Iterable[Point]) -> Curve:
    """Return the points in order, without dominated points, and the knees.

    With both goals scaled from 0 to 1, a knee is farther from the straight line between the
    curve's ends than its neighbours are (Das 1999), and at least 0.05 from it.

    Parameters
    ----------
    points
        In any order, from `frontier`.

    Returns
    -------
    Curve
        The points that no other dominates, and the knees among them.
    """
    front: list[Point] = []
    for point in sorted(points, key=lambda p: p.worth, reverse=True):
        if not front or point.worth[1] > front[-1].worth[1]:
            front.append(point)
    return Curve(tuple(front), _knees(np.array([point.worth for point in front])))


def _knees(worth: npt.NDArray[np.float64]) -> tuple[int, ...]:
    if len(worth) < 3 or not np.isfinite(worth).all():
        return ()
    scores = (worth - worth.min(axis=0)) / np.ptp(worth, axis=0)
    out = scores.sum(axis=1) - 1
    inner = np.arange(1, len(out) - 1)
    tops = (out[inner] >= out[inner - 1]) & (out[inner] > out[inner + 1])
    return tuple(int(i) for i in inner[tops & (out[inner] >= STANDS_OUT)])


def _value(stage: Stage) -> float:
    if stage.value is None:
        raise ValueError(f"{stage.goal} has no value")
    return stage.value


def _worth(stage: Stage) -> float:
    return _value(stage) if stage.sense == "most" else -_value(stage)
