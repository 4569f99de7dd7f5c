"""Rules and goals that look at groups of people: floors, backup, the gap between two groups."""

from __future__ import annotations

import numpy as np
import pulp

from nhcplanner.base.arrays import Floats, Mask, Positions
from nhcplanner.domain.problem import Problem
from nhcplanner.domain.travel_times import nearest_minutes
from nhcplanner.models.goals import SHARE_ROUNDING, Goal, WorstGoal
from nhcplanner.models.program import Program, columns
from nhcplanner.models.rules import Rule

POINT_ROUNDING = 1e-4  # percentage points
BAND = "band"
EVERYONE = "everyone"


def of_label(problem: Problem, group: str, label: str) -> Mask:
    """Flag of each row that bears a label; `band` and `everyone` are always there."""
    if group == EVERYONE:
        return np.ones(problem.areas, dtype=bool)
    labels = problem.bands.astype(np.str_) if group == BAND else problem.row_groups[group]
    return np.asarray(labels == label, dtype=bool)


def floor(group: str, label: str, share: float) -> Rule:
    """At least a share (0 to 1) of the people of a group within reach."""

    def weights(problem: Problem) -> Floats:
        return np.where(of_label(problem, group, label), problem.people, 0.0)

    def least(problem: Problem) -> float:
        return share * float(weights(problem).sum()) * (1 - SHARE_ROUNDING)

    def write(program: Program) -> None:
        people = weights(program.problem)
        covering = program.covering(program.problem.reach)
        program.at_least(covering.total(people), least(program.problem))

    def kept(problem: Problem, opened: Positions) -> bool:
        near = nearest_minutes(problem.minutes, opened) <= np.float32(problem.reach)
        return float(weights(problem)[near].sum()) >= least(problem)

    whom = EVERYONE if group == EVERYONE else f"the people where {group} is {label}"
    words = f"at least {share * 100:.10g} % of {whom} must have a centre within"
    return Rule(lambda p: f"{words} {p.reach:g} minutes", write, kept, by_reach=True)


def way_for(share: float) -> Rule:
    """At least a share (0 to 1) of all people with minutes to some centre."""
    goal = WorstGoal("", share=share)
    return Rule(
        lambda _: f"at least {share * 100:.10g} % of everyone must have a centre to travel to",
        lambda program: goal.within(program, np.inf),
        lambda problem, opened: bool(np.isfinite(goal.score(problem, opened))),
    )


def backup(share: float) -> Rule:
    """At least a share (0 to 1) of all people with two centres within reach."""

    def least(problem: Problem) -> float:
        return share * float(problem.people.sum()) * (1 - SHARE_ROUNDING)

    def write(program: Program) -> None:
        groups = program.groups
        people = groups.total(program.problem.people)

        def make() -> list[pulp.LpVariable]:
            made = []
            for g, sites in enumerate(columns(groups.sites)):
                twice = program.lp.add_variable(f"twice_{g}", 0, 1, pulp.LpInteger)
                program.at_least([*((program.opens[j], 1.0) for j in sites), (twice, -2.0)], 0.0)
                made.append(twice)
            return made

        def value(mask: Mask) -> Floats:
            return (groups.sites @ mask.astype(np.float64) >= 2).astype(np.float64)

        twice = program.own("twice", make, value)
        program.at_least(zip(twice, people.tolist(), strict=True), least(program.problem))

    def kept(problem: Problem, opened: Positions) -> bool:
        twice = np.diff(problem.covers[:, opened].indptr) >= 2
        return float(problem.people[twice].sum()) >= least(problem)

    words = f"at least {share * 100:.10g} % of everyone must have two centres within"
    return Rule(lambda p: f"{words} {p.reach:g} minutes", write, kept)


def narrowest_gap(group: str, one: str, other: str) -> Goal:
    """Least difference between two groups in the share of people within reach.

    Nobody in reach is no difference, so this goal belongs after others or beside floors.
    """

    def shares(problem: Problem) -> Floats:
        """What each row adds to the first group's share less the second's, in points."""
        total = np.zeros(problem.areas)
        for sign, label in ((1.0, one), (-1.0, other)):
            people = np.where(of_label(problem, group, label), problem.people, 0.0)
            total += sign * 100.0 * people / max(float(people.sum()), SHARE_ROUNDING)
        return total

    def score(problem: Problem, opened: Positions) -> float:
        near = nearest_minutes(problem.minutes, opened) <= np.float32(problem.reach)
        return abs(float(shares(problem)[near].sum()))

    def express(program: Program) -> pulp.LpAffineExpression:
        def make() -> list[pulp.LpVariable]:
            gap = program.lp.add_variable(f"gap_{group}_{one}_{other}", 0, 100)
            terms = program.exactly_covered.total(shares(program.problem))
            for sign in (1.0, -1.0):
                program.at_least([(gap, 1.0), *((v, sign * w) for v, w in terms)], 0.0)
            return [gap]

        def value(mask: Mask) -> Floats:
            return np.array([score(program.problem, np.flatnonzero(mask))])

        (gap,) = program.own(f"gap {group} {one} {other}", make, value)
        return pulp.LpAffineExpression([(gap, 1.0)])

    return Goal(
        f"gap between {group} {one} and {other}", "least", "percentage points",
        score, express, lambda _: 0.0, lambda _: False, alike=POINT_ROUNDING,
    )  # fmt: skip
