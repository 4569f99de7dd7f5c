"""The models: each a row of goals, rules and plain words."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType

import numpy as np

from nhcplanner.base.arrays import Positions
from nhcplanner.domain.problem import Problem
from nhcplanner.models import goals, rules
from nhcplanner.models.bounds.lagrangian import LagrangianBound
from nhcplanner.models.capacity.rule import AssignmentRule, serve, served
from nhcplanner.models.capacity.start import CapacitatedBound, least_travel_with_room
from nhcplanner.models.coverage import within
from nhcplanner.models.goals import AnyGoal
from nhcplanner.models.rules import Rule
from nhcplanner.models.search.p_median import least_travel
from nhcplanner.models.search.start import SearchState, Start, fewest, most_covered

SITE_RULES = (
    rules.open_at_most(), rules.within_budget(), rules.keep_open(), rules.stay_shut(),
)  # fmt: skip


@dataclass(frozen=True)
class Model:
    """What a plan should do.

    Parameters
    ----------
    name
        Its name in the catalogue.
    words
        One line for a planner.
    goals
        Gives the goals for a problem, the first goes first.
    rules
        What a plan must keep.
    start
        Finds a plan to start from.
    everyone
        Minutes within which a model must serve everyone, given the problem; None where it may
        leave people out.
    assigns
        Whether plans say where each row goes: to the nearest centre, or as `service` sends it.
    service
        How people are sent to centres that have only so much room.
    footprint
        How people are sent to centres where only rules ask for it (least or most people of each
        centre) and the goals do not look at it.
    prices
        What bounds the travel of all people, where that is the one goal; None where it is not.
    names_clashes
        Whether the fewest rules that clash are looked for where no plan keeps them all, which
        takes up to 20 seconds.
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


def _bands(problem: Problem) -> tuple[AnyGoal, ...]:
    bands = np.unique(problem.bands[problem.bands > 0])
    return tuple(goals.cover_band(int(band)) for band in bands)


def within_capacity(name: str, words: str, service: AssignmentRule) -> Model:
    """A model that sends people to centres, as a service says."""

    def near(problem: Problem, hunt: SearchState) -> Positions | None:
        return least_travel_with_room(problem, hunt, service.room(problem))

    def most(problem: Problem, hunt: SearchState) -> Positions | None:
        reached = replace(problem, minutes=within(problem, problem.reach))
        return near(reached, hunt)

    def prices(problem: Problem) -> LagrangianBound:
        price = np.inf if service.price is None else service.price
        return CapacitatedBound(problem, service.room(problem), price)

    model = Model(
        name,
        words,
        lambda _: (serve(service),),
        (*SITE_RULES, served(service)),
        most,
        assigns=True,
        service=service,
    )
    if not service.everyone:
        return model
    start = near if service.price is None else least_travel
    return replace(model, start=start, everyone=lambda _: np.inf, prices=prices)


_MODELS = (
    Model(
        "lowest_hle_first",
        "Reach the most people where healthy life expectancy is lowest, then the next band, "
        "and so on; a later band never takes from an earlier one",
        _bands,
        SITE_RULES,
        most_covered,
    ),
    Model(
        "max_coverage",
        "Reach the most people with the centres or money there are",
        lambda _: (goals.cover_most(),),
        SITE_RULES,
        most_covered,
    ),
    Model(
        "set_cover",
        "Reach everyone with the fewest centres",
        lambda _: (goals.fewest_centres(),),
        (*SITE_RULES, rules.everyone_in_reach()),
        fewest,
        lambda problem: problem.reach,
    ),
    Model(
        "p_median",
        "Keep everyone's travel together the least",
        lambda _: (goals.least_travel(),),
        (*SITE_RULES, rules.everyone_served()),
        least_travel,
        lambda _: np.inf,
        assigns=True,
        prices=LagrangianBound,
    ),
    Model(
        "p_centre",
        "Keep the longest journey to a centre as short as can be",
        lambda _: (goals.least_worst(),),
        (*SITE_RULES, rules.everyone_has_a_way()),
        least_travel,
        lambda _: np.inf,
    ),
    within_capacity(
        "max_coverage_within_capacity",
        "Serve the most people within reach, each centre no more than it has room for",
        AssignmentRule(),
    ),
    within_capacity(
        "p_median_within_capacity",
        "Keep everyone's travel together the least, each centre serving no more than it has "
        "room for",
        AssignmentRule(everyone=True),
    ),
)

catalogue: Mapping[str, Model] = MappingProxyType({model.name: model for model in _MODELS})
"""Every model by name."""
