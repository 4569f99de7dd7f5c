"""The trade-off between two goals, point by point, each with its proof.

References
----------
Haimes YY, Lasdon LS, Wismer DA (1971), On a bicriterion formulation of the problems of integrated
system identification and system optimization, IEEE Transactions on Systems, Man, and Cybernetics
SMC-1(3): the epsilon-constraint method.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import pairwise
from types import MappingProxyType

import numpy as np

from nhcplanner.base.errors import Fault, InputError
from nhcplanner.domain.plan import Plan, Status
from nhcplanner.domain.problem import Problem
from nhcplanner.explore.pareto import Point, curve
from nhcplanner.explore.subproblems import Progress, Work, with_rules, with_start
from nhcplanner.models import GOALS, Model, catalogue
from nhcplanner.models.catalogue import SITE_RULES, any_minutes, travel_prices
from nhcplanner.models.goal_types import AnyGoal, Goal, LevelGoal, NamedGoal
from nhcplanner.models.rule_types import Rule
from nhcplanner.models.search.coverage import most_covered
from nhcplanner.models.search.p_median import least_travel
from nhcplanner.models.tolerances import has_whole_values, hold_goal, slack


def aim(model: Model | str, problem: Problem) -> Model:
    """Return an aim by its name, or the model itself, after a check that it has one goal.

    Raises
    ------
    InputError
        For a name that no aim and no model has, a model of several goals or none, or a goal that
        needs numbers that the problem lacks.
    """
    if isinstance(model, str):
        models_by_name = {**catalogue, **aims}
        if model not in models_by_name:
            names = ", ".join([*aims, *(name for name in catalogue if name not in aims)])
            raise InputError([Fault(f"no goal is called {model!r}", hint=f"Give one of {names}")])
        model = models_by_name[model]
    number = len(model.goals(problem))
    if number != 1:
        raise InputError([f"{model.name} has {number} goals; an aim has one"])
    return model


def _aim_of(row: NamedGoal) -> Model:
    """Return the model with only the row's goal."""

    def goals(problem: Problem) -> tuple[AnyGoal, ...]:
        if row.needs_cost and problem.cost is None:
            raise InputError([f"{row.aim} as an aim needs the cost of each site"])
        return row.make(problem, "")

    return Model(
        row.aim,
        row.words(),
        goals,
        (*SITE_RULES, *row.rules("")),
        start=least_travel if row.serves_everyone else most_covered,
        everyone=any_minutes if row.serves_everyone else None,
        assigns=row.assigns,
        prices=(lambda problem: travel_prices(goals(problem)[0])(problem))
        if row.is_total_travel
        else None,
        title=row.words(),
        literature=row.literature,
    )


aims: Mapping[str, Model] = MappingProxyType(
    {row.aim: _aim_of(row) for row in GOALS.values() if row.aim}
)
"""Every aim by name: each goal that may be an aim, as a model with only that goal."""


CLOSE = 4.0  # values within this many tolerances are one point of a curve
NEAR_ZERO = 1e-6  # share of a curve's largest value; smaller values have its tolerance


@dataclass(frozen=True)
class Pace:
    """Limits of a frontier.

    Parameters
    ----------
    points
        Largest number of points, including those already known.
    seconds
        Time for all new points.
    point_seconds
        Largest time for one point.
    gap
        Gap at which the solve of a point may stop.
    """

    points: int = 20
    seconds: float = 600.0
    point_seconds: float = 60.0
    gap: float = 0.0

    def __post_init__(self) -> None:
        faults = []
        if self.points < 1 or self.points % 1:
            faults.append(f"points must be a whole number of 1 or more, not {self.points}")
        times = {"seconds": self.seconds, "point_seconds": self.point_seconds}
        faults += [f"{k} must be above 0, not {v}" for k, v in times.items() if not v > 0]
        if not 0 <= self.gap < 1:
            faults.append(f"gap must be a share from 0 to below 1, not {self.gap}")
        if faults:
            raise InputError(faults)


