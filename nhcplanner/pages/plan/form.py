"""Form for the rules of a plan: the main ones first, the others in tabs below."""

from __future__ import annotations

from typing import Any, NamedTuple

import streamlit as st

from nhcplanner import models, workflow
from nhcplanner.base.errors import Fault, InputError
from nhcplanner.domain.choices import BY_CAR
from nhcplanner.domain.place import Place
from nhcplanner.domain.scenario import Scenario
from nhcplanner.outputs.wording import terms
from nhcplanner.pages import session
from nhcplanner.pages.plan import rules
from nhcplanner.workflow.access import list_modes

Modes = tuple[str, ...]
LONGEST = 60
"""Longest reach, in minutes: travel times are not measured beyond it."""
TOO_LONG = (
    f"Enter at most {LONGEST}: longer journeys are not measured. For longer ones, choose a faster "
    "way to travel"
)


class PlanRequest(NamedTuple):
    """Scenario and name of a plan to make."""

    scenario: Scenario
    name: str


def form(place: Place, start: Scenario, name: str) -> PlanRequest | None:
    """Draw the form; return the request when its button is pressed, otherwise None.

    Parameters
    ----------
    place
        Its data decide which choices there are.
    start
        Values of the form at first.
    name
        Name of the plan at first.
    """
    with st.form("rules", border=False):
        values = _main_fields(place, start)
        elsewhere = (*values, "keep", "forbid")
        with st.expander("More rules"):
            more = rules.more_fields(place, start, elsewhere)
        name_field, button = st.columns([2, 1], vertical_alignment="bottom")
        plan_name = name_field.text_input(
            "Plan name", name, max_chars=40, help="A plan with the same name is replaced"
        )
        pressed = button.form_submit_button("Make the plan", type="primary", width="stretch")
    if not pressed:
        return None
    with session.report_errors():
        settings = rules.more_settings(start, more, elsewhere) | values
        if values["reach"] > LONGEST:
            raise InputError([Fault(f"Reach is {values['reach']:g} minutes", hint=TOO_LONG)])
        settings["horizon"] = max(settings["horizon"], values["reach"])
        return PlanRequest(Scenario.from_settings(settings, ""), plan_name.strip() or name)
    return None


def _main_fields(place: Place, start: Scenario) -> dict[str, Any]:
    aim, travel = st.columns(2)
    reach, count, slack = st.columns(3)
    names = list(dict.fromkeys([*models.catalogue, start.model]))
    by = workflow.need_basis(place, start)
    ways = _ways(place, start)
    now = start.modes or (start.mode,)
    model = aim.selectbox(
        "Aim",
        names,
        names.index(start.model),
        format_func=lambda one: terms.model(one, by),
        help=rules.HELP["model"],
    )
    chosen = travel.selectbox(
        "People travel", ways, ways.index(now), format_func=_describe, help=rules.HELP["mode"]
    )
    minutes = reach.number_input(  # no most: the browser would keep the old number in silence
        "Reach (minutes)", 1.0, None, start.reach, 1.0, format="%g", help=rules.HELP["reach"]
    )
    number = count.number_input(
        "Open at most",
        0,
        value=start.count,
        placeholder="any number",
        help=rules.HELP["count"],
    )
    give = slack.number_input(
        "Flexibility for later goals (%)", 0.0, 100.0, start.slack, 0.5, format="%g",
        help=rules.HELP["slack"],
    )  # fmt: skip
    walks = {}
    if place.streets is not None:
        walks["step_free"] = st.checkbox(
            terms.STEP_FREE, start.step_free, help=terms.STEP_FREE_HELP
        )
    if start.slopes or place.has_heights:
        walks["slopes"] = st.checkbox(terms.SLOPES, start.slopes, help=terms.SLOPES_HELP)
    one = chosen[0] if len(chosen) == 1 and chosen[0] != BY_CAR else start.mode
    several = chosen if len(chosen) > 1 or chosen[0] == BY_CAR else ()
    return {
        "model": model, "mode": one, "modes": several, "reach": minutes, "count": number,
        "slack": give, **walks,
    }  # fmt: skip


def _ways(place: Place, start: Scenario) -> list[Modes]:
    """Return the modes that the place has data for, and the current one."""
    ways: list[Modes] = [(mode,) for mode in list_modes(place)]
    ways += [(BY_CAR,)] if place.knows_cars else []
    now = start.modes or (start.mode,)
    return ways if now in ways else [*ways, now]


def _describe(ways: Modes) -> str:
    return " or ".join([terms.option(ways[0]), *(terms.option(way).lower() for way in ways[1:])])
