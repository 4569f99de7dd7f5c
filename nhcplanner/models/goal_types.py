"""Goal types, and the registry row of a goal that a scenario may name.

A goal scores a plan from the problem's own minutes, never from the solver's sums.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pulp

from nhcplanner.base.arrays import Floats, Positions
from nhcplanner.domain.choices import grouping
from nhcplanner.domain.plan import Sense
from nhcplanner.domain.problem import Problem
from nhcplanner.domain.travel_times import nearest_minutes
from nhcplanner.models.coverage import within
from nhcplanner.models.program import Program
from nhcplanner.models.rule_types import Rule

SHARE_ROUNDING = 1e-9
MOST_EXPONENT = 300.0  # largest power of e that sums may hold


@dataclass(frozen=True)
class JourneyCost:
    """Cost of one person's journey by its minutes, for goals that sum the cost of all journeys.

    The cost of t minutes is (exp(kappa t) - 1) / kappa, or t if kappa is 0. The sum over people is
    the linear proxy of the Kolm-Pollak equally distributed equivalent (EDE): the minutes that,
    travelled by everyone, have the same total cost. The proxy makes a p-median of its minimum, and
    the EDE grows with it, so a bound of the sum is a bound of the EDE. Here 1 is subtracted and
    the cost divided by kappa, which changes no optimum and keeps small kappa exact.

    Horton D, Logan T, Murrell J, Skipper D, Speakman E (2024), A scalable optimization approach
    for equitable facility location, arXiv 2401.15452.

    Parameters
    ----------
    kappa
        Aversion to long journeys, per minute; 0 for plain minutes.
    is_mean
        Whether a goal states the EDE, not the sum.

    Examples
    --------
    >>> import math
    >>> ede = JourneyCost(0.05, is_mean=True)
    >>> total = float(ede(np.array([10.0, 30.0])).sum())
    >>> round(ede.value(total, 2.0), 6) == round(20 * math.log((math.e**0.5 + math.e**1.5) / 2), 6)
    True
    """

    kappa: float = 0.0
    is_mean: bool = False

    def __call__(self, minutes: Floats) -> Floats:
        """Return the cost of journeys of some minutes."""
        if not self.kappa:
            return minutes
        return np.asarray(np.expm1(self.kappa * minutes) / self.kappa, dtype=np.float64)

    def value(self, total: float, people: float) -> float:
        """Return the goal's value for a total cost of all people's journeys."""
        if not self.is_mean or not math.isfinite(total):
            return total
        mean = max(total, 0.0) / people if people else 0.0  # a bound may be below 0
        return math.log1p(self.kappa * mean) / self.kappa if self.kappa else mean

    def total(self, value: float, people: float) -> float:
        """Return the total cost of all people's journeys for a value of the goal."""
        if not self.is_mean or not math.isfinite(value):
            return value
        if not self.kappa:
            return value * people
        return people * math.expm1(min(self.kappa * value, MOST_EXPONENT)) / self.kappa

    def express(self, program: Program) -> pulp.LpAffineExpression:
        """Return the total cost of all people's journeys over a program's variables."""
        arcs = program.arcs
        travel = program.problem.people[arcs.rows] * self(arcs.minutes)
        return pulp.LpAffineExpression(list(zip(program.assigned, travel.tolist(), strict=True)))


PLAIN = JourneyCost()
"""A journey costs its minutes: the p-median."""