def frontier(
    problem: Problem,
    first: Model | str,
    second: Model | str,
    *,
    known: Iterable[Point] = (),
    pace: Pace | None = None,
    progress: Progress | None = None,
) -> Frontier:
    """Find the trade-off between two goals, one point after another.

    Each point is the best on the first goal among plans that reach a level of the second, and then
    the best on the second (the epsilon-constraint method). If its stages are proved, no plan is as
    good on both goals and better on one. The ends of the curve come first; each further point
    halves the widest interval between two neighbours.

    Parameters
    ----------
    problem
        Problem to plan; its limits hold for every point.
    first, second
        Names of `aims`, or models of one goal each. Every point keeps the rules of both.
    known
        Points from an earlier call with the same arguments; the search continues from them.
    pace
        Limits on points, time and gap.
    progress
        As in `solve`, with the number of the point before the goal's name; returning False ends
        the search.

    Returns
    -------
    Frontier
        An iterator over points as they are found; `curve` puts them in order.

    Raises
    ------
    InputError
        For aims that are unknown, have several goals, or need numbers that the problem lacks.

    Examples
    --------
    >>> problem = Problem.from_minutes([[5, 99], [99, 5]], people=[30, 20])
    >>> [point.values for point in curve(frontier(problem, "people", "centres")).points]
    [(50.0, 2.0), (30.0, 1.0), (0.0, 0.0)]
    """
    one, other = aim(first, problem), aim(second, problem)
    pair = _with_rules_of(one, other), _with_rules_of(other, one)
    return Frontier(problem, pair, tuple(known), pace or Pace(), progress)


