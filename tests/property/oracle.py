"""What a plan made goal by goal must be, told from the values of every set of sites alone."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from nhcplanner.domain.plan import Plan, Stage

Plans = list[list[int]]
ROOM = 1e-4


def agrees(
    plan: Plan, slacks: list[float], values: list[Callable[[list[int]], float]], left: Plans
) -> None:
    """Demand that each stage is the best of the plans left, is proved, and is held as promised.

    Parameters
    ----------
    plan
        The package's.
    slacks, values
        Of each goal: the share that it may give up, and what a set of sites reaches.
    left
        Every set of sites that keeps all rules.
    """
    if not left:
        assert plan.status == "infeasible"
        assert plan.reason
        return
    opened = list(plan.opened)
    assert plan.status == "optimal"
    assert opened in left
    for stage, slack, value in zip(plan.stages, slacks, values, strict=True):
        reached = [float(value(chosen)) for chosen in left]
        best = max(reached) if stage.sense == "most" else min(reached)
        near = pytest.approx(best, rel=ROOM, abs=ROOM)
        assert stage.bound == near
        assert stage.bound >= best - 1e-6 if stage.sense == "most" else stage.bound <= best + 1e-6
        assert stage.value == pytest.approx(float(value(opened)), rel=1e-6, abs=1e-5)
        if stage.held is None:
            assert stage.value == near
            continue
        assert holds(stage, stage.value, stage.held)
        most = stage.sense == "most"
        assert holds(stage, stage.held, best + slack * abs(best) * (-1 if most else 1))
        left = [s for s, v in zip(left, reached, strict=True) if holds(stage, v, stage.held)]


def holds(stage: Stage, value: float, level: float) -> bool:
    """Whether a value keeps a level, as near as the package promises."""
    room = ROOM * max(1.0, abs(level))
    return value >= level - room if stage.sense == "most" else value <= level + room
