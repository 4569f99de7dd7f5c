"""Solve a model: optimise its goals in order, each with a bound."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from nhcplanner.base.arrays import Positions
from nhcplanner.base.clock import Clock, Progress
from nhcplanner.base.errors import InputError
from nhcplanner.domain.plan import Allocation, Plan, Status
from nhcplanner.domain.problem import Problem
from nhcplanner.domain.travel_times import nearest_site
from nhcplanner.models.capacity.rule import allocation_of, find_main_sites
from nhcplanner.models.catalogue import Model, catalogue
from nhcplanner.models.goal_types import AnyGoal, Goal
from nhcplanner.models.infeasibility import find_clashes, find_unreached_rows, unreached_words
from nhcplanner.models.solvers import check_solver, solver_words
from nhcplanner.models.stages.level import Bound, Hold
from nhcplanner.models.stages.search import LEAST_SECONDS, Enumeration, Search
from nhcplanner.models.stages.travel import TravelSolve, suits_tree
from nhcplanner.models.tolerances import reaches

START_SHARE = 0.2
EXCHANGE_SECONDS = 0.5  # for exchanges, even if the time is up: a plan that one betters misleads


class LexicographicSolve:
    """A lexicographic solve in progress.

    The goals are optimised by successive programs, each with the earlier goals held (Isermann
    1982, Linear lexicographic optimization, OR Spektrum 4(4)). One program with large weights
    would not be exact: the last goals would be smaller than the solver's tolerances.

    Parameters
    ----------
    problem, model, clock, gap
        As in `solve`.

    Attributes
    ----------
    hold
        The best plan, and the goals that it must keep.
    bound
        Bounds that no plan can beat.
    search
        Search for better plans.
    """

    def __init__(self, problem: Problem, model: Model, clock: Clock, gap: float) -> None:
        self.model, self.clock = model, clock
        self.hold = Hold(problem, model)
        self.bound = Bound(self.hold, clock)
        self.search = Search(self.hold, self.bound, clock, gap)
        self.enumeration = Enumeration(self.hold, clock)
        has_tree = self.enumeration.plans is None and suits_tree(self.hold)
        self.travel = TravelSolve(self.hold, clock, gap) if has_tree else None

    def start(self) -> None:
        """Search for a plan without the solver."""
        hold = self.hold
        if self.enumeration.plans is not None:
            return
        if not hold.goals:
            hold.opened = np.array(hold.problem.keep, dtype=np.intp)
        elif self.travel is not None:
            self.clock.enter(1, len(hold.goals), hold.goals[0].name)
            self.travel.start()
        elif self.model.start is not None:
            self.clock.enter(1, len(hold.goals), hold.goals[0].name)
            self.search.search_heuristically(self.clock.left * START_SHARE)
            if self.bound.is_travel_alone:
                self.bound.improve(self.clock.left * START_SHARE, self._search_from)

    def reach(self, goal: AnyGoal) -> None:
        """Optimise the next goal in its share of the time left, and hold its value."""
        hold, began = self.hold, self.clock.seconds
        seconds = max(self.clock.left / hold.goals_left, LEAST_SECONDS)
        bound = self.bound.limit(goal)
        is_stopped = self.clock.tell(hold.value(goal), bound, now=True)
        best = self.enumeration.best(goal)
        if self.travel is not None and not is_stopped:
            bound = max(bound, self.travel.prove())
        by_tree = hold.opened is not None and self.travel is not None
        too_large = hold.opened is not None and self.search.is_too_large
        if too_large and self.bound.is_travel_alone and best is None and not is_stopped:
            self.bound.improve_further(self._search_from)
            bound = max(bound, self.bound.limit(goal))
            too_large = self.search.is_too_large
        if best is not None:
            hold.opened, bound = best, goal.score(hold.problem, best)
        elif not (is_stopped or by_tree or too_large or self.bound.is_met(goal, bound)):
            bound = self.search.optimise(goal, seconds, bound)
        if hold.opened is None:
            self.search.reason = self.search.reason or "stopped before a plan was found"
            return
        if not (is_stopped or self.bound.is_met(goal, bound)):
            self.search.exchange_sites(max(self.clock.left / hold.goals_left, EXCHANGE_SECONDS))
        rule = hold.close(goal, bound, self.clock.seconds - began)
        self.clock.tell(hold.stages[-1].value, hold.stages[-1].bound, now=True)
        if rule is not None:
            self.search.add_rule(rule)
            self.enumeration.add_rule(rule)

    def exchange_at_end(self) -> None:
        """Exchange single sites while that betters a plan that is not proved.

        A plan for a later goal keeps the levels of the goals before it, and an exchange may
        better one of them. The goals after it have then only the bounds that hold for any plan.
        Goals that give up slack are not compared: they are worse on purpose.
        """
        hold, stages, opened = self.hold, self.hold.stages, self.hold.opened
        is_proved = all(
            self.bound.is_met(goal, stage.bound)
            for goal, stage in zip(hold.goals, stages, strict=False)
            if stage.bound is not None
        )
        has_slack = any(goal.slack for goal in hold.goals)
        if opened is None or is_proved or has_slack or self.clock.is_stopped:
            return
        levels, hold.stages, hold.levels = hold.levels, [], []
        self.search.exchange_sites(max(self.clock.left, EXCHANGE_SECONDS))
        if hold.opened is opened:
            hold.stages, hold.levels = stages, levels
            return
        is_same = True
        for goal, stage in zip(hold.goals, stages, strict=True):
            bound = stage.bound if is_same and stage.bound is not None else self.bound.limit(goal)
            hold.close(goal, bound, stage.seconds)
            is_same = is_same and hold.stages[-1].value == stage.value

    def _search_from(self, seconds: float, opened: Positions) -> None:
        self.search.search_heuristically(seconds, 0, opened)


def solve(
    problem: Problem,
    model: Model | str,
    *,
    time_limit: float = 60.0,
    gap: float = 0.0,
    solver: str | None = None,
    progress: Progress | None = None,
) -> Plan:
    """Return the best plan for a model, with a bound for each goal.

    Goals are optimised in order. Each is held at its value, less its slack, while the next is
    optimised (lexicographic). The bound of a later goal therefore holds only for plans that keep
    the earlier goals at the levels `held`. If a goal gives up some of its slack for a later goal,
    its gap is what it gives up, even if every bound is met. Values are scored from the problem's
    minutes. If people (and minutes, for travel) are whole numbers, a goal is proved when value and
    bound are less than 1 apart; otherwise when they agree to one part in a million.

    The same problem gives the same plan, unless the time limit ends a search.

    Parameters
    ----------
    problem
        Rows, sites, minutes and limits.
    model
        A row of `catalogue`, or its name.
    time_limit
        Seconds for all goals together.
    gap
        A goal may stop when its gap (share of the larger of value and bound) is this small.
    solver
        Solver of the programs: "highs", or a row of `solvers.SOLVERS` that is installed; that of
        the model (HiGHS) by default. Searches, bounds by prices and the scores of plans are
        nhcplanner's own with any solver. A bound that a solver does not tell counts as unknown.
    progress
        Called with the progress; returning False stops the solve with the best plan so far.

    Returns
    -------
    Plan
        Its `status` is "infeasible", with the reason in words, if no plan keeps the rules.

    Raises
    ------
    InputError
        For a model that is not in the catalogue, a time limit or gap out of range, or a solver that
        is not installed.

    Examples
    --------
    >>> problem = Problem.from_minutes([[5, 30], [25, 8]], people=[100, 50], count=1)
    >>> plan = solve(problem, "max_coverage")
    >>> plan.opened, plan.status, plan.stages[0].value
    ((0,), 'optimal', 100.0)
    """
    row = _get_model(model, time_limit, gap)
    row = row if solver is None else replace(row, solver=solver)
    check_solver(row.solver)
    clock = Clock(time_limit, progress)
    reason, unreached = _find_conflicts(problem, row)
    if reason:
        words = solver_words(row.solver)
        return Plan((), "infeasible", (), row.name, words, clock.seconds, reason, unreached)
    with clock.running():
        run = LexicographicSolve(problem, row, clock, gap)
        run.start()
        for number, goal in enumerate(run.hold.goals, start=1):
            clock.enter(number, len(run.hold.goals), goal.name)
            run.reach(goal)
            if run.hold.opened is None:
                break
        run.exchange_at_end()
        return _plan(run)


def _get_model(model: Model | str, time_limit: float, gap: float) -> Model:
    faults = []
    if isinstance(model, str) and model not in catalogue:
        faults.append(f"no model is called {model!r}; the catalogue has {', '.join(catalogue)}")
    if not time_limit > 0:
        faults.append(f"time_limit must be seconds above 0, not {time_limit}")
    if not 0 <= gap < 1:
        faults.append(f"gap must be a share from 0 to below 1, not {gap}")
    if faults:
        raise InputError(faults)
    return catalogue[model] if isinstance(model, str) else model


def _find_conflicts(problem: Problem, model: Model) -> tuple[str, tuple[int, ...]]:
    reasons = find_clashes(problem)
    unreached: tuple[int, ...] = ()
    if model.everyone is not None:
        minutes = model.everyone(problem)
        rows = find_unreached_rows(problem, minutes)
        if len(rows):
            reasons.append(unreached_words(problem, rows, minutes))
            unreached = tuple(rows.tolist())
    return "; ".join(reasons), unreached


def _plan(run: LexicographicSolve) -> Plan:
    hold, search = run.hold, run.search
    if hold.opened is None:
        status: Status = "infeasible" if search.impossible else "stopped"
        name, solver = run.model.name, solver_words(run.model.solver)
        return Plan((), status, (), name, solver, run.clock.seconds, search.reason)
    problem, opened = hold.problem, _drop_needless(run, hold.opened)
    stages = tuple(
        replace(stage, value=goal.score(problem, opened))
        for goal, stage in zip(hold.goals, hold.stages, strict=True)
    )
    is_proved = all(
        s.value is not None and s.bound is not None and reaches(g, problem, s.value, s.bound)
        for g, s in zip(hold.goals, hold.stages, strict=True)
    )
    return Plan(
        opened=tuple(opened.tolist()),
        status="optimal" if is_proved else "feasible",
        stages=stages,
        model=run.model.name,
        solver=solver_words(run.model.solver),
        seconds=run.clock.seconds,
        assignment=_assignment(problem, run.model, opened),
        allocation=_allocation(problem, run.model, opened),
        site_ids=problem.site_ids,
    )


def _assignment(problem: Problem, model: Model, opened: Positions) -> Positions | None:
    if not model.assigns:
        return None
    if model.service is not None:
        return find_main_sites(problem, model.service, opened)
    return nearest_site(problem.minutes, opened)


def _allocation(problem: Problem, model: Model, opened: Positions) -> Allocation | None:
    rule = model.service or model.footprint
    return None if rule is None else allocation_of(problem, rule, opened)


def _drop_needless(run: LexicographicSolve, opened: Positions) -> Positions:
    """Return the plan without sites that change no goal and no rule."""
    hold = run.hold

    def scores(sites: Positions) -> list[float]:
        return [goal.score(hold.problem, sites) for goal in hold.goals]

    before = scores(opened)
    for site in _removable_sites(run, opened)[::-1]:
        if run.model.service is not None and not run.clock.left:
            break  # assigning people again takes long
        fewer = opened[opened != site]
        if hold.keeps_rules(fewer) and scores(fewer) == before:
            opened = fewer
    return opened


def _removable_sites(run: LexicographicSolve, opened: Positions) -> Positions:
    """Return open sites that may shut, and are not the only site of people whom a goal counts."""
    problem = run.hold.problem
    counts = np.zeros(problem.areas, dtype=bool)
    for goal in run.hold.goals:
        weights = goal.weights(problem) if isinstance(goal, Goal) and goal.weights else None
        counts |= (problem.people if weights is None else weights) > 0
    assignment = _assignment(problem, run.model, opened) if run.bound.is_travel_alone else None
    if assignment is not None:
        return np.setdiff1d(opened, [*assignment[counts], *problem.keep]).astype(np.intp)
    covers = problem.covers[:, opened]
    alone = counts & (np.diff(covers.indptr) == 1)
    only = opened[np.unique(covers[alone].indices)]
    return np.setdiff1d(opened, [*only, *problem.keep]).astype(np.intp)