@dataclass(frozen=True)
class Goal:
    """A goal that is a sum over rows or sites.

    Parameters
    ----------
    name, sense, unit
        As in `Stage`.
    score
        Value of a plan, from the problem and the positions opened; infinite if the plan leaves
        somebody unserved who must be served.
    express
        The same value as an expression over a program's variables.
    limit
        A value that no plan can beat, known without solving.
    whole
        Whether every value is a whole number.
    weights
        Weight of each row, for a goal that counts coverage.
    slack
        Share of its value (0 to 1) that later goals may give up.
    least
        The smallest amount above 0 that it may count. Values near 0 are compared on this scale.
    alike
        Largest difference of values that count as equal, if one part in a million is finer than
        the solver's tolerance.
    by_reach
        Whether a plan scores no worse after a site is replaced by another that reaches at least
        the same rows within `reach` and costs no more.
    journeys
        Cost of a journey, for a goal that sums the journeys of all people to the nearest centre;
        None for other goals. Its expression is the total cost, its value `journeys.value`.
    """

    name: str
    sense: Sense
    unit: str
    score: Callable[[Problem, Positions], float]
    express: Callable[[Program], pulp.LpAffineExpression]
    limit: Callable[[Problem], float]
    whole: Callable[[Problem], bool]
    weights: Callable[[Problem], Floats] | None = None
    slack: float = 0.0
    least: Callable[[Problem], float] = lambda problem: least_amount(problem.people)
    alike: float = 0.0
    by_reach: bool = False
    journeys: JourneyCost | None = None

    def __call__(self, program: Program) -> pulp.LpAffineExpression:
        """Return the goal as an expression over a program's variables."""
        return self.express(program)

    def value_of(self, problem: Problem, total: float) -> float:
        """Return the goal's value for a value of its expression, such as a bound."""
        if self.journeys is None:
            return total
        return self.journeys.value(total, float(problem.people.sum()))

    def total_of(self, problem: Problem, value: float) -> float:
        """Return the value of the goal's expression for a value of the goal."""
        if self.journeys is None:
            return value
        return self.journeys.total(value, float(problem.people.sum()))

    def clipped(self, program: Program, most: float) -> pulp.LpAffineExpression:
        """Return the expression, with journeys that cost more than twice a total at twice that.

        A plan of at most that total has no such journey, so its value stays, and the solver's
        tolerances are not spent on numbers that no plan uses.
        """
        expression = self.express(program)
        if self.journeys is None or not 0 < most < math.inf:
            return expression
        return pulp.LpAffineExpression([(v, min(c, 2 * most)) for v, c in expression.items()])


@dataclass(frozen=True)
class LevelGoal:
    """A goal that has no expression and is solved by bisection over its levels.

    Parameters
    ----------
    name, unit, sense
        As in `Stage`.
    slack
        As for `Goal`.
    """

    name: str
    unit: str = "minutes"
    sense: Sense = "least"
    slack: float = 0.0

    def score(self, problem: Problem, opened: Positions) -> float:
        """Return the value of a plan."""
        raise NotImplementedError

    def within(self, program: Program, level: float) -> None:
        """Require that a plan is no worse than a level."""
        raise NotImplementedError

    def limit(self, problem: Problem) -> float:
        """Return a value that no plan can beat."""
        raise NotImplementedError

    def levels(self, problem: Problem) -> Floats:
        """Return every value that the goal can take from its limit on, the best first."""
        raise NotImplementedError

    def round_level(self, level: float) -> float:
        """Return a level as the goal compares it with values."""
        return level


