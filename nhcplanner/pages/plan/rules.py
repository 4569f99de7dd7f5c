"""The rules of a plan as a form: what is asked most stands first, the rest behind a fold."""

from __future__ import annotations

from typing import Any, NamedTuple

import streamlit as st

from nhcplanner import models
from nhcplanner.domain.choices import choice
from nhcplanner.domain.place import Place
from nhcplanner.domain.scenario import BY_CAR, Scenario
from nhcplanner.outputs import reached, wording
from nhcplanner.pages import session
from nhcplanner.workflow import present

Ways = tuple[str, ...]
_EVERYONE, _FIFTHS = "everyone", "imd_quintile"


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
        with st.expander("More rules"):
            given |= _more(place, start)
            given |= _shares(start)
        named, button = st.columns([2, 1], vertical_alignment="bottom")
        called = named.text_input(
            "Call the plan", name, max_chars=40, help="A plan of the same name is replaced"
        )
        pressed = button.form_submit_button("Make the plan", type="primary", width="stretch")
    if not pressed:
        return None
    with session.guarded():
        return Asked(Scenario.from_settings(start.model_dump() | given), called.strip() or name)
    return None


def _frequent(place: Place, start: Scenario) -> dict[str, Any]:
    aim, travel, reach, count, slack = st.columns([4, 4, 2, 2, 3], vertical_alignment="bottom")
    names = list(models.catalogue)
    ways = _ways(place, start)
    now = start.modes or (start.mode,)
    model = aim.selectbox(
        "Aim",
        names,
        names.index(start.model),
        format_func=lambda one: wording.MODELS.get(one, one),
    )
    chosen = travel.selectbox("People travel", ways, ways.index(now), format_func=_said)
    minutes = reach.number_input("Reach (minutes)", 1, 60, int(start.reach))
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
        "model": model, "mode": one, "modes": several, "reach": float(minutes),
        "horizon": max(start.horizon, float(minutes)), "count": number, "slack": give,
    }  # fmt: skip


def _more(place: Place, start: Scenario) -> dict[str, Any]:
    left, middle, right = st.columns(3)
    budget = left.number_input(
        "Spend at most (£)", 0.0, value=start.budget, step=100_000.0, format="%.0f",
        placeholder="no limit", help="Sites without a cost are then left out",
    )  # fmt: skip
    apart = left.number_input(
        "Metres between centres, at least", 0.0, value=start.min_distance_m, step=100.0,
        format="%.0f", placeholder="no rule",
    )  # fmt: skip
    least = middle.number_input(
        "People a centre, at least", 0.0, value=start.least_people or None, step=1_000.0,
        format="%.0f", placeholder="no rule", help="A neighbourhood is 30,000 to 50,000 people",
    )  # fmt: skip
    most = middle.number_input(
        "People a centre, at most", 1.0, value=start.most_people, step=1_000.0, format="%.0f",
        placeholder="no rule",
    )  # fmt: skip
    bands = right.number_input("Bands of need", 1, 20, start.bands)
    seconds = right.number_input("Seconds for the optimiser", 1, 3_600, int(start.time_limit))
    every = present.kinds(place)
    kinds = left.multiselect(
        "Only these kinds of building",
        [one for one in every if one != present.EXISTING],
        [one for one in start.kinds if one in every],
        format_func=reached.kind,
        placeholder="any kind",
    )
    exactly = middle.checkbox("Exactly so many centres, no fewer", start.exactly)
    reachable = right.checkbox(
        "Leave out people whom no site can reach", start.everyone == "reachable",
        help="For aims that serve everyone",
    )  # fmt: skip
    return {
        "budget": budget, "min_distance_m": apart or None, "least_people": least or 0.0,
        "most_people": most, "bands": bands, "time_limit": float(seconds), "kinds": tuple(kinds),
        "exactly": exactly, "everyone": "reachable" if reachable else "all",
    }  # fmt: skip


def _shares(start: Scenario) -> dict[str, Any]:
    """Floors: of everyone, and of each fifth by deprivation; others stay as they are."""
    read = {(one.group, one.label): one.number for one in map(choice, start.floors)}
    left, right, backup = st.columns(3)
    everyone = left.number_input(
        "People in reach, at least (%)", 0.0, 100.0, read.get((_EVERYONE, "")), 1.0,
        format="%g", placeholder="no rule",
    )  # fmt: skip
    fifths = right.number_input(
        "Of each IMD quintile, at least (%)", 0.0, 100.0, read.get((_FIFTHS, "*")), 1.0,
        format="%g", placeholder="no rule",
    )  # fmt: skip
    two = backup.number_input(
        "With two centres in reach, at least (%)", 0.0, 100.0, start.backup, 1.0,
        format="%g", placeholder="no rule",
    )  # fmt: skip
    ours = {(_EVERYONE, ""), (_FIFTHS, "*")}
    others = [line for line in start.floors if (choice(line).group, choice(line).label) not in ours]
    floors = [f"{_EVERYONE}={everyone:g}"] if everyone else []
    floors += [f"{_FIFTHS}:*={fifths:g}"] if fifths else []
    return {"floors": (*floors, *others), "backup": two or None}


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
