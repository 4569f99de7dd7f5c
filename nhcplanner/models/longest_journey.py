"""Goals without an expression, by bisection over their levels: the longest journey, the spread.

References
----------
Minieka E (1970), The m-center problem, SIAM Review 12(1): a set cover for each level of minutes.
Sayyady F, Fathi Y (2016), An integer programming approach for solving the p-dispersion problem,
European Journal of Operational Research 253(1): a packing for each level of distance.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from nhcplanner.base.arrays import Floats, Positions
from nhcplanner.base.clock import Clock
from nhcplanner.domain.problem import Problem
from nhcplanner.models.coverage import merge_equivalent_sites
from nhcplanner.models.dispersion import SpreadGoal, spread_plans
from nhcplanner.models.goal_types import LevelGoal, WorstGoal
from nhcplanner.models.goals import fewest_centres
from nhcplanner.models.highs import TERMS_A_SECOND, Highs, SolverEffort
from nhcplanner.models.program import Program
from nhcplanner.models.rule_types import Rule
from nhcplanner.models.search.coverage import SearchState
from nhcplanner.models.search.set_cover import fewest
from nhcplanner.models.solvers import MakeSolver


@dataclass(frozen=True, eq=False)
class LevelResult:
    """Result of the bisection.

    Parameters
    ----------
    opened
        Sites of the best plan; None if there is none.
    bound
        Best level that may be possible.
    impossible
        Whether no plan reaches any level, such as journeys for everyone, however far.
    """

    opened: Positions | None
    bound: float
    impossible: bool


@dataclass(frozen=True, eq=False)
class LevelSolver:
    """Solver of one step: whether a plan keeps the rules and is no worse than a level."""

    problem: Problem
    goal: LevelGoal
    rules: Sequence[Rule]
    clock: Clock
    end: float
    make_solver: MakeSolver = Highs

    def solve(self, level: float) -> tuple[bool | None, Positions | None]:
        """Return True with a plan, False if there is none, None if time is too short."""
        near, quick = self.problem, None
        if isinstance(self.goal, WorstGoal):
            near, quick = self._cover(self.goal, level)
        if quick is not None and self.keeps(quick, level):
            return True, quick
        program = Program(replace(near, reach=self.problem.reach), is_lean=True)
        for rule in self.rules:
            rule(program)
        self.goal.within(program, level)
        program.lp.setObjective(fewest_centres()(program))
        if program.size > TERMS_A_SECOND * (self.end - self.clock.seconds):
            return None, None
        while True:
            seconds = max(self.end - self.clock.seconds, 0.01)
            effort = SolverEffort(seconds, first=True)
            solver = self.make_solver(effort, None, self._tell_nothing)
            program.lp.solve(solver)
            if solver.infeasible:
                return False, None
            if not solver.has_plan:
                return None, None
            opened = program.opened()
            if self.keeps(opened, level):
                return True, opened
            if not all(rule.is_exact for rule in self.rules) or self.clock.seconds > self.end:
                return None, None
            program.exclude(opened)  # the plan breaks a rule by less than the solver's tolerance

    def keeps(self, opened: Positions, level: float) -> bool:
        """Whether a plan keeps the rules and is no worse than a level."""
        value = self.goal.score(self.problem, opened)
        is_within = value >= level if self.goal.sense == "most" else value <= level
        return is_within and all(rule.is_kept(self.problem, opened) for rule in self.rules)

    def _cover(self, goal: WorstGoal, minutes: float) -> tuple[Problem, Positions | None]:
        """Return the problem with alike sites merged, and few sites that reach all in minutes."""
        left = self.end - self.clock.seconds
        near = replace(self.problem, reach=minutes)
        if all(self._allows_merging(goal, rule) for rule in self.rules):
            near, _ = merge_equivalent_sites(near)
        return near, fewest(near, SearchState((fewest_centres(),), left / 4, self.clock))

    def _tell_nothing(self, _best: float, _bound: float) -> bool:
        return self.clock.tell(None, None)

    def _allows_merging(self, goal: WorstGoal, rule: Rule) -> bool:
        """Whether plans still keep a rule if sites are replaced by others with the same reach."""
        everyone = goal.share == 1 and rule.follows_from_reach
        return rule.is_of_sites or everyone or not rule.words(self.problem)


def best_level(  # noqa: PLR0913, PLR0917  (a solve in one call)
    problem: Problem,
    goal: LevelGoal,
    rules: Sequence[Rule],
    opened: Positions | None,
    clock: Clock,
    seconds: float,
    make_solver: MakeSolver = Highs,
) -> LevelResult:
    """Return the best plan for a goal, by bisection over its possible levels.

    The result is exact if time allows; otherwise the bound is the best level that is not proved
    impossible.
    """
    levels = goal.levels(problem)
    sign = -1.0 if goal.sense == "most" else 1.0
    solver = LevelSolver(problem, goal, rules, clock, clock.seconds + seconds, make_solver)
    if isinstance(goal, SpreadGoal):
        opened = _best_spread(solver, opened)
    number_proved, low = 0, 0
    high = len(levels)
    if opened is not None:
        high = _place(levels, sign, goal.score(problem, opened))
    while low < high and clock.seconds < solver.end and clock.left:
        middle = (low + high) // 2
        answer, plan = solver.solve(float(levels[middle]))
        if plan is not None:
            opened = plan
            high = _place(levels, sign, goal.score(problem, plan))
        else:
            low = middle + 1
            if answer is False:
                number_proved = low
    impossible = number_proved == len(levels)
    bound = sign * np.inf if impossible else float(levels[number_proved])
    return LevelResult(opened, bound, impossible)


def _place(levels: Floats, sign: float, value: float) -> int:
    """Return the place of the first level that a value reaches; levels are the best first."""
    return int(np.searchsorted(sign * levels, sign * value))


def _best_spread(solver: LevelSolver, opened: Positions | None) -> Positions | None:
    """Return the plan with the widest spread of a known plan and of quick searches."""
    best, value = opened, -1.0
    if opened is not None:
        value = solver.goal.score(solver.problem, opened)
    for plan in spread_plans(solver.problem):
        if solver.clock.seconds > solver.end or not solver.clock.left:
            break
        spread = solver.goal.score(solver.problem, plan)
        if spread > value and solver.keeps(plan, spread):
            best, value = plan, spread
    return best
