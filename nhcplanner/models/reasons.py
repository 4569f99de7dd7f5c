"""Why a problem has no plan, in words, where its numbers alone show it."""

from __future__ import annotations

import numpy as np

from nhcplanner.domain.problem import Problem
from nhcplanner.models.cover import Positions, within
from nhcplanner.models.rules import centres, pounds, sites, spent


def clashes(problem: Problem) -> list[str]:
    """Rules on the sites that cannot be kept together, in words; empty where they can."""
    found = []
    both = sorted(set(problem.keep) & set(problem.forbid))
    kept = len(problem.keep)
    if both:
        found.append(f"{sites(len(both))} must both stay open and stay shut: {_listed(both)}")
    if problem.count is not None and kept > problem.count:
        found.append(f"{sites(kept)} must stay open but at most {centres(problem.count)} may open")
    cost = spent(problem, np.array(problem.keep, dtype=np.intp))
    if problem.budget is not None and cost > problem.budget:
        found.append(
            f"the {sites(kept)} that must stay open cost {pounds(cost)}"
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
    areas = "1 area" if len(rows) == 1 else f"{len(rows):,} areas"
    have = "has" if len(rows) == 1 else "have"
    far = f"within {minutes:g} minutes" if np.isfinite(minutes) else "that they can travel to"
    return f"{areas} ({people:,.10g} people) {have} no allowed site {far}"


def _listed(positions: list[int], most: int = 5) -> str:
    text = ", ".join(map(str, positions[:most]))
    more = len(positions) - most
    word = "position" if len(positions) == 1 else "positions"
    return f"{word} {text}" + (f" and {more} more" if more > 0 else "")
