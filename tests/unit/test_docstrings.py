"""Public names say their parameters, returns and an example, as numpydoc has it."""

from inspect import isclass, isfunction
from types import ModuleType

import pytest
from numpydoc.validate import validate

import nhcplanner
from nhcplanner import explore
from nhcplanner.domain.scenario import Scenario

SPOKEN = {
    "GL08": "no docstring",
    "SS01": "no summary",
    "PR01": "a parameter is not told",
    "PR02": "a parameter is told that there is not",
    "PR03": "parameters stand in another order",
    "PR07": "a parameter has no words",
    "RT01": "what comes back is not told",
    "RT03": "what comes back has no words",
    "YD01": "what it yields is not told",
}
"""Of numpydoc's checks those kept here; types stand in signatures, which are checked by mypy."""

ELSEWHERE = {
    Scenario: "each key has its own docstring",
    explore.Frontier: "made by `frontier` alone",
}
"""Classes whose parameters are told elsewhere."""


def public(module: ModuleType) -> list[object]:
    named = [getattr(module, name) for name in module.__all__]
    return [one for one in named if isclass(one) or isfunction(one)]


def faults(one: object, codes: set[str]) -> list[tuple[str, str]]:
    found = validate(f"{one.__module__}.{one.__qualname__}")["errors"]
    return [fault for fault in found if fault[0] in codes]


@pytest.mark.parametrize(
    "one", [*public(nhcplanner), *public(explore)], ids=lambda one: one.__name__
)
def test_a_public_name_tells_what_it_takes_and_gives(one):
    kept = set(SPOKEN) - ({"PR01"} if one in ELSEWHERE else set())
    assert faults(one, kept) == []


@pytest.mark.parametrize("one", public(nhcplanner), ids=lambda one: one.__name__)
def test_each_name_of_the_package_has_an_example(one):
    assert faults(one, {"EX01"}) == []
