"""The search for the best plan on one goal: heuristics, then the solver.

If there are few plans and many rows, every plan is scored instead.
"""

from __future__ import annotations

import math
from dataclasses import replace
from functools import cached_property
from itertools import chain, combinations
from math import comb

import numpy as np
import pulp

from nhcplanner.base.arrays import Positions
from nhcplanner.base.clock import Clock
from nhcplanner.domain.problem import Problem
from nhcplanner.models.goal_types import AnyGoal, Goal, LevelGoal
from nhcplanner.models.highs import SolverEffort, Watch
from nhcplanner.models.infeasibility import explain_clash
from nhcplanner.models.longest_journey import best_level
from nhcplanner.models.program import Program
from nhcplanner.models.rule_types import Rule
from nhcplanner.models.search.coverage import SearchState
from nhcplanner.models.search.exchange import better_exchanges
from nhcplanner.models.search.large_neighbourhood import (
    Neighbourhoods,
    measure_distance,
    measure_distance_work,
)
from nhcplanner.models.solvers import AnySolver, solver_maker
from nhcplanner.models.stages.level import Bound, Hold
from nhcplanner.models.tolerances import ROUNDING, STEP, has_whole_values, round_bound

LEAST_SECONDS = 0.05
LARGE = 40_000  # terms in a program beyond which it is relaxed and searched before HiGHS branches
PAIRS_A_SECOND = 5_000_000  # pairs of sites that may be compared to divide sites into parts
LARGE_ROWS = 3_000  # rows up to which HiGHS is quick, however many terms they have
FEW_TERMS = 1_500_000  # terms times steps of the search before a program that is not large
MOST_FEW_ROUNDS = 6  # rounds of this short search: a good start saves HiGHS more than it costs
ROUNDS = 80  # rounds of ruin and recreate for each centre, before a large program is solved
MORE_ROUNDS = 10  # further rounds for the remaining goals, after HiGHS changed the plan
NO_PLAN = "no plan keeps the rules"


