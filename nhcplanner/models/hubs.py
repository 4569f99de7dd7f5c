"""Hub and spoke: each centre that is no hub is near an open hub."""

from __future__ import annotations

import numpy as np

from nhcplanner.base.arrays import Mask, Positions
from nhcplanner.base.errors import Fault, InputError
from nhcplanner.domain.choices import Choice
from nhcplanner.domain.problem import Problem
from nhcplanner.models.program import Program
from nhcplanner.models.rule_types import NamedRule, Rule

MOST_MINUTES = 240.0


def near_hub(minutes: float) -> Rule:
    """Return the rule that each spoke is within some minutes of an open hub.

    Spokes are the open sites that are no hub of the problem and need not stay open. A plan without
    spokes needs no hub.
    """

    def write(program: Program) -> None:
        problem = program.problem
        near = _near(problem, minutes)
        for j in spokes(problem).tolist():
            if j in program.opens:
                hubs = [problem.hubs[h] for h in np.flatnonzero(near[:, j]).tolist()]
                terms = [(program.opens[h], 1.0) for h in hubs if h in program.opens]
                program.at_least([*terms, (program.opens[j], -1.0)], 0.0)

    def is_kept(problem: Problem, opened: Positions) -> bool:
        near = _near(problem, minutes)[np.isin(problem.hubs, opened)]
        return bool(near[:, np.intersect1d(opened, spokes(problem))].any(axis=0).all())

    words = f"each centre that is no hub must be within {minutes:,.10g} minutes of a hub, by car"
    return Rule(lambda _: words, write, is_kept)


def spokes(problem: Problem) -> Positions:
    """Return the sites that need a hub near them if they open."""
    every = np.arange(problem.sites)
    return np.setdiff1d(every, [*problem.hubs, *problem.keep]).astype(np.intp)


def _near(problem: Problem, minutes: float) -> Mask:
    if problem.hub_minutes is None:
        return np.zeros((0, problem.sites), dtype=bool)
    return np.asarray(problem.hub_minutes <= minutes)


def _rule(line: Choice, problem: Problem | None) -> Rule:
    if problem is not None and not problem.hubs:
        hint = "Name ids of sites, or kind:hospital, in the key hubs"
        raise InputError([Fault("near_hub needs sites that may be hubs", "scenario", hint=hint)])
    return near_hub(float(line.label))


def _fault(line: Choice) -> str:
    try:
        fits = 0 < float(line.label) <= MOST_MINUTES and line.number is None
    except ValueError:
        fits = False
    return "" if fits else "should be like near_hub:20 (minutes)"


NEAR_HUB = NamedRule("near_hub", _rule, fault=_fault)
