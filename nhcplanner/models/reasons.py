"""Why a problem has no plan, in words, where its numbers alone show it."""

from __future__ import annotations

import numpy as np

from nhcplanner.domain.problem import Problem
from nhcplanner.domain.words import counted, some
from nhcplanner.models.cover import Positions, within
from nhcplanner.models.rules import pounds, spent, with_rounding


def clashes(problem: Problem) -> list[str]:
    """Rules on the sites that cannot be kept together, in words; empty where they can."""
    found = []
    both = sorted(set(problem.keep) & set(problem.forbid))
    kept = len(problem.keep)
    if both:
        word = "position" if len(both) == 1 else "positions"
        found.append(
            f"{counted(len(both), 'site')} must both stay open and stay shut: "
            f"{word} {some(both, 5)}"
        )
    if problem.count is not None and kept > problem.count:
        most = counted(problem.count, "centre")
        found.append(f"{counted(kept, 'site')} must stay open but at most {most} may open")
    cost = spent(problem, np.array(problem.keep, dtype=np.intp))
    if problem.budget is not None and cost > with_rounding(problem.budget):
        found.append(
            f"the {counted(kept, 'site')} that must stay open cost {pounds(cost)}"
            f" but the budget is {pounds(problem.budget)}"
        )
    return found


def nobody_reaches(problem: Problem, minutes: float) -> Positions:
    """Rows with people that no allowed site reaches within some minutes (inf: at all)."""
    reached = np.diff(within(problem, minutes).indptr) > 0
    return np.flatnonzero(~reached & (problem.people > 0))


def unreached_words(problem: Problem, rows: Positions, minutes: float) -> str:
    """Rows that no allowed site reaches, in words."""
    people = float(problem.people[rows].sum())
    have = "has" if len(rows) == 1 else "have"
    far = f"within {minutes:g} minutes" if np.isfinite(minutes) else "that they can travel to"
    return f"{counted(len(rows), 'area')} ({people:,.10g} people) {have} no allowed site {far}"
