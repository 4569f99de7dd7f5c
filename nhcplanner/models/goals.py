"""Goals that a model or a scenario may name, each with its row in `GOALS`.

To add a goal, write its function and its row here; nothing else needs to change.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from types import MappingProxyType

import numpy as np
import pulp

from nhcplanner.base.arrays import Floats, Positions
from nhcplanner.base.errors import InputError
from nhcplanner.domain.problem import Problem
from nhcplanner.domain.travel_times import nearest_minutes
from nhcplanner.models import equity
from nhcplanner.models.colocation import MOST_SERVICES
from nhcplanner.models.dispersion import WIDEST_SPREAD
from nhcplanner.models.fairness import people_twice, reachable, served_twice, without_backup
from nhcplanner.models.floating_access import MOST_ACCESS
from nhcplanner.models.goal_types import (
    PLAIN,
    AnyGoal,
    Goal,
    NamedGoal,
    WorstGoal,
    allowed_sites,
    least_amount,
)
from nhcplanner.models.program import Program
from nhcplanner.models.rules import everyone_has_a_way, everyone_served

SIGNED_ROUNDING = 1e-8  # share of the sum of all weights' sizes, for sums that may be near 0


def cover(name: str, weights: Callable[[Problem], Floats]) -> Goal:
    """Return the goal of most weight within reach of a centre (Church and ReVelle 1974)."""

    def score(problem: Problem, opened: Positions) -> float:
        return _within(problem, opened, weights(problem))

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


def cover_need(least: float = 0.0, alike: float = 0.0) -> Goal:
    """Return the goal of most need within reach: people weighted by the `need` of their row.

    Weights may be negative (places to avoid). Then the limit counts only the positive weights,
    and the negative weights that sites which must open reach.

    Parameters
    ----------
    least
        The lowest weight. If it is below 0, a site that reaches more is not always better.
    alike
        As for `Goal`, if the lowest weight is below 0.
    """

    def weights(problem: Problem) -> Floats:
        return problem.people if problem.need is None else problem.people * problem.need

    goal = replace(
        cover("need within reach", weights),
        unit="weighted people",
        whole=lambda p: not (weights(p) % 1).any(),
    )
    if least >= 0:
        return goal

    def express(program: Program) -> pulp.LpAffineExpression:
        return pulp.LpAffineExpression(program.exactly_covered.total(weights(program.problem)))

    def limit(problem: Problem) -> float:
        needs = weights(problem)
        gained, lost = np.maximum(needs, 0.0), np.minimum(needs, 0.0)
        return _within(problem, allowed_sites(problem), gained) + _within(
            problem, np.array(problem.keep, dtype=np.intp), lost
        )

    return replace(
        goal, express=express, limit=limit, by_reach=False, alike=alike,
        least=lambda problem: least_amount(np.abs(weights(problem))),
    )  # fmt: skip


def _within(problem: Problem, opened: Positions, weights: Floats) -> float:
    """Return the sum of weights of rows within reach of a centre."""
    in_reach = nearest_minutes(problem.minutes, opened) <= np.float32(problem.reach)
    return float(weights[in_reach].sum())


def cover_twice() -> Goal:
    """Return the goal of most people with two centres within reach (backup coverage).

    Hogan and ReVelle (1986), Concepts and applications of backup coverage, Management Science
    32(11).
    """
    return Goal(
        "people with two centres within reach", "most", "people", people_twice,
        lambda program: pulp.LpAffineExpression(served_twice(program)), people_twice,
        whole_people,
    )  # fmt: skip


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
        score, PLAIN.express, limit, whole, journeys=PLAIN,
    )  # fmt: skip


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


def goal_lines(groupings: Iterable[str]) -> list[str]:
    """Return the line of every goal, and of goals by group one for each further grouping.

    Examples
    --------
    >>> [line for line in goal_lines(["council"]) if line.startswith("worst_group")]
    ['worst_group', 'worst_group:council', 'worst_group_minutes', 'worst_group_minutes:council']
    """
    names = [name for name in groupings if name != equity.DEFAULT_GROUP]
    return [
        line
        for row in GOALS.values()
        for line in (row.line, *(f"{row.name}:{name}" for name in names if row.by_group))
    ]


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


def _cover_need(problem: Problem, _: str) -> tuple[AnyGoal, ...]:
    if problem.need is None or not len(problem.need):
        return (cover_need(),)
    total = float(np.abs(problem.people * problem.need).sum())
    return (cover_need(float(problem.need.min()), SIGNED_ROUNDING * total),)


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
        _cover_need,
        "Need in reach",
        literature="Maximal covering (MCLP), weighted demand",
    ),
    NamedGoal(
        "cover_twice",
        "Most people with two centres in reach",
        lambda *_: (cover_twice(),),
        "People with two centres in reach",
        literature="Backup coverage: Hogan and ReVelle 1986",
        note=without_backup,
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
    MOST_ACCESS,
    equity.LEAST_EDE,
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
    equity.WORST_GROUP,
    equity.WORST_GROUP_MINUTES,
    equity.NARROWEST_GAP,
    WIDEST_SPREAD,
    NamedGoal(
        "least_cost",
        "Least money spent",
        lambda *_: (least_cost(),),
        "Pounds spent",
        aim="cost",
        needs_cost=True,
    ),
    MOST_SERVICES,
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
