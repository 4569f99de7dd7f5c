"""The address bar: which work, place and choices a view shows, so that it can be opened again.

It holds no secret: the work's id opens the work for its owner alone (`owner`), a place is a name of
the app's own list (`places`), and a table of speeds is one that comes with the package.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping

from nhcplanner.domain.scenario import Scenario

START = Scenario(count=8, everyone="reachable")
"""What the app asks until somebody chooses otherwise."""

WORK, PLACE = "work", "place"
LONGEST = 300
"""Choices written longer than this stay out of the address; the saved work has them."""
_BARE = re.compile(r"[A-Za-z_][A-Za-z0-9_ ]*")


def written(key: str, place: str, scenario: Scenario) -> dict[str, str]:
    """What the address says of a work's id, the name of its place, and its scenario.

    Examples
    --------
    >>> written("k", "demo", START.model_copy(update={"count": 5, "mode": "drive"}))
    {'work': 'k', 'mode': 'drive', 'count': '5'}
    """
    given, first = scenario.model_dump(mode="json"), START.model_dump(mode="json")
    said = {name: _text(value) for name, value in given.items() if value != first[name]}
    named = {} if place == "demo" else {PLACE: place}
    return {WORK: key, **named, **{k: v for k, v in said.items() if len(v) <= LONGEST}}


def scenario(params: Mapping[str, str], base: Scenario) -> Scenario:
    """The scenario that an address speaks of; what it leaves out is as in `base`.

    Raises
    ------
    InputError
        For values that a scenario refuses. Parameters that are no choices are passed over.
    """
    settings = [f"{name}={params[name]}" for name in Scenario.model_fields if name in params]
    return base.with_settings(settings)


def _text(value: object) -> str:
    if value is None:
        return "none"
    if isinstance(value, str) and _BARE.fullmatch(value):
        return value
    return json.dumps(value, ensure_ascii=False)
