"""Plan: which sites open, and how sure we are of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt

from nhcplanner.base.text import plural, shortened
from nhcplanner.domain.display import Card, Display

Status = Literal["optimal", "feasible", "infeasible", "stopped"]
Sense = Literal["most", "least"]

BY_HAND = "by hand"
"""In place of a solver, for a plan that a planner changed."""


@dataclass(frozen=True)
class Stage:
    """One goal of a plan: what it reached and what no plan can pass.

    Parameters
    ----------
    goal
        The goal's name.
    value
        What the plan reaches; None where no plan was found.
    bound
        No plan that keeps the rules, and the earlier goals at their `held` levels, does better.
    seconds
        Time spent on this goal.
    sense
        "most" where more is better, "least" where less is.
    unit
        What value and bound count: "people", "minutes", "person-minutes", "centres", "pounds",
        "percentage points".
    held
        The level that later goals had to keep: what this goal had reached less its slack.
        None where no goal came later.
    """

    goal: str
    value: float | None
    bound: float | None
    seconds: float
    sense: Sense = "most"
    unit: str = "people"
    held: float | None = None

    @property
    def gap(self) -> float | None:
        """Distance from value to bound as a share of the larger; 0 is proved, None unknown."""
        if self.value is None or self.bound is None:
            return None
        larger = max(abs(self.value), abs(self.bound))
        return abs(self.bound - self.value) / larger if larger else 0.0


@dataclass(frozen=True, eq=False, repr=False)
class Plan(Display):
    """The sites opened, with the proof.

    Parameters
    ----------
    opened
        Positions of the sites open in the plan, ascending, kept ones included.
    status
        "optimal": every stage proved. "feasible": the rules hold, the gap says how far from
        the best it may be. "infeasible": no plan keeps the rules; `reason` says why.
        "stopped": ended before a plan was found.
    stages
        One a goal, in order of priority.
    model
        The model's name in the catalogue.
    solver
        Solver and version.
    seconds
        Time spent in all.
    reason
        For "infeasible" and "stopped": why, in words.
    unreached
        Rows of the problem that no allowed site reaches, where that is the reason.
    assignment
        Site position for each row, -1 for none; None where the model assigns nobody.

    Examples
    --------
    >>> from nhcplanner import Problem, solve
    >>> problem = Problem.from_minutes([[5, 30], [25, 8]], people=[100, 50], count=1)
    >>> plan = solve(problem, "max_coverage")
    >>> plan.opened, plan.status, plan.gap
    ((0,), 'optimal', 0.0)
    """

    opened: tuple[int, ...]
    status: Status
    stages: tuple[Stage, ...]
    model: str
    solver: str
    seconds: float
    reason: str = ""
    unreached: tuple[int, ...] = ()
    assignment: npt.NDArray[np.int64] | None = None

    @property
    def gap(self) -> float | None:
        """The widest gap of its goals; None where it has none, or one is not known."""
        gaps = [stage.gap for stage in self.stages]
        known = [gap for gap in gaps if gap is not None]
        return max(known) if known and len(known) == len(gaps) else None

    def _card(self) -> Card:
        title = f"Plan by {self.model}: {self.status}, {plural(len(self.opened), 'centre')}"
        rows = [
            {
                "goal": one.goal.replace("_", " "),
                "reaches": one.value,
                "no plan passes": one.bound,
                "unit": one.unit,
                "gap": _gap(one.gap),
            }
            for one in self.stages
        ]
        notes = [f"Opens the sites in rows {shortened(self.opened)}"] if self.opened else []
        notes += [self.reason] if self.reason else []
        return Card(title, rows, (*notes, f"{self.solver}, {self.seconds:.1f} s"))


def _gap(gap: float | None) -> str:
    if gap is None:
        return "not known"
    return f"{100 * gap:.2g} %" if gap else "0, proved"
