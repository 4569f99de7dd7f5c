"""Goals of equity: fair journeys, the worst-off groups first, and the narrowest gap.

References
----------
Horton D, Logan T, Murrell J, Skipper D, Speakman E (2024), A scalable optimization approach for
equitable facility location, arXiv 2401.15452: the Kolm-Pollak equally distributed equivalent.
Ogryczak W (1997), On the lexicographic minimax approach to location problems, European Journal of
Operational Research 100(3): the sums of the largest outcomes, in order.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pulp

from nhcplanner.base.arrays import Floats, Mask, Positions
from nhcplanner.base.errors import Fault, InputError
from nhcplanner.domain.plan import Sense
from nhcplanner.domain.problem import Problem
from nhcplanner.domain.travel_times import nearest_minutes
from nhcplanner.models.goal_types import (
    MOST_EXPONENT,
    AnyGoal,
    Goal,
    JourneyCost,
    NamedGoal,
    allowed_sites,
)
from nhcplanner.models.program import Program
from nhcplanner.models.rule_types import has_label, labels_of_rows
from nhcplanner.models.rules import everyone_served

POINT_ROUNDING = 1e-4  # percentage points
DEFAULT_GROUP = "imd_quintile"
WORST_GROUPS = 5  # groups that are compared one after another, before the total of all


def least_ede(epsilon: float, reach: float) -> Goal:
    """Return the goal of least Kolm-Pollak equally distributed equivalent (EDE) of minutes.

    Everyone goes to the nearest centre. The EDE is the journey that is as good, if everyone has
    it, as the journeys that people have: ln(mean of exp(kappa minutes)) / kappa. It lies between
    the mean and the longest journey, and grows with kappa = epsilon / reach.

    Parameters
    ----------
    epsilon
        Aversion to inequality, above 0. At 1 a journey longer by `reach` weighs e = 2.7 times.
    reach
        Minutes that calibrate epsilon, so that plans of one place and of different places have
        the same scale. (Horton and others calibrate it by the minutes of a first plan.)
    """
    journeys = JourneyCost(epsilon / reach, is_mean=True)

    def score(problem: Problem, opened: Positions) -> float:
        some = problem.people > 0
        minutes = nearest_minutes(problem.minutes, opened)[some].astype(np.float64)
        return equally_distributed(minutes, problem.people[some], journeys.kappa)

    return Goal(
        f"equally distributed journey (kappa {epsilon:g}/{reach:g} a minute)", "least", "minutes",
        score, journeys.express, lambda problem: score(problem, allowed_sites(problem)),
        lambda _: False, least=lambda _: 1.0, journeys=journeys,
    )  # fmt: skip


NO_EXPONENT = 1e-12
"""Product of aversion and minutes above the mean below which aversion makes no difference."""


def equally_distributed(minutes: Floats, people: Floats, kappa: float) -> float:
    """Return the Kolm-Pollak equally distributed equivalent of minutes.

    Parameters
    ----------
    minutes, people
        Of each row (shape row), with people above 0.
    kappa
        Aversion to long journeys, per minute; 0 returns the mean.

    Returns
    -------
    float
        Minutes, from the mean to the longest; infinite if a row has none.

    Examples
    --------
    >>> round(equally_distributed(np.array([10.0, 30.0]), np.array([1.0, 1.0]), 0.05), 4)
    22.4023
    """
    if not len(minutes):
        return 0.0
    longest = float(minutes.max())
    if not np.isfinite(longest):
        return np.inf
    shares = people / people.sum()
    mean = float(shares @ minutes)
    exponent = kappa * (longest - mean)
    if exponent < NO_EXPONENT:  # the mean to that share of it; a smaller kappa has lost its digits
        return min(mean, longest)
    if exponent < 1:  # exact where the logarithm of nearly 1 would cancel
        above = np.log1p(shares @ np.expm1(kappa * (minutes - mean))) / kappa
        return min(mean + float(above), longest)
    return longest + float(np.log(shares @ np.exp(kappa * (minutes - longest)))) / kappa


def narrowest_gap(group: str, one: str, other: str) -> Goal:
    """Return the goal of the least difference between two groups' shares within reach.

    A plan that reaches nobody has no difference, so use this goal after others or with floors.
    """

    def shares(problem: Problem) -> Floats:
        """Return what each row adds to the first group's share less the second's, in points."""
        return _shares(problem, group, one) - _shares(problem, group, other)

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


Terms = list[tuple[pulp.LpVariable, float]]


@dataclass(frozen=True)
class GroupFigures:
    """A figure of each of some groups of rows, and the goals that put the worst group first.

    The worst of the figures is made as good as possible, then the worst and the next together, and
    so on. This is the lexicographic minimax (for shares: maximin) of the figures, whichever group
    has them (Ogryczak 1997). The sum of the k worst is the least of k t + sum(max(0, figure - t))
    over t, which is linear.

    Parameters
    ----------
    group
        Grouping of the rows.
    labels
        Labels of the groups that have people.
    what
        The figure in words: "share within reach".
    sense, unit
        Of the figure.
    values
        Returns the figure of each group for a plan (shape group).
    terms
        Returns the figure of each group as terms over a program's variables.
    highest
        Returns the largest figure that a plan which keeps the rules can have.
    """

    group: str
    labels: tuple[str, ...]
    what: str
    sense: Sense
    unit: str
    values: Callable[[Problem, Positions], Floats]
    terms: Callable[[Program], list[Terms]]
    highest: Callable[[Problem], float]

    def goals(self) -> tuple[Goal, ...]:
        """Return the goals in order of priority."""
        number = len(self.labels)
        counts = [*range(1, min(number, WORST_GROUPS) + 1)]
        if number > WORST_GROUPS:
            counts.append(number)
        return tuple(self._worst(count) for count in counts)

    def _worst(self, count: int) -> Goal:
        sign = -1.0 if self.sense == "most" else 1.0
        key = f"worst_{count}_{self.what}_{self.group}".replace(" ", "_")

        def score(problem: Problem, opened: Positions) -> float:
            return sign * float(np.sort(sign * self.values(problem, opened))[::-1][:count].sum())

        def make(program: Program) -> list[pulp.LpVariable]:
            highest = self.highest(program.problem)
            edge = program.lp.add_variable(f"{key}_edge", 0, highest)
            beyond = [
                program.lp.add_variable(f"{key}_{n}", 0, highest) for n in range(len(self.labels))
            ]
            for variable, terms in zip(beyond, self.terms(program), strict=True):
                rest = [(v, -sign * amount) for v, amount in terms]
                program.at_least([(variable, 1.0), (edge, sign), *rest], 0.0)
            return [edge, *beyond]

        def express(program: Program) -> pulp.LpAffineExpression:
            def value(mask: Mask) -> Floats:
                figures = self.values(program.problem, np.flatnonzero(mask))
                edge = sign * np.sort(sign * figures)[::-1][count - 1]
                return np.concatenate([[edge], np.maximum(sign * (figures - edge), 0.0)])

            edge, *beyond = program.own(key, lambda: make(program), value)
            return pulp.LpAffineExpression([(edge, float(count)), *((v, sign) for v in beyond)])

        total = "" if count == 1 else f", sum of the {count} worst-off"
        return Goal(
            f"{self.what} of the worst-off by {self.group}{total}", self.sense, self.unit,
            score, express, lambda problem: score(problem, allowed_sites(problem)),
            lambda _: False, least=lambda _: 1.0, alike=POINT_ROUNDING,
            by_reach=self.sense == "most",
        )  # fmt: skip


def shares_of_groups(group: str, labels: tuple[str, ...]) -> GroupFigures:
    """Return the share of each group's people within reach, in percentage points."""

    def weights(problem: Problem) -> list[Floats]:
        return [_shares(problem, group, label) for label in labels]

    def values(problem: Problem, opened: Positions) -> Floats:
        near = nearest_minutes(problem.minutes, opened) <= np.float32(problem.reach)
        return np.array([float(shares[near].sum()) for shares in weights(problem)])

    def terms(program: Program) -> list[Terms]:
        covering = program.covering(program.problem.reach)
        return [covering.total(shares) for shares in weights(program.problem)]

    return GroupFigures(
        group, labels, "share within reach", "most", "percentage points",
        values, terms, lambda _: 100.0,
    )  # fmt: skip


