"""Stages: one goal after another, each bounded, searched and held."""

from __future__ import annotations

import math
from dataclasses import replace
from functools import cached_property

import numpy as np
import pulp

from nhcplanner.base.arrays import Positions
from nhcplanner.base.clock import Clock
from nhcplanner.domain.plan import Stage
from nhcplanner.domain.problem import Problem
from nhcplanner.models.bounds.lagrangian import Core
from nhcplanner.models.catalogue import Model
from nhcplanner.models.coverage import dominated_by, merged, open_mask
from nhcplanner.models.few import few_plans
from nhcplanner.models.goal_types import AnyGoal, Goal, WorstGoal
from nhcplanner.models.highs import Highs, SolverEffort
from nhcplanner.models.infeasibility import together
from nhcplanner.models.longest_journey import shortest_worst
from nhcplanner.models.program import Program
from nhcplanner.models.rule_types import Rule
from nhcplanner.models.search.large_neighbourhood import Neighbourhoods, likeness, likeness_work
from nhcplanner.models.search.start import SearchState
from nhcplanner.models.tolerances import ROUNDING, STEP, counts, given_up, held, reaches, rounded

START_SHARE = 0.2
LEAST_SECONDS = 0.05
LARGE = 40_000  # terms in a program beyond which it is relaxed and searched before HiGHS branches
MOST_ARCS = 200_000  # that rows may be sent along, beyond which HiGHS is not tried
ARCS_A_SECOND = 5_000  # nor beyond so many for each second left: to write them takes time
PAIRS_A_SECOND = 5_000_000  # that may be looked at to divide sites into parts
ROUNDS = 80  # of ruin and recreate for each centre, to start a large program with
MORE_ROUNDS = 10  # and again for the goals left, where HiGHS changed the plan
NO_PLAN = "no plan keeps the rules"