class Frontier:
    """An iterator over the points of a trade-off, to be used once.

    Attributes
    ----------
    found
        All points so far, known ones first.
    complete
        Whether there are no further points, as far as each point is proved.
    reason
        Why there is no point, in words.
    """

    def __init__(
        self,
        problem: Problem,
        pair: tuple[Model, Model],
        points: tuple[Point, ...],
        pace: Pace,
        progress: Progress | None,
    ) -> None:
        self.found = list(points)
        self.complete = False
        self.reason = ""
        self._problem, self._pace, self._progress = problem, pace, progress
        self._models = pair
        self._goals = tuple(model.goals(problem)[0] for model in pair)
        self._sign = 1.0 if self._goals[1].sense == "most" else -1.0
        self._levels_tried: dict[tuple[float, float], float] = {}
        self._points = self._search()

    def __iter__(self) -> Iterator[Point]:
        return self._points

    def _search(self) -> Iterator[Point]:
        work = Work(self._pace.seconds, self._progress)
        if all(point.level is not None for point in self.found):
            yield from self._new(self._ask(work, None, None))
        if self.found and not work.over:
            yield from self._new(self._far_end(work))
        while self.found and not work.over:
            stretch = self._widest()
            self.complete = stretch is None
            if stretch is None or len(self.found) >= self._pace.points:
                return
            level, upper = stretch
            point = self._ask(work, self._sign * level, upper.plan)
            if point is None:
                return
            new = list(self._new(point))
            if not new:
                self._levels_tried[upper.worth] = level
            yield from new

    def _far_end(self, work: Work) -> Point | None:
        """Return the best point on the second goal, unless it is known."""
        plan = self._solve(work, 1, None, "far end")
        value = plan.stages[0].value if plan.stages else None
        if value is None or max(p.worth[1] for p in self.found) >= self._sign * value:
            return None
        return self._ask(work, value, plan)

    def _ask(self, work: Work, level: float | None, start: Plan | None) -> Point | None:
        """Return the best point on the first goal at a level of the second, then on the second."""
        part = f"point {len(self.found) + 1}"
        rule = () if level is None else (hold_goal(self._goals[1], level),)
        one = self._solve(work, 0, start, part, *rule)
        if not one.stages or one.stages[0].value is None or work.is_stopped:
            self.reason = one.reason if not self.found else ""
            return None
        best = hold_goal(self._goals[0], one.stages[0].value)
        two = self._solve(work, 1, one, part, best, *rule)
        if not two.stages or work.is_stopped:
            return None
        value = self._goals[0].score(self._problem, np.array(two.opened, dtype=np.intp))
        stages = (replace(one.stages[0], value=value), two.stages[0])
        is_proved = one.status == two.status == "optimal"
        status: Status = "optimal" if is_proved else "feasible"
        seconds = one.seconds + two.seconds
        name = f"{self._models[0].name} and {self._models[1].name}"
        plan = replace(two, stages=stages, status=status, seconds=seconds, model=name)
        return Point(plan, level)

    def _solve(self, work: Work, goal: int, start: Plan | None, part: str, *rules: Rule) -> Plan:
        model = with_rules(self._models[goal], *rules)
        if start is not None:
            model = with_start(model, start.opened)
        parts = max(2.0 * work.left / self._pace.point_seconds, 1.0)
        return work.solve(self._problem, model, part, parts, self._pace.gap)

    def _new(self, point: Point | None) -> Iterator[Point]:
        if point is not None and not any(self._are_alike(point, other) for other in self.found):
            self.found.append(point)
            yield point

    def _are_alike(self, one: Point, other: Point) -> bool:
        """Whether two points have the same values of both goals."""
        return all(
            abs(a - b) <= _tolerance(goal, self._problem, max(abs(a), abs(b)))
            for goal, a, b in zip(self._goals, one.values, other.values, strict=True)
        )

    def _widest(self) -> tuple[float, Point] | None:
        """Return a level in the widest interval that may have points, and the point above it."""
        points = curve(self.found).points
        spans = np.ptp([point.worth for point in points], axis=0)
        # Near 0 a share of the values themselves is no limit: halving would never end.
        least = NEAR_ZERO * max(abs(point.worth[1]) for point in points)
        best, widest = None, 0.0
        for lower, upper in pairwise(points):
            top = upper.worth[1] if upper.level is None else self._sign * upper.level
            high = min(top, self._levels_tried.get(upper.worth, math.inf))
            ends = lower.worth[1], high
            level = _between(self._goals[1], self._problem, self._sign, ends, least)
            size = (lower.worth[0] - upper.worth[0]) / spans[0] * (high - lower.worth[1]) / spans[1]
            if level is not None and size > widest:
                best, widest = (level, upper), size
        return best


def _with_rules_of(model: Model, other: Model) -> Model:
    """Return a model that also keeps the rules of another model."""
    return replace(
        model,
        rules=tuple(dict.fromkeys((*model.rules, *other.rules))),
        everyone=model.everyone or other.everyone,
        assigns=model.assigns or other.assigns,
    )


def _between(
    goal: AnyGoal, problem: Problem, sign: float, ends: tuple[float, float], least: float
) -> float | None:
    """Return a value of a goal about half-way between two (more is better); None if none.

    The tolerance of values below `least` in size is that of `least`.
    """
    low, high = ends
    if isinstance(goal, LevelGoal):
        levels = np.sort(sign * goal.levels(problem))
        inside = levels[(levels > low) & (levels < high)]
        return float(inside[len(inside) // 2]) if len(inside) else None
    middle, size = (low + high) / 2, max(abs(low), abs(high), least)
    if has_whole_values(goal, problem, size):
        return float(math.ceil(middle)) if high - low >= 2 else None
    return middle if high - low > _tolerance(goal, problem, size) else None


def _tolerance(goal: AnyGoal, problem: Problem, size: float) -> float:
    """Return the largest difference of two values at one point of a curve, for values of a size."""
    room = slack(goal, problem, size)
    return (
        room if isinstance(goal, Goal) and has_whole_values(goal, problem, size) else CLOSE * room
    )
