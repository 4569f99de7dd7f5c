"""The curve of a trade-off: its points in order, without dominated ones, with its knees."""

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
        Its two stages are the two goals. The first one's bound holds for every plan that
        reaches `level`; the second one's for every plan that is as good on the first.
    level
        What the second goal had to reach; None where it had no level.
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
        """How far the first goal may be from the best at this level; 0 is proved."""
        return GoalVerdict.of(self.first, self.plan.status).gap


@dataclass(frozen=True, eq=False)
class Curve:
    """A trade-off between two goals.

    Parameters
    ----------
    points
        None better than another on both goals; the best on the first goal comes first.
    knees
        Positions in `points` where the curve bends: beyond them a little more of the one goal
        takes much of the other.
    """

    points: tuple[Point, ...]
    knees: tuple[int, ...]


def curve(points: Iterable[Point]) -> Curve:
    """Return the points in order, without those that another one dominates, and the knees.

    With both goals scaled from 0 to 1, a knee is a point that stands out from the straight line
    between the curve's ends more than its neighbours do, by a twentieth at least.

    Parameters
    ----------
    points
        In any order, from `frontier`.

    Returns
    -------
    Curve
        The points that no other dominates, and the knees among them.
    """
    kept: list[Point] = []
    for point in sorted(points, key=lambda p: p.worth, reverse=True):
        if not kept or point.worth[1] > kept[-1].worth[1]:
            kept.append(point)
    return Curve(tuple(kept), _knees(np.array([point.worth for point in kept])))


def _knees(worth: npt.NDArray[np.float64]) -> tuple[int, ...]:
    if len(worth) < 3 or not np.isfinite(worth).all():
        return ()
    scaled = (worth - worth.min(axis=0)) / np.ptp(worth, axis=0)
    out = scaled.sum(axis=1) - 1
    inner = np.arange(1, len(out) - 1)
    tops = (out[inner] >= out[inner - 1]) & (out[inner] > out[inner + 1])
    return tuple(int(i) for i in inner[tops & (out[inner] >= STANDS_OUT)])


def _value(stage: Stage) -> float:
    if stage.value is None:
        raise ValueError(f"{stage.goal} has no value")
    return stage.value


def _worth(stage: Stage) -> float:
    return _value(stage) if stage.sense == "most" else -_value(stage)
