"""The solve of a model: goals in order, each with the bound that proves it."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from nhcplanner.base.arrays import Positions
from nhcplanner.base.clock import Clock, Progress
from nhcplanner.base.errors import InputError
from nhcplanner.domain.plan import Allocation, Plan, Status
from nhcplanner.domain.problem import Problem
from nhcplanner.domain.travel_times import nearest_site
from nhcplanner.models.capacity.rule import allocation_of, sent_to
from nhcplanner.models.catalogue import Model, catalogue
from nhcplanner.models.goal_types import Goal
from nhcplanner.models.highs import SOLVER
from nhcplanner.models.infeasibility import clashes, nobody_reaches, unreached_words
from nhcplanner.models.lexicographic import LexicographicSolve
from nhcplanner.models.tolerances import reaches


def solve(
    problem: Problem,
    model: Model | str,
    *,
    time_limit: float = 60.0,
    gap: float = 0.0,
    progress: Progress | None = None,
) -> Plan:
    """Return the best plan for a model, with a bound for each goal.

    Goals are taken in order; each is held at what it reached, less its slack, while the next is
    sought (lexicographic). So the bound of a later goal holds for plans that keep the earlier
    goals at the levels `held`, no others; and where a goal gave up some of its slack for a later
    one, its gap is what it gave up, though every bound was met. Values are scored from the
    problem's minutes. Where people (and minutes, for travel) are whole numbers a goal is proved
    when value and bound are less than 1 apart, else when they agree to one part in a million.

    The same problem gives the same plan, unless the time limit cuts a search short.

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
    progress
        Called with the progress; returning False stops the solve with the best plan so far.

    Returns
    -------
    Plan
        `status` is "infeasible", with the reason in words, where no plan keeps the rules.

    Raises
    ------
    InputError
        For a model that is not in the catalogue, or a time limit or gap out of range.

    Examples
    --------
    >>> problem = Problem.from_minutes([[5, 30], [25, 8]], people=[100, 50], count=1)
    >>> plan = solve(problem, "max_coverage")
    >>> plan.opened, plan.status, plan.stages[0].value
    ((0,), 'optimal', 100.0)
    """
    row = _checked(model, time_limit, gap)
    clock = Clock(time_limit, progress)
    reason, unreached = _why_none(problem, row)
    if reason:
        return Plan((), "infeasible", (), row.name, SOLVER, clock.seconds, reason, unreached)
    with clock.running():
        run = LexicographicSolve(problem, row, clock, gap)
        run.start()
        for number, goal in enumerate(run.hold.goals, start=1):
            clock.enter(number, len(run.hold.goals), goal.name)
            run.reach(goal)
            if run.hold.opened is None:
                break
        return _plan(run)


def _checked(model: Model | str, time_limit: float, gap: float) -> Model:
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


def _why_none(problem: Problem, model: Model) -> tuple[str, tuple[int, ...]]:
    reasons = clashes(problem)
    unreached: tuple[int, ...] = ()
    if model.everyone is not None:
        minutes = model.everyone(problem)
        rows = nobody_reaches(problem, minutes)
        if len(rows):
            reasons.append(unreached_words(problem, rows, minutes))
            unreached = tuple(rows.tolist())
    return "; ".join(reasons), unreached


def _plan(run: LexicographicSolve) -> Plan:
    hold, search = run.hold, run.search
    if hold.opened is None:
        status: Status = "infeasible" if search.impossible else "stopped"
        return Plan((), status, (), run.model.name, SOLVER, run.clock.seconds, search.reason)
    problem, opened = hold.problem, _needed(run, hold.opened)
    stages = tuple(
        replace(stage, value=goal.score(problem, opened))
        for goal, stage in zip(hold.goals, hold.stages, strict=True)
    )
    proved = all(
        s.value is not None and s.bound is not None and reaches(g, problem, s.value, s.bound)
        for g, s in zip(hold.goals, hold.stages, strict=True)
    )
    return Plan(
        opened=tuple(opened.tolist()),
        status="optimal" if proved else "feasible",
        stages=stages,
        model=run.model.name,
        solver=SOLVER,
        seconds=run.clock.seconds,
        assignment=_assignment(problem, run.model, opened),
        allocation=_allocation(problem, run.model, opened),
        site_ids=problem.site_ids,
    )


def _assignment(problem: Problem, model: Model, opened: Positions) -> Positions | None:
    if not model.assigns:
        return None
    if model.service is not None:
        return sent_to(problem, model.service, opened)
    return nearest_site(problem.minutes, opened)


def _allocation(problem: Problem, model: Model, opened: Positions) -> Allocation | None:
    rule = model.service or model.footprint
    return None if rule is None else allocation_of(problem, rule, opened)


def _needed(run: LexicographicSolve, opened: Positions) -> Positions:
    """Leave out sites that change no goal and no rule."""
    hold = run.hold

    def scores(sites: Positions) -> list[float]:
        return [goal.score(hold.problem, sites) for goal in hold.goals]

    before = scores(opened)
    for site in _in_doubt(run, opened)[::-1]:
        if run.model.service is not None and not run.clock.left:
            break  # assigning people again takes long
        fewer = opened[opened != site]
        if hold.keeps_rules(fewer) and scores(fewer) == before:
            opened = fewer
    return opened


def _in_doubt(run: LexicographicSolve, opened: Positions) -> Positions:
    """Open sites that need not stay, and that are nobody's only site among people who count."""
    problem = run.hold.problem
    counts = np.zeros(problem.areas, dtype=bool)
    for goal in run.hold.goals:
        weights = goal.weights(problem) if isinstance(goal, Goal) and goal.weights else None
        counts |= (problem.people if weights is None else weights) > 0
    sent = _assignment(problem, run.model, opened) if run.bound.is_travel_alone else None
    if sent is not None:
        return np.setdiff1d(opened, [*sent[counts], *problem.keep]).astype(np.intp)
    reached = problem.covers[:, opened]
    alone = counts & (np.diff(reached.indptr) == 1)
    only = opened[np.unique(reached[alone].indices)]
    return np.setdiff1d(opened, [*only, *problem.keep]).astype(np.intp)
