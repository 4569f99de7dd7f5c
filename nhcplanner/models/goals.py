"""Goals that a model or a scenario may name, each with its row in `GOALS`.

To add a goal, write its function and its row here; nothing else needs to change.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from types import MappingProxyType

import numpy as np
import pulp

from nhcplanner.base.arrays import Floats, Mask, Positions
from nhcplanner.base.errors import Fault, InputError
from nhcplanner.domain.problem import Problem
from nhcplanner.domain.travel_times import nearest_minutes
from nhcplanner.models.fairness import reachable
from nhcplanner.models.goal_types import (
    MOST_EXPONENT,
    PLAIN,
    SHARE_ROUNDING,
    AnyGoal,
    Goal,
    JourneyCost,
    NamedGoal,
    WorstGoal,
    allowed_sites,
    least_amount,
)
from nhcplanner.models.program import Program
from nhcplanner.models.rule_types import has_label, labels_of_rows
from nhcplanner.models.rules import everyone_has_a_way, everyone_served

POINT_ROUNDING = 1e-4  # percentage points


def cover(name: str, weights: Callable[[Problem], Floats]) -> Goal:
    """Return the goal of most weight within reach of a centre (Church and ReVelle 1974)."""

    def score(problem: Problem, opened: Positions) -> float:
        in_reach = nearest_minutes(problem.minutes, opened) <= np.float32(problem.reach)
        return float(weights(problem)[in_reach].sum())

    def express(program: Program) -> pulp.LpAffineExpression:
        covering = program.covering(program.problem.reach)
        return pulp.LpAffineExpression(covering.total(weights(program.problem)))

    def limit(problem: Problem) -> float:
        return score(problem, allowed_sites(problem))

    return Goal(
        name, "most", "people", score, express, limit, whole_people, weights,
        least=lambda problem: least_amount(weights(problem)), by_reach=True,
    )  # fmt: skip


def cover_most() -> Goal:
    """Return the goal of most people within reach."""
    return cover("people within reach", lambda problem: problem.people)


def cover_band(band: int) -> Goal:
    """Return the goal of most people of one band within reach."""
    return cover(
        f"people of band {band} within reach",
        lambda problem: np.where(problem.bands == band, problem.people, 0.0),
    )


def cover_need() -> Goal:
    """Return the goal of most need within reach: people weighted by the `need` of their row."""

    def weights(problem: Problem) -> Floats:
        return problem.people if problem.need is None else problem.people * problem.need

    goal = cover("need within reach", weights)
    return replace(goal, unit="weighted people", whole=lambda p: not (weights(p) % 1).any())


def fewest_centres() -> Goal:
    """Return the goal of fewest centres."""
    return Goal(
        "centres",
        "least",
        "centres",
        score=lambda _, opened: float(len(opened)),
        express=lambda program: pulp.LpAffineExpression([(v, 1.0) for v in program.opens.values()]),
        limit=lambda problem: float(len(problem.keep)),
        whole=lambda _: True,
        by_reach=True,
    )


def least_travel() -> Goal:
    """Return the goal of least total minutes, each person going to the nearest centre."""

    def score(problem: Problem, opened: Positions) -> float:
        has_people = problem.people > 0
        return float(
            problem.people[has_people] @ nearest_minutes(problem.minutes, opened)[has_people]
        )

    def limit(problem: Problem) -> float:
        return score(problem, allowed_sites(problem))

    def whole(problem: Problem) -> bool:
        return whole_people(problem) and not (problem.minutes.data % 1).any()

    return Goal(
        "travel of all people", "least", "person-minutes",
        score, _express_journeys(PLAIN), limit, whole, journeys=PLAIN,
    )  # fmt: skip


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
        score, _express_journeys(journeys), lambda problem: score(problem, allowed_sites(problem)),
        lambda _: False, least=lambda _: 1.0, journeys=journeys,
    )  # fmt: skip


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
    if kappa * (longest - mean) < 1:  # exact where the logarithm of nearly 1 would cancel
        above = np.log1p(shares @ np.expm1(kappa * (minutes - mean))) / kappa if kappa else 0.0
        return min(mean + float(above), longest)
    return longest + float(np.log(shares @ np.exp(kappa * (minutes - longest)))) / kappa


def _express_journeys(journeys: JourneyCost) -> Callable[[Program], pulp.LpAffineExpression]:
    """Return what expresses the total cost of all journeys over a program's variables."""

    def express(program: Program) -> pulp.LpAffineExpression:
        arcs = program.arcs
        travel = program.problem.people[arcs.rows] * journeys(arcs.minutes)
        return pulp.LpAffineExpression(list(zip(program.assigned, travel.tolist(), strict=True)))

    return express


def least_worst() -> WorstGoal:
    """Return the goal of the shortest longest journey of any row (p-centre, Hakimi 1964)."""
    return WorstGoal("longest journey")


def least_percentile(percent: float = 90) -> WorstGoal:
    """Return the goal of the fewest minutes within which a percentage of people has a centre."""
    return WorstGoal(f"journey that {percent:g} % of people keep within", share=percent / 100)


def least_cost() -> Goal:
    """Return the goal of least cost of all open sites, in pounds."""

    def cost(problem: Problem) -> Floats:
        return np.zeros(problem.sites) if problem.cost is None else problem.cost

    return Goal(
        "cost",
        "least",
        "pounds",
        score=lambda problem, opened: float(cost(problem)[opened].sum()),
        express=lambda program: pulp.LpAffineExpression(
            [(v, float(cost(program.problem)[j])) for j, v in program.opens.items()]
        ),
        limit=lambda problem: float(cost(problem)[list(problem.keep)].sum()),
        whole=lambda problem: not (cost(problem) % 1).any(),
        by_reach=True,
    )