@dataclass(frozen=True)
class WorstGoal(LevelGoal):
    """Fewest minutes within which everyone, or a share of people, has a centre.

    Each step of the bisection decides whether a plan has enough people within a level (for the
    p-centre: Minieka 1970, The m-center problem, SIAM Review 12(1)).

    Parameters
    ----------
    name, unit, sense, slack
        As for `LevelGoal`.
    share
        Share of people (above 0, up to 1) who must be within the minutes.
    """

    share: float = 1.0

    def score(self, problem: Problem, opened: Positions) -> float:
        """Return the minutes within which the share of people has a centre; inf if it never has."""
        some = problem.people > 0
        minutes, people = nearest_minutes(problem.minutes, opened)[some], problem.people[some]
        if not len(minutes):
            return 0.0
        if self.share == 1:
            return float(minutes.max())  # a row counts however few people live in it
        order = np.argsort(minutes)
        enough = int(np.searchsorted(np.cumsum(people[order]), self.people(problem)))
        return float(minutes[order][min(enough, len(order) - 1)])

    def people(self, problem: Problem) -> float:
        """Return how many people must be within the minutes, less an allowance for rounding."""
        return self.share * float(problem.people.sum()) * (1 - SHARE_ROUNDING)

    def within(self, program: Program, level: float) -> None:
        """Require that the share of people has a centre within some minutes."""
        if self.share == 1:
            program.everyone_within(level)
        else:
            covering = program.covering(level)
            people = program.problem.people
            program.at_least(covering.total(people), self.people(program.problem))

    def limit(self, problem: Problem) -> float:
        """Return the minutes that are needed even with every allowed site open."""
        return self.score(problem, allowed_sites(problem))

    def levels(self, problem: Problem) -> Floats:
        """Return every value the goal can take, the best first."""
        table = within(problem)
        some = np.repeat(problem.people > 0, np.diff(table.indptr))
        least = self.limit(problem)
        return np.union1d(table.data[some & (table.data >= least)], [least])

    def round_level(self, level: float) -> float:
        """Return minutes in single precision, as travel times are."""
        return float(np.float32(level))


AnyGoal = Goal | LevelGoal


def _no_rules(_: str) -> tuple[Rule, ...]:
    return ()


def _no_fault(_: str) -> str:
    return ""


@dataclass(frozen=True)
class NamedGoal:
    """Registry row of a goal: name, words, literature and code.

    The scenario's `goals`, the app, the command line, trade-offs and the guide read it.

    Parameters
    ----------
    name
        Name in a scenario.
    title
        Title on screens and in documents. "{argument}" stands for the argument.
    make
        Returns its goals for a problem and an argument (`name:argument`, "" for none). Raises
        InputError if the problem lacks data that it needs.
    figure
        What its value counts, as the title of an axis.
    argument
        Default argument.
    with_argument
        Title if a scenario gives an argument; `title` by default.
    fault
        Returns what is wrong with an argument, in words; "" if nothing is.
    rules
        Returns rules that the goal needs to be meaningful, for an argument.
    serves_everyone
        Whether no plan may leave people without a centre.
    assigns
        Whether plans say which centre each row goes to.
    is_total_travel
        Whether it sums the cost of all journeys, as the p-median, which has its own bound and
        search.
    aim
        Its name as an aim of a trade-off; "" if it cannot be one.
    needs_cost
        Whether a trade-off against it needs the cost of sites.
    literature
        Its name in the literature, with a source.
    note
        Returns what a reader must know of the goal in a problem, in words; "" if nothing.
    by_group
        Whether its argument is a grouping of the areas; screens offer those of the place.
    """

    name: str
    title: str
    make: Callable[[Problem, str], tuple[AnyGoal, ...]]
    figure: str = ""
    argument: str = ""
    with_argument: str = ""
    fault: Callable[[str], str] = _no_fault
    rules: Callable[[str], tuple[Rule, ...]] = _no_rules
    serves_everyone: bool = False
    assigns: bool = False
    is_total_travel: bool = False
    aim: str = ""
    needs_cost: bool = False
    literature: str = ""
    note: Callable[[Problem], str] | None = None
    by_group: bool = False

    @property
    def line(self) -> str:
        """The line of a scenario that names it."""
        return f"{self.name}:{self.argument}" if self.argument else self.name

    def words(self, argument: str = "") -> str:
        """Return the goal's title, with its argument if it has one."""
        title = self.with_argument if argument and self.with_argument else self.title
        words = title.format(argument=grouping(argument or self.argument))
        return f"{words}: {argument}" if argument and "{argument}" not in title else words


def least_amount(amounts: Floats) -> float:
    """Return the smallest amount above 0; 0 if there is none."""
    some = amounts[amounts > 0]
    return float(some.min()) if len(some) else 0.0


def allowed_sites(problem: Problem) -> Positions:
    """Return the positions of all sites that are not forbidden."""
    return np.setdiff1d(np.arange(problem.sites), problem.forbid).astype(np.intp)
