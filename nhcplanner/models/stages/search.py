"""The search for the best plan on one goal: heuristics, then the solver.

Where there are few plans and many rows, every plan is scored instead.
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
from nhcplanner.models.coverage import dominated_by, open_mask
from nhcplanner.models.goal_types import AnyGoal, Goal, WorstGoal
from nhcplanner.models.highs import Highs, SolverEffort
from nhcplanner.models.infeasibility import together
from nhcplanner.models.longest_journey import shortest_worst
from nhcplanner.models.program import Program
from nhcplanner.models.rule_types import Rule
from nhcplanner.models.search.large_neighbourhood import Neighbourhoods, likeness, likeness_work
from nhcplanner.models.search.start import SearchState
from nhcplanner.models.stages.bound import Bound
from nhcplanner.models.stages.hold import Hold
from nhcplanner.models.tolerances import ROUNDING, STEP, counts, rounded

LEAST_SECONDS = 0.05
LARGE = 40_000  # terms in a program beyond which it is relaxed and searched before HiGHS branches
PAIRS_A_SECOND = 5_000_000  # that may be looked at to divide sites into parts
ROUNDS = 80  # of ruin and recreate for each centre, to start a large program with
MORE_ROUNDS = 10  # and again for the goals left, where HiGHS changed the plan
NO_PLAN = "no plan keeps the rules"


class Search:
    """Searches for better plans, without the solver and with it.

    Parameters
    ----------
    hold, bound, clock
        Of the solve. Better plans are given to `hold`.
    gap
        As in `solve`.

    Attributes
    ----------
    impossible, reason
        Whether no plan keeps the rules, and why there is no plan, in words.
    """

    def __init__(self, hold: Hold, bound: Bound, clock: Clock, gap: float) -> None:
        self.hold, self.bound, self.clock, self.gap = hold, bound, clock, gap
        self.impossible = False
        self.reason = ""

    @cached_property
    def program(self) -> Program:
        """The program with every rule, without what the bound rules out."""
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
    def dominated(self) -> Positions:
        """The site that can replace each; itself where goals or rules depend on more than reach."""
        problem = self.hold.problem
        if self.hold.depends_on_reach_alone:
            return dominated_by(problem)
        return np.arange(problem.sites)

    @cached_property
    def large(self) -> bool:
        """Whether heuristics and a relaxation go before HiGHS."""
        if self.bound.is_travel_alone:
            return False
        return self.is_too_large or self.program.size > LARGE

    @property
    def is_too_large(self) -> bool:
        """Whether the program is not written yet, and would be too large to be of use."""
        return "program" not in self.__dict__ and self.bound.is_too_large

    def add_rule(self, rule: Rule) -> None:
        """Hold a goal in the program, once there is one."""
        if "program" in self.__dict__:
            rule(self.program)

    def without_solver(
        self, seconds: float, rounds: int = ROUNDS, opened: Positions | None = None
    ) -> None:
        """Search for a better plan near the best one, or near some sites."""
        if self.hold.model.start is None:
            return
        state = SearchState(
            self.hold.goals,
            seconds,
            self.clock,
            rounds if self.large else 0,
            self.hold.opened if opened is None else opened,
            self.hold.enough,
        )
        self.clock.sure = all(rule.by_reach for rule in self.hold.rules_in_force)
        found = self.hold.model.start(self.hold.problem, state)
        self.clock.sure = True
        if found is not None:
            self.hold.take(found)

    def with_solver(self, goal: AnyGoal, seconds: float, limit: float) -> float:
        """Search for the best plan with the solver; return what no plan can pass."""
        if isinstance(goal, WorstGoal):
            return self._worst(goal, seconds)
        bound = self.sum(goal, seconds, limit)
        if self.hold.opened is None and not self.impossible and self.clock.left:
            self._any_plan()
            if self.hold.opened is not None:
                bound = self.sum(goal, self.clock.left / self.hold.goals_left, bound)
        return bound

    def sum(self, goal: Goal, seconds: float, limit: float) -> float:
        """Optimise a goal that is a sum; return the tighter of its bound and a known limit."""
        end = self.clock.seconds + seconds
        lp = self.program.lp
        lp.sense = pulp.LpMaximize if goal.sense == "most" else pulp.LpMinimize
        lp.setObjective(goal(self.program))
        self._shut_dominated()
        tighter = min if goal.sense == "most" else max
        while True:
            solver = self._solver(goal, max(end - self.clock.seconds, LEAST_SECONDS))
            lp.solve(solver)
            limit = tighter(limit, rounded(goal, self.hold.problem, solver.bound))
            if not self._misled(solver) or self.clock.seconds > end or not self.clock.left:
                break
        if solver.infeasible and self.hold.opened is None:
            self._give_up()
        if solver.found and self.hold.take(self.program.opened()) and self.large:
            self.without_solver(self.clock.left / self.hold.goals_left, MORE_ROUNDS)
        return limit

    def _misled(self, solver: Highs) -> bool:
        """Exclude a plan that breaks a rule by less than the solver's tolerance; whether it did."""
        opened = self.program.opened() if solver.found else self.hold.sites
        levels = self.hold.levels if self.hold.model.service is None else []
        exact = [rule for rule in (*self.hold.model.rules, *levels) if rule.is_exact]
        if not solver.found or all(rule.kept(self.hold.problem, opened) for rule in exact):
            return False
        self.program.exclude(opened)
        return True

    def _any_plan(self) -> None:
        """Spend the time left on any plan that keeps the rules: better than none."""
        self.program.lp.setObjective(pulp.LpAffineExpression())
        watch = self._watch_only if self.clock.listening else None
        while True:
            solver = Highs(SolverEffort(self.clock.left, first=True), watch=watch)
            self.program.lp.solve(solver)
            if not self._misled(solver) or not self.clock.left:
                break
        if solver.infeasible:
            self._give_up()
        elif solver.found:
            self.hold.take(self.program.opened())

    def _worst(self, goal: WorstGoal, seconds: float) -> float:
        found = shortest_worst(
            self.hold.problem, goal, self.hold.rules, self.hold.opened, self.clock, seconds
        )
        if found.opened is not None:
            self.hold.take(found.opened)
        elif found.impossible:
            self._give_up()
        return found.bound

    def _shut_dominated(self) -> None:
        """Shut each site that another can replace, except those that the best plan opens."""
        known = open_mask(self.hold.problem, self.hold.sites)
        every = np.arange(self.hold.problem.sites)
        for site in np.flatnonzero(self.dominated != every).tolist():
            if site in self.program.opens:
                self.program.opens[site].upBound = int(known[site])

    def _give_up(self) -> None:
        """No plan keeps the rules: find which of them clash, where the model wants to know."""
        self.impossible = True
        model = self.hold.model
        named = model.names_clashes
        self.reason = together(self.hold.given, model.rules, self.clock) if named else NO_PLAN

    def _solver(self, goal: Goal, seconds: float) -> Highs:
        whole = counts(goal, self.hold.problem, goal.limit(self.hold.problem))
        effort = SolverEffort(
            seconds,
            gap_abs=STEP if whole else 0.0,
            gap_rel=max(self.gap, 0.0 if whole else ROUNDING),
            relax=self.large and self.hold.opened is not None,
            neighbours=self._neighbours if self._is_rebuilt(seconds) else None,
        )
        start = None if self.hold.opened is None else self.program.values(self.hold.opened)
        return Highs(effort, start, self._watch if self.clock.listening else None)

    def _is_rebuilt(self, seconds: float) -> bool:
        """Whether the plan is rebuilt part by part: only where finding the parts is quick.

        Later goals have little left to choose, so their time is better spent on their proof.
        """
        if not self.large or self.hold.stages:
            return False
        return likeness_work(self.hold.problem.covers) <= PAIRS_A_SECOND * seconds

    @cached_property
    def _neighbours(self) -> Neighbourhoods:
        return Neighbourhoods(likeness(self.hold.problem.covers), self.program.opens)

    def _watch_only(self, _best: float, _bound: float) -> bool:
        return self.clock.tell(None, None)

    def _watch(self, best: float, bound: float) -> bool:
        return self.clock.tell(
            best if math.isfinite(best) else None, bound if math.isfinite(bound) else None
        )


