"""Rules on groups of people: floors, backup coverage, and shares that must have a centre.

To add a rule, write its function and its row in `RULES`; nothing else needs to change.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pulp

from nhcplanner.base.arrays import Floats, Mask, Positions
from nhcplanner.domain.choices import Choice, choice, in_words
from nhcplanner.domain.problem import Problem
from nhcplanner.domain.travel_times import nearest_minutes
from nhcplanner.models.goal_types import SHARE_ROUNDING, WorstGoal
from nhcplanner.models.program import Program, columns
from nhcplanner.models.rule_types import EVERYONE, Limits, NamedRule, Rule, has_label


def floor(group: str, label: str, share: float) -> Rule:
    """Return the rule that a share (0 to 1) of a group has a centre within reach."""
    whom = EVERYONE if group == EVERYONE else f"the people of {in_words(group, label)}"
    return _people_within(group, label, share, whom, lambda limits: limits.reach, by_reach=True)


def within_minutes(minutes: float, share: float) -> Rule:
    """Return the rule that a share (0 to 1) of all people has a centre within some minutes."""
    return _people_within(EVERYONE, "", share, EVERYONE, lambda _: minutes)


def _people_within(
    group: str,
    label: str,
    share: float,
    whom: str,
    minutes: Callable[[Limits], float],
    *,
    by_reach: bool = False,
) -> Rule:
    def weights(problem: Problem) -> Floats:
        return np.where(has_label(problem, group, label), problem.people, 0.0)

    def least(problem: Problem) -> float:
        return share * float(weights(problem).sum()) * (1 - SHARE_ROUNDING)

    def write(program: Program) -> None:
        people = weights(program.problem)
        covering = program.covering(minutes(program.problem))
        program.at_least(covering.total(people), least(program.problem))

    def is_kept(problem: Problem, opened: Positions) -> bool:
        near = nearest_minutes(problem.minutes, opened) <= np.float32(minutes(problem))
        return float(weights(problem)[near].sum()) >= least(problem)

    def words(limits: Limits) -> str:
        near = f"{minutes(limits):g} minutes"
        return f"at least {_percent(share)} of {whom} must have a centre within {near}"

    return Rule(words, write, is_kept, by_reach=by_reach)


def reachable(share: float) -> Rule:
    """Return the rule that a share (0 to 1) of all people can travel to some centre."""
    goal = WorstGoal("", share=share)
    return Rule(
        lambda _: f"at least {_percent(share)} of everyone must have a centre to travel to",
        lambda program: goal.within(program, np.inf),
        lambda problem, opened: bool(np.isfinite(goal.score(problem, opened))),
    )


def backup(share: float) -> Rule:
    """Return the rule that a share (0 to 1) of all people has two centres within reach.

    Hogan and ReVelle (1986), Concepts and applications of backup coverage, Management Science
    32(11).
    """

    def least(problem: Problem) -> float:
        return share * float(problem.people.sum()) * (1 - SHARE_ROUNDING)

    def words(limits: Limits) -> str:
        near = f"{limits.reach:g} minutes"
        return f"at least {_percent(share)} of everyone must have two centres within {near}"

    return _backup(least, words)


def backup_where_possible(share: float) -> Rule:
    """Return the rule of backup for a share (0 to 1) of those who can have two centres in reach.

    People who have fewer than two allowed sites within reach are left out; `without_backup`
    counts them.
    """

    def least(problem: Problem) -> float:
        return share * people_twice(problem) * (1 - SHARE_ROUNDING)

    def words(limits: Limits) -> str:
        near = f"{limits.reach:g} minutes"
        return (
            f"at least {_percent(share)} of those who can have two centres within {near} must "
            "have two"
        )

    return _backup(least, words)


def _backup(least: Callable[[Problem], float], words: Callable[[Limits], str]) -> Rule:
    def write(program: Program) -> None:
        program.at_least(served_twice(program), least(program.problem))

    def is_kept(problem: Problem, opened: Positions) -> bool:
        return people_twice(problem, opened) >= least(problem)

    return Rule(words, write, is_kept)


def served_twice(program: Program) -> list[tuple[pulp.LpVariable, float]]:
    """Return the terms of the people who have two open sites within reach."""
    groups = program.groups
    people = groups.total(program.problem.people)

    def make() -> list[pulp.LpVariable]:
        variables = []
        for g, sites in enumerate(columns(groups.sites)):
            has_two = program.lp.add_variable(f"twice_{g}", 0, 1, pulp.LpInteger)
            program.at_least([*((program.opens[j], 1.0) for j in sites), (has_two, -2.0)], 0.0)
            variables.append(has_two)
        return variables

    def value(mask: Mask) -> Floats:
        return (groups.sites @ mask.astype(np.float64) >= 2).astype(np.float64)

    return list(zip(program.own("twice", make, value), people.tolist(), strict=True))


def people_twice(problem: Problem, opened: Positions | None = None) -> float:
    """Return the people with two of some sites within reach; of all allowed sites by default."""
    covers = problem.covers if opened is None else problem.covers[:, opened]
    return float(problem.people[np.diff(covers.indptr) >= 2].sum())


def without_backup(problem: Problem) -> str:
    """Return, in words, how many people no plan can give two centres in reach; "" if none."""
    without = float(problem.people.sum()) - people_twice(problem)
    if not without > 0:
        return ""
    return (
        f"{without:,.0f} people can't have two centres within {problem.reach:g} minutes: fewer "
        "than two sites that may open are in reach of them"
    )


def _percent(share: float) -> str:
    return f"{share * 100:.10g}%"


def _floor(line: Choice, _: Problem | None) -> Rule:
    return floor(line.group, line.label, (line.number or 0) / 100)


def _within_minutes(line: Choice, _: Problem | None) -> Rule:
    return within_minutes(float(line.label), (100 if line.number is None else line.number) / 100)


def _percent_fault(line: Choice) -> str:
    fits = not line.label and line.number is not None and 0 < line.number <= 100
    return "" if fits else f"should be like {line.group}=90 (per cent of people)"


def _minutes_fault(line: Choice) -> str:
    try:
        fits = 0 < float(line.label) <= 60 and (line.number is None or line.number <= 100)
    except ValueError:
        fits = False
    return "" if fits else "should be like within_minutes:30=95 (minutes, per cent of people)"


RULES = (
    NamedRule("floors", _floor, lambda scenario: map(choice, scenario.floors), level="areas"),
    NamedRule(
        "backup",
        lambda line, _: backup((line.number or 0) / 100),
        lambda scenario: [] if scenario.backup is None else [Choice("", "", scenario.backup)],
    ),
    NamedRule(
        "backup_where_possible",
        lambda line, _: backup_where_possible((line.number or 0) / 100),
        fault=_percent_fault,
        note=without_backup,
    ),
    NamedRule("within_minutes", _within_minutes, fault=_minutes_fault),
)
"""Rules on people that a scenario may ask for."""