def minutes_of_groups(group: str, labels: tuple[str, ...]) -> GroupFigures:
    """Return the mean minutes of each group's people to the nearest centre."""

    def weights(problem: Problem) -> list[Floats]:
        return [_shares(problem, group, label) / 100 for label in labels]

    def values(problem: Problem, opened: Positions) -> Floats:
        minutes = nearest_minutes(problem.minutes, opened).astype(np.float64)
        return np.array([float(w[w > 0] @ minutes[w > 0]) for w in weights(problem)])

    def terms(program: Program) -> list[Terms]:
        arcs = program.arcs
        of_groups = []
        for shares in weights(program.problem):
            amounts = shares[arcs.rows] * arcs.minutes
            some = np.flatnonzero(amounts).tolist()
            of_groups.append([(program.assigned[n], float(amounts[n])) for n in some])
        return of_groups

    def highest(problem: Problem) -> float:
        return float(problem.minutes.data.max(initial=0.0))

    return GroupFigures(
        group, labels, "mean minutes", "least", "minutes", values, terms, highest
    )  # fmt: skip


def _shares(problem: Problem, group: str, label: str) -> Floats:
    """Return the percentage of a group's people in each row."""
    people = np.where(has_label(problem, group, label), problem.people, 0.0)
    total = float(people.sum())
    return people * (100.0 / total) if total else people


