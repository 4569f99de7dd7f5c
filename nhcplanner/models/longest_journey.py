"""The shortest longest journey, by bisection over the minutes that occur in the problem.

References
----------
Minieka E (1970), The m-center problem, SIAM Review 12(1): a set cover for each level.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from nhcplanner.base.arrays import Positions
from nhcplanner.base.clock import Clock
from nhcplanner.domain.problem import Problem
from nhcplanner.models.coverage import merged
from nhcplanner.models.goal_types import WorstGoal
from nhcplanner.models.goals import fewest_centres
from nhcplanner.models.highs import TERMS_A_SECOND, Highs, SolverEffort
from nhcplanner.models.program import Program
from nhcplanner.models.rule_types import Rule
from nhcplanner.models.search.start import SearchState, fewest


@dataclass(frozen=True, eq=False)
class LevelFound:
    """Result of the bisection.

    Parameters
    ----------
    opened
        Sites of the best plan; None where none was found.
    bound
        Fewest minutes that may be possible.
    impossible
        True where no plan serves everyone at all.
    """

    opened: Positions | None
    bound: float
    impossible: bool


@dataclass(frozen=True, eq=False)
class LevelSolver:
    """Decides whether a plan that keeps some rules keeps people within some minutes."""

    problem: Problem
    goal: WorstGoal
    rules: Sequence[Rule]
    clock: Clock
    end: float

    def solve(self, minutes: float) -> tuple[bool | None, Positions | None]:
        """Return True with a plan, False where there is none, None where time was too short."""
        left = self.end - self.clock.seconds
        near = replace(self.problem, reach=minutes)
        if all(self._allows_merging(rule) for rule in self.rules):
            near, _ = merged(near)
        quick = fewest(near, SearchState((fewest_centres(),), left / 4, self.clock))
        if quick is not None and self._keeps(quick, minutes):
            return True, quick
        program = Program(replace(near, reach=self.problem.reach), is_lean=True)
        for rule in self.rules:
            rule(program)
        self.goal.within(program, minutes)
        program.lp.setObjective(fewest_centres()(program))
        if program.size > TERMS_A_SECOND * (self.end - self.clock.seconds):
            return None, None
        while True:
            seconds = max(self.end - self.clock.seconds, 0.01)
            solver = Highs(SolverEffort(seconds, first=True), watch=self._tell_nothing)
            program.lp.solve(solver)
            if solver.infeasible:
                return False, None
            if not solver.found:
                return None, None
            opened = program.opened()
            if self._keeps(opened, minutes):
                return True, opened
            if not all(rule.is_exact for rule in self.rules) or self.clock.seconds > self.end:
                return None, None
            program.exclude(opened)  # it breaks a rule by less than the solver's tolerance

    def _tell_nothing(self, _best: float, _bound: float) -> bool:
        return self.clock.tell(None, None)

    def _allows_merging(self, rule: Rule) -> bool:
        """Whether plans still keep a rule where sites are replaced by others that reach as many."""
        everyone = self.goal.share == 1 and rule.follows_from_reach
        return rule.is_of_sites or everyone or not rule.words(self.problem)

    def _keeps(self, opened: Positions, minutes: float) -> bool:
        return self.goal.score(self.problem, opened) <= minutes and all(
            rule.kept(self.problem, opened) for rule in self.rules
        )


def shortest_worst(
    problem: Problem,
    goal: WorstGoal,
    rules: Sequence[Rule],
    opened: Positions | None,
    clock: Clock,
    seconds: float,
) -> LevelFound:
    """Return the shortest longest journey, by halving the levels that may be it.

    A level is a number of minutes that occurs in the problem. Exact where time allows; otherwise
    the bound is the lowest level not proved impossible.
    """
    levels = goal.levels(problem)
    solver = LevelSolver(problem, goal, rules, clock, clock.seconds + seconds)
    proved, low = 0, 0
    high = len(levels)
    if opened is not None:
        high = int(np.searchsorted(levels, goal.score(problem, opened)))
    while low < high and clock.seconds < solver.end and clock.left:
        middle = (low + high) // 2
        answer, plan = solver.solve(float(levels[middle]))
        if plan is not None:
            opened = plan
            high = int(np.searchsorted(levels, goal.score(problem, plan)))
        else:
            low = middle + 1
            if answer is False:
                proved = low
    impossible = proved == len(levels)
    bound = np.inf if impossible else float(levels[proved])
    return LevelFound(opened, bound, impossible)
