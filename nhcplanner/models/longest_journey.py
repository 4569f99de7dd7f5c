"""The shortest longest journey, by bisection over the minutes that occur in the problem.

References
----------
Minieka E (1970), The m-center problem, SIAM Review 12(1): a set cover for each level of minutes.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from nhcplanner.base.arrays import Positions
from nhcplanner.base.clock import Clock
from nhcplanner.domain.problem import Problem
from nhcplanner.models.coverage import merge_equivalent_sites
from nhcplanner.models.goal_types import WorstGoal
from nhcplanner.models.goals import fewest_centres
from nhcplanner.models.highs import TERMS_A_SECOND, Highs, SolverEffort
from nhcplanner.models.program import Program
from nhcplanner.models.rule_types import Rule
from nhcplanner.models.search.coverage import SearchState, fewest


@dataclass(frozen=True, eq=False)
class LongestJourney:
    """Result of the bisection.

    Parameters
    ----------
    opened
        Sites of the best plan; None if there is none.
    bound
        Fewest minutes that may be possible.
    impossible
        Whether no plan serves everyone, however far.
    """

    opened: Positions | None
    bound: float
    impossible: bool


@dataclass(frozen=True, eq=False)
class LevelSolver:
    """Solver of one step: whether a plan keeps the rules, with people within a level."""

    problem: Problem
    goal: WorstGoal
    rules: Sequence[Rule]
    clock: Clock
    end: float

    def solve(self, minutes: float) -> tuple[bool | None, Positions | None]:
        """Return True with a plan, False if there is none, None if time is too short."""
        left = self.end - self.clock.seconds
        near = replace(self.problem, reach=minutes)
        if all(self._allows_merging(rule) for rule in self.rules):
            near, _ = merge_equivalent_sites(near)
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
            if not solver.has_plan:
                return None, None
            opened = program.opened()
            if self._keeps(opened, minutes):
                return True, opened
            if not all(rule.is_exact for rule in self.rules) or self.clock.seconds > self.end:
                return None, None
            program.exclude(opened)  # the plan breaks a rule by less than the solver's tolerance

    def _tell_nothing(self, _best: float, _bound: float) -> bool:
        return self.clock.tell(None, None)

    def _allows_merging(self, rule: Rule) -> bool:
        """Whether plans still keep a rule if sites are replaced by others with the same reach."""
        everyone = self.goal.share == 1 and rule.follows_from_reach
        return rule.is_of_sites or everyone or not rule.words(self.problem)

    def _keeps(self, opened: Positions, minutes: float) -> bool:
        return self.goal.score(self.problem, opened) <= minutes and all(
            rule.is_kept(self.problem, opened) for rule in self.rules
        )


def shortest_worst(
    problem: Problem,
    goal: WorstGoal,
    rules: Sequence[Rule],
    opened: Positions | None,
    clock: Clock,
    seconds: float,
) -> LongestJourney:
    """Return the shortest longest journey, by bisection over the possible levels.

    A level is a number of minutes that occurs in the problem. The result is exact if time allows;
    otherwise the bound is the lowest level that is not proved impossible.
    """
    levels = goal.levels(problem)
    solver = LevelSolver(problem, goal, rules, clock, clock.seconds + seconds)
    number_proved, low = 0, 0
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
                number_proved = low
    impossible = number_proved == len(levels)
    bound = np.inf if impossible else float(levels[number_proved])
    return LongestJourney(opened, bound, impossible)