def _labels_with_people(problem: Problem, group: str) -> tuple[str, ...]:
    labels = labels_of_rows(problem, group)
    some = tuple(one for one in labels if problem.people[has_label(problem, group, one)].any())
    if not some:
        raise InputError([Fault(f"no {group} has people", "scenario")])
    return some


def _worst_group(problem: Problem, group: str) -> tuple[AnyGoal, ...]:
    group = group or DEFAULT_GROUP
    return shares_of_groups(group, _labels_with_people(problem, group)).goals()


def _worst_group_minutes(problem: Problem, group: str) -> tuple[AnyGoal, ...]:
    group = group or DEFAULT_GROUP
    return minutes_of_groups(group, _labels_with_people(problem, group)).goals()


def _gap(problem: Problem, group: str) -> tuple[AnyGoal, ...]:
    group = group or DEFAULT_GROUP
    labels = labels_of_rows(problem, group)
    return (narrowest_gap(group, labels[0], labels[-1]),)


def _ede(problem: Problem, argument: str) -> tuple[AnyGoal, ...]:
    goal = least_ede(number_of_argument(argument, 1.0), problem.reach)
    longest = float(problem.minutes.data.max(initial=0.0))
    if goal.journeys is not None and goal.journeys.kappa * longest > MOST_EXPONENT:
        most = MOST_EXPONENT * problem.reach / longest
        raise InputError(
            [
                Fault(
                    f"goals: least_ede:{argument} is too averse for journeys of {longest:,.0f} "
                    "minutes",
                    "scenario",
                    hint=f"Use at most {most:.3g}, or the goal least_worst",
                )
            ]
        )
    return (goal,)


def number_of_argument(argument: str, default: float) -> float:
    """Return an argument as a number; 0 if it is no finite number."""
    try:
        number = float(argument or default)
    except ValueError:
        return 0.0
    return number if np.isfinite(number) else 0.0


LEAST_EDE = NamedGoal(
    "least_ede",
    "Fairest journeys (Kolm-Pollak)",
    _ede,
    "Minutes of the equally distributed journey",
    argument="1",
    with_argument="Fairest journeys (Kolm-Pollak, aversion {argument})",
    fault=lambda argument: (
        "" if number_of_argument(argument, 1) > 0 else "should be like least_ede:1"
    ),
    rules=lambda _: (everyone_served(),),
    serves_everyone=True,
    assigns=True,
    is_total_travel=True,
    aim="fairest",
    literature="Kolm-Pollak equally distributed equivalent: Horton and others 2024",
)

WORST_GROUP = NamedGoal(
    "worst_group",
    "Worst-off fifth of deprivation first, by share in reach",
    _worst_group,
    with_argument="Worst-off by {argument} first, by share in reach",
    by_group=True,
    literature="Lexicographic minimax: Ogryczak 1997",
)

WORST_GROUP_MINUTES = NamedGoal(
    "worst_group_minutes",
    "Worst-off fifth of deprivation first, by mean minutes",
    _worst_group_minutes,
    with_argument="Worst-off by {argument} first, by mean minutes",
    by_group=True,
    rules=lambda _: (everyone_served(),),
    serves_everyone=True,
    assigns=True,
    literature="Lexicographic minimax: Ogryczak 1997",
)

NARROWEST_GAP = NamedGoal(
    "narrowest_gap",
    "Narrowest gap between most and least deprived",
    _gap,
    "Percentage points between two groups",
    with_argument="Narrowest gap by {argument}",
    by_group=True,
)
