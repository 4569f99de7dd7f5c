"""The steps of a programme as they are chosen under Waves and used again for the hand-in."""

from __future__ import annotations

import streamlit as st

from nhcplanner import explore, workflow
from nhcplanner.domain.assessment import Outcome
from nhcplanner.pages import session

MOST = 6
_ACROSS = 3


def draw(outcome: Outcome) -> None:
    """Fields for name, centres and money of each wave."""
    usual = workflow.usual_waves(outcome, _many())
    for start in range(0, len(usual), _ACROSS):
        columns = st.columns(_ACROSS)
        for number in range(start, min(start + _ACROSS, len(usual))):
            with columns[number % _ACROSS], st.container(border=True):
                _wave(outcome, number, usual[number])


def number() -> None:
    """How many waves there are."""
    st.slider("Waves", 1, MOST, key=session.stays("waves_many", 3))


def waves(outcome: Outcome) -> tuple[explore.Wave, ...]:
    """The waves as chosen, or the usual ones where nothing was."""
    found = []
    for position, usual in enumerate(workflow.usual_waves(outcome, _many())):
        name, count, budget = (session.answer(key) for key in _keys(outcome, position, usual))
        found.append(explore.Wave(name.strip(), int(count), budget * 1e6 if budget else None))
    return tuple(found)


def _many() -> int:
    return int(session.answer(session.stays("waves_many", 3)))


def _keys(outcome: Outcome, position: int, usual: explore.Wave) -> tuple[str, str, str]:
    here = f"wave {position} {outcome.place.name} {len(outcome.plan.opened)} {_many()}"
    return (
        session.stays(f"{here} name", usual.name),
        session.stays(f"{here} count", usual.count),
        session.stays(f"{here} budget", None),
    )


def _wave(outcome: Outcome, position: int, usual: explore.Wave) -> None:
    name, count, budget = _keys(outcome, position, usual)
    left, right = st.columns(2)
    left.text_input(f"Wave {position + 1}", key=name, max_chars=30, help="For instance its year")
    right.number_input(
        "Centres by then", 0, len(outcome.place.sites), key=count, help="Those open today counted"
    )
    if workflow.costed(outcome):
        st.number_input(
            "Million pounds spent by then", 0.0, key=budget, placeholder="no limit", help="In all"
        )
