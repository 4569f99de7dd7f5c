"""Which rules clash: the smallest set of rules that no plan keeps together."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations

from nhcplanner.domain.problem import Problem
from nhcplanner.models.clock import Clock
from nhcplanner.models.goals import fewest_centres
from nhcplanner.models.highs import Effort, Highs
from nhcplanner.models.program import Program
from nhcplanner.models.rules import Rule

MOST_SECONDS = 20.0
MOST_TRIES = 300


class Clashes:
    """Looks for the fewest rules that clash, as long as time is left.

    Parameters
    ----------
    problem
        What the rules are about.
    clock
        Of the whole solve; half of what is left may be used, and never more than 20 seconds.
    """

    def __init__(self, problem: Problem, clock: Clock) -> None:
        self.problem, self.clock = problem, clock
        self.end = clock.seconds + min(MOST_SECONDS, clock.left / 2)
        self.tries = 0

    def smallest(self, rules: Sequence[Rule]) -> tuple[tuple[Rule, ...], bool]:
        """The fewest of some clashing rules that clash, and whether fewer are proved not to.

        First each rule is left out in turn, for good where the rest still clash: what remains
        clashes, and would not without any one of its rules. Then every smaller set is tried.
        """
        left = tuple(rules)
        for rule in rules:
            others = tuple(r for r in left if r is not rule)
            if self.clash(others):
                left = others
        for number in range(1, len(left)):
            for few in combinations(rules, number):
                if self.clash(few):
                    return few, not self.over
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
        solver = Highs(Effort(max(self.end - self.clock.seconds, 0.01), first=True))
        program.lp.solve(solver)
        return solver.infeasible

    @property
    def over(self) -> bool:
        """Whether time is up."""
        return self.clock.seconds >= self.end or self.tries >= MOST_TRIES or not self.clock.left


def together(problem: Problem, rules: Sequence[Rule], clock: Clock) -> str:
    """Rules that no plan keeps together, in words: the fewest, where time allows to tell."""
    in_force = [rule for rule in rules if rule.words(problem)]
    few, smallest = Clashes(problem, clock).smallest(in_force)
    words = "; ".join(rule.words(problem) for rule in few)
    if len(few) == 1:
        return f"no plan keeps this rule: {words}"
    rest = "" if smallest else " (perhaps not all of them are to blame)"
    return f"no plan keeps these rules together: {words}{rest}"
