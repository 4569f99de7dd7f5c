"""Plan: rules in plain sentences, the plan that keeps them, and what changing it by hand does."""

from __future__ import annotations

import streamlit as st

from nhcplanner.domain.place import Place
from nhcplanner.outputs.wording.sentences import sentences
from nhcplanner.pages import session
from nhcplanner.pages.plan import result, rules
from nhcplanner.pages.session import plain

__all__ = ["show"]


def show(place: Place) -> None:
    """Draw the page."""
    plan = session.plan()
    there = plan is not None
    answered = plan is not None and bool(plan.plan.opened)
    told = sentences(session.scenario())
    with st.expander(f"**The rules.** {plain(told[0])}", expanded=not answered):
        asked = rules.form(place, session.scenario(), _next_name())
        st.markdown("\n".join(f"- {plain(one)}" for one in told[1:]))
    if asked is not None:
        session.set_scenario(asked.scenario)
        session.make_plan(asked.name)
        st.rerun()
    if there:
        result.show()
    elif not session.jobs():
        _welcome(place)


def _next_name() -> str:
    """The name of the plan on screen, by hand or not; else the first letter free."""
    shown = session.plan_on_screen().removesuffix(result.BY_HAND)
    return shown or "Plan A"


def _welcome(place: Place) -> None:
    st.markdown(
        f"**{place.people:,} people** live in {len(place.areas):,} areas here, with "
        f"**{len(place.sites):,} sites** where a neighbourhood health centre could open. Set the "
        "rules and press **Make the plan**: you will see which sites to open, who then reaches a "
        "centre, and how far the plan may be from the best possible."
    )