MOST_PLANS = 1_100
LEAST_PAIRS = 50_000  # with fewer a program is small and soon solved
MOST_WORK = 400_000_000  # pairs looked at in all; a full table counts a tenth


def few_plans(problem: Problem) -> list[Positions] | None:
    """Return every set of sites that the count allows; None where scoring them takes too long.

    Kept sites are in each set, forbidden ones in none; other rules are not considered.
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
    return [np.array(sorted({*problem.keep, *chosen}), dtype=np.intp) for chosen in sets]


class Enumeration:
    """Every plan that keeps the rules, where there are few.

    Parameters
    ----------
    hold, clock
        Of the solve.

    Attributes
    ----------
    plans
        None where there are too many, or time ran out.
    """

    def __init__(self, hold: Hold, clock: Clock) -> None:
        self.hold, self.clock = hold, clock
        self.plans = self._kept() or None

    def best(self, goal: AnyGoal) -> Positions | None:
        """Return the best plan for a goal; None where not every plan could be scored."""
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
        """Leave out the plans that break a rule."""
        if self.plans is not None:
            self.plans = [plan for plan in self.plans if rule.kept(self.hold.problem, plan)]

    def _kept(self) -> list[Positions] | None:
        if not self.hold.goals or not all(rule.is_exact for rule in self.hold.rules_in_force):
            return None
        kept = []
        for opened in few_plans(self.hold.problem) or []:
            if not self.clock.left:
                return None
            if self.hold.keeps_rules(opened):
                kept.append(opened)
        return kept