class LexicographicSolve:
    """A solve under way: the program, the best plan so far, the goals held.

    Parameters
    ----------
    problem, model, clock, gap
        As in `solve`.

    Attributes
    ----------
    given, problem
        The problem as it was given, and without sites that others stand in for.
    opened
        The best plan so far; None where there is none yet.
    stages
        One for each goal done.
    holds
        Rules that hold the goals done.
    impossible, reason
        Whether no plan keeps the rules, and why there is no plan, in words.
    """

    def __init__(self, problem: Problem, model: Model, clock: Clock, gap: float) -> None:
        self.given, self.model, self.clock, self.gap = problem, model, clock, gap
        self.stand_ins: Positions | None = None
        self.problem = problem
        self.goals = model.goals(problem)
        self.opened: Positions | None = None
        self.stages: list[Stage] = []
        self.holds: list[Rule] = []
        self.impossible = False
        self.reason = ""
        self.core: Core | None = None
        if self._by_reach:
            self.problem, self.stand_ins = merged(problem)
        self.plans = self._few_plans()

    @cached_property
    def program(self) -> Program:
        """The program, with every rule; without what the core rules out."""
        problem, arcs = self.problem, None
        if self.core is not None:
            shut = np.flatnonzero(self.core.shut).tolist()
            problem = replace(problem, forbid=tuple(sorted({*problem.forbid, *shut})))
            arcs = self.core.arcs
        program = Program(problem, arcs, is_lean=True)
        for rule in (*self.model.rules, *self.holds):
            rule(program)
        first = self.goals[0] if self.goals else None
        if isinstance(first, Goal):
            program.lp.setObjective(first(program))
        if self.core is not None:
            for site in np.flatnonzero(self.core.opened).tolist():
                program.opens[site].lowBound = 1
        return program

    @cached_property
    def heirs(self) -> Positions:
        """The site that stands in for each; itself where goals or rules look at more than reach."""
        return dominated_by(self.problem) if self._by_reach else np.arange(self.problem.sites)

    @property
    def _by_reach(self) -> bool:
        """Whether goals and rules look at no more of a site than whom it reaches and its cost."""
        by_reach = all(isinstance(goal, Goal) and goal.by_reach for goal in self.goals)
        return bool(self.goals) and by_reach and all(rule.by_reach for rule in self._asked)

    @property
    def _asked(self) -> list[Rule]:
        """Rules that say something of this problem."""
        return [rule for rule in self.model.rules if rule.words(self.given)]

    @cached_property
    def large(self) -> bool:
        """Whether HiGHS should not start at once."""
        return not self.travels and (self._hopeless or self.program.size > LARGE)

    @property
    def travels(self) -> bool:
        """Whether least travel is all that is asked for."""
        return self.model.prices is not None and len(self.goals) == 1

    def _few_plans(self) -> list[Positions] | None:
        """Every plan that keeps the rules, where there are few; None where there are many."""
        if not self.goals or not all(rule.is_exact for rule in self._asked):
            return None
        plans = few_plans(self.problem)
        if plans is None:
            return None
        kept = []
        for opened in plans:
            if not self.clock.left:
                return None
            if self.keeps_rules(opened):
                kept.append(opened)
        return kept or None

    def _best_of_few(self, goal: AnyGoal) -> bool:
        """Whether there was time to score every plan; then the best of them is taken."""
        values = []
        for opened in self.plans or []:
            if not self.clock.left:
                self.plans = None
                return False
            values.append(goal.score(self.problem, opened))
        if not self.plans:
            return False
        best = int(np.argmax(values) if goal.sense == "most" else np.argmin(values))
        self.opened = self.plans[best]
        return True

    def start(self) -> None:
        """Look for a plan without the solver."""
        if self.plans is not None:
            return
        if not self.goals:
            self.opened = np.array(self.problem.keep, dtype=np.intp)
        elif self.model.start is not None:
            self.clock.enter(1, len(self.goals), self.goals[0].name)
            self._hunt(self.clock.left * START_SHARE, ROUNDS)
            if self.travels and self.opened is not None:
                self._price(self.goals[0])

    @property
    def goals_left(self) -> int:
        """Number of goals not yet held."""
        return len(self.goals) - len(self.stages)

    def keeps_rules(self, opened: Positions) -> bool:
        """Whether a plan keeps every rule and held goal, by the problem's own numbers."""
        rules = (*self.model.rules, *self.holds)
        return all(rule.kept(self.problem, opened) for rule in rules)

    def reach(self, goal: AnyGoal) -> None:
        """Take the next goal as far as its share of the time allows, and hold it there."""
        began = self.clock.seconds
        seconds = max(self.clock.left / self.goals_left, LEAST_SECONDS)
        bound = goal.limit(self.problem)
        if self.core is not None and isinstance(goal, Goal):
            bound = max(bound, rounded(goal, self.problem, self.core.bound))
        best = None if self.opened is None else goal.score(self.problem, self.opened)
        stopped = self.clock.tell(best, bound, now=True)
        hopeless = self.opened is not None and self._hopeless
        if self._best_of_few(goal) and self.opened is not None:
            bound = goal.score(self.problem, self.opened)
        elif not (stopped or self._proved(goal, bound) or hopeless):
            bound = self._searched(goal, seconds, bound)
        if self.opened is None:
            self.reason = self.reason or "stopped before a plan was found"
            return
        value = goal.score(self.problem, self.opened)
        bound = max(bound, value) if goal.sense == "most" else min(bound, value)
        spent = self.clock.seconds - began
        last = self.goals_left == 1
        level = None if last else given_up(goal, self.problem, value)
        self.stages.append(Stage(goal.name, value, bound, spent, goal.sense, goal.unit, level))
        self.clock.tell(value, bound, now=True)
        if level is not None:
            self._hold(held(goal, level))

    def _hold(self, rule: Rule) -> None:
        self.holds.append(rule)
        if "program" in self.__dict__:
            rule(self.program)
        if self.plans is not None:
            self.plans = [plan for plan in self.plans if rule.kept(self.problem, plan)]

    def _searched(self, goal: AnyGoal, seconds: float, limit: float) -> float:
        """Look for the best plan with the solver; what no plan can pass."""
        if isinstance(goal, WorstGoal):
            return self._worst(goal, seconds)
        bound = self._sum(goal, seconds, limit)
        if self.opened is None and not self.impossible and self.clock.left:
            self._any_plan()
            if self.opened is not None:
                bound = self._sum(goal, self.clock.left / self.goals_left, bound)
        return bound

    @property
    def _hopeless(self) -> bool:
        """Whether there are too many ways to send people for HiGHS to get anywhere."""
        service = self.model.service
        if "program" in self.__dict__:
            return False
        if self.core is not None:
            arcs = self.core.arcs
        elif service is not None:
            arcs = service.arcs(self.problem)
        else:
            return False
        return len(arcs.rows) > min(MOST_ARCS, ARCS_A_SECOND * self.clock.left)

    def _price(self, goal: AnyGoal) -> None:
        """Bound travel by prices, better the plan from them, then leave out what they rule out."""
        if self.model.prices is None:
            return
        prices = self.model.prices(self.problem)
        seconds = self.clock.left * START_SHARE
        best = goal.score(self.problem, self._best())
        found = prices.improved(best, self.clock, self.clock.seconds + seconds)
        if self.clock.left:
            self._hunt(seconds, 0, prices.choice(prices.reduced(found)))
        self.core = prices.core(found, goal.score(self.problem, self._best()))

    def _best(self) -> Positions:
        return np.zeros(0, dtype=np.intp) if self.opened is None else self.opened

    def _sum(self, goal: Goal, seconds: float, limit: float) -> float:
        end = self.clock.seconds + seconds
        lp = self.program.lp
        lp.sense = pulp.LpMaximize if goal.sense == "most" else pulp.LpMinimize
        lp.setObjective(goal(self.program))
        self._shut_dominated()
        tighter = min if goal.sense == "most" else max
        while True:
            solver = self._solver(goal, max(end - self.clock.seconds, LEAST_SECONDS))
            lp.solve(solver)
            limit = tighter(limit, rounded(goal, self.problem, solver.bound))
            if not self._misled(solver) or self.clock.seconds > end or not self.clock.left:
                break
        if solver.infeasible and self.opened is None:
            self._give_up()
        if solver.found and self._take(self.program.opened()) and self.large:
            self._hunt(self.clock.left / self.goals_left, MORE_ROUNDS)
        return limit

    def _misled(self, solver: Highs) -> bool:
        """Whether the solver's plan breaks a rule by less than its tolerance: then shut it out."""
        opened = self.program.opened() if solver.found else self._best()
        held = self.holds if self.model.service is None else []
        exact = [rule for rule in (*self.model.rules, *held) if rule.is_exact]
        if not solver.found or all(rule.kept(self.problem, opened) for rule in exact):
            return False
        self.program.exclude(opened)
        return True

    def _any_plan(self) -> None:
        """Spend the time left on a plan that keeps the rules, however good: better than none."""
        self.program.lp.setObjective(pulp.LpAffineExpression())
        watch = self._watch_none if self.clock.listening else None
        while True:
            solver = Highs(SolverEffort(self.clock.left, first=True), watch=watch)
            self.program.lp.solve(solver)
            if not self._misled(solver) or not self.clock.left:
                break
        if solver.infeasible:
            self._give_up()
        elif solver.found:
            self._take(self.program.opened())

    def _watch_none(self, _best: float, _bound: float) -> bool:
        return self.clock.tell(None, None)

    def _shut_dominated(self) -> None:
        """Shut each site that another stands in for, but for those that the best plan opens."""
        known = open_mask(self.problem, self._best())
        for site in np.flatnonzero(self.heirs != np.arange(self.problem.sites)).tolist():
            if site in self.program.opens:
                self.program.opens[site].upBound = int(known[site])

    def _worst(self, goal: WorstGoal, seconds: float) -> float:
        found = shortest_worst(
            self.problem,
            goal,
            (*self.model.rules, *self.holds),
            self.opened,
            self.clock,
            seconds,
        )
        if found.opened is not None:
            self._take(found.opened)
        elif found.impossible:
            self._give_up()
        return found.bound

    def _give_up(self) -> None:
        """No plan keeps the rules: say which of them clash, where the model wants to know."""
        self.impossible = True
        named = self.model.names_clashes
        rules = self.model.rules
        self.reason = together(self.given, rules, self.clock) if named else NO_PLAN

    def _hunt(self, seconds: float, rounds: int, opened: Positions | None = None) -> None:
        """Search near the best plan for a better one, without the solver."""
        if self.model.start is None:
            return
        levels = tuple(stage.held or 0.0 for stage in self.stages)
        hunt = SearchState(
            self.goals,
            seconds,
            self.clock,
            rounds if self.large else 0,
            self.opened if opened is None else opened,
            levels + (math.inf,) * (len(self.goals) - len(levels)),
        )
        self.clock.sure = all(rule.by_reach for rule in self._asked)
        found = self.model.start(self.problem, hunt)
        self.clock.sure = True
        if found is not None:
            self._take(found)

    def _take(self, opened: Positions) -> bool:
        """Make a plan the best one if it keeps all rules and held goals and is better."""
        if self.stand_ins is not None:
            opened = np.unique(self.stand_ins[opened])
        if not self.keeps_rules(opened):
            return False
        if self.opened is not None and self._rank(opened) <= self._rank(self.opened):
            return False
        self.opened = opened
        return True

    def _rank(self, opened: Positions) -> list[float]:
        """More is better, the first goal not yet held first."""
        left = self.goals[len(self.stages) :]
        scores = [(goal.sense, goal.score(self.problem, opened)) for goal in left]
        return [score if sense == "most" else -score for sense, score in scores]

    def _solver(self, goal: Goal, seconds: float) -> Highs:
        whole = counts(goal, self.problem, goal.limit(self.problem))
        effort = SolverEffort(
            seconds,
            gap_abs=STEP if whole else 0.0,
            gap_rel=max(self.gap, 0.0 if whole else ROUNDING),
            relax=self.large and self.opened is not None,
            # Later goals have little left to choose: the time is better spent on their proof.
            neighbours=self._neighbours if self._rebuilds(seconds) else None,
        )
        start = None if self.opened is None else self.program.values(self.opened)
        return Highs(effort, start, self._watch if self.clock.listening else None)

    def _rebuilds(self, seconds: float) -> bool:
        """Whether a plan is to be rebuilt part by part: not where finding parts takes too long."""
        if not self.large or self.stages:
            return False
        return likeness_work(self.problem.covers) <= PAIRS_A_SECOND * seconds

    @cached_property
    def _neighbours(self) -> Neighbourhoods:
        return Neighbourhoods(likeness(self.problem.covers), self.program.opens)

    def _watch(self, best: float, bound: float) -> bool:
        return self.clock.tell(
            best if math.isfinite(best) else None, bound if math.isfinite(bound) else None
        )

    def _proved(self, goal: AnyGoal, bound: float) -> bool:
        if self.opened is None:
            return False
        return reaches(goal, self.problem, goal.score(self.problem, self.opened), bound)
