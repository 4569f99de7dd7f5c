"""Address bar: the work, place and choices of a view, so that it can be opened again.

It holds no secret: the work's id opens the work for its owner only (`owner`), a place is a name
from the app's own list (`places`), and a speed profile is one of the package's own.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping

from nhcplanner.domain.scenario import Scenario

START = Scenario(count=8, everyone="reachable")
"""Choices until somebody makes others."""

WORK, PLACE = "work", "place"
MAX_LENGTH = 300
"""Choices written longer than this stay out of the address; the saved work has them."""
_BARE = re.compile(r"[A-Za-z_][A-Za-z0-9_ ]*")


def parameters(work: str, place: str, scenario: Scenario) -> dict[str, str]:
    """Return the query parameters for a work's id, the name of its place and its scenario.

    Examples
    --------
    >>> parameters("k", "demo", START.model_copy(update={"count": 5, "mode": "drive"}))
    {'work': 'k', 'mode': 'drive', 'count': '5'}
    """
    given, first = scenario.model_dump(mode="json"), START.model_dump(mode="json")
    changed = {name: _text(value) for name, value in given.items() if value != first[name]}
    named = {} if place == "demo" else {PLACE: place}
    return {WORK: work, **named, **{k: v for k, v in changed.items() if len(v) <= MAX_LENGTH}}


def scenario(params: Mapping[str, str], base: Scenario) -> Scenario:
    """Return `base` with the choices of an address; parameters that are no choices are ignored.

    Raises
    ------
    InputError
        For values that a scenario refuses.
    """
    settings = [f"{name}={params[name]}" for name in Scenario.model_fields if name in params]
    return base.with_settings(settings)


def _text(value: object) -> str:
    if value is None:
        return "none"
    if isinstance(value, str) and _BARE.fullmatch(value):
        return value
    return json.dumps(value, ensure_ascii=False)