def narrowest_gap(group: str, one: str, other: str) -> Goal:
    """Return the goal of the least difference between two groups' shares within reach.

    A plan that reaches nobody has no difference, so use this goal after others or with floors.
    """

    def shares(problem: Problem) -> Floats:
        """Return what each row adds to the first group's share less the second's, in points."""
        total = np.zeros(problem.areas)
        for sign, label in ((1.0, one), (-1.0, other)):
            people = np.where(has_label(problem, group, label), problem.people, 0.0)
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


def whole_people(problem: Problem) -> bool:
    """Whether the people of every row are a whole number."""
    return not (problem.people % 1).any()


def _bands(problem: Problem, _: str) -> tuple[AnyGoal, ...]:
    bands = np.unique(problem.bands[problem.bands > 0])
    return tuple(cover_band(int(band)) for band in bands)


def _first_band(problem: Problem, _: str) -> tuple[AnyGoal, ...]:
    bands = problem.bands[problem.bands > 0]
    if not len(bands):
        raise InputError(["no row is in a band, so there is no worst-off band"])
    return (cover_band(int(bands.min())),)


def _gap(problem: Problem, group: str) -> tuple[AnyGoal, ...]:
    group = group or "imd_quintile"
    labels = labels_of_rows(problem, group)
    return (narrowest_gap(group, labels[0], labels[-1]),)


def _ede(problem: Problem, argument: str) -> tuple[AnyGoal, ...]:
    goal = least_ede(_number(argument, 1.0), problem.reach)
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


def _number(argument: str, default: float) -> float:
    """Return an argument as a number; 0 if it is no finite number."""
    try:
        number = float(argument or default)
    except ValueError:
        return 0.0
    return number if np.isfinite(number) else 0.0


def _percent(argument: str) -> float:
    try:
        return float(argument or 90)
    except ValueError:
        return 0.0


_ROWS = (
    NamedGoal(
        "cover_bands",
        "Lowest HLE first, band by band",
        _bands,
        literature="Lexicographic maximal covering, band by band",
    ),
    NamedGoal(
        "cover_most",
        "Most people in reach",
        lambda *_: (cover_most(),),
        "People in reach",
        aim="people",
        literature="Maximal covering (MCLP): Church and ReVelle 1974",
    ),
    NamedGoal(
        "cover_first_band",
        "Most people of band 1 in reach",
        _first_band,
        "People of band 1 in reach",
        aim="worst_off",
        literature="Maximal covering (MCLP) of one group",
    ),
    NamedGoal(
        "cover_need",
        "Most need in reach",
        lambda *_: (cover_need(),),
        "Need in reach",
        literature="Maximal covering (MCLP), weighted demand",
    ),
    NamedGoal(
        "least_travel",
        "Minimise total travel",
        lambda *_: (least_travel(),),
        "Minutes travelled by all people together",
        rules=lambda _: (everyone_served(),),
        serves_everyone=True,
        assigns=True,
        is_total_travel=True,
        aim="travel",
        literature="p-median: Hakimi 1964",
    ),
    NamedGoal(
        "least_ede",
        "Fairest journeys (Kolm-Pollak)",
        _ede,
        "Minutes of the equally distributed journey",
        argument="1",
        with_argument="Fairest journeys (Kolm-Pollak, aversion {argument})",
        fault=lambda argument: "" if _number(argument, 1) > 0 else "should be like least_ede:1",
        rules=lambda _: (everyone_served(),),
        serves_everyone=True,
        assigns=True,
        is_total_travel=True,
        aim="fairest",
        literature="Kolm-Pollak equally distributed equivalent: Horton and others 2024",
    ),
    NamedGoal(
        "least_percentile",
        "Shortest journey for the nearest {argument}%",
        lambda _, argument: (least_percentile(_percent(argument)),),
        "Minutes that a share of people keep within",
        argument="90",
        fault=lambda argument: (
            "" if 0 < _percent(argument) <= 100 else "should be like least_percentile:90"
        ),
        rules=lambda argument: (reachable(_percent(argument) / 100),),
        literature="Partial p-centre: Daskin and Owen 1999",
    ),
    NamedGoal(
        "least_worst",
        "Minimise the longest journey",
        lambda *_: (least_worst(),),
        "Minutes of the longest journey",
        rules=lambda _: (everyone_has_a_way(),),
        serves_everyone=True,
        aim="longest",
        literature="p-centre: Hakimi 1964",
    ),
    NamedGoal(
        "narrowest_gap",
        "Narrowest gap between most and least deprived",
        _gap,
        "Percentage points between two groups",
        with_argument="Narrowest gap by {argument}",
    ),
    NamedGoal(
        "least_cost",
        "Least money spent",
        lambda *_: (least_cost(),),
        "Pounds spent",
        aim="cost",
        needs_cost=True,
    ),
    NamedGoal(
        "fewest_centres",
        "Fewest centres",
        lambda *_: (fewest_centres(),),
        "Centres open",
        aim="centres",
        literature="Location set covering (LSCP) where everyone must be reached: Toregas 1971",
    ),
)

GOALS: Mapping[str, NamedGoal] = MappingProxyType({row.name: row for row in _ROWS})
"""Every goal that a scenario may name, in the order in which screens offer them."""
