"""Plans: the sites that open, whom each serves, and what is proved."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt

from nhcplanner.base.errors import InputError
from nhcplanner.base.text import plural, shortened
from nhcplanner.domain.display import Card, Display

Status = Literal["optimal", "feasible", "infeasible", "stopped"]
Sense = Literal["most", "least"]

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]

POINTS = 1e-4
"""Percentage points that the solver cannot tell from none: no share of a value near 0 is a gap."""
BY_HAND = "by hand"
"""In place of a solver, for a plan that a planner changed."""


@dataclass(frozen=True, eq=False)
class Allocation:
    """Which share of each row's people a plan sends to which site.

    Parameters
    ----------
    rows, sites
        Positions of rows and of open sites, one pair an entry (shape entry).
    shares
        Share of the row's people sent to the site, above 0 and at most 1 (shape entry).
    """

    rows: Ints
    sites: Ints
    shares: Floats

    @classmethod
    def to_nearest(cls, nearest: Ints, is_served: npt.NDArray[np.bool_]) -> Allocation:
        """All people of the rows served, each row to its nearest site.

        Parameters
        ----------
        nearest
            Nearest open site of each row, -1 for none (shape row).
        is_served
            Whether the row is served at all (shape row).
        """
        rows = np.flatnonzero(is_served & (nearest >= 0))
        return cls(rows, nearest[rows].astype(np.int64), np.ones(len(rows)))

    def people_at(self, people: Floats, sites: int) -> Floats:
        """People whom each site serves (shape site), from the people of each row."""
        sent = people[self.rows] * self.shares
        return np.bincount(self.sites, sent, minlength=sites).astype(np.float64)

    def on_rows(self, rows: Ints) -> Allocation:
        """The same allocation where row n of this one is row `rows[n]` of a larger problem."""
        return Allocation(rows[self.rows], self.sites, self.shares)


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
    seconds: float = 0.0
    sense: Sense = "most"
    unit: str = "people"
    held: float | None = None

    @property
    def gap(self) -> float | None:
        """Distance from value to bound as a share of the larger; 0 is proved, None unknown."""
        if self.value is None or self.bound is None:
            return None
        apart = abs(self.bound - self.value)
        if self.unit == "percentage points" and apart <= POINTS:
            return 0.0
        larger = max(abs(self.value), abs(self.bound))
        return apart / larger if larger else 0.0


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
    allocation
        Whom each centre serves, where capacity or a least or most number of people decides it;
        None where everyone goes to the nearest centre.
    site_ids
        Id of each site of the problem; None where its sites have none.

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
    allocation: Allocation | None = None
    site_ids: tuple[str, ...] | None = None

    @property
    def opened_ids(self) -> tuple[str, ...]:
        """Ids of the sites that open, in the order of `opened`.

        Raises
        ------
        InputError
            Where the problem's sites have no ids.
        """
        if self.site_ids is None:
            hint = "give Problem.from_minutes a DataFrame or site_ids"
            raise InputError([f"the sites of this plan have no ids; {hint}"])
        return tuple(self.site_ids[site] for site in self.opened)

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
        where = f"rows {shortened(self.opened)}" if self.site_ids is None else ""
        notes = [f"Opens the sites {where or shortened(self.opened_ids)}"] if self.opened else []
        notes += [self.reason] if self.reason else []
        return Card(title, rows, (*notes, f"{self.solver}, {self.seconds:.1f} s"))


def _gap(gap: float | None) -> str:
    if gap is None:
        return "not known"
    return f"{100 * gap:.2g}%" if gap else "0, proved"
