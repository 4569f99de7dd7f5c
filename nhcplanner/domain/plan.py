"""Plans: the sites that open, the people whom each serves, and the proof."""

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
"""Percentage points within the solver's tolerance: a smaller difference is not a gap."""
BY_HAND = "by hand"
"""Name of the solver of a plan that was changed by hand."""


@dataclass(frozen=True, eq=False)
class Allocation:
    """Shares of each row's people that a plan assigns to sites.

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
        """Return the allocation of all people of the served rows to their nearest sites.

        Parameters
        ----------
        nearest
            Nearest open site of each row, -1 for none (shape row).
        is_served
            Whether each row is served (shape row).
        """
        rows = np.flatnonzero(is_served & (nearest >= 0))
        return cls(rows, nearest[rows].astype(np.int64), np.ones(len(rows)))

    def people_at(self, people: Floats, sites: int) -> Floats:
        """Return the people whom each site serves (shape site), from the people of each row."""
        people_sent = people[self.rows] * self.shares
        return np.bincount(self.sites, people_sent, minlength=sites).astype(np.float64)

    def on_rows(self, rows: Ints) -> Allocation:
        """Return the allocation for a larger problem, in which row n is row `rows[n]`."""
        return Allocation(rows[self.rows], self.sites, self.shares)

    def among_rows(self, rows: Ints) -> Allocation:
        """Return the allocation for a smaller problem, of whose rows row n is `rows[n]` here."""
        kept = np.flatnonzero(np.isin(self.rows, rows))
        new = np.searchsorted(rows, self.rows[kept]).astype(np.int64)
        return Allocation(new, self.sites[kept], self.shares[kept])


@dataclass(frozen=True)
class Stage:
    """One goal of a plan: its value, and a bound that no plan can beat.

    Parameters
    ----------
    goal
        The goal's name.
    value
        Value of the plan; None if there is no plan.
    bound
        No plan that keeps the rules, and the earlier goals at their `held` levels, does better.
    seconds
        Time spent on this goal.
    sense
        "most" if more is better, "least" if less is better.
    unit
        Unit of value and bound: "people", "minutes", "person-minutes", "centres", "pounds",
        "percentage points".
    held
        Level that later goals had to keep: the value less the slack; None if no goal is later.
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
    """A plan: the sites that open, with the proof.

    Parameters
    ----------
    opened
        Positions of the open sites, ascending, including those that must stay open.
    status
        "optimal": every stage is proved. "feasible": the rules hold, and the gap is the largest
        distance from the best. "infeasible": no plan keeps the rules; `reason` says why.
        "stopped": the search ended before a plan was found.
    stages
        Result of each goal, in order of priority.
    model
        The model's name in the catalogue.
    solver
        Solver and version.
    seconds
        Time spent in all.
    reason
        For "infeasible" and "stopped": why, in words.
    unreached
        Rows of the problem that no allowed site reaches, if that is the reason.
    assignment
        Site position for each row, -1 for none; None if the model assigns nobody.
    allocation
        People whom each centre serves, if capacity or a least or most number of people decides it;
        None if everyone goes to the nearest centre.
    site_ids
        Id of each site of the problem; None if the sites have no ids.
    sizes
        Size of each open site, in the order of `opened`; "" for a site without sizes. Empty if
        the scenario offers none.

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
    sizes: tuple[str, ...] = ()

    @property
    def opened_ids(self) -> tuple[str, ...]:
        """Ids of the sites that open, in the order of `opened`.

        Raises
        ------
        InputError
            If the problem's sites have no ids.
        """
        if self.site_ids is None:
            hint = "give Problem.from_minutes a DataFrame or site_ids"
            raise InputError([f"the sites of this plan have no ids; {hint}"])
        return tuple(self.site_ids[site] for site in self.opened)

    @property
    def gap(self) -> float | None:
        """The widest gap of its goals; None if it has no goals, or a gap is not known."""
        gaps = [stage.gap for stage in self.stages]
        known_gaps = [gap for gap in gaps if gap is not None]
        return max(known_gaps) if known_gaps and len(known_gaps) == len(gaps) else None

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
