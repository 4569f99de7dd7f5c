"""Rules on which sites may open together: numbers of a kind, distance, either-or."""

from __future__ import annotations

from collections.abc import Callable, Iterable

import numpy as np
import scipy

from nhcplanner.domain.problem import Problem
from nhcplanner.domain.words import counted
from nhcplanner.models.cover import Positions
from nhcplanner.models.program import Program
from nhcplanner.models.rules import Rule


def open_exactly() -> Rule:
    """Just `count` centres, kept ones counted, whether each is needed or not."""

    def write(program: Program) -> None:
        if program.problem.count is not None:
            program.exactly([(v, 1.0) for v in program.opens.values()], program.problem.count)

    return Rule(
        lambda p: "" if p.count is None else f"exactly {counted(p.count, 'centre')} must open",
        write,
        lambda problem, opened: problem.count is None or len(opened) == problem.count,
    )


def at_most_of(group: str, label: str, number: int) -> Rule:
    """At most so many centres of a kind, in a council, or of any other group of sites."""
    return _number_among(
        lambda problem: of_group(problem, group, label),
        (0, number),
        f"at most {counted(number, 'centre')} may open where {group} is {label}",
    )


def at_least_of(group: str, label: str, number: int) -> Rule:
    """At least so many centres of a kind, in a council, or of any other group of sites."""
    return _number_among(
        lambda problem: of_group(problem, group, label),
        (number, None),
        f"at least {counted(number, 'centre')} must open where {group} is {label}",
    )


def at_most_one(positions: Iterable[int], name: str = "") -> Rule:
    """At most one of some sites (either-or)."""
    chosen = np.unique(np.fromiter(positions, dtype=np.intp))
    words = f"at most one may open of {name or 'sites ' + _listed(chosen)}"
    return _number_among(lambda _: chosen, (0, 1), words)


def exactly_one(positions: Iterable[int], name: str = "") -> Rule:
    """One of some sites and no more."""
    chosen = np.unique(np.fromiter(positions, dtype=np.intp))
    words = f"exactly one must open of {name or 'sites ' + _listed(chosen)}"
    return _number_among(lambda _: chosen, (1, 1), words)


def apart(metres: float) -> Rule:
    """No two centres nearer than so many metres, but for two that must both stay open."""

    def write(program: Program) -> None:
        for i, j in _too_near(program.problem, metres):
            program.at_most([(program.opens[i], 1.0), (program.opens[j], 1.0)], 1.0)

    def kept(problem: Problem, opened: Positions) -> bool:
        there = set(opened.tolist())
        return not any(i in there and j in there for i, j in _too_near(problem, metres))

    return Rule(lambda _: f"centres must lie at least {metres:,.10g} m apart", write, kept)


def of_group(problem: Problem, group: str, label: str) -> Positions:
    """Sites that bear a label."""
    return np.flatnonzero(problem.site_groups[group] == label)


def _number_among(
    chosen: Callable[[Problem], Positions], limits: tuple[int, int | None], words: str
) -> Rule:
    low, high = limits

    def write(program: Program) -> None:
        terms = [(program.opens[j], 1.0) for j in chosen(program.problem).tolist()]
        if high is not None:
            program.at_most(terms, high)
        if low:
            program.at_least(terms, low)

    def kept(problem: Problem, opened: Positions) -> bool:
        number = len(np.intersect1d(chosen(problem), opened))
        return low <= number and (high is None or number <= high)

    return Rule(lambda _: words, write, kept)


def _too_near(problem: Problem, metres: float) -> list[tuple[int, int]]:
    if problem.site_xy is None:
        raise ValueError("a least distance between centres needs site_xy")
    if problem.sites < 2:
        return []
    pairs = scipy.spatial.cKDTree(problem.site_xy).query_pairs(metres, output_type="ndarray")
    far = np.hypot(*(problem.site_xy[pairs[:, 0]] - problem.site_xy[pairs[:, 1]]).T)
    kept = np.isin(pairs, problem.keep).all(axis=1)
    near: list[tuple[int, int]] = [(int(i), int(j)) for i, j in pairs[(far < metres) & ~kept]]
    return sorted(near)


def _listed(positions: Positions) -> str:
    return ", ".join(map(str, positions.tolist()))