class Search:
    """Search for better plans, by heuristics and by the solver.

    Parameters
    ----------
    hold, bound, clock
        Parts of the solve. Better plans are passed to `hold`.
    gap
        As in `solve`.

    Attributes
    ----------
    impossible, reason
        Whether no plan keeps the rules, and why there is no plan, in words.
    """

    def __init__(self, hold: Hold, bound: Bound, clock: Clock, gap: float) -> None:
        self.hold, self.bound, self.clock, self.gap = hold, bound, clock, gap
        self.make_solver = solver_maker(hold.model.solver)
        self.impossible = False
        self.reason = ""

    @cached_property
    def program(self) -> Program:
        """The program with every rule, without the sites and pairs that the bound rules out."""
        problem, core, arcs = self.hold.problem, self.bound.core, None
        if core is not None:
            shut = np.flatnonzero(core.shut).tolist()
            problem = replace(problem, forbid=tuple(sorted({*problem.forbid, *shut})))
            arcs = core.arcs
        program = Program(problem, arcs, is_lean=True)
        for rule in self.hold.rules:
            rule(program)
        first = self.hold.goals[0] if self.hold.goals else None
        if isinstance(first, Goal):
            program.lp.setObjective(first(program))
        if core is not None:
            for site in np.flatnonzero(core.opened).tolist():
                program.opens[site].lowBound = 1
        return program

    @cached_property
    def large(self) -> bool:
        """Whether heuristics and a relaxation go before HiGHS."""
        if self.bound.is_travel_alone:
            return False
        if self.is_too_large:
            return True
        return self.program.size > LARGE and len(self.program.lp.constraints()) > LARGE_ROWS

    @property
    def _few_rounds(self) -> int:
        """Rounds of ruin and recreate for each centre if the program is not large."""
        if self.bound.is_travel_alone:
            return 0
        centres = self.hold.problem.count or self.hold.problem.sites
        return min(MOST_FEW_ROUNDS, FEW_TERMS // max(self.program.size * centres, 1))

    @property
    def is_too_large(self) -> bool:
        """Whether the program is not written yet, and would be too large to solve."""
        return "program" not in self.__dict__ and self.bound.is_too_large

    def add_rule(self, rule: Rule) -> None:
        """Add a rule to the program, if it has been written."""
        if "program" in self.__dict__:
            rule(self.program)

    def search_heuristically(
        self, seconds: float, rounds: int = ROUNDS, opened: Positions | None = None
    ) -> None:
        """Search for a better plan near the best plan, or near some sites."""
        if self.hold.model.start is None:
            return
        state = SearchState(
            self.hold.goals,
            seconds,
            self.clock,
            rounds if self.large else min(rounds, self._few_rounds),
            self.hold.opened if opened is None else opened,
            self.hold.enough,
        )
        self.clock.sure = all(rule.by_reach for rule in self.hold.rules_in_force)
        opened_sites = self.hold.model.start(self.hold.problem, state)
        self.clock.sure = True
        if opened_sites is not None:
            self.hold.take(opened_sites)

    def exchange_sites(self, seconds: float) -> None:
        """Exchange single sites while that betters the plan on the goals that are left."""
        hold, end = self.hold, self.clock.seconds + seconds
        is_better = hold.opened is not None
        while is_better and self.clock.seconds < end:
            goals = hold.goals[len(hold.stages) :]
            is_better = False
            for opened in better_exchanges(hold.problem, goals, hold.sites):
                is_better = hold.take(opened)
                if is_better or self.clock.seconds > end:
                    break

    def optimise(self, goal: AnyGoal, seconds: float, limit: float) -> float:
        """Search for the best plan with the solver; return a value that no plan can beat."""
        if isinstance(goal, LevelGoal):
            return self._optimise_level(goal, seconds)
        bound = self.optimise_sum(goal, seconds, limit)
        if self.hold.opened is None and not self.impossible and self.clock.left:
            self._any_plan()
            if self.hold.opened is not None:
                bound = self.optimise_sum(goal, self.clock.left / self.hold.goals_left, bound)
        return bound

    def optimise_sum(self, goal: Goal, seconds: float, limit: float) -> float:
        """Optimise a goal that is a sum; return the tighter of its bound and a known limit."""
        end = self.clock.seconds + seconds
        lp = self.program.lp
        lp.sense = pulp.LpMaximize if goal.sense == "most" else pulp.LpMinimize
        value = self.hold.value(goal)
        most = math.inf if value is None else goal.total_of(self.hold.problem, value)
        lp.setObjective(goal.clipped(self.program, most))
        tighter = min if goal.sense == "most" else max
        while True:
            solver = self._solver(goal, max(end - self.clock.seconds, LEAST_SECONDS))
            lp.solve(solver)
            bound = goal.value_of(self.hold.problem, solver.bound)
            limit = tighter(limit, round_bound(goal, self.hold.problem, bound))
            if (
                not self._exclude_if_broken(solver)
                or self.clock.seconds > end
                or not self.clock.left
            ):
                break
        if solver.infeasible and self.hold.opened is None:
            self._give_up()
        if solver.has_plan and self.hold.take(self.program.opened()) and self.large:
            self.search_heuristically(self.clock.left / self.hold.goals_left, MORE_ROUNDS)
        return limit

    def _exclude_if_broken(self, solver: AnySolver) -> bool:
        """Exclude a plan that breaks a rule by less than the tolerance; return whether it did."""
        opened = self.program.opened() if solver.has_plan else self.hold.sites
        levels = self.hold.levels if self.hold.model.service is None else []
        exact = [rule for rule in (*self.hold.model.rules, *levels) if rule.is_exact]
        if not solver.has_plan or all(rule.is_kept(self.hold.problem, opened) for rule in exact):
            return False
        self.program.exclude(opened)
        return True

    def _any_plan(self) -> None:
        """Spend the time left on a search for any plan that keeps the rules."""
        self.program.lp.setObjective(pulp.LpAffineExpression())
        watch = self._watch_only if self.clock.listening else None
        while True:
            solver = self.make_solver(SolverEffort(self.clock.left, first=True), None, watch)
            self.program.lp.solve(solver)
            if not self._exclude_if_broken(solver) or not self.clock.left:
                break
        if solver.infeasible:
            self._give_up()
        elif solver.has_plan:
            self.hold.take(self.program.opened())

    def _optimise_level(self, goal: LevelGoal, seconds: float) -> float:
        result = best_level(
            self.hold.problem, goal, self.hold.rules, self.hold.opened, self.clock, seconds,
            self.make_solver,
        )  # fmt: skip
        if result.opened is not None:
            self.hold.take(result.opened)
        elif result.impossible:
            self._give_up()
        return result.bound

    def _give_up(self) -> None:
        """Record that no plan keeps the rules, with those that clash if the model names them."""
        self.impossible = True
        model = self.hold.model
        names_clashes = model.names_clashes
        self.reason = (
            explain_clash(self.hold.full_problem, model.rules, self.clock)
            if names_clashes
            else NO_PLAN
        )

    def _solver(self, goal: Goal, seconds: float) -> AnySolver:
        whole = has_whole_values(goal, self.hold.problem, goal.limit(self.hold.problem))
        effort = SolverEffort(
            seconds,
            gap_abs=STEP if whole else 0.0,
            gap_rel=max(self.gap, 0.0 if whole else ROUNDING),
            relax=self.large and self.hold.opened is not None,
            neighbours=self._neighbours if self._is_rebuilt(seconds) else None,
        )
        start = None if self.hold.opened is None else self.program.values(self.hold.opened)
        watch = self._watch_of(goal) if self.clock.listening else None
        return self.make_solver(effort, start, watch)

    def _is_rebuilt(self, seconds: float) -> bool:
        """Whether to improve the plan part by part: only if the parts are found quickly.

        Later goals leave little to choose, so their time is better spent on the proof.
        """
        if not self.large or self.hold.stages:
            return False
        return measure_distance_work(self.hold.problem.covers) <= PAIRS_A_SECOND * seconds

    @cached_property
    def _neighbours(self) -> Neighbourhoods:
        return Neighbourhoods(measure_distance(self.hold.problem.covers), self.program.opens)

    def _watch_only(self, _best: float, _bound: float) -> bool:
        return self.clock.tell(None, None)

    def _watch_of(self, goal: Goal) -> Watch:
        def watch(best: float, bound: float) -> bool:
            value, limit = (goal.value_of(self.hold.problem, total) for total in (best, bound))
            return self.clock.tell(
                value if math.isfinite(value) else None, limit if math.isfinite(limit) else None
            )

        return watch


MOST_PLANS = 1_100
LEAST_PAIRS = 50_000  # a program with fewer pairs is small and solved quickly
MOST_WORK = 400_000_000  # pairs read to score all plans; a full table counts a tenth


def few_plans(problem: Problem) -> list[Positions] | None:
    """Return every set of sites that the count allows; None if scoring them takes too long.

    Sites of `keep` are in each set, sites of `forbid` in none. Other rules are not considered.
    """
    pairs = int(problem.minutes.nnz)
    full = pairs == problem.areas * problem.sites
    free = np.setdiff1d(np.arange(problem.sites), [*problem.keep, *problem.forbid])
    more = len(free) if problem.count is None else problem.count - len(problem.keep)
    most = min(len(free), max(more, 0))
    if pairs < LEAST_PAIRS or len(free) > MOST_PLANS:
        return None
    number = sum(comb(len(free), some) for some in range(most + 1))
    if number > MOST_PLANS or number * pairs > MOST_WORK * (10 if full else 1):
        return None
    sets = chain.from_iterable(combinations(free.tolist(), some) for some in range(most + 1))
    return [np.array(sorted({*problem.keep, *sites}), dtype=np.intp) for sites in sets]


class Enumeration:
    """Every plan that keeps the rules, if there are few.

    Parameters
    ----------
    hold, clock
        Hold and clock of the solve.

    Attributes
    ----------
    plans
        None if there are too many, or time is up.
    """

    def __init__(self, hold: Hold, clock: Clock) -> None:
        self.hold, self.clock = hold, clock
        self.plans = self._plans_within_rules() or None

    def best(self, goal: AnyGoal) -> Positions | None:
        """Return the best plan for a goal; None if not every plan can be scored."""
        values = []
        for opened in self.plans or []:
            if not self.clock.left:
                self.plans = None
                return None
            values.append(goal.score(self.hold.problem, opened))
        if not self.plans:
            return None
        return self.plans[int(np.argmax(values) if goal.sense == "most" else np.argmin(values))]

    def add_rule(self, rule: Rule) -> None:
        """Remove the plans that break a rule."""
        if self.plans is not None:
            self.plans = [plan for plan in self.plans if rule.is_kept(self.hold.problem, plan)]

    def _plans_within_rules(self) -> list[Positions] | None:
        if not self.hold.goals or not all(rule.is_exact for rule in self.hold.rules_in_force):
            return None
        plans = []
        for opened in few_plans(self.hold.problem) or []:
            if not self.clock.left:
                return None
            if self.hold.keeps_rules(opened):
                plans.append(opened)
        return plans
