"""Tolerances: when a value meets a bound, and how a goal is held at a level.

Whole values differ if they are 1 apart, up to the size at which the solver's bound is too rough to
tell. Other values are compared to one part in a million, whatever their unit.
"""

from __future__ import annotations

import math

from nhcplanner.domain.problem import Problem
from nhcplanner.models.goal_types import AnyGoal, Goal, LevelGoal
from nhcplanner.models.program import Program
from nhcplanner.models.rule_types import Rule

ALIKE = 1e-6
STEP = 0.5  # whole values less than this apart are equal, whatever HiGHS's tolerances
ROUNDING = 1e-9  # share of a bound by which the solver's bound may be wrong
MOST_WHOLE = 0.4 / ROUNDING  # a larger bound is not exact to a whole number


def reaches(goal: AnyGoal, problem: Problem, value: float, bound: float) -> bool:
    """Whether a value meets a bound: less than 1 apart for whole numbers, else nearly equal."""
    apart = bound - value if goal.sense == "most" else value - bound
    return apart <= slack(goal, problem, value)


def find_level(goal: AnyGoal, problem: Problem, value: float) -> float:
    """Return the level at which to hold a goal: its value, worse by the goal's slack."""
    given_up = goal.slack * abs(value)
    level = value - given_up if goal.sense == "most" else value + given_up
    if isinstance(goal, LevelGoal):
        return goal.round_level(level)
    if not goal.slack or not has_whole_values(goal, problem, level):
        return level
    return float(math.ceil(level - ALIKE) if goal.sense == "most" else math.floor(level + ALIKE))


def hold_goal(goal: AnyGoal, level: float) -> Rule:
    """Return the rule that a goal is no worse than a level."""

    def write(program: Program) -> None:
        if isinstance(goal, LevelGoal):
            goal.within(program, level)
            return
        room = slack(goal, program.problem, level)
        if goal.sense == "most":
            program.at_least(goal(program).items(), level - room)
        else:
            most = goal.total_of(program.problem, level + room)
            program.at_most(goal.clipped(program, most).items(), most)

    side = "least" if goal.sense == "most" else "most"
    return Rule(
        lambda _: f"{goal.name} must be at {side} {level:,.10g}",
        write,
        lambda problem, opened: reaches(goal, problem, goal.score(problem, opened), level),
        by_reach=isinstance(goal, Goal) and goal.by_reach,
    )


def slack(goal: AnyGoal, problem: Problem, value: float) -> float:
    """Return the difference from a value that counts as equal: less than any true step."""
    if isinstance(goal, LevelGoal):
        return 0.0
    if has_whole_values(goal, problem, value):
        return STEP
    return max(goal.alike, ALIKE * (abs(value) or goal.least(problem)))


def has_whole_values(goal: Goal, problem: Problem, value: float) -> bool:
    """Whether values of this size are whole numbers that the solver can tell apart."""
    return abs(value) <= MOST_WHOLE and goal.whole(problem)


def round_bound(goal: Goal, problem: Problem, bound: float) -> float:
    """Return a bound, rounded to the whole number that it proves if values are whole."""
    if not math.isfinite(bound) or not has_whole_values(goal, problem, bound):
        return bound
    room = max(ALIKE, ROUNDING * abs(bound))
    return math.floor(bound + room) if goal.sense == "most" else math.ceil(bound - room)
