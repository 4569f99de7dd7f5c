"""Aims: single goals to be weighed against each other, each a model of its own."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType

from nhcplanner.domain.errors import InputError
from nhcplanner.domain.problem import Problem
from nhcplanner.models import Model, catalogue
from nhcplanner.models.catalogue import SITE_RULES
from nhcplanner.models.goals import AnyGoal, cover_band, cover_most, fewest_centres, least_cost
from nhcplanner.models.start import Start, most_covered


def aim(given: Model | str, problem: Problem) -> Model:
    """The aim of that name, or the one given, once it is sure that it has one goal.

    Raises
    ------
    InputError
        For a name that no aim and no model has, a model of several goals or none, or a goal that
        the problem's numbers do not allow.
    """
    if isinstance(given, str):
        named = {**catalogue, **aims}
        if given not in named:
            known = ", ".join([*aims, *(name for name in catalogue if name not in aims)])
            raise InputError([f"no aim is called {given!r}; there are {known}"])
        given = named[given]
    number = len(given.goals(problem))
    if number != 1:
        raise InputError([f"{given.name} has {number} goals; an aim has one"])
    return given


def _aim(
    name: str, words: str, goal: Callable[[Problem], AnyGoal], start: Start | None = None
) -> Model:
    return Model(name, words, lambda problem: (goal(problem),), SITE_RULES, start)


def _worst_off(problem: Problem) -> AnyGoal:
    bands = problem.bands[problem.bands > 0]
    if not len(bands):
        raise InputError(["no row is in a band, so there is no worst-off band"])
    return cover_band(int(bands.min()))


def _cost(problem: Problem) -> AnyGoal:
    if problem.cost is None:
        raise InputError(["cost as an aim needs the cost of each site"])
    return least_cost()


_AIMS = (
    _aim("people", "Reach the most people", lambda _: cover_most(), most_covered),
    _aim("worst_off", "Reach the most people of the first band", _worst_off, most_covered),
    _aim("centres", "Open the fewest centres", lambda _: fewest_centres()),
    _aim("cost", "Spend the least", _cost),
)

aims: Mapping[str, Model] = MappingProxyType(
    {model.name: model for model in _AIMS}
    | {"travel": catalogue["p_median"], "longest": catalogue["p_centre"]}
)
"""Every aim by name: people, worst_off, centres, cost; travel and longest journey of all."""
