"""Reasons for infeasibility: limits that exclude each other, and the fewest rules that clash.

References
----------
Chinneck JW, Dravnieks EW (1991), Locating minimal infeasible constraint sets in linear programs,
ORSA Journal on Computing 3(2): the deletion filter.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations

import numpy as np

from nhcplanner.base.arrays import Positions
from nhcplanner.base.clock import Clock
from nhcplanner.base.text import plural, shortened
from nhcplanner.domain.problem import Problem
from nhcplanner.models.coverage import within
from nhcplanner.models.goals import fewest_centres
from nhcplanner.models.highs import Highs, SolverEffort
from nhcplanner.models.program import Program
from nhcplanner.models.rule_types import Rule
from nhcplanner.models.rules import pounds, total_cost, with_rounding


def find_clashes(problem: Problem) -> list[str]:
    """Return, in words, the limits on sites that exclude each other; empty if none do."""
    sentences = []
    both = sorted(set(problem.keep) & set(problem.forbid))
    required = len(problem.keep)
    if both:
        word = "position" if len(both) == 1 else "positions"
        sentences.append(
            f"{plural(len(both), 'site')} must both open and not open: {word} {shortened(both, 5)}"
        )
    if problem.count is not None and required > problem.count:
        most = plural(problem.count, "centre")
        sentences.append(f"{plural(required, 'site')} must open but at most {most} may open")
    cost = total_cost(problem, np.array(problem.keep, dtype=np.intp))
    if problem.budget is not None and cost > with_rounding(problem.budget):
        sentences.append(
            f"the {plural(required, 'site')} that must open cost {pounds(cost)}"
            f" but the budget is {pounds(problem.budget)}"
        )
    return sentences


def find_unreached_rows(problem: Problem, minutes: float) -> Positions:
    """Return rows with people that no allowed site reaches within some minutes (inf: at all)."""
    is_reached = np.diff(within(problem, minutes).indptr) > 0
    return np.flatnonzero(~is_reached & (problem.people > 0))


def unreached_words(problem: Problem, rows: Positions, minutes: float) -> str:
    """Return, in words, how many rows no allowed site reaches."""
    people = float(problem.people[rows].sum())
    have = "has" if len(rows) == 1 else "have"
    far = f"within {minutes:g} minutes" if np.isfinite(minutes) else "that they can travel to"
    rows_words = plural(len(rows), problem.row_name)
    return f"{rows_words} ({people:,.10g} people) {have} no allowed site {far}"


MOST_SECONDS = 20.0
MOST_TRIES = 300


class Clashes:
    """Search for the fewest rules that clash, as far as time allows.

    Parameters
    ----------
    problem
        The problem that the rules apply to.
    clock
        Clock of the whole solve. The search uses at most half of the time left, and 20 seconds.
    """

    def __init__(self, problem: Problem, clock: Clock) -> None:
        self.problem, self.clock = problem, clock
        self.end = clock.seconds + min(MOST_SECONDS, clock.left / 2)
        self.tries = 0

    def smallest(self, rules: Sequence[Rule]) -> tuple[tuple[Rule, ...], bool]:
        """Return the fewest rules that clash, and whether it is proved that fewer do not.

        The deletion filter (Chinneck and Dravnieks 1991) removes each rule in turn if the others
        still clash, so the rules left are irreducible. Then every smaller set is tried.
        """
        left = tuple(rules)
        for rule in rules:
            others = tuple(r for r in left if r is not rule)
            if self.clash(others):
                left = others
        for number in range(1, len(left)):
            for fewer_rules in combinations(rules, number):
                if self.clash(fewer_rules):
                    return fewer_rules, not self.over
        return left, not self.over

    def clash(self, rules: Sequence[Rule]) -> bool:
        """Whether it is proved that no plan keeps all these rules."""
        if not rules or self.over:
            return False
        self.tries += 1
        program = Program(self.problem)
        for rule in rules:
            rule(program)
        program.lp.setObjective(fewest_centres()(program))
        solver = Highs(SolverEffort(max(self.end - self.clock.seconds, 0.01), first=True))
        program.lp.solve(solver)
        return solver.infeasible

    @property
    def over(self) -> bool:
        """Whether time is up."""
        return self.clock.seconds >= self.end or self.tries >= MOST_TRIES or not self.clock.left


def explain_clash(problem: Problem, rules: Sequence[Rule], clock: Clock) -> str:
    """Return, in words, the fewest rules that no plan keeps together."""
    in_force = [rule for rule in rules if rule.words(problem)]
    clashing, smallest = Clashes(problem, clock).smallest(in_force)
    words = "; ".join(rule.words(problem) for rule in clashing)
    if len(clashing) == 1:
        return f"this rule can't be met: {words}"
    rest = "" if smallest else " (perhaps fewer of them clash)"
    return f"these rules can't all be met: {words}{rest}"
