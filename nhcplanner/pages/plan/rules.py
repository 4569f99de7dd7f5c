"""The rules of a plan as a form: what is asked most stands first, the rest behind a fold."""

from __future__ import annotations

from typing import Any, NamedTuple

import streamlit as st

from nhcplanner import models
from nhcplanner.domain.place import Place
from nhcplanner.domain.scenario import BY_CAR, Scenario
from nhcplanner.outputs import reached, wording
from nhcplanner.pages import session
from nhcplanner.pages.plan import more
from nhcplanner.workflow import present

Ways = tuple[str, ...]


class Asked(NamedTuple):
    """A plan that was asked for."""

    scenario: Scenario
    name: str


def form(place: Place, start: Scenario, name: str) -> Asked | None:
    """Draw the form; gives what was asked once its button is pressed.

    Parameters
    ----------
    place
        What may be chosen depends on what it holds.
    start
        What stands in the form at first.
    name
        What the plan is called at first.
    """
    with st.form("rules", border=False):
        given = _frequent(place, start)
        elsewhere = (*given, "keep", "forbid")
        with st.expander("More rules"):
            found = more.fields(place, start, elsewhere)
        named, button = st.columns([2, 1], vertical_alignment="bottom")
        called = named.text_input(
            "Call the plan", name, max_chars=40, help="A plan of the same name is replaced"
        )
        pressed = button.form_submit_button("Make the plan", type="primary", width="stretch")
    if not pressed:
        return None
    with session.guarded():
        settings = more.settings(start, found, elsewhere) | given
        settings["horizon"] = max(settings["horizon"], given["reach"])
        return Asked(Scenario.from_settings(settings, ""), called.strip() or name)
    return None


def _frequent(place: Place, start: Scenario) -> dict[str, Any]:
    aim, travel, reach, count, slack = st.columns([4, 4, 2, 2, 3], vertical_alignment="bottom")
    names = list(dict.fromkeys([*models.catalogue, start.model]))
    ways = _ways(place, start)
    now = start.modes or (start.mode,)
    model = aim.selectbox(
        "Aim",
        names,
        names.index(start.model),
        format_func=lambda one: wording.MODELS.get(one, one),
    )
    chosen = travel.selectbox("People travel", ways, ways.index(now), format_func=_said)
    minutes = reach.number_input("Reach (minutes)", 1.0, 60.0, start.reach, 1.0, format="%g")
    number = count.number_input(
        "Open at most", 0, value=start.count, placeholder="any", help="Those open today count too"
    )
    give = slack.number_input(
        "Goals may give up (%)", 0.0, 100.0, start.slack, 0.5, format="%g",
        help="How much of what an earlier goal reached may go, so that later ones reach more",
    )  # fmt: skip
    one = chosen[0] if len(chosen) == 1 and chosen[0] != BY_CAR else start.mode
    several = chosen if len(chosen) > 1 or chosen[0] == BY_CAR else ()
    return {
        "model": model, "mode": one, "modes": several, "reach": minutes, "count": number,
        "slack": give,
    }  # fmt: skip


def _ways(place: Place, start: Scenario) -> list[Ways]:
    """Ways of travelling that the place can be measured by, and the one that stands now."""
    ways: list[Ways] = [(mode,) for mode in present.modes(place)]
    ways += [(BY_CAR,)] if place.knows_cars else []
    now = start.modes or (start.mode,)
    return ways if now in ways else [*ways, now]


def _said(ways: Ways) -> str:
    return " or ".join(
        "as each household can, with or without a car" if way == BY_CAR else reached.WAYS[way]
        for way in ways
    )
