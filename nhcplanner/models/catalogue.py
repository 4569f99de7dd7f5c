"""Models that a scenario may name, each with its goals, rules, words and literature.

To add a model from known goals and rules, write its row here; nothing else needs to change.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import partial
from types import MappingProxyType

import numpy as np

from nhcplanner.base.arrays import Positions
from nhcplanner.domain.problem import Problem
from nhcplanner.models import rules
from nhcplanner.models.bounds.lagrangian import LagrangianBound
from nhcplanner.models.capacity.assignment import AssignmentRule, send
from nhcplanner.models.capacity.rule import assignment_within_limits, serve
from nhcplanner.models.capacity.search import CapacitatedBound, least_travel_with_room
from nhcplanner.models.coverage import within
from nhcplanner.models.goal_types import PLAIN, AnyGoal, Goal, NamedGoal
from nhcplanner.models.goals import GOALS
from nhcplanner.models.rule_types import Rule
from nhcplanner.models.search.coverage import SearchState, Start, most_covered
from nhcplanner.models.search.p_median import least_travel
from nhcplanner.models.search.set_cover import fewest

SITE_RULES = (
    rules.open_at_most(), rules.within_budget(), rules.keep_open(), rules.stay_shut(),
)  # fmt: skip


@dataclass(frozen=True)
class Model:
    """Registry row of a model: goals, rules, words and literature.

    The command line, the app, documents and the guide read it.

    Parameters
    ----------
    name
        Its name in the catalogue.
    words
        What a plan should do, in one line for a planner.
    goals
        Returns the goals for a problem, in order of priority.
    rules
        Rules that a plan must keep.
    start
        Search for a first plan.
    everyone
        Returns the minutes within which the model must serve everyone, for a problem; None if it
        may leave people out.
    assigns
        Whether plans say which centre each row goes to: the nearest, or as `service` assigns it.
    service
        How people are assigned to centres of limited capacity.
    footprint
        How people are assigned if only rules limit it (least or most people of each centre) and
        the goals do not depend on it.
    prices
        The Lagrangian bound on total travel; None if total travel is not the only goal.
    names_clashes
        Whether to look for the fewest rules that clash if no plan keeps them all, which takes up to
        20 seconds.
    title
        Its title on screens; made from the name by default.
    wish
        What it asks for, as the end of the sentence "Open at most 5 centres, ...". "{trip}" stands
        for a journey within reach, "{who}" for the people who must be served, "{first}" for the
        areas in most need.
    literature
        Its name in the literature, with a source.
    solver
        Name of the solver of its programs: "highs", or a row of `solvers.SOLVERS`.
    """

    name: str
    words: str
    goals: Callable[[Problem], tuple[AnyGoal, ...]]
    rules: tuple[Rule, ...]
    start: Start | None = None
    everyone: Callable[[Problem], float] | None = None
    assigns: bool = False
    service: AssignmentRule | None = None
    footprint: AssignmentRule | None = None
    prices: Callable[[Problem], LagrangianBound] | None = None
    names_clashes: bool = True
    title: str = ""
    wish: str = ""
    literature: str = ""
    solver: str = "highs"

    def __post_init__(self) -> None:
        if not self.title:
            object.__setattr__(self, "title", self.name.replace("_", " ").capitalize())
        if not self.wish:
            object.__setattr__(self, "wish", f"by the model {self.name} ({{trip}})")


def within_capacity(name: str, words: str, service: AssignmentRule) -> Model:
    """Return a model that assigns people to centres of limited capacity."""

    def start_travel(problem: Problem, state: SearchState) -> Positions | None:
        if problem.sizes is None:
            return least_travel_with_room(problem, state, service.room(problem))
        plans = []
        for one in problem.sizes.variants(problem.cost, service.room(problem)):
            fixed = replace(problem, cost=one.cost, sizes=None)
            opened = least_travel_with_room(fixed, state, one.room)
            way = None if opened is None else send(problem, service, tuple(opened.tolist()))
            if opened is not None and way is not None:
                plans.append((service.sign * service.value(problem, way), opened))
        return min(plans, key=lambda plan: plan[0])[1] if plans else None

    def start_most(problem: Problem, state: SearchState) -> Positions | None:
        reached = replace(problem, minutes=within(problem, problem.reach))
        return start_travel(reached, state)

    def prices(problem: Problem) -> LagrangianBound:
        price = np.inf if service.price is None else service.price
        return CapacitatedBound(problem, service.room(problem), price)

    model = Model(
        name,
        words,
        lambda _: (serve(service),),
        (*SITE_RULES, assignment_within_limits(service)),
        start_most,
        assigns=True,
        service=service,
    )
    if not service.everyone:
        return model
    start = start_travel if service.price is None else least_travel
    return replace(model, start=start, everyone=any_minutes, prices=prices)


def model_of_goals(base: Model, goals: tuple[AnyGoal, ...], rows: tuple[NamedGoal, ...]) -> Model:
    """Return a model with other goals, and the search and bound that suit them.

    Parameters
    ----------
    base
        The model whose rules are used.
    goals
        Goals in order of priority.
    rows
        Registry rows of the goals.
    """
    everyone = base.everyone
    if everyone is None and any(row.serves_everyone for row in rows):
        everyone = any_minutes
    travel_alone = len(goals) == 1 and len(rows) == 1 and rows[0].is_total_travel
    return replace(
        base,
        goals=lambda _: goals,
        start=_start(base, goals[0] if goals else None),
        everyone=everyone,
        assigns=base.assigns or any(row.assigns for row in rows),
        prices=travel_prices(goals[0]) if travel_alone else None,
    )


def travel_prices(goal: AnyGoal) -> Callable[[Problem], LagrangianBound]:
    """Return the Lagrangian bound of a goal that sums the cost of journeys."""
    journeys = (goal.journeys if isinstance(goal, Goal) else None) or PLAIN
    return LagrangianBound if journeys == PLAIN else partial(LagrangianBound, journeys=journeys)


def any_minutes(_: Problem) -> float:
    """Return the limit of a model that must serve everyone, however far: none."""
    return np.inf


def _start(base: Model, first: AnyGoal | None) -> Start:
    """Return the search that suits the first goal: coverage, fewest centres, or travel."""
    if isinstance(first, Goal) and first.weights is not None:
        return most_covered
    return fewest if base.start is fewest else least_travel


def _goals(*names: str) -> Callable[[Problem], tuple[AnyGoal, ...]]:
    return lambda problem: tuple(goal for name in names for goal in GOALS[name].make(problem, ""))


_MODELS = (
    Model(
        "lowest_hle_first",
        "Reach the most people where healthy life expectancy is lowest, then the next band, "
        "and so on; a later band never takes from an earlier one",
        _goals("cover_bands"),
        SITE_RULES,
        most_covered,
        title="Lowest HLE first",
        wish="so that most people live within {trip}, {first} first",
        literature="Maximal covering (MCLP), lexicographic by band",
    ),
    Model(
        "max_coverage",
        "Reach the most people with the centres or money available",
        _goals("cover_most"),
        SITE_RULES,
        most_covered,
        title="Most people in reach",
        wish="so that most people live within {trip}",
        literature="Maximal covering location problem (MCLP): Church and ReVelle 1974",
    ),
    Model(
        "set_cover",
        "Reach everyone with the fewest centres",
        _goals("fewest_centres"),
        (*SITE_RULES, rules.everyone_in_reach()),
        fewest,
        lambda problem: problem.reach,
        title="Fewest centres for everyone",
        wish="as few as possible, so that {who} live within {trip}",
        literature="Location set covering problem (LSCP): Toregas and others 1971",
    ),
    Model(
        "p_median",
        "Minimise everyone's travel in total",
        _goals("least_travel"),
        (*SITE_RULES, rules.everyone_served()),
        least_travel,
        any_minutes,
        assigns=True,
        prices=LagrangianBound,
        title="Minimise total travel",
        wish="so that everyone's total travel is as short as possible ({trip} counts as in reach)",
        literature="p-median: Hakimi 1964",
    ),
    Model(
        "fairest_journeys",
        "Minimise everyone's travel, where long journeys weigh more (Kolm-Pollak)",
        _goals("least_ede"),
        (*SITE_RULES, rules.everyone_served()),
        least_travel,
        any_minutes,
        assigns=True,
        prices=lambda problem: travel_prices(GOALS["least_ede"].make(problem, "")[0])(problem),
        title="Fairest journeys",
        wish="so that journeys are as short and as equal as possible ({trip} counts as in reach)",
        literature="Kolm-Pollak equally distributed equivalent: Horton and others 2024",
    ),
    Model(
        "p_centre",
        "Minimise the longest journey to a centre",
        _goals("least_worst"),
        (*SITE_RULES, rules.everyone_has_a_way()),
        least_travel,
        any_minutes,
        title="Minimise the longest journey",
        wish="so that the longest journey is as short as possible ({trip} counts as in reach)",
        literature="p-centre: Hakimi 1964",
    ),
    replace(
        within_capacity(
            "max_coverage_within_capacity",
            "Serve the most people within reach, no centre beyond its capacity",
            AssignmentRule(),
        ),
        title="Most people in reach, within capacity",
        wish="so that most people have room in a centre within {trip}",
        literature="Capacitated maximal covering: Current and Storbeck 1988",
    ),
    replace(
        within_capacity(
            "p_median_within_capacity",
            "Minimise everyone's travel in total, no centre beyond its capacity",
            AssignmentRule(everyone=True),
        ),
        title="Minimise total travel, within capacity",
        wish="so that everyone's total travel is as short as possible, each to a centre with room "
        "({trip} counts as in reach)",
        literature="Capacitated p-median: Mulvey and Beck 1984",
    ),
)

catalogue: Mapping[str, Model] = MappingProxyType({model.name: model for model in _MODELS})
"""Every model by name."""
