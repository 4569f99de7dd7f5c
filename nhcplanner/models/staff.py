"""Staff as a limit: the services that centres must be given need staff."""

from __future__ import annotations

import numpy as np

from nhcplanner.base.arrays import Floats, Positions
from nhcplanner.domain.choices import Choice
from nhcplanner.domain.problem import Problem
from nhcplanner.models.program import Program
from nhcplanner.models.rule_types import NamedRule, Rule

ROUNDING = 1e-9


def staff_at_most(most: float) -> Rule:
    """Return the rule that the services which centres lack need at most some staff in all."""

    def needed(problem: Problem) -> Floats:
        return np.zeros(problem.sites) if problem.staff is None else problem.staff

    def write(program: Program) -> None:
        staff = needed(program.problem)
        terms = [(v, float(staff[j])) for j, v in program.opens.items() if staff[j]]
        program.at_most(terms, most * (1 + ROUNDING))

    def is_kept(problem: Problem, opened: Positions) -> bool:
        return float(needed(problem)[opened].sum()) <= most * (1 + ROUNDING)

    words = f"services that centres lack may need at most {most:,.10g} staff"
    return Rule(lambda _: words, write, is_kept)


STAFF = NamedRule(
    "most_staff",
    lambda line, _: staff_at_most(line.number or 0.0),
    lambda scenario: [] if scenario.most_staff is None else [Choice("", "", scenario.most_staff)],
)
